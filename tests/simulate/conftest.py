"""One demo-sized shop for all tests of what was planted."""

from collections.abc import Callable
from datetime import date
from functools import cache

import pandas as pd
import pytest

from ganj.simulate import Shop, shop


@pytest.fixture(scope="session")
def full() -> Shop:
    return shop(seed=7, customers=20_000, until=date(2026, 11, 21))


@pytest.fixture(scope="session")
def small() -> Shop:
    return shop(seed=7, customers=300, until=date(2026, 11, 21))


@pytest.fixture(scope="session")
def frame(full: Shop) -> Callable[[str], pd.DataFrame]:
    return cache(lambda source: full.table(source).to_pandas())
