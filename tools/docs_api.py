"""The reference page of the HTTP API, from its routes."""

from __future__ import annotations

import re
from typing import Any

from litestar.routes import HTTPRoute
from tools.tables import table

from ganj.faces.http.api import router
from ganj.text import Text

TITLE = Text(
    "# HTTP API\n\nUnder `/api/v1`, JSON in and out. A mistake is answered as problem JSON: `type` (see [errors](errors.md)), `title`, `status`, "
    "`detail`. `?language=fa|en` chooses the words. Tables also come as CSV and Arrow by `Accept` or `?format=csv|arrow`. "
    "The schema is at `/schema`.\n",
    "# رابط HTTP\n\nزیر نشانی `/api/v1`، ورودی و خروجی JSON. خطا به شکل problem JSON پاسخ داده می‌شود: `type` (نک. [خطاها](errors.md))، `title`، "
    "`status`، `detail`. `?language=fa|en` زبان را برمی‌گزیند. جدول‌ها با `Accept` یا `?format=csv|arrow` به شکل CSV و Arrow هم داده می‌شوند. "
    "طرح‌واره در `/schema` است.\n",
)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
HEADS = (Text("route", "مسیر"), Text("what", "چیست"))
PERSIAN = {
    "analyses": "فهرست تحلیل‌ها با پرسش و پارامترهایشان.",
    "mine": "اجرای یک تحلیل؛ همهٔ گزارش به شکل JSON، یا یک جدول به شکل CSV یا Arrow.",
    "scores": "آنچه یک تحلیل دربارهٔ هر مشتری می‌گوید: صفحه‌های JSON، یا همه به شکل CSV یا Arrow.",
    "rows": "آنچه یک تحلیل سطر به سطر می‌گوید: چند سطر به شکل JSON، یا همه به شکل CSV، Arrow یا گزارش رویدادها (XES).",
    "imports": "فهرست داده‌های واردشده، تازه‌ترین در آغاز.",
    "import_files": "ورود یک فایل یا پوشه؛ با `dry_run` تنها می‌گوید چه می‌شد.",
    "undo": "واگرد یک ورود داده.",
    "segments": "فهرست بخش‌ها با اندازهٔ آن‌ها.",
    "save_segment": "ذخیرهٔ یک بخش.",
    "remove_segment": "برداشتن یک بخش؛ مشتریانش می‌مانند.",
    "members": "مشتریان یک بخش.",
    "keys": "فهرست کلیدهای برنامه‌ها، تازه‌ترین در آغاز؛ از هر کلید تنها حرف‌های نخستش دانسته است.",
    "create_key": "ساختن کلید؛ متن آن تنها همین یک بار گفته می‌شود.",
    "revoke_key": "باطل کردن کلید، با نام یا حرف‌های نخستش؛ گردآورها تا چند ثانیه بعد می‌دانند.",
    "customers": "فهرست مشتریان به ترتیب درآمد.",
    "customer": "آنچه از یک مشتری دانسته است.",
    "sql": "اجرای یک پرس‌وجوی فقط‌خواندنی.",
    "verify": "بررسی سالم بودن پوشه.",
    "rebuild": "بازسازی همهٔ داده‌های مشتق‌شده.",
    "settings": "تنظیمات فضای کار.",
    "save_settings": "تغییر برخی تنظیمات.",
    "sources": "فهرست منبع‌ها با آنچه آخرین بار آورده‌اند؛ هرگز رازهایشان.",
    "source_kinds": "انواع منبع با پارامترهایشان.",
    "add_source": "ساختن منبع: `name`، `type`، `parameters`، `answers`، `every`، `private`؛ نخست آزموده می‌شود.",
    "try_source": "آزمودن منبعی که هنوز ساخته نشده: بخش نخست چه می‌آورد.",
    "source": "یک منبع.",
    "check_source": "آزمودن دوبارهٔ یک منبع؛ چیزی نگه داشته نمی‌شود.",
    "run_source": "خواندن تازه‌ها، هم‌اکنون؛ با `again=1` از آغاز.",
    "change_source": "تغییر `every`، `paused`، `private`، `answers` یا برخی `parameters`.",
    "remove_source": "برداشتن منبع؛ آنچه آورده می‌ماند.",
    "duplicates": "فهرست جفت‌های تکراری، محتمل‌ترین در آغاز؛ `status` یکی از open، later، merged و different است.",
    "find_duplicates": "جست‌وجوی جفت‌ها؛ جفت‌های مطمئن، طبق قاعده یا `automatic`، همان دم ادغام می‌شوند.",
    "duplicate_rules": "قاعدهٔ اطمینان برای ادغام خودکار.",
    "save_duplicate_rules": "تغییر قاعدهٔ اطمینان.",
    "duplicate": "یک جفت و آنچه هر ستون دربارهٔ آن می‌گوید.",
    "decide_duplicate": "گفتن `merge` (با `fields`: مقدار کدام بماند)، `different`، `later` یا `undo` دربارهٔ یک جفت.",
    "collection": "شمارهای روزهای اخیر هر منبع، رویداد در دقیقه، آنچه در صف است و آنچه آسیب دیده.",
    "collected_events": "شمارهای یک منبع به تفکیک رویداد.",
    "collected_schema": "ویژگی‌هایی که رویدادها داشته‌اند: نوع مقدار، نمونه، چند بار، نخستین و آخرین بار.",
    "rejected": "پیام‌هایی که بارگذاری نشدند، تازه‌ترین در آغاز، با دلیل به هر دو زبان.",
    "replay": "آزمودن دوبارهٔ پیام‌های ردشده؛ می‌گوید چند پیام پذیرفته شد و چند پیام هنوز رد می‌شود.",
    "amend": "آزمودن پیامی ردشده با متنی که درست شده است؛ اگر هنوز پذیرفته نشود می‌گوید چرا.",
    "find_customer": "شمارهٔ تنها مشتری‌ای که شناسه‌ای را دارد.",
    "customer_timeline": "یک صفحه از آنچه رخ داده است: `lane`، `since`، `until`، `before`، `limit`.",
    "customer_segments": "چرا یک مشتری در هر بخش ذخیره‌شده هست یا نیست.",
    "write_note": "نوشتن یادداشت.",
    "customer_notes": "آنچه دربارهٔ یک مشتری نوشته‌اند، تازه‌ترین در آغاز.",
    "remove_note": "برداشتن یادداشت.",
    "change_note": "تغییر متن یادداشت.",
    "restore_note": "بازگرداندن یادداشتِ برداشته‌شده.",
    "customer_consents": "مشتری به تفکیک کانال چه اجازه‌ای داده، همراه با همهٔ گفته‌های پیشین.",
    "say_consent": "ثبت اینکه مشتری کانالی را اجازه داد یا منع کرد.",
    "issue_card": "ساختن پیوند امضاشده و کوتاه‌مدت به کارت یک مشتری.",
    "card_data": "آنچه کارت نشان می‌دهد، به شکل JSON، برای کسی که نشان آن را دارد.",
    "revoke_cards": "باطل کردن همهٔ پیوندهای کارت، هم‌اکنون.",
    "kept_rules": "قاعده‌های مرحله‌ها، حریم خصوصی و کارت‌های جاسازی‌شده.",
    "keep_rules": "تغییر برخی قاعده‌های یک نوع: `stages`، `privacy` یا `embedding`.",
    "hooks": "فهرست وب‌هوک‌ها، هر یک با نگاشت، آخرین سند و آنچه از آن حدس زده شده.",
    "save_hook": "ذخیرهٔ وب‌هوک؛ نشانی آن تنها یک بار، هنگام ساختن، گفته می‌شود.",
    "remove_hook": "برداشتن وب‌هوک؛ رویدادهایش می‌ماند.",
    "merge": "گفتن اینکه دو مشتری یک نفرند.",
    "merges": "فهرست ادغام‌ها با شواهدشان، تازه‌ترین در آغاز، واگردشده‌ها هم.",
    "customer_merges": "ادغام‌هایی که یک مشتری از آن‌ها پدید آمده است.",
    "undo_merge": "واگرد یک ادغام، خودکار هم.",
    "identity_rules": "چه چیز شناسه‌ها را از آنِ یک نفر می‌کند.",
    "save_identity_rules": "تعیین دوبارهٔ آنچه شناسه‌ها را از آنِ یک نفر می‌کند؛ برای داده‌های از این پس.",
    "change_identity_rules": "تغییر برخی قاعده‌های شناسایی؛ بقیه می‌مانند.",
    "preferences": "ویژگی‌هایی که دربارهٔ منبع معتبرشان تصمیم گرفته شده.",
    "prefer": "تعیین منبع معتبر یک ویژگی: `last`، ‏`first`، ‏`complete` یا `sources` به ترتیب اعتماد.",
    "prefer_no_more": "از این پس باز تازه‌ترین سخن دربارهٔ ویژگی پذیرفته است.",
    "pictures": "تصویر صفحه‌ها: صفحه، گونهٔ پنجره، اندازه؛ ``id`` نشانی بایت‌های آن است.",
    "save_picture": (
        "نگه‌داشتن تصویر یک صفحه؛ بدنه یک پروندهٔ PNG، JPEG یا WebP تا ۸ مگابایت است و ``window`` یکی از wide و narrow."
    ),
    "picture": "بایت‌های یک تصویر.",
    "remove_picture": "کنار گذاشتن تصویر یک صفحه.",
    "households": "مشتریان هم‌خانه، چنان‌که آخرین جست‌وجوی تکراری‌ها یافته است.",
    "household": "چه کسانی با یک مشتری هم‌خانه‌اند.",
    "surveys": "فهرست نظرسنجی‌ها، تازه‌ترین در آغاز.",
    "save_survey": "ذخیرهٔ نظرسنجی با نام آن.",
    "remove_survey": "برداشتن نظرسنجی؛ پاسخ‌هایش می‌ماند.",
    "survey_links": "ساختن پیوند برای هر مشتریِ یک بخش، یا همه: JSON یا CSV.",
    "tracking_plan": "فهرست قاعده‌ها: رویداد، طرح‌وارهٔ JSON ویژگی‌هایش، و اینکه جلوی پیام نادرست را می‌گیرد یا نه.",
    "save_rule": "ذخیرهٔ قاعدهٔ یک رویداد؛ برای آنچه از این پس بارگذاری شود.",
    "remove_rule": "برداشتن یک رویداد از برنامهٔ رهگیری.",
}


def page(language: str) -> str:
    """Write the page; a route that has no Persian words is a KeyError."""
    rows = [(f"`{methods} {path}`", told(handler, language)) for path, methods, handler in routes()]
    return f"{TITLE.of(language)}\n{table([h.of(language) for h in HEADS], rows)}"


def routes() -> list[tuple[str, str, Any]]:
    """Return path, method and handler of every route, in the order they are written.

    The handlers of one path come from a set, in an order that differs from process to process.
    """
    return [
        (re.sub(r":\w+}", "}", route.path), method, handler)
        for route in router.routes
        if isinstance(route, HTTPRoute)
        for method, handler in sorted(_methods(route), key=lambda told: METHODS.index(told[0]))
    ]


def _methods(route: HTTPRoute) -> list[tuple[str, Any]]:
    told = [(str(method), handler) for handler in route.route_handlers for method in handler.http_methods]
    return [one for one in told if one[0] in METHODS]


def told(handler: Any, language: str) -> str:
    """Return what a route does."""
    if language == "fa":
        return PERSIAN[handler.fn.__name__]
    return str(handler.fn.__doc__).split("\n")[0]
