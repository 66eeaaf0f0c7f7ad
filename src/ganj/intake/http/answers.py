"""What is said back: thanks, what was not taken and why, refusals, and what browsers need to hear."""

from __future__ import annotations

import re
from dataclasses import replace

import msgspec

from ganj.errors import GanjError
from ganj.intake.http.asked import Answer, Asked, Taken
from ganj.intake.http.refusals import BodyTooLarge, TooFast, WrongMethod
from ganj.intake.http.routes import EVENT, Route
from ganj.log import REASONS, LogFull, LogUnwritable

_NAMES = re.compile(r"[A-Za-z0-9_, -]{1,1000}")
_SITE = re.compile(r"[!-~]{1,300}")
_DAY = b"86400"
_MOST_TOLD = 20

OUTCOME = Answer()
"""What is said where everything was taken."""
Headers = tuple[tuple[bytes, bytes], ...]


def outcome(taken: Taken) -> Answer:
    """Return what is said once all of it is on disk."""
    if not taken.rejects:
        return taken.answer or OUTCOME
    answer = taken.answer or Answer()
    if not taken.accepted and len(taken.rejects) == 1 and taken.rejects[0].code == "too_large":
        return refusal(BodyTooLarge(limit=EVENT))
    if taken.answer is not None:
        return answer
    told = [
        {
            "index": one.index,
            "code": one.code,
            "message": REASONS[one.code].en,
            "message_fa": REASONS[one.code].fa,
        }
        for one in taken.rejects[:_MOST_TOLD]
    ]
    answer.body = msgspec.json.encode(
        {
            "success": True,
            "accepted": taken.accepted,
            "rejected_count": len(taken.rejects),
            "rejected": told,
        }
    )
    return answer


def refusal(refused: GanjError) -> Answer:
    """Return what is said when nothing is taken: why, in both languages."""
    said = {
        "success": False,
        "code": type(refused).__name__,
        "message": refused.message("en"),
        "message_fa": refused.message("fa"),
        "hint": refused.advice("en"),
        "hint_fa": refused.advice("fa"),
    }
    return Answer(refused.status, msgspec.json.encode(said), headers=_headers(refused))


def _headers(refused: GanjError) -> Headers:
    if isinstance(refused, TooFast):
        wait = str(refused.facts["wait"]).encode()
        return ((b"retry-after", wait), (b"x-ratelimit-reset", wait))
    if isinstance(refused, LogFull | LogUnwritable):
        return ((b"retry-after", b"1"),)
    if isinstance(refused, WrongMethod):
        return ((b"allow", refused.facts["allowed"].encode()),)
    return ()


def preflight(asked: Asked, route: Route) -> Answer:
    """Answer a browser that asks whether it may ask."""
    wanted = asked.header(b"access-control-request-headers")
    headers = wanted if _NAMES.fullmatch(wanted) else "content-type, authorization"
    return Answer(
        204,
        b"",
        headers=(
            (b"access-control-allow-methods", ", ".join((*route.methods, "OPTIONS")).encode()),
            (b"access-control-allow-headers", headers.encode()),
            (b"access-control-max-age", _DAY),
        ),
    )


def to_site(answer: Answer, asked: Asked) -> Answer:
    """Return the answer with what lets a page of another site read it; never with its cookies."""
    site = asked.header(b"origin")
    if not _SITE.fullmatch(site):
        return answer
    headers = (
        (b"access-control-allow-origin", site.encode()),
        (b"access-control-expose-headers", b"retry-after, x-ratelimit-reset"),
        (b"vary", b"origin"),
    )
    return replace(answer, headers=(*answer.headers, *headers))
