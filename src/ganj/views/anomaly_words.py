"""Anomalies: sentences."""

from __future__ import annotations

from collections.abc import Iterator

from ganj.miner import Finding, Where
from ganj.models.series.outliers import LEAST
from ganj.text import Text
from ganj.views.anomaly import Seen
from ganj.views.anomaly_fold import PROBLEMS, REASONS
from ganj.views.anomaly_series import Episode

TOLD = 4
"""Episodes, changes and kinds of records that are told."""


def findings(seen: Seen) -> Iterator[Finding]:
    """Say what is out of line, or that nothing is."""
    watched = seen.watched
    if not watched.figures:
        yield Finding(text=SHORT, evidence={"least": LEAST, "size": watched.size}, tone="warn", weight=1.0)
    elif not watched.episodes and not watched.changes:
        yield Finding(text=CALM, evidence={"figures": len(watched.figures)}, tone="good", weight=1.0)
    for place, episode in enumerate(watched.episodes[:TOLD]):
        yield _episode(seen, episode, 0.9 - 0.01 * place)
    for place, change in enumerate(sorted(watched.changes, key=lambda one: -abs(one[2]))[:TOLD]):
        yield _change(seen, change, 0.8 - 0.01 * place)
    yield from _people(seen)


SHORT = Text(
    "Figures need {least:count} whole periods with a few events each before anything can be out of line; there are {size:count}.",
    "برای دیدن ناهنجاری دست‌کم {least:count} دورهٔ کامل با چند رویداد در هر یک لازم است؛ اکنون {size:count} دوره هست.",
)
CALM = Text(
    "None of {figures:count} figures is out of line by more than chance allows.",
    "هیچ‌یک از {figures:count} شاخص بیش از آنچه تصادف روا می‌دارد از روال خارج نیست.",
)


def _episode(seen: Seen, episode: Episode, weight: float) -> Finding:
    figure = seen.watched.figures[episode.figure]
    low = episode.actual < episode.expected
    written = "money" if figure.unit == "money" else "count"
    word = Text("below", "پایین‌تر از") if low else Text("above", "بالاتر از")
    single = episode.begins == episode.ends
    when = (
        Text("In {first}", "در {first}") if single else Text("From {first} to {last}", "از {first} تا {last}")
    )
    evidence = {
        "first": _date(seen, episode.begins),
        "last": _date(seen, episode.ends),
        "actual": episode.actual,
        "expected": episode.expected,
        "off": abs(episode.off),
    }
    return Finding(
        text=Text(
            f"{_dated(when.en)} {figure.name.en} came to {{actual:{written}}}, {{off:percent}} {word.en} the expected {{expected:{written}}}.",
            f"{_dated(when.fa)} شاخص «{figure.name.fa}» به {{actual:{written}}} رسید؛ {{off:percent}} {word.fa} انتظار ({{expected:{written}}}).",
        ),
        evidence=evidence,
        tone="bad" if low else "warn",
        weight=weight,
    )


def _dated(text: str) -> str:
    return text.replace("{first}", "{first:date}").replace("{last}", "{last:date}")


def _date(seen: Seen, at: int) -> int:
    """Return the noon of a period's first day, µs UTC."""
    return (2 * seen.watched.day(at) + 1) * 43_200_000_000


def _change(seen: Seen, change: tuple[int, int, float], weight: float) -> Finding:
    number, at, jump = change
    name = seen.watched.figures[number].name
    word = Text("up", "بالا") if jump > 0 else Text("down", "پایین")
    return Finding(
        text=Text(
            f"Since {{when:date}} {name.en} is {{jump:percent}} {word.en}, and stayed.",
            f"از {{when:date}} شاخص «{name.fa}» {{jump:percent}} {word.fa} رفته و مانده است.",
        ),
        evidence={"when": _date(seen, at), "jump": abs(jump)},
        tone="good" if jump > 0 else "bad",
        weight=weight,
    )


def _people(seen: Seen) -> Iterator[Finding]:
    """Say which customers and records deserve a look."""
    groups = [
        (int(count), text, Where("anomaly_problems", "has", code), 0.7)
        for count, (code, text) in zip(seen.wrong.tolist(), PROBLEMS, strict=True)
    ]
    groups += [
        (int(count), text, Where("anomaly_reasons", "has", code), 0.75 if code == "fraud" else 0.6)
        for count, (code, text) in zip(seen.unusual.tolist(), REASONS, strict=True)
    ]
    found = sorted((row for row in groups if row[0]), key=lambda row: (-row[3], -row[0]))
    for place, (count, text, where, weight) in enumerate(found[: 2 * TOLD]):
        yield Finding(
            text=Text(
                f"{{count:count}} customer{'s' if count != 1 else ''}: {text.en[0].lower()}{text.en[1:]}.",
                f"{{count:count}} مشتری: {text.fa}.",
            ),
            evidence={"count": count},
            opens=(where,),
            tone="warn",
            weight=weight - 0.01 * place,
        )
