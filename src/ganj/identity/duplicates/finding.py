"""Finds the pairs: prepare, block, learn, score; the answer as Arrow."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from ganj.identity.duplicates.blocking import block, query
from ganj.identity.duplicates.columns import meanings
from ganj.identity.duplicates.comparisons import compared
from ganj.identity.duplicates.errors import NothingToCompare, SplinkMissing
from ganj.identity.duplicates.found import Found
from ganj.identity.duplicates.frequency import frequencies
from ganj.identity.duplicates.levels import Compared
from ganj.identity.duplicates.model import Model, default, settings
from ganj.identity.duplicates.people import comparable
from ganj.identity.duplicates.scoring import Follows, Scored, weighed
from ganj.identity.duplicates.training import learn

LEAST = 0.02
"""Pairs below this probability are not worth anybody's look."""
FEW = 100
"""People; among fewer nothing can be learned."""
HALF = 0.5
SIDES = ["left", "right", "probability"]
ORDER = [("probability", "descending"), ("left", "ascending"), ("right", "ascending")]
HOPELESS = -12.0
"""Log2 of the odds below which a pair is not looked at again."""
TELLING_ROLES = frozenset(
    {"given", "family", "name", "phone", "email", "national_code", "document", "birthday"}
)


class Options(msgspec.Struct, frozen=True):
    """How to look.

    Attributes
    ----------
    least : pairs below this probability are left out
    seed : of the random pairs
    threads, memory : of the database that compares
    model : use what was learned before, instead of learning
    """

    least: float = LEAST
    seed: int = 1
    threads: int = 2
    memory: str = "2GB"
    model: Model | None = None


def find(people: pa.Table, columns: Mapping[str, str] | None = None, options: Options | None = None) -> Found:
    """Find the pairs of people who are probably one.

    Parameters
    ----------
    people
        One row a person; what columns mean is told from their names, in English or Persian.
    columns
        The role of columns whose names do not say it; see `ganj.identity.duplicates.columns.ROLES`.

    Raises
    ------
    NothingToCompare
        No column tells people apart.
    SplinkMissing
        The package that compares them is not installed.
    """
    asked = options or Options()
    table = comparable(people, columns)
    if not TELLING_ROLES & meanings(people.column_names, columns).keys():
        raise NothingToCompare(columns=", ".join(people.column_names) or "—")
    comparisons = compared([name for name in table.column_names if _varies(table[name])])
    with database(asked) as con:
        return _found(Looking(con, table, comparisons, asked))


def _varies(column: pa.ChunkedArray) -> bool:
    """Tell whether anybody has a value."""
    return bool(column.null_count < len(column))


def database(options: Options) -> duckdb.DuckDBPyConnection:
    """Open a database in memory that reaches nothing outside."""
    return duckdb.connect(
        config={
            "threads": options.threads,
            "memory_limit": options.memory,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
        }
    )


@dataclass(frozen=True)
class Looking:
    """One search: the database that compares, and what is compared."""

    con: duckdb.DuckDBPyConnection
    people: pa.Table
    comparisons: Sequence[Compared]
    options: Options


def _found(looking: Looking) -> Found:
    con, people = looking.con, looking.people.num_rows
    con.register("comparable", looking.people)
    con.execute(query("people"))
    pairs = block(con, people)
    model = looking.options.model or default(looking.comparisons, people)
    if not pairs:
        nobody = _none(looking.comparisons)
        return Found(nobody, nobody.select(SIDES), model, tuple(looking.comparisons), 0.0)
    if _follows(looking) == "all":
        model = _learned(looking, model)
    scored = _scored(looking, model)
    pairs, relatives = (
        told.filter(pc.greater_equal(told["probability"], least)).sort_by(ORDER)
        for told, least in ((scored.pairs, looking.options.least), (scored.relatives, HALF))
    )
    return Found(pairs, relatives, scored.model, tuple(looking.comparisons), scored.doubles)


def _none(comparisons: Sequence[Compared]) -> pa.Table:
    numbers = {f"weight_{one.name}": pa.float64() for one in comparisons}
    levels = {f"level_{one.name}": pa.int8() for one in comparisons}
    fixed = {"left": pa.int32(), "right": pa.int32(), "probability": pa.float64(), "weight": pa.float64()}
    fixed["weight_household"] = pa.float64()
    return pa.schema({**fixed, **levels, **numbers, "vetoed": pa.bool_()}).empty_table()


def _learned(looking: Looking, model: Model) -> Model:
    linker, _ = _linker(looking, model)
    return learn(linker, looking.people, looking.comparisons, model, looking.options.seed)


def _scored(looking: Looking, model: Model) -> Scored:
    linker, api = _linker(looking, model)
    linker.table_management.register_blocked_pairs_for_predict(api.register("pairs"))
    scored = linker.inference.predict(threshold_match_weight=HOPELESS, warning_mode="never")
    table = scored.as_pyarrow_table().sort_by([("id_l", "ascending"), ("id_r", "ascending")])
    return weighed(table, model, looking.comparisons, looking.people.num_rows, _follows(looking))


def _follows(looking: Looking) -> Follows:
    if looking.options.model is not None:
        return "numbers"
    return "all" if looking.people.num_rows >= FEW else "nothing"


def _linker(looking: Looking, model: Model) -> tuple[Any, Any]:
    try:
        from splink import DuckDBAPI, Linker
    except ImportError as missing:
        raise SplinkMissing from missing
    logging.getLogger("splink").setLevel(logging.ERROR)  # what a level lacks is told by Model.learned
    api = DuckDBAPI(looking.con)
    told = settings(model, looking.comparisons)
    linker = Linker(api.register("people"), told, log_level=None, validate_settings=False)
    for column, counted in frequencies(looking.people, looking.comparisons):
        linker.table_management.register_term_frequency_lookup(api.register(counted), column)
    return linker, api
