"""A folder into which others put files: each is imported once, as soon as it is whole."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Literal

from ganj.errors import GanjError
from ganj.intake.archive import is_junk
from ganj.intake.limits import MB
from ganj.intake.sources import Feed, Part, State
from ganj.intake.sources.errors import NotAFolder
from ganj.intake.sources.reach import Reach
from ganj.parameters import Duration, param
from ganj.text import Text

DONE, FAILED = "done", "failed"
MOST = 5_000  # files looked at
REMEMBERED = 100_000  # checksums
MISSING = Text("it is no folder, or cannot be read.", "پوشه نیست، یا خواندنی نیست.")
OWN = Text("it is a folder of the workspace itself.", "پوشهٔ خود فضای کار است.")


class Folder(Feed, frozen=True, kw_only=True):
    """A watched folder."""

    label = Text("Folder", "پوشه")
    says = Text(
        "A folder: every file put into it is imported.", "یک پوشه: هر فایلی که در آن گذاشته شود وارد می‌شود."
    )
    every = "1m"

    path: Annotated[str, param("Folder", "پوشه", min_length=1)]
    pattern: Annotated[
        str, param("Names", "نام‌ها", help=Text("*.csv, orders-*.xlsx", "*.csv, orders-*.xlsx"))
    ] = "*"
    after: Annotated[
        Literal["leave", "move"],
        param(
            "Afterwards",
            "پس از ورود",
            choices={
                "leave": Text("Leave the file where it is", "فایل همان‌جا بماند"),
                "move": Text("Move it to done/ or failed/", "به done/ یا failed/ برود"),
            },
        ),
    ] = "leave"
    settle: Annotated[
        Duration,
        param(
            "Whole after",
            "کامل پس از",
            advanced=True,
            help=Text("How long a file must not have changed", "فایل چه مدت نباید تغییر کرده باشد"),
        ),
    ] = timedelta(seconds=10)

    @property
    def address(self) -> str:
        """The folder."""
        return str(Path(self.path) / self.pattern)

    def pull(self, state: State, reach: Reach) -> Iterator[Part]:
        """Yield each file that is whole and was not imported before."""
        folder = Path(self.path)
        if not folder.is_dir():
            raise NotAFolder(path=self.path, why=MISSING)
        if not reach.outside(folder):
            raise NotAFolder(path=self.path, why=OWN)
        seen = dict(state.get("seen", {}))
        for file in self._files(folder):
            mark = self._whole(file)
            if mark is None:
                continue
            if mark in seen:
                if self.after == "move":
                    self._move(file, DONE if seen[mark] == "" else FAILED)
                continue
            seen = dict([*seen.items()][-REMEMBERED:]) | {mark: ""}
            yield Part(state={"seen": seen}, file=file, settled=self._settled(file, mark, seen))

    def _files(self, folder: Path) -> list[Path]:
        found = [
            file
            for file in folder.glob(self.pattern)
            if file.is_file() and not file.is_symlink() and not is_junk(file.name)
        ]
        return sorted(found, key=lambda file: (file.stat().st_mtime_ns, file.name))[:MOST]

    def _whole(self, file: Path) -> str | None:
        """Return a file's checksum; None while somebody still writes it."""
        before = file.stat()
        if time.time() - before.st_mtime < self.settle.total_seconds():
            return None
        try:
            mark = checksum(file)
        except OSError:  # taken away, or not yet ours to read: next time
            return None
        after = file.stat()
        same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
        return mark if same else None

    def _settled(self, file: Path, mark: str, seen: dict[str, str]) -> Callable[[Exception | None], None]:
        def settled(wrong: Exception | None) -> None:
            if wrong is not None:
                seen[mark] = str(wrong)[:500]
            if self.after == "move":
                self._move(file, DONE if wrong is None else FAILED, wrong)

        return settled

    def _move(self, file: Path, place: str, wrong: Exception | None = None) -> None:
        """Move a file beside what came before it; a name that is taken gets a number."""
        folder = Path(self.path) / place
        folder.mkdir(exist_ok=True)
        target, number = folder / file.name, 1
        while target.exists():
            number += 1
            target = folder / f"{file.stem}-{number}{file.suffix}"
        file.rename(target)
        if isinstance(wrong, GanjError):
            words = "\n".join(
                (wrong.message("en"), wrong.advice("en"), wrong.message("fa"), wrong.advice("fa"))
            )
            target.with_name(f"{target.name}.why.txt").write_text(words + "\n", encoding="utf-8")


def checksum(file: Path) -> str:
    """Return a short name for all that a file holds."""
    digest = blake2b(digest_size=16)
    with file.open("rb") as stream:
        while data := stream.read(MB):
            digest.update(data)
    return digest.hexdigest()


FEED = Folder
