"""Why a message was not taken as an event: a code for programs, words for people."""

from __future__ import annotations

from ganj.text import Text

REASONS: dict[str, Text] = {
    "not_json": Text("It is not valid JSON.", "JSON درستی نیست."),
    "not_an_object": Text("It is not a JSON object.", "یک شیء JSON نیست."),
    "not_text": Text("It holds bytes that are not UTF-8 text.", "بایت‌هایی دارد که متن UTF-8 نیستند."),
    "too_large": Text("It is larger than an event may be.", "از بیشترین اندازهٔ یک رویداد بزرگ‌تر است."),
    "too_deep": Text("Its values are nested too deeply.", "مقدارهایش بیش از اندازه تودرتو هستند."),
    "bad_number": Text("It holds a number that no computer can keep.", "عددی دارد که نگه‌داشتنی نیست."),
    "bad_field": Text("A field has a value of the wrong kind.", "یکی از فیلدها مقداری از نوع نادرست دارد."),
    "bad_id": Text(
        "An identifier is not a text or number, or is far too long.",
        "شناسه‌ای متن یا عدد نیست، یا بسیار دراز است.",
    ),
    "no_type": Text("It does not say its type.", "نوع آن گفته نشده است."),
    "unknown_type": Text("Its type is not known.", "نوع آن شناخته‌شده نیست."),
    "no_user_anon_id": Text(
        "It names neither a user nor an anonymous visitor.", "نه شناسهٔ کاربر دارد و نه شناسهٔ ناشناس."
    ),
    "no_event": Text("It has no event name.", "نام رویداد را ندارد."),
    "no_group_id": Text("It names no group.", "شناسهٔ گروه را ندارد."),
    "not_an_access_log": Text("It is no line of an access log.", "سطری از access log نیست."),
    "no_sender": Text("It says no sender.", "فرستنده‌اش معلوم نیست."),
    "off_plan": Text(
        "It breaks the rule of its event in the tracking plan.", "با قاعدهٔ رویدادش در برنامهٔ رهگیری نمی‌سازد."
    ),
    "no_previous_id": Text("It names no previous id.", "شناسهٔ پیشین را ندارد."),
}
"""Codes of what the collection API cannot take; the loader has codes of its own."""
