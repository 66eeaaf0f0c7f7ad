"""Words for traits that most sources have; others keep the name they came with."""

from __future__ import annotations

from ganj.text import Text, same

TRAITS = {
    "age": Text("Age", "سن"),
    "city": Text("City", "شهر"),
    "province": Text("Province", "استان"),
    "country": Text("Country", "کشور"),
    "gender": Text("Gender", "جنسیت"),
    "birth_year": Text("Year of birth", "سال تولد"),
    "birthday": Text("Birthday", "تاریخ تولد"),
    "company": Text("Company", "شرکت"),
    "acquisition": Text("Came through", "شیوهٔ آشنایی"),
    "address": Text("Address", "نشانی"),
    "job": Text("Job", "شغل"),
}


def called(name: str) -> Text:
    """Return the words for a trait."""
    return TRAITS.get(name) or same(name.replace("_", " "))
