"""Words for traits that most sources have; others keep the name they came with."""

from __future__ import annotations

from ganj.breakdown import parted
from ganj.text import Text, same

PRODUCTS = {
    "category": Text("Category", "دسته"),
    "brand": Text("Brand", "برند"),
    "margin": Text("Margin", "حاشیهٔ سود"),
    "price": Text("Price", "قیمت"),
    "cost": Text("Cost", "بهای تمام‌شده"),
    "stock": Text("Stock", "موجودی"),
}
TRAITS = {
    "amount": Text("Amount", "مبلغ"),
    "channel": Text("Channel", "کانال"),
    "source": Text("Source", "منبع"),
    "product": Text("Product", "کالا"),
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
    """Return the words for a trait, or for what else breaks down, see `ganj.breakdown`."""
    kind, bare = parted(name)
    if kind == "segment":
        return Text(f"Segment: {bare}", f"بخش: {bare}")
    if kind == "product" and bare:
        told = PRODUCTS.get(bare) or same(bare.replace("_", " "))
        return Text(f"Product: {told.en.lower()}", f"کالا: {told.fa}")
    return TRAITS.get(name) or same(name.replace("_", " "))
