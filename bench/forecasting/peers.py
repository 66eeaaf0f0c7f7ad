"""Runs statsforecast on the sets and prints the forecasts as JSON: ``python -m bench.forecasting.peers SET``.

A process of its own, so that the peer may live in an environment of its own.
"""

from __future__ import annotations

import json
import sys
import time

from bench.forecasting.sets import SETS
from statsforecast.models import AutoETS, SeasonalNaive, Theta


def main(name: str) -> None:
    asked = SETS[name]()
    models = {
        "sNaive": lambda: SeasonalNaive(season_length=asked.season),
        "Theta": lambda: Theta(season_length=asked.season),
        "AutoETS": lambda: AutoETS(season_length=asked.season),
    }
    told = {}
    for label, make in models.items():
        begin, said = time.perf_counter(), {}
        for key, (_, values) in asked.series.items():
            said[key] = [
                make().forecast(y=values[:cut], h=asked.ahead)["mean"].tolist() for cut in asked.cuts(values)
            ]
        told[label] = {"said": said, "seconds": time.perf_counter() - begin}
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
