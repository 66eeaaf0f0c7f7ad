"""After warming, a process that asks compiles nothing."""

import subprocess
import sys

from ganj.engines.local import Run

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


def test_choices_with_loops_of_their_own_are_made_ready_too():
    from ganj.engines import warming

    funnels = list(warming.choices("funnel"))
    assert {one.order for one in funnels} == {"ordered", "strict", "unordered"}
    assert {one.semantics for one in funnels} == {"posthog", "mixpanel", "amplitude"}
    for miner in (*funnels, *warming.choices("retention")):
        run = Run(miner, warming.Made(), threads=1)
        assert run.report(run.model()).tables
