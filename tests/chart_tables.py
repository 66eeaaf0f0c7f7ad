"""One table and chart of every kind, of as many rows as are asked for."""

import numpy as np

from ganj.miner import Chart, Column, Table, Where
from ganj.text import Text

HOSTILE = 'Karaj {a|x} {b} </script><img src=x onerror="window.hurt=1"> <b>bold</b>'
SEGMENTS = (
    ("champions", Text("Champions", "قهرمانان")),
    ("loyal", Text("Loyal", "وفاداران")),
    ("risk", Text("At risk", "در خطر")),
    ("lost", Text("Lost", "از دست‌رفته")),
)
WORDS = {
    "month": ("Month", "ماه"),
    "name": ("Name", "نام"),
    "revenue": ("Revenue", "درآمد"),
    "before": ("Last year", "سال قبل"),
    "customers": ("Customers", "مشتریان"),
    "share": ("Share", "سهم"),
    "segment": ("Segment", "بخش"),
    "to_segment": ("Now", "اکنون"),
    "r": ("Recency", "تازگی"),
    "f": ("Frequency", "تکرار"),
    "over": ("Over", "تمام شده"),
}
UNITS = {
    "month": "period",
    "name": "text",
    "revenue": "money",
    "before": "money",
    "customers": "customers",
    "share": "percent",
    "segment": "category",
    "to_segment": "category",
    "r": "number",
    "f": "number",
    "over": "flag",
}
KINDS = {
    "line": {
        "x": "month",
        "y": ("revenue",),
        "options": {"area": True, "compare": ("before",), "goal": 4e9, "unfinished": "over"},
    },
    "bar": {"x": "month", "y": ("revenue",), "options": {"unfinished": True}},
    "hbar": {"x": "name", "y": ("revenue",)},
    "stacked": {"x": "month", "y": ("revenue", "before")},
    "heatmap": {"x": "f", "series": "month", "y": ("share",), "options": {"unfinished": "over"}},
    "grid": {"x": "f", "series": "r", "color": "segment", "y": ("share", "customers")},
    "treemap": {"x": "name", "y": ("revenue", "customers")},
    "funnel": {"x": "name", "y": ("customers",)},
    "network": {"x": "segment", "series": "to_segment", "y": ("customers",)},
    "sankey": {"x": "segment", "series": "to_segment", "y": ("customers",)},
    "pareto": {"x": "name", "y": ("revenue",)},
    "histogram": {"x": "before", "y": ("customers",), "options": {"to": "revenue"}},
    "scatter": {
        "x": "share",
        "y": ("revenue", "customers"),
        "color": "segment",
        "options": {"name": "name", "lines": [50, 1e9]},
    },
    "matrix": {"x": "name", "series": "segment", "y": ("share",), "options": {"reach": 100}},
    "spark": {"x": "month", "y": ("revenue",)},
    "tiles": {"x": "f", "series": "r", "y": ("revenue", "customers"), "color": "name"},
    "density": {
        "x": "f",
        "series": "r",
        "y": ("customers", "revenue"),
        "options": {
            "across": (Text("few", "کم"), Text("many", "زیاد")),
            "up": (Text("old", "کهنه"), Text("new", "تازه")),
        },
    },
    "dendrogram": {
        "x": "f",
        "y": ("revenue",),
        "color": "segment",
        "options": {"to": "r", "low": ("share", "before"), "members": "customers"},
    },
    "waterfall": {"x": "name", "y": ("revenue",), "options": {"whole": "over"}},
}


def column(name):
    choices = SEGMENTS if UNITS[name] == "category" else ()
    return Column(
        name=name,
        label=Text(*WORDS[name]),
        unit=UNITS[name],
        choices=choices,
        period="month" if name == "month" else "",
        calendar="jalali" if name == "month" else "",
    )


def table(rows, seed=1):
    """Write ``rows`` rows, with a hole in the middle and a hostile name among them."""
    draw = np.random.default_rng(seed)
    revenue = draw.pareto(1.2, rows) * 1e9
    revenue[rows // 2 : rows // 2 + 1] = np.nan if rows > 2 else revenue[:1]
    names = [f"شهر {n} " + "بسیار دورافتاده با نامی به درازای شصت حرف" * (n % 3 == 1) for n in range(rows)]
    names[:1] = [HOSTILE][:rows]
    values = {
        "month": 12 * 1404 + np.arange(rows),
        "name": names,
        "revenue": revenue,
        "before": revenue * 0.8,
        "customers": draw.integers(1, 9_999, rows),
        "share": draw.uniform(0, 99, rows).astype(np.float32),
        "segment": np.arange(rows, dtype=np.int32) % 4,
        "to_segment": np.arange(rows, dtype=np.int32) // 4 % 4,
        "r": np.arange(rows) // 5 % 5 + 1,
        "f": np.arange(rows) % 5 + 1,
        "over": np.arange(rows) < rows - 1,
    }
    opens = {
        name: tuple((Where("segment", "=", n),) for n in range(rows))
        for name in ("revenue", "customers", "share")
    }
    return Table(tuple(column(name) for name in values), values, opens)


def chart(kind):
    return Chart(kind=kind, table="t", title=Text("Revenue by month", "درآمد ماهانه"), **KINDS[kind])
