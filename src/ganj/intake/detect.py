"""Looking at a file or folder: what it holds, how it is written, and what its columns mean."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from ganj.errors import BadFile, BadParameter
from ganj.intake import ready
from ganj.intake.archive import files_of, found_in
from ganj.intake.errors import NoSuchColumn, NothingToRead, NotUnderstood
from ganj.intake.folders import joined
from ganj.intake.limits import LIMITS, MB, Limits
from ganj.intake.plan import Answers, LeftOut, Plan, Source, Table, fingerprint
from ganj.intake.reading import sample, sources
from ganj.intake.understanding import understood
from ganj.text import Text

Recall = Callable[[str], Mapping[str, Any] | None]
COPY = Text("It is a copy of {name}.", "رونوشت {name} است.")
UNKNOWN = Text("No kind of customer data was recognised in it.", "نوع دادهٔ مشتری در آن شناخته نشد.")


def detect(path: Path, *, recall: Recall | None = None, limits: Limits = LIMITS, **answers: Any) -> Plan:
    """Look at a file or folder and say how it would be read; nothing is written.

    Parameters
    ----------
    path
        A file (CSV in any dress, Excel, Parquet, JSON lines; gz and zip) or a folder of such.
    recall
        Gives the plan that was used for a header (by its fingerprint) before, as JSON.
    answers
        The fields of `ganj.intake.plan.Answers`.

    Raises
    ------
    BadFile
        Nothing in it can be read.
    NeedsAnswer
        A question that is never guessed.
    BadParameter
        An answer of the wrong kind.
    """
    said = _answers(answers)
    files = files_of(Path(path), limits)
    many = Path(path).is_dir()
    found, left_out = _sources(files, limits, many=many)
    if not found:
        raise _nothing(Path(path), left_out)
    groups = _grouped(found)
    _check_mapping(Path(path), groups, said)
    earlier = _earlier(groups, recall) if recall and not (said.kind or said.preset) else {}
    tables, unknown = _tables(files, groups, said, earlier)
    if not tables:
        raise unknown[0][1]
    left_out += [LeftOut(name, UNKNOWN) for name, _ in unknown]
    tables, more = joined(tables, files)
    return Plan(files=tuple(map(str, files)), tables=tuple(tables), left_out=(*left_out, *more))


def _answers(given: Mapping[str, Any]) -> Answers:
    try:
        return msgspec.convert({name: value for name, value in given.items() if value}, Answers)
    except msgspec.ValidationError as wrong:
        raise BadParameter(parameter="import", value=dict(given), why=Text(str(wrong), str(wrong))) from wrong


def _sources(files: Sequence[Path], limits: Limits, *, many: bool) -> tuple[list[Source], list[LeftOut]]:
    """Return what can be read, and of a folder what cannot and why; a single file says why itself."""
    found: list[Source] = []
    left_out: list[LeftOut] = []
    seen: dict[bytes, str] = {}
    for number, file in enumerate(files):
        digest = _digest(file) if many else b""
        if many and digest in seen:
            left_out.append(LeftOut(file.name, Text(COPY.en.format(name=seen[digest]), COPY.fa.format(name=seen[digest]))))
            continue
        seen[digest] = file.name
        try:
            for thing in found_in(file, number, limits):
                found += sources(file, thing, limits)
        except BadFile as wrong:
            if not many:
                raise
            left_out.append(LeftOut(file.name, wrong.facts["why"]))
    return found, left_out


def _digest(file: Path) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    with file.open("rb") as stream:
        while data := stream.read(MB):
            digest.update(data)
    return digest.digest()


def _nothing(path: Path, left_out: Iterable[LeftOut]) -> BadFile:
    reasons = list(left_out)
    return BadFile(path=path.name, why=reasons[0].why) if reasons else NothingToRead.at(path)


def _grouped(found: Iterable[Source]) -> list[list[Source]]:
    """Put sources with one header together, the biggest group first."""
    groups: dict[str, list[Source]] = {}
    for source in found:
        groups.setdefault(fingerprint(source.shape.columns), []).append(source)
    return sorted(groups.values(), key=lambda group: -sum(source.found.size for source in group))


def _check_mapping(path: Path, groups: Iterable[Sequence[Source]], said: Answers) -> None:
    columns = {column for group in groups for column in group[0].shape.columns}
    for column in said.mapping.values():
        if column not in columns:
            raise NoSuchColumn.at(path, column=column, columns=", ".join(sorted(columns)))


def _earlier(groups: Sequence[Sequence[Source]], recall: Recall) -> dict[str, Table]:
    """Return the tables of a plan used before for these headers, by fingerprint."""
    prints = sorted(fingerprint(group[0].shape.columns) for group in groups)
    told = recall(fingerprint(prints))
    if not told:
        return {}
    try:
        plan = msgspec.convert(told, Plan)
    except msgspec.ValidationError:  # written by another version: detected anew
        return {}
    return {table.fingerprint: table for table in plan.tables}


def _tables(
    files: Sequence[Path], groups: Iterable[Sequence[Source]], said: Answers, earlier: Mapping[str, Table]
) -> tuple[list[Table], list[tuple[str, BadFile]]]:
    """Understand every group; those that no kind fits come back with their error."""
    tables: list[Table] = []
    unknown: list[tuple[str, BadFile]] = []
    for group in groups:
        if ready.are_ready(group):
            tables.append(ready.table(group))
            continue
        before = earlier.get(fingerprint(group[0].shape.columns))
        try:
            tables.append(understood(group, _cells(files, group), said, before))
        except (NotUnderstood, NothingToRead) as wrong:
            unknown += [(source.name, wrong) for source in group]
    return tables, unknown


def _cells(files: Sequence[Path], group: Sequence[Source]) -> pa.Table:
    """Return a sample over all files of a group."""
    most = max(64 // len(group), 2) * MB
    head = max(20_000 // len(group), 2_000)
    parts = []
    for source in group:
        try:
            parts.append(sample(files[source.found.file], source, most, head))
        except NothingToRead:
            if len(group) == 1:
                raise
    if not parts:
        raise NothingToRead.at(group[0].name)
    return pa.concat_tables(parts)
