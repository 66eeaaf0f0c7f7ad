"""Files and sheets with one header, with a sample of their rows."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import pyarrow as pa

from ganj.intake import ready
from ganj.intake.errors import NothingToRead
from ganj.intake.limits import MB
from ganj.intake.plan import Lookup, Source, fingerprint
from ganj.intake.reading import sample


class Group(msgspec.Struct, frozen=True):
    """Sources of one header, their sample, and the tables put beside them.

    Attributes
    ----------
    columns
        The header's, then those that the lookups bring.
    cells
        A sample over all sources, with the same columns.
    """

    sources: tuple[Source, ...]
    columns: tuple[str, ...]
    cells: pa.Table
    lookups: tuple[Lookup, ...] = ()

    @property
    def name(self) -> str:
        """What people see."""
        return self.sources[0].name

    @property
    def own(self) -> tuple[str, ...]:
        """The header's columns."""
        return self.sources[0].shape.columns

    @property
    def fingerprint(self) -> str:
        """Name the header."""
        return fingerprint(self.own)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(source.found.size for source in self.sources)


def grouped(found: Iterable[Source], files: Sequence[Path]) -> tuple[list[Group], list[Source]]:
    """Put sources with one header together and read their samples, the biggest group first.

    Also returns the sources that turn out to have no rows.
    """
    groups: dict[str, list[Source]] = {}
    for source in found:
        groups.setdefault(fingerprint(source.shape.columns), []).append(source)
    ordered = sorted(groups.values(), key=lambda group: -sum(source.found.size for source in group))
    kept, empty = [], []
    for group in ordered:
        cells = pa.table({}) if ready.are_ready(group) else _cells(files, group)
        if cells is None:
            empty += group
        else:
            kept.append(Group(tuple(group), group[0].shape.columns, cells))
    return kept, empty


def _cells(files: Sequence[Path], group: Sequence[Source]) -> pa.Table | None:
    """Return a sample over all files of a group; None where there are no rows."""
    most = max(64 // len(group), 2) * MB
    head = max(20_000 // len(group), 2_000)
    parts = []
    for source in group:
        with contextlib.suppress(NothingToRead):
            parts.append(sample(files[source.found.file], source, most, head))
    return pa.concat_tables(parts) if parts else None
