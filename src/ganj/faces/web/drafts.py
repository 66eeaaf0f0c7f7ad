"""Imports that are being prepared or are running.

A draft lies in the workspace's folder until it is imported or thrown away, so a wizard may be left and
taken up again, also after the server was stopped.  Imports run one after the other on their own thread;
a page only looks at how far they are.
"""

from __future__ import annotations

import secrets
import shutil
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

import msgspec

from ganj.errors import BadFile, GanjError, UnknownName
from ganj.intake import Check, Plan
from ganj.store import Loaded
from ganj.text import Text
from ganj.workspace import Workspace

State = Literal["waiting", "running", "done", "failed"]
PIECE = 1 << 20  # bytes copied at a time
NO_FILE = Text("there is no file or folder at this path.", "فایل یا پوشه‌ای در این مسیر نیست.")
_WORDS = frozenset("0123456789abcdef")


class Draft(msgspec.Struct):
    """Files to import and what was answered about them."""

    id: str
    path: str
    name: str
    uploaded: bool
    answers: dict[str, Any] = {}


@dataclass
class Job:
    """An import that runs: how far, since when, and how it ended."""

    state: State = "waiting"
    share: float = 0.0
    began: float = field(default_factory=time.monotonic)
    took: float = 0.0
    loaded: Loaded | None = None
    error: GanjError | None = None
    number: str = ""


class Drafts:
    """All drafts of a workspace, and the imports that run."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._jobs: dict[str, Job] = {}
        self._checks: dict[str, Check] = {}
        self._lock = threading.Lock()
        self._runner = ThreadPoolExecutor(1, thread_name_prefix="import")

    @property
    def folder(self) -> Path:
        """Where drafts lie."""
        return self._workspace.folder / "drafts"

    def upload(self, files: Iterable[tuple[str, IO[bytes]]]) -> Draft:
        """Keep uploaded files as a new draft; several are one import."""
        number = secrets.token_hex(8)
        place = self.folder / number / "files"
        place.mkdir(parents=True)
        names = [_keep(place, name, file) for name, file in files]
        path = place / names[0] if len(names) == 1 else place
        name = names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"
        return self._save(Draft(number, str(path), name, uploaded=True))

    def point(self, path: str) -> Draft:
        """Begin a draft of a file or folder on the server's machine.

        Raises
        ------
        BadFile
            Nothing is there.
        """
        place = Path(path).expanduser()
        if not path.strip() or not place.exists():
            raise BadFile(path=path, why=NO_FILE)
        number = secrets.token_hex(8)
        (self.folder / number).mkdir(parents=True)
        return self._save(Draft(number, str(place), place.name, uploaded=False))

    def get(self, number: str) -> Draft:
        """Return a draft.

        Raises
        ------
        UnknownName
            There is none of this number.
        """
        told = self.folder / number / "draft.json"
        if not set(number) <= _WORDS or not told.is_file():
            raise UnknownName(kind=Text("import", "ورود داده"), name=number, near="—")
        return msgspec.json.decode(told.read_bytes(), type=Draft)

    def waiting(self) -> list[Draft]:
        """List the drafts that are not imported yet, newest first."""
        found = sorted(self.folder.glob("*/draft.json"), key=lambda told: -told.stat().st_mtime)
        drafts = [msgspec.json.decode(told.read_bytes(), type=Draft) for told in found]
        return [
            draft for draft in drafts if self.job(draft.id) is None or self._jobs[draft.id].state != "done"
        ]

    def answer(self, number: str, answers: dict[str, Any]) -> Draft:
        """Add answers to a draft; an empty one takes an earlier one back."""
        draft = self.get(number)
        merged = {**draft.answers, **answers}
        draft.answers = {name: value for name, value in merged.items() if value not in (None, "", {})}
        self._checks.pop(number, None)
        return self._save(draft)

    def plan(self, number: str) -> Plan:
        """Say how a draft's files would be read; raises what detection raises."""
        draft = self.get(number)
        return self._workspace.plan(draft.path, **draft.answers)

    def check(self, number: str) -> Check:
        """Read everything, write nothing; kept until an answer changes."""
        with self._lock:
            if number not in self._checks:
                self._checks[number] = self._workspace.check(self.plan(number))
            return self._checks[number]

    def job(self, number: str) -> Job | None:
        """Return the import of a draft, if it was started in this process."""
        return self._jobs.get(number)

    def run(self, number: str) -> Job:
        """Start importing a draft, once."""
        with self._lock:
            job = self._jobs.get(number)
            if job is not None and job.state != "failed":
                return job
            job = self._jobs[number] = Job()
        plan = self.plan(number)
        self._runner.submit(self._import, number, plan, job)
        return job

    def forget(self, number: str) -> None:
        """Throw a draft away with the files it was given."""
        self.get(number)
        shutil.rmtree(self.folder / number, ignore_errors=True)

    def _import(self, number: str, plan: Plan, job: Job) -> None:
        job.state, job.began = "running", time.monotonic()
        try:
            job.loaded = self._workspace.load(plan, lambda share: setattr(job, "share", share))
        except GanjError as mistake:
            job.error, job.state = mistake, "failed"
        except BaseException:
            job.state, job.number = "failed", number[:6]
            raise
        else:
            job.share, job.state, job.took = 1.0, "done", time.monotonic() - job.began
            shutil.rmtree(self.folder / number, ignore_errors=True)

    def _save(self, draft: Draft) -> Draft:
        told = self.folder / draft.id / "draft.json"
        told.write_bytes(msgspec.json.encode(draft))
        return draft


def _keep(place: Path, name: str, file: IO[bytes]) -> str:
    """Copy one uploaded file under its own name, without any folder it came with."""
    plain = Path(name.replace("\\", "/")).name.lstrip(".") or "file"
    with (place / plain).open("wb") as out:
        shutil.copyfileobj(file, out, PIECE)
    return plain
