"""Ten unmodified SDKs, each with every fault there is between a client and a collector (`sdks.matrix`).

Whatever happens to the first request with events — refused, stored and then denied, stored by a collector that is
killed before it can answer — the SDK sends again as it was built to, and every message is there once, with the values
it was sent with.
"""

import pytest

from collected import shop
from sdks.between import CUT, STORED_503
from sdks.matrix import COUNT, FAULTS, GIVES_UP, SDKS, SERVERS, run

NEVER_AGAIN = {"@jitsu/js"}
"""It sends nothing twice, whatever it is answered."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sdks") / "shop"


@pytest.fixture(scope="module")
def key(folder):
    return shop(folder)


def whole(fault, found):
    """Each message is stored once as it was sent; what was denied came again."""
    for sdk, cell in found.items():
        assert (cell.doubled, cell.changed) == (0, 0), (sdk, str(cell))
        if (fault, sdk) not in GIVES_UP:
            assert (cell.lost, cell.stored) == (0, COUNT), (sdk, str(cell))
        again = fault in {STORED_503, CUT} and sdk not in NEVER_AGAIN
        assert bool(cell.resent) == again, (sdk, str(cell))


@pytest.mark.parametrize(
    "fault", [pytest.param(one, marks=() if one == STORED_503 else pytest.mark.slow) for one in FAULTS]
)
def test_programs(folder, key, fault):
    whole(fault, run(folder, key, fault, SERVERS))


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.usefixtures("browser_place")
def test_pages(folder, key, fault):
    whole(fault, run(folder, key, fault, [sdk for sdk in SDKS if sdk not in SERVERS]))
