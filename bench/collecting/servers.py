"""What is put under load: a floor that does nothing, and the processor time of any process."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.collecting.load import free

_NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error;
events {{ worker_connections 1024; }}
http {{
  access_log off; client_body_buffer_size 1m; client_body_temp_path {folder}; proxy_temp_path {folder};
  fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder}; keepalive_requests 1000000000;
  server {{ listen 127.0.0.1:{port} reuseport; location / {{ return 200 "ok"; }} }}
}}
"""


def seconds(pid: int) -> float:
    """Return the processor seconds that a process has used, and those of its children."""
    total, ticks = 0.0, os.sysconf("SC_CLK_TCK")
    for one in (pid, *children(pid)):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / ticks
    return total


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def megabytes(pid: int) -> float:
    words = dict(row.split(":", 1) for row in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(words["VmRSS"].split()[0]) / 1024


@contextmanager
def nginx() -> Iterator[tuple[str, int] | None]:
    """Run nginx that answers 200 to anything; None where there is no nginx."""
    path = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if path is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        port = free()
        Path(folder, "conf").write_text(_NGINX.format(folder=folder, port=port))
        process = subprocess.Popen([path, "-c", f"{folder}/conf"], stderr=subprocess.DEVNULL)
        time.sleep(1)
        try:
            yield f"http://127.0.0.1:{port}/", process.pid
        finally:
            process.terminate()
            process.wait()
