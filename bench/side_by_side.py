"""Runs contenders one after the other, each in a fresh process, and tells their times and memory.

A contender is ``module:function``.  The function gets the arguments as JSON gave them and returns a
plain answer; answers of all contenders must be equal, or the comparison means nothing.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Result:
    """``first`` is from the start of the process to the first answer; ``best`` of the calls after it."""

    name: str
    first: float
    best: float
    megabytes: float
    answer: Any

    def __str__(self) -> str:
        return f"{self.name:34} first {self.first:7.2f} s   best {self.best:7.2f} s   peak {self.megabytes:6.0f} MB"


def run(name: str, contender: str, repeats: int = 3, **given: Any) -> Result:
    """Run a contender and print its row; ganj's loops are compiled before, as the installation does."""
    command = [sys.executable, "-m", "bench.side_by_side", contender, json.dumps(given), str(repeats)]
    if name == "ganj":
        subprocess.run([*command[:-1], "0", repr(time.time())], stdout=subprocess.DEVNULL, check=True)
    done = subprocess.run([*command, repr(time.time())], stdout=subprocess.PIPE, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    result = Result(name, told["first"], min(told["after"]), told["megabytes"], told["answer"])
    print(result, flush=True)
    return result


def child(contender: str, given: dict[str, Any], repeats: int, started: float) -> dict[str, Any]:
    module, _, function = contender.partition(":")
    ask = getattr(import_module(module), function)
    answer = ask(**given)
    first, after = time.time() - started, []
    for _ in range(repeats):
        start = time.perf_counter()
        assert ask(**given) == answer
        after.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"first": first, "after": after, "megabytes": peak, "answer": answer}


def same(results: list[Result]) -> None:
    """Stop where contenders do not agree."""
    for result in results[1:]:
        if result.answer != results[0].answer:
            message = f"{result.name} answers {result.answer}, {results[0].name} {results[0].answer}"
            raise SystemExit(message)


if __name__ == "__main__":
    _, contender, given, repeats, started = sys.argv
    print(json.dumps(child(contender, json.loads(given), int(repeats), float(started))))
