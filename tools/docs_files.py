"""The reference page of files: the kinds of rows, the columns each understands, the presets, the limits."""

from __future__ import annotations

import msgspec

from ganj.intake import Field, Kind, Limits, kinds, presets
from ganj.intake.fields import WHO
from ganj.text import Text

TITLE = Text(
    "# Kinds of files\n\nA file's columns are found by name, in English and Persian, and by content; "
    "`--map FIELD=COLUMN` says it otherwise. Letter case, spaces, `_` and `CamelCase` do not matter. "
    "Columns that mean nothing here are kept: as traits of the customer, of the product, or as properties of the event. "
    "How to bring a file in: [import files](../how-to/import-files.md).\n",
    "# انواع فایل\n\nستون‌های فایل از روی نام (فارسی یا انگلیسی) و محتوا شناخته می‌شوند؛ با `--map FIELD=COLUMN` می‌توان جور دیگری گفت. "
    "بزرگی و کوچکی حروف، فاصله، `_` و `CamelCase` فرقی ندارد. ستون‌های دیگر هم نگه داشته می‌شوند: به‌عنوان ویژگی مشتری، ویژگی محصول یا ویژگی رویداد. "
    "شیوهٔ کار: [ورود فایل](../how-to/import-files.md).\n",
)
WHO_TITLE = Text("## Who: in every kind", "## مشتری: در همهٔ انواع")
COLUMNS = Text(
    "| field | meaning | columns it is found by |", "| فیلد | معنا | ستون‌هایی که با آن شناخته می‌شود |"
)
NEEDS = Text("Needs", "لازم دارد")
OR, AND = Text(" or ", " یا "), Text("; ", "؛ ")
PRESETS = Text(
    "## Presets\n\nExports of these programs are recognised by their columns; `--preset NAME` insists.\n",
    "## الگوهای ورود\n\nخروجی این برنامه‌ها از ستون‌هایشان شناخته می‌شود؛ با `--preset NAME` می‌توان تأکید کرد.\n",
)
TABLES = Text("| preset | program | tables |", "| الگو | برنامه | جدول‌ها |")
LIMITS = Text(
    "## Limits\n\nWhat asks for more is taken for a crafted file and refused; the workspace is as it was.\n\n| limit | value |",
    "## سقف‌ها\n\nفایلی که بیش از این بخواهد ساختگی شمرده و رد می‌شود؛ فضای کار همان می‌ماند که بود.\n\n| سقف | مقدار |",
)
RULE = {3: "| --- | --- | --- |", 2: "| --- | --- |"}


def page(language: str) -> str:
    """Write the page."""
    sections = [_kind(kind, language) for kind in kinds().values() if kind.fields and kind.name != "rows"]
    who = "\n".join([WHO_TITLE.of(language), "", *_fields(WHO, language)])
    parts = [TITLE.of(language), *sections, who, _presets(language), _limits(language)]
    return "\n".join(part + "\n" for part in parts)


def _kind(kind: Kind, language: str) -> str:
    needs = AND.of(language).join(OR.of(language).join(f"`{name}`" for name in group) for group in kind.needs)
    head = [f"## {kind.label.of(language)}: `{kind.name}`", "", kind.says.of(language), ""]
    return "\n".join([*head, f"{NEEDS.of(language)}: {needs}.", "", *_fields(kind.fields, language)])


def _fields(fields: tuple[Field, ...], language: str) -> list[str]:
    rows = [
        f"| `{field.name}` | {field.label.of(language)} | {_words(field)} |"
        for field in fields
        if field.words
    ]
    return [COLUMNS.of(language), RULE[3], *rows]


def _words(field: Field) -> str:
    return " · ".join(dict.fromkeys(word.strip() for word in field.words.split("|")))


def _presets(language: str) -> str:
    rows = []
    for preset in presets().values():
        names = dict.fromkeys(given.event or given.kind for given in preset.tables if given.kind)
        rows.append(f"| `{preset.name}` | {preset.label.of(language)} | {', '.join(names)} |")
    return "\n".join([PRESETS.of(language), TABLES.of(language), RULE[3], *rows])


def _limits(language: str) -> str:
    rows = [f"| `{name}` | {value:,} |" for name, value in msgspec.structs.asdict(Limits()).items()]
    return "\n".join([LIMITS.of(language), RULE[2], *rows])
