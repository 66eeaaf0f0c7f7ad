"""F1, F2: kill -9 of collectors and loader at random moments under load; clients send again what was not answered.

``python -m bench.faults.kill9 [kills] [folder]``
"""

from __future__ import annotations

import http.client
import json
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

from bench.faults.stored import end, opened, told

import ganj

LOADER = """
import sys, time
from pathlib import Path
from ganj.store import Limits, Store
store = Store.open(Path(sys.argv[1]), Limits(fresh=3_000))
print("open", flush=True)
while True:
    store.absorb()
    store.tend()
    time.sleep(0.05)
"""


class Process:
    """A process that is begun, killed and begun again."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self.begin()

    def begin(self) -> None:
        self._at = time.monotonic()
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self._process.stdout.readline()
        self.took = time.monotonic() - self._at

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()


class Client(threading.Thread):
    """Sends batches; what is not answered 200 is sent again; now and then it hangs up before the answer."""

    def __init__(self, port: int, key: str, seed: int) -> None:
        super().__init__(daemon=True)
        self._port, self._key, self._dice = port, key, random.Random(seed)
        self.acknowledged: list[str] = []
        self.offered: list[str] = []
        self.again = 0
        self.stop = False

    def run(self) -> None:
        while not self.stop:
            batch = [
                str(uuid.UUID(int=self._dice.getrandbits(128)))
                for _ in range(self._dice.choice((1, 5, 20, 50)))
            ]
            self.offered += batch
            body = json.dumps({"writeKey": self._key, "batch": [self._event(one) for one in batch]})
            if self._dice.random() < 0.05:
                self._hang_up(body)
            while not self._sent(body):
                self.again += 1
                if self.stop:
                    return
                time.sleep(0.05)
            self.acknowledged += batch

    def _event(self, message: str) -> dict[str, object]:
        who = self._dice.randrange(500)
        return {"type": "track", "event": "Product Viewed", "messageId": message, "userId": f"u{who}",
                "context": {"library": {"name": "load"}},
                "properties": {"product_id": f"p{who % 40}", "price": 100 + who, "title": "کفش ورزشی"}}  # fmt: skip

    def _sent(self, body: str) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=5)
        try:
            connection.request("POST", "/v1/batch", body.encode(), {"Content-Type": "application/json"})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _hang_up(self, body: str) -> None:
        data = body.encode()
        head = f"POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: {len(data)}\r\n\r\n".encode()
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=2) as line:
                line.sendall(head + data)
        except OSError:
            pass


def main(kills: int, folder: Path) -> None:
    with ganj.create(folder, buckets=4) as shop:
        _, key = shop.keys.create("web")
    port = _free()
    run = [sys.executable, "-m", "ganj", "-w", str(folder), "collect", "--port", str(port)]
    processes = [Process(run), Process([sys.executable, "-c", LOADER, str(folder)])]
    clients = [Client(port, key, seed) for seed in range(4)]
    for client in clients:
        client.start()
    dice, restart = random.Random(1), 0.0
    for number in range(kills):
        time.sleep(dice.uniform(0.2, 1.5))
        chosen = dice.choice((processes[:1], processes[1:], processes))
        for process in chosen:
            process.kill()
        for process in chosen:
            process.begin()
            restart = max(restart, process.took)
        print(f"kill {number + 1}: {sum(len(c.acknowledged) for c in clients)} acknowledged", flush=True)
    for client in clients:
        client.stop = True
    for client in clients:
        client.join(10)
    for process in processes:
        process.kill()
    with opened(folder) as shop:
        shop.store.absorb()
        print(f"sent again {sum(c.again for c in clients)}, slowest restart {restart:.1f} s")
        acknowledged = [one for c in clients for one in c.acknowledged]
        held = told(
            f"F1+F2 {kills} kills", shop.store, acknowledged, [one for c in clients for one in c.offered]
        )
        problems = shop.verify()
        print("verify:", [str(problem) for problem in problems] or "whole")
    end(held and not problems)


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with tempfile.TemporaryDirectory() as scratch:
        main(count, Path(sys.argv[2]) if len(sys.argv) > 2 else Path(scratch) / "shop")
