"""The reference page of sources: every kind with its parameters, from its class."""

from __future__ import annotations

from tools.tables import table

from ganj.intake.sources import SECRET, Feed, feeds
from ganj.parameters import Parameter, parameters
from ganj.text import Text

TITLE = Text(
    "# Sources\n\nWhat ganj reads by itself: `ganj source add KIND NAME --parameter value`, or `POST /api/v1/sources`. In the shell a "
    "parameter `consumer_key` is `--consumer-key`; a secret is given as `env:NAME` or `file:PATH`, or asked for. "
    "Every kind also takes `--every`, `--allow-private`, `--check`, and for rows `--as`, `--map`, `--currency`.\n\n"
    "How to: [databases](../how-to/connect-a-database.md), [shops](../how-to/connect-a-shop.md), [folders](../how-to/watch-a-folder.md), "
    "[mailboxes](../how-to/read-a-mailbox.md), [access logs](../how-to/access-logs.md).\n",
    "# منبع‌ها\n\nآنچه گنج خودش می‌خواند: `ganj source add KIND NAME --parameter value` یا `POST /api/v1/sources`. در پوسته پارامتر "
    "`consumer_key` همان `--consumer-key` است؛ راز به شکل `env:NAME` یا `file:PATH` داده یا پرسیده می‌شود. "
    "همهٔ انواع `--every`، `--allow-private` و `--check` را هم می‌پذیرند، و برای سطرها `--as`، `--map` و `--currency`.\n\n"
    "شیوهٔ کار: [پایگاه داده](../how-to/connect-a-database.md)، [فروشگاه](../how-to/connect-a-shop.md)، [پوشه](../how-to/watch-a-folder.md)، "
    "[صندوق ایمیل](../how-to/read-a-mailbox.md)، [فایل ثبت وب‌سرور](../how-to/access-logs.md).\n",
)
WHEN = Text(
    "## When\n\n| `every` | next time |\n| --- | --- |\n| `15m`, `1h`, `2d` | so long after the last time; at least ten seconds |\n"
    "| `daily 03:00`, `weekly sat 03:00` | at that time of the workspace's zone |\n"
    "| `monthly 1 03:00` | on that day of the workspace's calendar, Jalali or Gregorian; the last day where a month is shorter |\n"
    "| `*/10 8-17 * * sat-wed` | five fields as in cron: minute, hour, day, month, weekday |\n\n"
    "After a failure a source is tried again after one, two, four … minutes, at most six hours.\n",
    "## زمان\n\n| `every` | بار بعد |\n| --- | --- |\n| `15m`، `1h`، `2d` | این‌قدر پس از آخرین بار؛ دست‌کم ده ثانیه |\n"
    "| `روزانه ۰۳:۰۰`، `هفتگی شنبه ۰۳:۰۰` | در همان ساعتِ منطقهٔ زمانی فضای کار |\n"
    "| `ماهانه ۱ ۰۳:۰۰` | در آن روزِ تقویم فضای کار، جلالی یا میلادی؛ اگر ماه کوتاه‌تر باشد روز آخر |\n"
    "| `*/10 8-17 * * sat-wed` | پنج خانه مانند cron: دقیقه، ساعت، روز، ماه، روز هفته |\n\n"
    "پس از ناکامی، منبع پس از یک، دو، چهار … دقیقه دوباره آزموده می‌شود؛ دست‌بالا شش ساعت.\n",
)
HEADS = (Text("parameter", "پارامتر"), Text("what", "چیست"), Text("default", "پیش‌فرض"))
USUALLY = Text(
    "Asked every `{every}` unless said otherwise.", "اگر جور دیگری نگویید هر `{every}` خوانده می‌شود."
)
HIDDEN = Text("secret", "راز")


def page(language: str) -> str:
    """Write the page."""
    kinds = [_kind(name, kind, language) for name, kind in feeds().items()]
    return "\n".join([TITLE.of(language), *kinds, WHEN.of(language)])


def _kind(name: str, kind: type[Feed], language: str) -> str:
    rows = [_row(one, language) for one in parameters(kind)]
    usually = USUALLY.of(language).format(every=kind.every)
    heads = [head.of(language) for head in HEADS]
    return (
        f"## {name}\n\n{kind.label.of(language)}: {kind.says.of(language)} {usually}\n\n{table(heads, rows)}"
    )


def _row(one: Parameter, language: str) -> tuple[str, str, str]:
    words = [one.label.of(language)]
    words += (
        [f"`{one.help.of(language)}`" if one.help.en == one.help.fa else one.help.of(language)]
        if one.help.en
        else []
    )
    words += (
        [", ".join(f"`{word}` {label.of(language)}" for word, label in one.choices)] if one.choices else []
    )
    words += [HIDDEN.of(language)] if one.of == SECRET else []
    default = "" if one.default in (None, "", []) else f"`{_plain(one.default)}`"
    return f"`{one.name}`", ". ".join(words), default


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value).lower()
