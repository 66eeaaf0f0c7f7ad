"""When something happened, though the sender's clock may be wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
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
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return (when - _EPOCH) // _MICROSECOND


def corrected(happened: str | None, sent: str | None, received: int) -> int:
    """Return µs UTC of an event by our clock: as long before the receipt as it was before the sending.

    Without a time of sending the event's time stands; without any time it is when it was received.
    """
    when = instant(happened)
    if when is None:
        return received
    left = instant(sent)
    return when if left is None else received - (left - when)


def _counted(text: str) -> int | None:
    try:
        number = float(text)
    except ValueError:
        return None
    if not abs(number) < _MILLISECONDS * 1000:  # also turns away what is not a number
        return None
    return int(number * (1000 if abs(number) >= _MILLISECONDS else 1_000_000))
