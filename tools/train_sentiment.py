"""Train the model of moods that travels in the wheel, of marked texts whose licence allows it.

Without this file moods are learned from each company's own marks, or judged by a list of words.  A release that has
data under a licence that lets a model trained on them be given away (public domain, CC0, CC BY, MIT, Apache) trains with it:

``python -m tools.train_sentiment reviews.csv --text review --mark score --scale csat --licence CC0-1.0``

Texts are read from CSV or Parquet; ``--mark`` names a column of marks on a scale of `ganj.models.attitude`, ``--mood`` one of
words such as positive and منفی.  The model is written only if, on texts held out, it beats the list of words
and always saying what is most frequent.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from ganj.histories import Array
from ganj.models.attitude import SCALES
from ganj.models.words.moods import SHIPPED, Tried, judge
from ganj.persian import match_form
from ganj.views.voice_book import MOODS

FREE = ("cc0", "public domain", "cc-by", "cc by", "mit", "apache", "bsd", "unlicense")
BOUND = ("nc", "nd", "sa")
"""Parts of a Creative Commons licence that bind what is made of the data."""


def main(words: Sequence[str] | None = None) -> int:
    """Train, say how good it is, and write the model; 1 where it is not good enough, 2 where the licence forbids it."""
    asked = _parser().parse_args(words)
    if not free(asked.licence):
        print(f"{asked.licence}: this licence does not let a model made of the data be given away.")
        return 2
    texts, moods = marked([Path(name) for name in asked.files], asked)
    made = judge(texts, moods)
    if made.source != "own" or made.model is None or made.tried is None:
        print("Not good enough:", _said(made.tried))
        return 1
    made.model.write(asked.out)
    print(f"{asked.out}: {_said(made.tried)}")
    return 0


def free(licence: str) -> bool:
    """Tell whether a licence lets a model that was trained on the data be given away under ours."""
    said = licence.lower().strip()
    return said.startswith(FREE) and not {*said.replace(" ", "-").split("-")} & {*BOUND}


def marked(files: Sequence[Path], asked: argparse.Namespace) -> tuple[list[str], Array]:
    """Read different texts and their moods, int64[n]; the order is that of the files, as if the oldest came first."""
    rows = pa.concat_tables([_read(path).select([asked.text, asked.mood or asked.mark]) for path in files])
    texts, said = (column.to_pylist() for column in rows.columns)
    if asked.mood:
        classes = np.array([MOODS.get(match_form(str(one)), -1) for one in said], np.int64)
    else:
        scale = next(one for one in SCALES if one.name == asked.scale)
        classes = scale.classes(np.array([np.nan if one is None else float(one) for one in said]))
    found = {text: int(mood) for text, mood in zip(texts, classes, strict=True) if text and mood >= 0}
    return list(found), np.array(list(found.values()), np.int64)


def _read(path: Path) -> pa.Table:
    if path.suffix == ".parquet":
        return pyarrow.parquet.read_table(path)
    return pyarrow.csv.read_csv(path, parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True))


def _said(tried: Tried | None) -> str:
    if tried is None:
        return "too few marked texts to try it"
    shares = [100 * one / tried.size for one in (tried.right, tried.listed, tried.naive)]
    return "right {:.1f} %, list of words {:.1f} %, most frequent {:.1f} %, of {} held out".format(
        *shares, tried.size
    )


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m tools.train_sentiment", description=__doc__)
    made.add_argument("files", nargs="+", help="CSV or Parquet, also compressed CSV")
    made.add_argument("--text", required=True, help="column of texts")
    either = made.add_mutually_exclusive_group(required=True)
    either.add_argument("--mark", help="column of marks")
    either.add_argument("--mood", help="column of positive, neutral, negative")
    made.add_argument("--scale", default="csat", choices=[one.name for one in SCALES])
    made.add_argument("--licence", required=True, help="licence of the data, as SPDX writes it")
    made.add_argument("--out", type=Path, default=SHIPPED)
    return made


if __name__ == "__main__":
    sys.exit(main())
