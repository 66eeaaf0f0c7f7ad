"""Why a whole request is refused; what is wrong with single events is kept beside them, see `ganj.log.REASONS`."""

from __future__ import annotations

from ganj.errors import GanjError
from ganj.text import Text


class UnreadableBody(GanjError):
    """A body that is no JSON document of the kind the address takes. Facts: ``why`` (`Text`)."""

    status = 400
    says = Text("The body cannot be read: {why.en}", "بدنهٔ درخواست خوانده نشد: {why.fa}")
    hint = Text(
        "Nothing of it was stored. Sending it again will not help.",
        "چیزی از آن ذخیره نشد. فرستادن دوبارهٔ همان سودی ندارد.",
    )


class UnknownEncoding(GanjError):
    """A body packed in a way that is not understood. Facts: ``encoding``."""

    status = 415
    says = Text(
        "Bodies packed as {encoding!r} are not understood.", "بدنهٔ فشرده به روش {encoding!r} پشتیبانی نمی‌شود."
    )
    hint = Text("Send it as it is, or packed with gzip.", "آن را بدون فشردگی یا با gzip بفرستید.")


class BodyTooLarge(GanjError):
    """A body over the limit. Facts: ``limit``, bytes."""

    status = 413
    says = Text("The body is larger than {limit} bytes.", "بدنهٔ درخواست از {limit} بایت بزرگ‌تر است.")
    hint = Text("Send the events in smaller batches.", "رویدادها را در دسته‌های کوچک‌تر بفرستید.")


class UnknownKey(GanjError):
    """No write key, or one that is not known or was revoked."""

    status = 401
    says = Text("There is no valid write key in the request.", "درخواست کلید گردآوری معتبری ندارد.")
    hint = Text("Make one with: ganj key create", "با این فرمان یکی بسازید: ganj key create")


class OriginRefused(GanjError):
    """A page of a site that the key is not meant for. Facts: ``origin``."""

    status = 403
    says = Text("This write key does not take events from {origin}.", "این کلید از {origin} رویداد نمی‌پذیرد.")
    hint = Text("Add the site to the key's origins.", "نشانی سایت را به سایت‌های مجاز کلید بیفزایید.")


class TooFast(GanjError):
    """More events in a second than the key allows. Facts: ``rate``; ``wait``, seconds."""

    status = 429
    says = Text("This key takes {rate} events a second.", "این کلید در هر ثانیه {rate} رویداد می‌پذیرد.")
    hint = Text("Send them again after {wait} s.", "پس از {wait} ثانیه دوباره بفرستید.")


class TooFastForPages(TooFast):
    """The same, said to an SDK of pages that throws away what is answered 429 and sends again what is answered 503."""

    status = 503


class NoSuchAddress(GanjError):
    """An address at which nothing is collected."""

    status = 404
    says = Text("Nothing is collected at this address.", "در این نشانی چیزی گردآوری نمی‌شود.")


class WrongMethod(GanjError):
    """A method the address does not know. Facts: ``allowed``."""

    status = 405
    says = Text("This address takes {allowed} only.", "این نشانی تنها {allowed} می‌پذیرد.")
