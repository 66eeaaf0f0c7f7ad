"""Pictures without a browser: the same option, drawn by the same ECharts inside QuickJS.

A QuickJS runtime may only be touched by the thread that made it, so one thread of its own holds it, warm,
and pictures queue for it.  A picture takes some tens of milliseconds; loading ECharts a quarter of a second, once.
QuickJS collects its own rubbish as it grows; collecting after every picture would cost as much again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import quickjs
import resvg_py

from ganj.charts import theme as themes
from ganj.charts.metrics import ASSETS, FONT_FILES, shapes
from ganj.errors import GanjError
from ganj.text import Text

WIDTH, HEIGHT = 760, 340
STACK = 4 * 1024 * 1024
RIGHT_TO_LEFT, END = "\u2067", "\u2069"
PERSIAN_WORDS = re.compile(r">([^<>]*[\u0590-\u08ff\ufb1d-\ufefc][^<>]*)</text>")
NAMES = re.compile(r"\bzr\d+-[\w-]+")
SHIM = "var setTimeout=function(){return 0},clearTimeout=function(){},requestAnimationFrame=setTimeout;"


class NoChartAssets(GanjError):
    """ganj was built without what pictures are drawn with. Facts: ``path``."""

    status = 500
    says = Text("Charts cannot be drawn: {path} is not there.", "نمودار رسم نمی‌شود: {path} در این نصب نیست.")
    hint = Text("Install ganj again without GANJ_SKIP_UI.", "گنج را بدون GANJ_SKIP_UI دوباره نصب کنید.")


def svg(option: dict[str, Any], width: int = WIDTH, height: int | None = None) -> str:
    """Draw an option as SVG.

    The same option gives the same bytes.  Names inside are the picture's own, so that several pictures
    can stand in one page.

    Parameters
    ----------
    width, height
        px; the height the option asks for where none is given.

    Raises
    ------
    NoChartAssets
        ganj was built without the user interface.
    """
    words = json.dumps(option, ensure_ascii=False, allow_nan=False)
    drawn: str = json.loads(_pen()(words, width, height or height_of(option), run_gc=False))
    drawn = NAMES.sub(named_by(hashlib.sha256(words.encode()).hexdigest()[:8]), drawn)
    drawn = PERSIAN_WORDS.sub(rf">{RIGHT_TO_LEFT}\1{END}</text>", drawn)
    return drawn.replace("<svg ", '<svg direction="ltr" ', 1)


def named_by(own: str) -> Callable[[re.Match[str]], str]:
    """Return a naming of an SVG's parts in the order they come, ``own`` being the picture's own word.

    ECharts counts its parts through all pictures it ever drew.
    """
    seen: dict[str, str] = {}
    return lambda found: seen.setdefault(found[0], f"g{own}-{len(seen)}")


def png(
    option: dict[str, Any],
    width: int = WIDTH,
    height: int | None = None,
    *,
    scale: float = 2,
    background: str = "",
) -> bytes:
    """Draw an option as PNG, on the card's colour of its theme unless another ``background`` is given.

    ``scale`` is how many dots stand for a px.
    """
    theme: themes.Theme = option.get("ganj", {}).get("theme", "light")
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg(option, width, height),
        background=background or themes.colours(theme)["surface"],
        zoom=scale,
        skip_system_fonts=True,
        font_family=themes.FONT,
        sans_serif_family=themes.FONT,
        font_files=[str(ASSETS / name) for name in FONT_FILES],
    )
    return bytes(drawn)


def height_of(option: dict[str, Any]) -> int:
    """Return the height in px that an option asks for."""
    return int(option.get("ganj", {}).get("height", HEIGHT))


@cache
def _pen() -> quickjs.Function:
    """Return the warm drawing function."""
    echarts = ASSETS / "echarts.min.js"
    if not echarts.is_file():
        raise NoChartAssets(path=echarts)
    own = ASSETS.with_name("draw.js").read_text(encoding="utf-8")
    known = json.dumps({str(code): forms for code, forms in shapes().items()})
    code = ";\n".join(
        (
            SHIM,
            echarts.read_text(encoding="utf-8"),
            own,
            f"learnShapes({json.dumps(known)})",
            "echarts.setPlatformAPI({measureText: measure})",
        )
    )
    pen = quickjs.Function("draw", code, own_executor=True)
    pen.set_max_stack_size(STACK)
    return pen
