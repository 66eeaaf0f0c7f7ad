"""Which channel brought a visit: campaign tags first, then ad clicks, then the site it came from.

The groups are those of Google Analytics 4's default channel group, with Iran's search engines, messengers and
networks; the lists of sites are data and may grow.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from ganj.histories import Array
from ganj.kernels import json_lines as jl
from ganj.kernels.grouping import different
from ganj.kernels.json_values import links
from ganj.store.collected import wanted
from ganj.store.collected.codes import Table
from ganj.store.collected.lines import hash_of, texts
from ganj.store.collected.told import Told

SEARCH = re.compile(
    r"(^|\.)(google|bing|yahoo|duckduckgo|yandex|baidu|ecosia|qwant|brave|startpage|ask|aol|naver|seznam|parsijoo|zarebin|gerdoo|rismoon|salam|yooz)\."
)
SOCIAL = re.compile(
    r"(^|\.)(facebook|fb|instagram|linkedin|lnkd|twitter|x|t|pinterest|reddit|tiktok|snapchat|threads|vk|ok|weibo|"
    r"quora|telegram|tgme|web\.telegram|virasty|rubika|eitaa|soroush|splus|bale|gap|igap|aparat|wisgoon|cloob|ninisite|linktr)\."
    r"(com|me|ir|net|org|ru|co|ee|app|li|in|it)$|(^|\.)(t\.me|youtube\.com|youtu\.be|whatsapp\.com|wa\.me|fb\.me|lnkd\.in)$"
)
VIDEO = re.compile(r"(^|\.)(youtube|youtu|vimeo|aparat|dailymotion|twitch|namasha|filimo)\.")
MAIL = re.compile(r"(^|\.)(mail|gmail|outlook|inbox|webmail|email)\.|(^|\.)chmail\.ir$")
AI = re.compile(r"(^|\.)(chatgpt|openai|perplexity|claude|gemini|copilot|deepseek)\.")
PAID = re.compile(r"^(.*cp.*|ppc|retargeting|paid.*|adwords|yektanet|tapsell|sabavision)$")
OF_MEDIUM = (
    (re.compile(r"^(display|banner|expandable|interstitial|cpm)$"), "Display"),
    (re.compile(r"^(e-?mail|e_mail|newsletter)$"), "Email"),
    (re.compile(r"^(sms|text)$"), "SMS"),
    (re.compile(r"(push$|mobile|notification)"), "Push"),
    (re.compile(r"^(affiliate|affiliates|partner)$"), "Affiliates"),
    (re.compile(r"^(social.*|sm|story|post|reels?|bio)$"), "Organic Social"),
    (re.compile(r"^(video)$"), "Organic Video"),
    (re.compile(r"^(audio|podcast)$"), "Audio"),
    (re.compile(r"^(organic)$"), "Organic Search"),
    (re.compile(r"^(referral|app|link)$"), "Referral"),
)
AD_CLICKS = (
    "gclid",
    "wbraid",
    "gbraid",
    "msclkid",
    "yclid",
    "dclid",
    "fbclid",
    "ttclid",
    "twclid",
    "li_fat_id",
)
_PAID_SOCIAL = ("ttclid", "twclid", "li_fat_id")
_TAG = re.compile(r"[?&#](utm_[a-z]+|" + "|".join(AD_CLICKS) + r")=([^&#]*)")


def channel(source: str, medium: str, referrer: str, host: str, url: str, *, page: bool) -> str | None:
    """Name the channel of a visit; None where nothing says it.

    Parameters
    ----------
    source, medium : of the campaign
    referrer, host : the sites it came from and is on
    url : the page's address, if it carries tags
    page : it is a page view, so that nothing told means that the address was typed
    """
    tags = dict(_TAG.findall(url))
    source, medium = (
        (source or tags.get("utm_source", "")).lower(),
        (medium or tags.get("utm_medium", "")).lower(),
    )
    if source or medium:
        return _of_campaign(source, medium)
    if any(name in tags and name != "fbclid" for name in AD_CLICKS):
        return "Paid Social" if any(name in tags for name in _PAID_SOCIAL) else "Paid Search"
    if "fbclid" in tags:
        return "Organic Social"
    if referrer and _site(referrer) != _site(host):
        return _of_site(referrer)
    return "Direct" if page and not referrer else None


def _of_campaign(source: str, medium: str) -> str:
    site = source if "." in source else f"{source}.com"
    if PAID.match(medium):
        return (
            "Paid Search" if SEARCH.search(site) else "Paid Social" if SOCIAL.search(site) else "Paid Other"
        )
    for pattern, name in OF_MEDIUM:
        if pattern.search(medium):
            return name
    if source in ("(direct)", "direct"):
        return "Direct"
    found = _of_site(site)
    return found if found != "Referral" or medium else "Campaign"


def _of_site(site: str) -> str:
    for pattern, name in (
        (MAIL, "Email"),
        (AI, "AI Assistant"),
        (VIDEO, "Organic Video"),
        (SOCIAL, "Organic Social"),
    ):
        if pattern.search(site):
            return name
    return "Organic Search" if SEARCH.search(site) else "Referral"


def _site(host: str) -> str:
    return host.removeprefix("www.").removeprefix("m.").partition(":")[0]


def channels(told: Told, known: Table, code: Callable[[str], int]) -> Array:
    """Return the code of the channel each event came by: int32[n], -1 where nothing says it.

    Parameters
    ----------
    known : codes and one, by the hash of what says it
    code : gives a name its code
    """
    rows, like = told.alike(("utm_source", "utm_medium", "referrer", "url"))
    if told.anybody(wanted.CHANNEL):
        rows = like = np.arange(len(told.lines))
    some = told.few(rows)
    page = some.lines.what == 1
    parts = [some.one(wanted.CHANNEL[0]), some.either("utm_source"), some.either("utm_medium"), *_hosts(some)]
    key = np.where(page, np.uint64(1), np.uint64(0))
    for span, kind in parts:
        key = (key ^ hash_of(told.data, span, kind)) * jl.MULTIPLIER
    first, place = different(key)
    codes = known.find(key[first])
    missing = np.flatnonzero(codes < 0)
    if len(missing):
        at = first[missing]
        named = _named(told.data, [(span[at], kind[at]) for span, kind in parts], page[at].tolist())
        codes[missing] = [0 if word is None else code(word) + 1 for word in named]
        known.put(key[at], codes[missing])
    found: Array = (codes - np.int32(1))[place[like]]
    return found


def _named(data: Array, parts: list[tuple[Array, Array]], page: list[bool]) -> list[str | None]:
    words = [[word or "" for word in texts(data, span, kind)] for span, kind in parts]
    return [
        own[:60] or channel(source, medium, referrer.lower(), host.lower(), url, page=is_page)
        for own, source, medium, referrer, host, url, is_page in zip(*words, page, strict=True)
    ]


def _hosts(told: Told) -> list[tuple[Array, Array]]:
    """Return the hosts of referrer and page, and the page's address where it carries tags."""
    found = []
    for name in ("referrer", "url"):
        span, kind = told.either(name)
        text = np.where((kind == jl.STRING)[:, None], span, 0).astype(np.int32)
        host, tagged = links(told.data, text)
        there = host[:, 1] > host[:, 0]
        found.append(
            (host - np.array([1, -1], np.int32), np.where(there, jl.STRING, jl.NONE).astype(np.uint8))
        )
        if name == "url":
            found.append(
                (np.where(tagged[:, None], text, 0), np.where(tagged, jl.STRING, jl.NONE).astype(np.uint8))
            )
    return [(np.where((kind != jl.NONE)[:, None], span, 0).astype(np.int32), kind) for span, kind in found]
