"""What is kept at hand of merges is what the tables say, whatever was merged, undone, read and sealed before."""

import numpy as np
from hypothesis import given, settings

from ganj.store.sql import query
from workspace.test_merging import PEOPLE, do, quick, shop, steps

ORIGINS = np.arange(PEOPLE, dtype=np.int32)


def lying(told):
    return sorted(map(tuple, np.asarray(told).tolist()))


@given(story=steps)
@settings(quick, max_examples=8)
def test_what_is_at_hand_is_what_tables_say(story):
    with shop() as made:
        loader, database, merges, ever = made.store._derived.collected, made.store._derived.database, [], []
        for what, told in story:
            do(made, what, told, merges)
            loader, database = made.store._derived.collected, made.store._derived.database
            loader.prepare()
            ever += [name for name in merges if name not in ever]
            with database._lent() as cursor:
                here = loader.known.joins.lying(cursor, ORIGINS)
            before = [loader.merge(name) for name in ever]
            with database.cursor() as cursor:  # tells the tables what waits
                assert lying(here) == lying(
                    cursor.execute(query("lying"), {"origins": ORIGINS.tolist()}).fetchall()
                )
                stored = [cursor.execute(query("stored_merge"), {"id": name}).fetchone() for name in ever]
            assert [row[:-1] for row in before] == stored
