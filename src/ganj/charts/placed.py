"""Which column of a table goes where in a picture, said in one way whatever the chart's own words are.

A report may say a heat-map's number as its colour, and a flow's ends as ``source``, ``target`` and ``value``;
the kinds know only ``x``, ``series`` and ``y``.
"""

from __future__ import annotations

import msgspec

from ganj.miner import Chart

SQUARES = frozenset({"heatmap", "matrix", "grid"})


def placed(chart: Chart) -> Chart:
    """Return a chart whose ``x``, ``series`` and ``y`` say where everything goes."""
    if chart.kind == "sankey" and "source" in chart.options:
        ends = chart.options
        return msgspec.structs.replace(chart, x=ends["source"], series=ends["target"], y=(ends["value"],))
    if chart.kind in SQUARES and not chart.series and len(chart.y) == 1 and chart.color:
        figures = tuple(chart.options.get("text", (chart.color,)))
        own = chart.color if chart.kind == "grid" else ""
        return msgspec.structs.replace(chart, series=chart.y[0], y=figures, color=own)
    return chart
