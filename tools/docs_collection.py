"""The reference page of the collection API: its addresses from the code, the rest in words."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from tools.tables import table

from ganj.intake import http
from ganj.log import REASONS
from ganj.text import Text

WORDS = Text(
    """# Collection API

What SDKs send, at `ganj serve` and `ganj collect` alike. How to begin: [collect events](../how-to/collect.md).

## Addresses

{addresses}

A slash at the end changes nothing. `OPTIONS` answers browsers that ask whether they may ask: from any site, any headers, without cookies.

## Key

A write key from `ganj key create`, in any of these places; the first that is known counts: HTTP Basic as user name (with or without the
colon), `Authorization: Bearer`, `X-Write-Key` (`key` or `key:secret`), `writeKey` in the body or in a message, `api_key` or `token` of PostHog,
`writeKey`, `write_key`, `api_key` or `token` in the query.

## Body

JSON, whatever `Content-Type` says: a single message, a batch, for PostHog also an array. Packed with gzip or deflate, said or not; as a form's field `data`; in
base64. It must be UTF-8. `null` is the same as absent, except within traits, where it overwrites. Ids may be numbers.

## Answers

| status | when |
| --- | --- |
| 200 | everything is on disk: `{{"success": true}}`, of PostHog's addresses `{{"status": 1}}`; messages that could not be taken are listed under `rejected`, the others are stored |
| 400 | the body is no JSON document of that kind; sending it again will not help |
| 401 | there is no valid key |
| 403 | the key is not meant for the page's site |
| 405 | another method |
| 413 | the body is too large, packed or unpacked |
| 415 | it is packed in an unknown way |
| 429 | the key sends more than its rate; come again after `Retry-After` seconds (pages with `posthog-js`, which throws away what is answered 429, are answered 503) |
| 503 | the disk is full, broken or too slow: nothing was kept; come again after `Retry-After` seconds |

Refusals carry `code`, `message`, `message_fa`, `hint`, `hint_fa`.

## Messages that are not taken

They are kept with the reason and shown with their source; their neighbours are stored.

{reasons}

## Time

An event happened as long before its receipt as it did before its sending: `timestamp` (or `originalTimestamp`) is corrected by `sentAt`. Without `sentAt` the time stands;
without any time it is that of the receipt; without a zone it is UTC. RudderStack's explicit `timestamp`, `/v1/import` and PostHog's `historical_migration` stand as they are.

## What is added

To events from browsers (`Origin` or `Sec-Fetch-Site` is there) and to those with `context.direct` the client's address and agent, as `context.ip` and
`context.userAgent`. A batch's `context` and `integrations` hold for each of its messages that has none.
""",
    """# API گردآوری

آنچه SDKها می‌فرستند، یکسان برای `ganj serve` و `ganj collect`. آغاز کار: [گردآوری رویداد](../how-to/collect.md).

## نشانی‌ها

{addresses}

خط کج در پایان نشانی تفاوتی ندارد. `OPTIONS` به مرورگری پاسخ می‌دهد که اجازه می‌پرسد: از هر سایت، با هر سرایند، بی کوکی.

## کلید

کلید گردآوری از `ganj key create`، در یکی از این جاها؛ نخستین کلید شناخته به کار می‌رود: HTTP Basic به‌جای نام کاربر (با دونقطه یا بی آن)، `Authorization: Bearer`،
`X-Write-Key` (به شکل `key` یا `key:secret`)، `writeKey` در بدنه یا در پیام، `api_key` یا `token` در PostHog، و `writeKey`، `write_key`، `api_key` یا `token` در نشانی.

## بدنه

JSON، هر چه `Content-Type` بگوید: یک پیام، یک دسته، و برای PostHog یک آرایه هم. فشرده با gzip یا deflate، گفته یا ناگفته؛ در فیلد `data` یک فرم؛ یا base64. متن باید
UTF-8 باشد. `null` مانند نبودن است، مگر در ویژگی‌های شخص که مقدار پیشین را پاک می‌کند. شناسه می‌تواند عدد باشد.

## پاسخ‌ها

| وضعیت | کی |
| --- | --- |
| 200 | همه روی دیسک است: `{{"success": true}}` و برای نشانی‌های PostHog `{{"status": 1}}`؛ پیام‌هایی که پذیرفتنی نبودند زیر `rejected` می‌آیند و بقیه ذخیره شده‌اند |
| 400 | بدنه سند JSON از آن گونه نیست؛ فرستادن دوباره سودی ندارد |
| 401 | کلید معتبری نیست |
| 403 | کلید برای سایت آن صفحه نیست |
| 405 | روش دیگری |
| 413 | بدنه، فشرده یا بازشده، بیش از اندازه بزرگ است |
| 415 | به روش ناشناخته‌ای فشرده شده است |
| 429 | کلید بیش از آهنگ مجازش می‌فرستد؛ پس از `Retry-After` ثانیه دوباره بفرستید (صفحه‌هایی که `posthog-js` دارند 503 می‌گیرند، زیرا این SDK آنچه را 429 بگیرد دور می‌ریزد) |
| 503 | دیسک پر، خراب یا بسیار کند است و چیزی نگه داشته نشد؛ پس از `Retry-After` ثانیه دوباره بفرستید |

در پاسخ رد این‌ها هست: `code`، `message`، `message_fa`، `hint`، `hint_fa`.

## پیام‌هایی که پذیرفته نمی‌شوند

با دلیلشان نگه داشته و کنار منبعشان نشان داده می‌شوند؛ همسایه‌هایشان ذخیره می‌شوند.

{reasons}

## زمان

رویداد همان اندازه پیش از دریافت رخ داده که پیش از فرستادن: `timestamp` (یا `originalTimestamp`) با `sentAt` درست می‌شود. بی `sentAt` زمان همان است که آمده؛ بی هیچ
زمانی، زمان دریافت؛ و بی منطقهٔ زمانی، UTC. در `timestamp` آشکار RudderStack، در `/v1/import` و در `historical_migration` از PostHog زمان دست نمی‌خورد.

## آنچه افزوده می‌شود

به رویداد مرورگرها (که `Origin` یا `Sec-Fetch-Site` دارند) و به پیامی که `context.direct` دارد، نشانی و عامل کاربر افزوده می‌شود: `context.ip` و `context.userAgent`.
`context` و `integrations` یک دسته برای هر پیامِ آن است که خودش ندارد.
""",
)
HEADS = (
    Text("address", "نشانی"),
    Text("dialect", "گویش"),
    Text("methods", "روش‌ها"),
    Text("body, kB", "بدنه، کیلوبایت"),
    Text("event, kB", "رویداد، کیلوبایت"),
)
REASON_HEADS = (Text("code", "کد"), Text("why", "دلیل"))


def page(language: str) -> str:
    """Return the page in a language."""
    heads = [head.of(language) for head in HEADS]
    reasons = [(f"`{code}`", words.of(language)) for code, words in REASONS.items()]
    return WORDS.of(language).format(
        addresses=table(heads, list(rows())),
        reasons=table([head.of(language) for head in REASON_HEADS], reasons),
    )


def rows() -> Iterator[tuple[str, ...]]:
    """Return a row for each address; a dialect is the file that has it."""
    for found in iter_modules(http.__path__):
        routes = getattr(import_module(f"{http.__name__}.{found.name}"), "ROUTES", {})
        for path, route in sorted(routes.items()):
            sizes = (f"{size // 1024:,}" for size in (route.limit, route.event))
            yield (f"`{path.replace('*', '{key}')}`", found.name, " ".join(route.methods), *sizes)
