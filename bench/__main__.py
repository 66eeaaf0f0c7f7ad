"""Runs a benchmark: ``python -m bench NAME [options]``; without a name, lists them.

A benchmark is a file ``bench/NAME.py`` whose docstring says what is compared, with

``main() -> float``
    which reads its options from ``sys.argv``, prints one row a contender and, as its last line,
    ``NAME ratio X (bar Y)``, returns X, and ends with exit code 1 where the bar is not held.

Contenders run in processes of their own (`bench.side_by_side`), on the same files, in the same run: a
ratio of times measured side by side says something on any machine, seconds do not.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

NOT_ONES = {"__init__", "__main__", "behaviour", "side_by_side"}


def names() -> list[str]:
    """List the benchmarks."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in NOT_ONES)


def listing() -> int:
    for name in names():
        said = import_module(f"bench.{name}").__doc__ or ""
        print(f"{name:12} {said.splitlines()[0]}")
    return 0


def run(argv: list[str]) -> int:
    if not argv or argv[0] in {"-h", "--help"}:
        return listing()
    if argv[0] not in names():
        print(f"there is no benchmark {argv[0]}; there are: {', '.join(names())}", file=sys.stderr)
        return 2
    sys.argv = [f"bench {argv[0]}", *argv[1:]]
    import_module(f"bench.{argv[0]}").main()
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
