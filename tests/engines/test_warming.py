"""After warming, a process that asks compiles nothing."""

import subprocess
import sys

ASKING = """
from numba.core import event
from ganj.engines import warming
from ganj.engines.local import Run

with event.install_recorder("numba:compile") as compiled:
    for name in ("funnel", "lifecycle", "paths", "retention", "sessions"):
        run = Run(warming.example(name), warming.Made(), threads=1)
        run.scores(run.model())
print(len(compiled.buffer))
"""


def fresh(*words):
    return subprocess.run([sys.executable, *words], check=True, capture_output=True, text=True).stdout


def test_a_second_process_compiles_nothing():
    fresh("-c", ASKING)
    assert fresh("-c", ASKING).strip() == "0"


def test_every_analysis_can_be_run_on_made_up_customers():
    from ganj import miners
    from ganj.engines import warming

    for name in miners.names():
        assert warming.example(name) is not None, name
