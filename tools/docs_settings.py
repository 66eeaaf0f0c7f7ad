"""The reference page of settings, from `ganj.display.Display`."""

from __future__ import annotations

from tools.tables import table

from ganj.display import Display
from ganj.parameters import parameters
from ganj.text import Text

TITLE = Text(
    "# Settings\n\nFive settings that do not depend on each other, and the money's units. "
    "`ganj settings set NAME=VALUE`, the settings page, or `PATCH /api/v1/settings`.\n",
    "# تنظیمات\n\nپنج تنظیم که به هم وابسته نیستند، و واحدهای پول. "
    "`ganj settings set NAME=VALUE`، صفحهٔ تنظیمات، یا `PATCH /api/v1/settings`.\n",
)
VARIABLES = Text(
    "## Environment\n\n| variable | what |\n| --- | --- |\n| `GANJ_WORKSPACE` | the workspace's folder |\n"
    "| `GANJ_LANGUAGE` | `fa` or `en`: the shell's language |\n",
    "## متغیرهای محیط\n\n| متغیر | چیست |\n| --- | --- |\n| `GANJ_WORKSPACE` | پوشهٔ فضای کار |\n"
    "| `GANJ_LANGUAGE` | `fa` یا `en`: زبان پوستهٔ فرمان |\n",
)
WHAT = {
    "language": Text("Language of words: `fa` or `en`", "زبان نوشته‌ها: `fa` یا `en`"),
    "calendar": Text(
        "Calendar of dates and of periods that an analysis does not say itself: `jalali` or `gregorian`",
        "تقویم تاریخ‌ها و دوره‌هایی که تحلیل خود نگفته باشد: `jalali` یا `gregorian`",
    ),
    "digits": Text("`persian` or `latin`", "رقم‌ها: `persian` یا `latin`"),
    "currency": Text(
        "Code of the money that is stored; it is chosen once, before the first import",
        "کد پولی که ذخیره می‌شود؛ یک بار و پیش از نخستین ورود داده برگزیده می‌شود",
    ),
    "unit": Text(
        "Code of the money that is shown: `IRT` shows rials as tomans",
        "کد پولی که نشان داده می‌شود: `IRT` ریال را به تومان نشان می‌دهد",
    ),
    "zone": Text("Time zone, where days and months begin", "منطقهٔ زمانی، که روز و ماه در آن آغاز می‌شود"),
    "week_start": Text(
        "First day of the week: 0 Monday … 5 Saturday, 6 Sunday", "روز آغاز هفته: ۰ دوشنبه … ۵ شنبه، ۶ یکشنبه"
    ),
}
HEADS = (Text("setting", "تنظیم"), Text("at first", "در آغاز"), Text("what", "چیست"))


def page(language: str) -> str:
    """Write the page; a setting that is not in `WHAT` is a KeyError."""
    rows = [(f"`{p.name}`", f"`{p.default}`", WHAT[p.name].of(language)) for p in parameters(Display)]
    heads = [head.of(language) for head in HEADS]
    return f"{TITLE.of(language)}\n{table(heads, rows)}\n{VARIABLES.of(language)}"
