"""The one table of visual values: colours in both themes, for pictures here and for pages as CSS.

Every colour of a picture is a token, and a light colour stands for one dark colour only.  So a picture
built for one theme is turned into the other by exchanging colours (`exchange`), which the page does when
the reader changes the theme, without asking the server again.
"""

from __future__ import annotations

from typing import Literal

Theme = Literal["light", "dark"]

FONT = "Vazirmatn"
TOKENS: dict[str, tuple[str, str]] = {
    "paper": ("#fbfaf7", "#0f1719"),
    "surface": ("#ffffff", "#162124"),
    "line": ("#e6e2da", "#2a3b40"),
    "text": ("#1c2a2e", "#e8eeef"),
    "muted": ("#566469", "#9fb1b6"),
    "primary": ("#0a727b", "#4fc4cd"),
    "primary-soft": ("#e2f2f3", "#12343a"),
    "on-primary": ("#ffffff", "#0f1719"),
    "gold": ("#8f5e0a", "#e2b04c"),
    "gold-soft": ("#faf0db", "#33290f"),
    "good": ("#22703f", "#67c38d"),
    "good-soft": ("#e4f2e9", "#14301f"),
    "bad": ("#b0362c", "#f28b80"),
    "bad-soft": ("#fbeae8", "#3a1c19"),
    "warn": ("#8a5000", "#e9ac52"),
    "warn-soft": ("#fbf0e0", "#35270f"),
}
"""Light and dark, as CSS variables of the same names."""
SERIES = (
    ("#0a727c", "#45adb5"),  # turquoise
    ("#c98a1b", "#dca547"),  # gold
    ("#75489b", "#a57fc7"),  # violet
    ("#c24e3c", "#dd7a6b"),  # pomegranate
    ("#4c8639", "#7cb46a"),  # leaf
    ("#2e5ca5", "#6a93d4"),  # lapis
    ("#96684c", "#bf9479"),  # clay
    ("#66727b", "#98a5ae"),  # slate
    ("#5aa3a9", "#2f7f86"),  # the same again, paler, for the ninth and on
    ("#dbb26a", "#a37420"),
    ("#a487bd", "#7d5a9c"),
    ("#d88c80", "#ad5245"),
)
HEAT = (
    ("#eef6f6", "#073f45"),
    ("#d2e9ea", "#0a5258"),
    ("#a6d2d4", "#106369"),
    ("#72b6ba", "#17757b"),
    ("#24828a", "#55a9ae"),
    ("#126369", "#93cbce"),
    ("#05484e", "#d3ecec"),
)
"""Seven steps from little to much."""
HEAT_DARK_FROM = 4
"""The first step on which words are written in ``on``."""
DIVERGING = (
    ("#b8402e", "#e27a69"),
    ("#d9897b", "#a14c3e"),
    ("#eeccc4", "#6d3a32"),
    ("#f6f4ef", "#233034"),
    ("#c6dfe0", "#1d5257"),
    ("#74b2b7", "#24747b"),
    ("#0b737b", "#5cc0c7"),
)
"""Seven steps from strongly against to strongly with."""
PICTURE = {
    "ink": ("#1c2a2f", "#e8eeee"),  # words on a light step of heat
    "on": ("#fffffe", "#0f1718"),  # words on a dark one
    "faint": ("#f2f0eb", "#1c292d"),  # what is not known yet: young cohorts, empty cells
    "goal": ("#8f5e0b", "#e2b04d"),
}


TINT = (0.2, 0.3)
"""How much of a series' colour is in its tint, on light and on dark surface."""


def mixed(colour: str, ground: str, share: float) -> str:
    """Return a colour laid thinly over a ground."""
    parts = (
        round(int(colour[at : at + 2], 16) * share + int(ground[at : at + 2], 16) * (1 - share))
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in parts)


TINTS = tuple(
    tuple(mixed(colour, TOKENS["surface"][at], TINT[at]) for at, colour in enumerate(pair)) for pair in SERIES
)
"""The series' colours so pale that words are read on them."""


def colours(theme: Theme) -> dict[str, str]:
    """Return the colours of a theme by token."""
    at = 0 if theme == "light" else 1
    return {name: pair[at] for name, pair in (TOKENS | PICTURE).items()}


def series(index: int, theme: Theme) -> str:
    """Return the colour of the n-th series; colours come again after the twelfth."""
    return SERIES[index % len(SERIES)][theme == "dark"]


def tint(index: int, theme: Theme) -> str:
    """Return the pale colour of the n-th series."""
    return TINTS[index % len(TINTS)][theme == "dark"]


def exchange(theme: Theme) -> dict[str, str]:
    """Return for every colour of a theme the colour that stands for it in the other."""
    pairs = [*TOKENS.values(), *PICTURE.values(), *SERIES, *TINTS, *HEAT, *DIVERGING]
    pairs.remove(TOKENS["on-primary"])  # pictures write ``on`` instead: white stands for one thing only
    at = 0 if theme == "light" else 1
    return {pair[at]: pair[1 - at] for pair in pairs}


def css() -> str:
    """Return the tokens as CSS variables, each resolved by the scheme in force where it is used."""
    lines = [f"  --{name}: light-dark({light}, {dark});" for name, (light, dark) in TOKENS.items()]
    return "\n".join([":root {", *lines, "}", ""])
