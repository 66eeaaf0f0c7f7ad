"""The table of colours: readable, the same on pages, and exchangeable."""

import re
from pathlib import Path

import pytest

import ganj
from ganj.charts import theme as themes

TOKENS_CSS = Path(ganj.__file__).parent / "faces/web/static/css/tokens.css"
THEMES = ("light", "dark")


def brightness(colour):
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((brightness(one), brightness(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_wcag_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
def test_text_is_read_on_every_ground(theme):
    ink = themes.colours(theme)
    for ground in ("paper", "surface"):
        assert contrast(ink["text"], ink[ground]) >= 7
        for name in ("muted", "primary", "gold", "good", "bad", "warn", "goal"):
            assert contrast(ink[name], ink[ground]) >= 4.5, name
    for name in ("gold", "good", "bad", "warn", "primary"):
        assert contrast(ink[name], ink[f"{name}-soft"]) >= 4.5, name


@pytest.mark.parametrize("theme", THEMES)
def test_series_stand_out_from_the_surface(theme):
    surface = themes.colours(theme)["surface"]
    for index in range(8):
        assert contrast(themes.series(index, theme), surface) >= 2.9, index  # gold on white is 2.94
    for index in range(len(themes.SERIES)):
        assert contrast(themes.colours(theme)["text"], themes.tint(index, theme)) >= 7


@pytest.mark.parametrize("theme", THEMES)
def test_words_are_read_on_every_step_of_heat(theme):
    ink, at = themes.colours(theme), theme == "dark"
    for step, pair in enumerate(themes.HEAT):
        words = ink["on" if step >= themes.HEAT_DARK_FROM else "ink"]
        assert contrast(words, pair[at]) >= 4.5, step
    for step, pair in enumerate(themes.DIVERGING):
        words = ink["on" if step in {0, 6} else "ink"]
        assert contrast(words, pair[at]) >= 4.5, step


def test_a_colour_stands_for_one_colour_only():
    there, back = themes.exchange("light"), themes.exchange("dark")
    assert {dark: light for light, dark in there.items()} == back
    assert len(there) == len(back)


def test_pages_and_pictures_have_the_same_tokens():
    said = dict(
        re.findall(r"--([\w-]+): (light-dark\(#\w{6}, #\w{6}\));", TOKENS_CSS.read_text(encoding="utf-8"))
    )
    ours = dict(re.findall(r"--([\w-]+): (light-dark\(#\w{6}, #\w{6}\));", themes.css()))
    assert ours == said
    assert set(ours) == set(themes.TOKENS)
