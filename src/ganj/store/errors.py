"""Mistakes a person can make with what is stored."""

from __future__ import annotations

from ganj.errors import GanjError
from ganj.text import Text


class UnknownBatch(GanjError):
    """An import that is not there. Facts: ``batch``."""

    status = 404
    says = Text("There is no import {batch}.", "ورود دادهٔ شمارهٔ {batch} وجود ندارد.")
    hint = Text("See the list of imports for its number.", "شمارهٔ درست را در فهرست ورود داده‌ها ببینید.")


class NotLoaded(GanjError):
    """An import that cannot be taken back: not loaded, or taken back before. Facts: ``batch``."""

    status = 409
    says = Text(
        "Import {batch} is not among the loaded data.", "ورود دادهٔ شمارهٔ {batch} در میان داده‌های جاری نیست."
    )
    hint = Text("It was never finished, or it was undone before.", "یا کامل نشده یا پیش‌تر پس گرفته شده است.")


class BadQuery(GanjError):
    """A query that cannot be answered. Facts: ``why`` (`Text`)."""

    status = 422
    says = Text("The query cannot be answered: {why.en}", "پرس‌وجو پاسخی ندارد: {why.fa}")
    hint = Text(
        "Read-only queries over events, customers, orders, order_lines, products, deals and tickets are possible.",
        "پرس‌وجوی فقط‌خواندنی روی events، customers، orders، order_lines، products، deals و tickets ممکن است.",
    )


class QueryTooHeavy(GanjError):
    """A query beyond its limits. Facts: ``seconds``, ``megabytes``."""

    status = 422
    says = Text(
        "The query needed more than {seconds} seconds or {megabytes} MB and was stopped.",
        "پرس‌وجو به بیش از {seconds} ثانیه زمان یا {megabytes} مگابایت حافظه نیاز داشت و متوقف شد.",
    )
    hint = Text("Ask for fewer rows or a shorter period.", "ردیف‌های کمتر یا بازهٔ کوتاه‌تری بخواهید.")


class FolderForbidden(GanjError):
    """A workspace that whoever runs the program may not read or write. Facts: ``path``."""

    status = 503
    says = Text(
        "This user may not read and write the workspace {path}.",
        "این کاربر اجازهٔ خواندن و نوشتن در فضای کار {path} را ندارد.",
    )
    hint = Text(
        "Run it as the owner of the folder, or give this user the folder and all that is in it.",
        "برنامه را با کاربر صاحب پوشه اجرا کنید یا پوشه و محتوایش را به این کاربر بدهید.",
    )
