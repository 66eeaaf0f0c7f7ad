"""Who is at the other end of an encrypted connection: certificates, and what is wrong with one, in words."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from ganj.intake.sources.errors import BadAddress, CertificateRefused, NotEncrypted
from ganj.parameters import param
from ganj.text import Text

AUTHORITY = param(
    "Certificate authority",
    "مرجع گواهی",
    advanced=True,
    help=Text(
        "A file (PEM) on the server, where the certificate is of your company's own making",
        "فایلی (PEM) روی سرور، اگر گواهی ساختهٔ خود شرکت است",
    ),
)
"""The parameter of a source that is reached over TLS."""
NO_AUTHORITY = Text("it is no file of certificates (PEM) that can be read.", "فایل گواهی (PEM) خواندنی نیست.")
NAMED = Text("it is made out to another name.", "برای نام دیگری صادر شده است.")
UNKNOWN = Text("nobody this machine trusts vouches for it.", "صادرکننده‌اش برای این دستگاه شناخته نیست.")
WRONG = {
    9: Text("it is not valid yet.", "هنوز اعتبارش آغاز نشده است."),
    10: Text("it has expired.", "تاریخ اعتبارش گذشته است."),
    18: Text("it vouches for itself alone (self-signed).", "خودش خودش را تأیید کرده است (خودامضا)."),
    19: UNKNOWN,
    20: UNKNOWN,
    21: UNKNOWN,
    62: NAMED,
    64: NAMED,
}
"""By OpenSSL's number."""


def trusted(authority: str = "") -> ssl.SSLContext:
    """Return how connections are encrypted: the certificate is asked for, and must be of the name.

    Parameters
    ----------
    authority
        A file of certificates that vouch, in place of those this machine knows.

    Raises
    ------
    BadAddress
        It is none.
    """
    try:
        return ssl.create_default_context(cafile=authority or None)
    except OSError as unread:  # `ssl.SSLError` is one
        raise BadAddress(address=authority, why=NO_AUTHORITY) from unread


@contextmanager
def certified(address: str) -> Iterator[None]:
    """Say in words why a connection could not be encrypted.

    Raises
    ------
    CertificateRefused, NotEncrypted
    """
    try:
        yield
    except ssl.SSLCertVerificationError as refused:
        other = Text(refused.verify_message, refused.verify_message)
        raise CertificateRefused(address=address, why=WRONG.get(refused.verify_code, other)) from refused
    except ssl.SSLError as wrong:
        raise NotEncrypted(address=address, detail=wrong.reason or str(wrong)) from wrong
