"""When something happened, though the sender's clock may be wrong."""

from __future__ import annotations

from datetime import UTC, datetime

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS = 100_000_000_000
"""A bare number from here on counts milliseconds, below it seconds: the border is the year 5138, or 1973."""


def instant(text: str | None) -> int | None:
    """Return µs UTC of a date in ISO 8601, or of a count since 1970; None if it is neither.

    Without a zone it is UTC.
    """
    if not text:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return _counted(text)
    since = (when if when.tzinfo is not None else when.replace(tzinfo=UTC)) - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def corrected(happened: str | None, sent: str | None, received: int) -> int:
    """Return µs UTC of an event by our clock: as long before the receipt as it was before the sending.

    Without a time of sending the event's time stands; without any time it is when it was received.
    """
    when = instant(happened)
    if when is None:
        return received
    left = instant(sent)
    return when if left is None else received - (left - when)


def late(sent: str | None, received: int) -> int:
    """Return the µs from a time of sending, by the sender's clock, to the receipt, by ours; 0 if it is not said."""
    left = instant(sent)
    return 0 if left is None else received - left


def _counted(text: str) -> int | None:
    try:
        number = float(text)
    except ValueError:
        return None
    if not abs(number) < _MILLISECONDS * 1000:  # also turns away what is not a number
        return None
    return int(number * (1000 if abs(number) >= _MILLISECONDS else 1_000_000))
