"""Pictures without a browser: the same bytes each time, from any thread, with every word inside the frame."""

import re
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chart_tables import KINDS, chart, table
from ganj import charts
from ganj.charts import drawing, metrics
from ganj.display import Display

FA = Display()
EN = Display(language="en", calendar="gregorian", digits="latin")
TEXT = re.compile(r"<text([^>]*)>([^<]*)</text>")
pytestmark = pytest.mark.skipif(
    not (charts.ASSETS / "echarts.min.js").is_file(), reason="built with GANJ_SKIP_UI=1: nothing to draw with"
)


def placed(drawn):
    """Yield where every line of words begins and ends across, and how it is turned."""
    for said, escaped in TEXT.findall(drawn):
        turned = re.search(r"matrix\(|rotate\(", said)
        x = float((re.search(r'\bx="(-?[\d.]+)"', said) or [0, 0])[1])
        moved = re.search(r"translate\((-?[\d.]+)", said)
        x += float(moved[1]) if moved else 0
        size = float((re.search(r"font-size:([\d.]+)px", said) or [0, 12])[1])
        words = unescape(escaped)
        long = metrics.width(words, size)
        anchor = (re.search(r'text-anchor="(\w+)"', said) or [0, "start"])[1]
        begin = x - {"start": 0, "middle": long / 2, "end": long}[anchor]
        if not turned:
            yield words, begin, begin + long


@pytest.mark.parametrize(
    ("display", "rows"), [(FA, 1), (FA, 20), (EN, 20), (FA, 120)], ids=["one", "fa", "en", "many"]
)
@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"spark"}))
def test_every_word_lies_inside_the_picture(kind, rows, display):
    drawn = charts.svg(charts.option(chart(kind), table(rows), display), 760)
    words = list(placed(drawn))
    assert words
    for said, begin, end in words:
        assert begin >= -4, said
        assert end <= 764, said


def test_the_same_option_gives_the_same_bytes():
    option = charts.option(chart("line"), table(20), FA)
    first = charts.png(option)
    charts.png(charts.option(chart("bar"), table(20), EN))
    assert charts.png(option) == first


def test_names_inside_a_picture_are_its_own():
    one, other = (charts.svg(charts.option(chart(kind), table(20), FA)) for kind in ("line", "bar"))
    names = [set(re.findall(r'id="([^"]+)"', drawn)) for drawn in (one, other)]
    assert names[0]
    assert not names[0] & names[1]


def test_pictures_are_drawn_from_many_threads():
    options = [charts.option(chart(kind), table(20), FA) for kind in KINDS]
    alone = [charts.svg(option) for option in options]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(charts.svg, options)) == alone


def test_a_warm_picture_is_quick():
    option = charts.option(chart("line"), table(20), FA)
    charts.svg(option)
    began = time.perf_counter()
    for _ in range(10):
        charts.svg(option)
    assert (time.perf_counter() - began) / 10 < 0.5  # 0.02 s alone on a machine; ten times that is a mistake


def test_a_png_has_the_size_that_is_asked_for():
    option = charts.option(chart("heatmap"), table(20), EN)
    wide, high = struct.unpack(">II", charts.png(option, 500, 200, scale=2)[16:24])
    assert (wide, high) == (1000, 400)
    assert struct.unpack(">II", charts.png(option, scale=1)[16:24]) == (760, option["ganj"]["height"])


def test_persian_words_are_kept_in_their_own_direction():
    drawn = charts.svg(charts.option(chart("line"), table(20), FA))
    for _, words in TEXT.findall(drawn):
        if re.search("[\u0600-\u06ff]", words) and not re.fullmatch("[\u06f0-\u06f9٬٫٪]+", words):
            assert words.startswith(drawing.RIGHT_TO_LEFT)
    assert '<svg direction="ltr"' in drawn


def test_untrusted_names_are_escaped():
    drawn = charts.svg(charts.option(chart("treemap"), table(3), EN))
    assert "<img" not in drawn
    assert "</script>" not in drawn


LETTERS = st.sampled_from("سلامدنیاگنجبهآژ ‌۱۲۳٫٬abcXYZ01.,%()…ًَِ\u2067\u2069")


@settings(max_examples=10, deadline=None)
@given(st.lists(st.text(alphabet=LETTERS, max_size=30), min_size=1, max_size=20))
def test_python_and_the_script_measure_alike(words):
    assert SCRIPT(words) == pytest.approx([metrics.width(word, 12) for word in words], abs=1e-6)


def _script():
    import json

    import quickjs

    own = charts.ASSETS.with_name("draw.js").read_text(encoding="utf-8")
    shapes = json.dumps(json.dumps({str(code): forms for code, forms in metrics.shapes().items()}))
    code = f"{own};learnShapes({shapes});"
    code += "function wide(all) { return all.map((words) => measure(words, '12px Vazirmatn').width); }"
    return quickjs.Function("wide", code, own_executor=True)


SCRIPT = _script() if (charts.ASSETS / "vazirmatn-regular.ttf").is_file() else None


def test_joined_letters_are_narrower_than_letters_alone():
    assert metrics.width("بببب") < 4 * metrics.width("ب")
    assert metrics.width("ب\u200cب") == pytest.approx(2 * metrics.width("ب"))


def test_words_are_cut_to_their_room():
    assert metrics.cut("Kermanshah", 1000) == "Kermanshah"
    short = metrics.cut("شهری بسیار دور با نامی بلند", 60)
    assert short.endswith("…")
    assert metrics.width(short) <= 60


def test_a_build_without_assets_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(drawing, "ASSETS", tmp_path)
    drawing._pen.cache_clear()
    with pytest.raises(charts.NoChartAssets, match="is not there"):
        charts.svg({"series": []})
    drawing._pen.cache_clear()
