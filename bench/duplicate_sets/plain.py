"""The contender: Splink as its own guide builds a model for people, on the same columns, trained without labels."""

from __future__ import annotations

import logging

import duckdb
import pyarrow as pa
import splink.comparison_library as cl
from bench.duplicate_sets.measuring import right, true_pairs
from bench.duplicate_sets.persian import FIELDS
from bench.duplicate_sets.real import People
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

NAMES = ("given", "family", "code", "born", "street", "house", "area", "city", "zip", "phone")
COLUMNS = dict(zip((*FIELDS, "موبایل"), NAMES, strict=True))
BLOCKS = (
    ("phone",),
    ("code",),
    ("born", "family"),
    ("given", "family", "city"),
    ("zip",),
    ("street", "house"),
)


def f1(people: People) -> float:
    """Return F1 of pairs at a half."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    table = people.table.rename_columns([COLUMNS[name] for name in people.table.column_names])
    table = table.append_column("unique_id", pa.array(range(table.num_rows)))
    linker = Linker(DuckDBAPI(duckdb.connect()).register(table), _settings(), log_level=None)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("code"), block_on("given", "family", "born")], recall=0.6
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=4e5, seed=1)
    for rule in (block_on("given", "family"), block_on("phone"), block_on("street", "house")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.5, warning_mode="never").as_pyarrow_table()
    pairs = found.select(["unique_id_l", "unique_id_r"]).rename_columns(["left", "right"])
    return float(2 * right(pairs, people.truth).sum() / (pairs.num_rows + true_pairs(people.truth)))


def _settings() -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("given").configure(term_frequency_adjustments=True),
            cl.NameComparison("family").configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("born", [1, 2]),
            cl.LevenshteinAtThresholds("code", [1]),
            cl.LevenshteinAtThresholds("phone", [1]),
            cl.JaroWinklerAtThresholds("street", [0.9, 0.8]),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("zip", [1]),
        ],
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in BLOCKS],
    )
