"""Looking at a file or folder: what it holds, how it is written, and what its columns mean."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from ganj.errors import BadFile
from ganj.intake import ready
from ganj.intake.archive import files_of, found_in
from ganj.intake.errors import NoSuchColumn, NothingToRead, NotUnderstood
from ganj.intake.folders import beside
from ganj.intake.grouping import Group, grouped
from ganj.intake.limits import LIMITS, MB, Limits
from ganj.intake.plan import Answers, LeftOut, Plan, Source, Table, fingerprint
from ganj.intake.reading import sources
from ganj.intake.typed import NUMBER
from ganj.intake.understanding import understood
from ganj.misread import misread
from ganj.text import Text

Recall = Callable[[str], Mapping[str, Any] | None]
COPY = Text("It is a copy of {name}.", "رونوشت {name} است.")


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
    groups, empty = grouped(found, files)
    left_out += [LeftOut(source.name, NothingToRead.why) for source in empty]
    if not groups:
        raise _nothing(Path(path), left_out)
    _check_mapping(Path(path), groups, said)
    earlier = _earlier(groups, recall) if recall and not (said.kind or said.preset) else {}
    tables, unknown = _tables(groups, said, earlier)
    if not tables:
        raise next(iter(unknown.values()))[1]
    left_out += [
        LeftOut(source.name, wrong.facts["why"])
        for group, wrong in unknown.values()
        for source in group.sources
    ]
    return Plan(files=tuple(map(str, files)), tables=tuple(tables), left_out=tuple(left_out))


def _answers(given: Mapping[str, Any]) -> Answers:
    try:
        return msgspec.convert({name: value for name, value in given.items() if value}, Answers)
    except msgspec.ValidationError as wrong:
        raise misread(wrong, parameter="import", value=dict(given)) from wrong


def _sources(files: Sequence[Path], limits: Limits, *, many: bool) -> tuple[list[Source], list[LeftOut]]:
    """Return what can be read, and of a folder what cannot and why; a single file says why itself."""
    found: list[Source] = []
    left_out: list[LeftOut] = []
    seen: dict[bytes, str] = {}
    for number, file in enumerate(files):
        digest = _digest(file) if many else b""
        if many and digest in seen:
            left_out.append(
                LeftOut(file.name, Text(COPY.en.format(name=seen[digest]), COPY.fa.format(name=seen[digest])))
            )
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
    several = reasons and path.is_dir()
    return BadFile(path=path.name, why=reasons[0].why) if several else NothingToRead.at(path)


def _check_mapping(path: Path, groups: Iterable[Group], said: Answers) -> None:
    columns = {column for group in groups for column in group.columns} | {NUMBER}
    for column in said.mapping.values():
        if column not in columns:
            raise NoSuchColumn.at(path, column=column, columns=", ".join(sorted(columns)))


def _earlier(groups: Sequence[Group], recall: Recall) -> dict[str, Table]:
    """Return the tables of a plan used before for these headers, by fingerprint."""
    prints = sorted(group.fingerprint for group in groups)
    told = recall(fingerprint(prints))
    if not told:
        return {}
    try:
        plan = msgspec.convert(told, Plan)
    except msgspec.ValidationError:  # written by another version: detected anew
        return {}
    return {table.fingerprint: table for table in plan.tables}


Unknown = dict[str, tuple[Group, BadFile]]


def _tables(
    groups: Sequence[Group], said: Answers, earlier: Mapping[str, Table]
) -> tuple[list[Table], Unknown]:
    """Understand every group; what no kind fits is put beside another table where a key joins them."""
    known: list[tuple[Group, Table]] = []
    unknown: Unknown = {}
    for group in groups:
        if ready.are_ready(group.sources):
            known.append((group, ready.table(group.sources)))
            continue
        try:
            known.append((group, understood(group, said, earlier.get(group.fingerprint))))
        except NotUnderstood as wrong:
            unknown[group.fingerprint] = (group, wrong)
    _complete_each_other(known, unknown, said)
    tables = [_described(group, table, unknown, said) for group, table in known]
    used = {fingerprint(lookup.source.shape.columns) for table in tables for lookup in table.lookups}
    return tables, {key: entry for key, entry in unknown.items() if key not in used}


def _complete_each_other(known: list[tuple[Group, Table]], unknown: Unknown, said: Answers) -> None:
    """Understand a table together with the one that says when: members and their campaigns."""
    for key, (group, wrong) in list(unknown.items()):
        for other, _ in list(unknown.values()):
            joined = beside(group, other) if isinstance(wrong, NotUnderstood) else None
            if joined is None or key not in unknown:
                continue
            with contextlib.suppress(NotUnderstood):
                known.append((joined, understood(joined, said, None)))
                del unknown[key]


def _described(group: Group, table: Table, unknown: Unknown, said: Answers) -> Table:
    """Put beside a table those that only describe what it names."""
    if table.kind == ready.KIND:
        return table
    wider = group
    for other, _ in unknown.values():
        wider = beside(wider, other) or wider
    return table if wider is group else understood(wider, said, None)
