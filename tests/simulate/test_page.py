"""The page of the shop says the parameters the code has, in both languages."""

from pathlib import Path

import pytest

from ganj.simulate.catalogue import AFFINITIES, CATEGORIES, SEQUENCES
from ganj.simulate.world import WORLD

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [DOCS / "concepts/the-demo-shop.md", DOCS / "fa/concepts/the-demo-shop.md"]


def rows(page):
    """The cells of every table, row by row."""
    return [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("|")
    ]


@pytest.mark.parametrize("path", PAGES, ids=["en", "fa"])
def test_the_page_repeats_the_parameters(path):
    told = {tuple(row) for row in rows(path.read_text(encoding="utf-8"))}
    by_head = {row[0].rsplit("(`")[-1].strip("`)"): row for row in told}
    for s in WORLD.segments:
        law = (s.share, s.buys, s.r, s.alpha, s.a, s.b, s.p, s.q, s.gamma / 1e6)
        assert by_head[s.key][1:10] == tuple(f"{value:g}" for value in law)
    for device, f in WORLD.funnels.items():
        steps = (*(f"{v:g}" for v in (f.view, f.add, f.checkout, f.pay)), f"{f.whole:.3f}")
        assert (f"`{device}`", *steps) in told
    for c in WORLD.campaigns:
        effects = tuple(f"{c.effects[s.key]:g}" for s in WORLD.segments)
        assert any(
            f"`{c.key}`" in row[0] and row[-5:] == effects and row[5] == f"{c.holdout:g}" for row in told
        )
    for rule in AFFINITIES:
        assert (" + ".join(rule.given), rule.then, f"{rule.probability:g}") in told
    for rule in SEQUENCES:
        assert (rule.given, rule.then, f"{rule.probability:g}") in told
    for category in CATEGORIES:
        assert (category.name, f"{category.margin:g}", f"{category.returns:g}") in told


@pytest.mark.parametrize("path", PAGES, ids=["en", "fa"])
def test_the_page_repeats_the_seasons(path):
    page, seasons = path.read_text(encoding="utf-8"), WORLD.seasons
    factors = [row[1] for row in rows(page) if len(row) == 2]
    single = (
        seasons.esfand_rush,
        seasons.nowruz_holiday,
        seasons.yalda,
        seasons.ramadan,
        seasons.black_friday,
    )
    assert ", ".join(f"{month:g}" for month in seasons.months) in factors
    assert {f"{factor:g}" for factor in single} <= set(factors)
