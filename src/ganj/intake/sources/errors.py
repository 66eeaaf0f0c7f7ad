"""What can be wrong with a source, one class each."""

from __future__ import annotations

from ganj.errors import GanjError
from ganj.text import Text


def filled(text: Text, **words: object) -> Text:
    """Return a sentence with its words put in, in both languages."""
    return Text(text.en.format(**words), text.fa.format(**words))


SILENT = (
    (
        ("Name or service not known", "nodename nor servname", "name resolution", "Unknown host", "translate host name"),
        Text("no machine of that name is known", "دستگاهی با این نام شناخته نیست"),
    ),
    (("refused",), Text("nothing listens at that port", "در این درگاه چیزی گوش نمی‌دهد")),
    (("timed out", "timeout"), Text("it took too long", "بیش از اندازه طول کشید")),
    (("unreachable", "No route"), Text("no way leads there from here", "از اینجا راهی به آن نیست")),
    (("reset by peer", "closed", "EOF", "Broken pipe", "gone away", "Lost connection"), Text("it hung up", "ارتباط را برید")),
    (
        ("not a database", "malformed"),
        Text("the file is no database, or is damaged", "این فایل پایگاه داده نیست یا آسیب دیده است"),
    ),
    (("locked",), Text("somebody else holds it locked", "دیگری آن را قفل کرده است")),
    (
        ("ermission denied", "denied to user", "command denied"),
        Text("this user may not read it", "این کاربر اجازهٔ خواندن آن را ندارد"),
    ),
)  # fmt: skip
"""What programs say of a silent server, by parts of their words, and what a person reads."""


def silence(detail: str) -> Text:
    """Return why a place does not answer, in both languages where the reason is a usual one."""
    told = next((words for parts, words in SILENT if any(part in detail for part in parts)), None)
    return told or Text(detail, f"\u2066{detail}\u2069")


class Unreachable(GanjError):
    """A place that does not answer, or not as it should. Facts: ``address``, ``detail``, ``why`` (`Text`)."""

    status = 502
    says = Text("{address} does not answer: {why.en}.", "\u2066{address}\u2069 پاسخ نمی‌دهد: {why.fa}.")
    hint = Text(
        "Check the address and that the server runs; what was read before is kept.",
        "نشانی و روشن بودن سرور را بررسی کنید؛ آنچه پیش‌تر خوانده شده محفوظ است.",
    )

    def __init__(self, *, address: str, detail: str) -> None:
        super().__init__(address=address, detail=detail, why=silence(detail))


class SignInRefused(GanjError):
    """A name or password that is not accepted. Facts: ``address``, ``detail``."""

    status = 422
    says = Text(
        "{address} refused the name or password: {detail}",
        "\u2066{address}\u2069 نام یا گذرواژه را نپذیرفت: \u2066{detail}\u2069",
    )
    hint = Text("Enter them again.", "آن‌ها را دوباره وارد کنید.")


class CertificateRefused(GanjError):
    """A server that cannot prove who it is. Facts: ``address``, ``why`` (`Text`)."""

    status = 502
    says = Text(
        "The certificate of {address} is not accepted: {why.en}",
        "گواهی \u2066{address}\u2069 پذیرفته نیست: {why.fa}",
    )
    hint = Text(
        "Use the name that the certificate is made out to; if your company made it itself, give the file of its "
        "authority: --authority.",
        "همان نامی را بدهید که گواهی برایش صادر شده؛ اگر گواهی ساختهٔ خود شرکت است فایل مرجع آن را بدهید: ‎--authority‎.",
    )


class NotEncrypted(GanjError):
    """A server that does not speak TLS where it was asked. Facts: ``address``, ``detail``."""

    status = 502
    says = Text(
        "{address} does not speak TLS here: {detail}",
        "\u2066{address}\u2069 در این درگاه TLS نمی‌داند: \u2066{detail}\u2069",
    )
    hint = Text(
        "Check the port and the kind of encryption; for mail TLS is usually on port 993, STARTTLS on 143.",
        "درگاه و نوع رمزگذاری را بررسی کنید؛ در ایمیل معمولاً TLS روی درگاه ۹۹۳ و STARTTLS روی ۱۴۳ است.",
    )


class PrivateAddress(GanjError):
    """An address inside the company's network or this machine, not allowed for this source. Facts: ``host``, ``ip``."""

    status = 403
    says = Text(
        "{host} is {ip}: an address of this machine or of a private network.",
        "{host} همان {ip} است: نشانی همین دستگاه یا یک شبکهٔ خصوصی.",
    )
    hint = Text(
        "If that is meant, allow it for this source: --allow-private. Then whoever may change this source reaches "
        "servers that are not open to the world.",
        "اگر همین را می‌خواهید برای این منبع مجازش کنید: ‎--allow-private‎. آنگاه هر که این منبع را تغییر دهد به سرورهایی "
        "می‌رسد که به روی جهان باز نیستند.",
    )


class BadAddress(GanjError):
    """An address that is none, or that a source does not read. Facts: ``address``, ``why`` (`Text`)."""

    status = 422
    says = Text(
        "The address {address} cannot be used: {why.en}", "نشانی \u2066{address}\u2069 پذیرفته نیست: {why.fa}"
    )
    hint = Text(
        "Mend the address, or put back what it names; what was read before is kept, and the rest follows.",
        "نشانی را درست کنید یا آنچه را نام می‌برد برگردانید؛ آنچه پیش‌تر خوانده شده محفوظ است و باقی در پی می‌آید.",
    )


class DriverMissing(GanjError):
    """A database for which nothing is installed. Facts: ``database``, ``extra``."""

    status = 422
    says = Text(
        "Reading {database} needs a driver that is not installed.",
        "خواندن {database} به افزونه‌ای نیاز دارد که نصب نیست.",
    )
    hint = Text("Install it: pip install 'ganj[{extra}]'", "نصبش کنید: pip install 'ganj[{extra}]'")


class NoSuchTable(GanjError):
    """A table or view that the database does not have. Facts: ``table``, ``tables``."""

    status = 422
    says = Text("There is no table {table!r}.", "جدولی به نام «{table}» نیست.")
    hint = Text("There are: {tables}.", "این‌ها هستند: {tables}.")


class NoSuchTableColumn(GanjError):
    """A column that the table does not have. Facts: ``column``, ``columns``."""

    status = 422
    says = Text("The table has no column {column!r}.", "جدول ستونی به نام «{column}» ندارد.")
    hint = Text("It has: {columns}.", "ستون‌هایش: {columns}.")


class BadCursor(GanjError):
    """A column that cannot say what is new: it holds neither times nor numbers nor texts. Facts: ``column``, ``type``."""

    status = 422
    says = Text(
        "The column {column!r} ({type}) cannot tell which rows are new.",
        "ستون «{column}» ({type}) نمی‌گوید کدام سطرها تازه‌اند.",
    )
    hint = Text(
        "Choose a column that only grows: a number, or the time of the last change.",
        "ستونی را برگزینید که تنها بزرگ می‌شود: یک شماره، یا زمان آخرین تغییر.",
    )


class NotAFolder(GanjError):
    """A path that is no folder, or one that must not be watched. Facts: ``path``, ``why`` (`Text`)."""

    status = 422
    says = Text("{path} cannot be watched: {why.en}", "\u2066{path}\u2069 را نمی‌شود پایید: {why.fa}")
    hint = Text(
        "Name a folder that this machine can read, or put it back; its files are taken at the next turn.",
        "پوشه‌ای را نام ببرید که این رایانه بتواند بخواند، یا آن را برگردانید؛ فایل‌هایش نوبت بعد گرفته می‌شود.",
    )


class BadAnswer(GanjError):
    """An answer of a server that is not what its documentation says. Facts: ``address``, ``detail``."""

    status = 502
    says = Text(
        "{address} answered something else: {detail}",
        "\u2066{address}\u2069 چیز دیگری پاسخ داد: \u2066{detail}\u2069",
    )
    hint = Text(
        "See that the address is that of the right server; what was read before is kept, and it is asked again at the next turn.",
        "ببینید نشانی از آنِ همان سرور باشد؛ آنچه پیش‌تر خوانده شده محفوظ است و نوبت بعد دوباره پرسیده می‌شود.",
    )
