"""A collector of another make under the same kind of load: Bugsink (Django, gunicorn, SQLite), from the package index.

It takes one event a request, and answers before it has digested it.  It lives in an environment of its own, because it
brings a web framework: ``python -m venv DIR && DIR/bin/pip install bugsink``.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.collecting.load import free
from bench.collecting.servers import seconds

CLIENTS, WARM = 8, 2
_MADE = (
    "from projects.models import Project; p = Project.objects.create(name='bench'); print(p.id, p.sentry_key)"
)


@contextmanager
def bugsink(environment: Path) -> Iterator[tuple[int, int, str, str]]:
    """Run it; yields its port, its process number, and the number and the key of a project."""
    programs, port = environment.resolve() / "bin", free()
    with tempfile.TemporaryDirectory() as folder:

        def run(*words: str) -> str:
            done = subprocess.run(
                [programs / words[0], *words[1:]], cwd=folder, stdout=subprocess.PIPE, check=True
            )
            return done.stdout.decode()

        run(
            "bugsink-create-conf",
            "--template=singleserver",
            "--host=127.0.0.1",
            f"--port={port}",
            f"--base-dir={folder}",
        )
        run("bugsink-manage", "migrate", "--verbosity=0")
        run("bugsink-manage", "migrate", "snappea", "--database=snappea", "--verbosity=0")
        project, key = run("bugsink-manage", "shell", "-c", _MADE).split()[-2:]
        words = [
            programs / "gunicorn",
            "--bind",
            f"127.0.0.1:{port}",
            "--workers=1",
            "--threads=4",
            "bugsink.wsgi",
        ]
        settings = {**os.environ, "PYTHONPATH": folder, "DJANGO_SETTINGS_MODULE": "bugsink_conf"}
        process = subprocess.Popen(
            words, cwd=folder, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            time.sleep(5)
            yield port, process.pid, project, key.replace("-", "")
        finally:
            process.terminate()
            process.wait()


def accepted(environment: Path, lasting: float = 8.0) -> str:
    """Return in words what it takes of single events: how many a second, processor time of each."""
    with bugsink(environment) as (port, pid, project, key):
        taken: list[int] = []
        clients = [
            threading.Thread(target=_send, args=(port, project, key, lasting, taken)) for _ in range(CLIENTS)
        ]
        before = seconds(pid)
        for one in clients:
            one.start()
        for one in clients:
            one.join()
        used, events = seconds(pid) - before, sum(taken)
    return f"{used / max(events, 1) * 1e6:7.0f} µs/event  {events / lasting:9.0f} events/s"


def _send(port: int, project: str, key: str, lasting: float, taken: list[int]) -> None:
    con = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    head = {"Content-Type": "application/json", "X-Sentry-Auth": f"Sentry sentry_version=7, sentry_key={key}"}
    end, events = time.monotonic() + lasting, 0
    while time.monotonic() < end:
        event = {
            "event_id": uuid.uuid4().hex, "timestamp": time.time(), "platform": "python", "level": "info",
            "logentry": {"message": "Product Viewed"}, "user": {"id": f"user-{events % 500}"},
            "extra": {"title": "چای ایرانی ممتاز لاهیجان " * 12},
        }  # fmt: skip
        con.request("POST", f"/api/{project}/store/", json.dumps(event, ensure_ascii=False).encode(), head)
        answer = con.getresponse()
        answer.read()
        events += answer.status == http.HTTPStatus.OK
    taken.append(events)
