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
}


def page(language: str) -> str:
    """Write the page; a route that has no Persian words is a KeyError."""
    rows = [(f"`{methods} {path}`", told(handler, language)) for path, methods, handler in routes()]
    return f"{TITLE.of(language)}\n{table([h.of(language) for h in HEADS], rows)}"


def routes() -> list[tuple[str, str, Any]]:
    """Return path, method and handler of every route, in the order they are written."""
    return [
        (re.sub(r":\w+}", "}", route.path), method, handler)
        for route in router.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in sorted(map(str, handler.http_methods))
        if method != "OPTIONS"
    ]


def told(handler: Any, language: str) -> str:
    """Return what a route does."""
    if language == "fa":
        return PERSIAN[handler.fn.__name__]
    return str(handler.fn.__doc__).split("\n")[0]
