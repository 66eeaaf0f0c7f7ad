"""Every place that holds personal data is named, finds what it holds of somebody, and forgets what it can."""

from contextlib import closing

import pytest
import sqlalchemy as sa

from ganj.errors import UnknownName
from ganj.intake.hooks import Hook
from ganj.log import Line
from ganj.miners.rfm import Rfm
from ganj.workspace.personal import NOTHING, PLACES
from stored import workspace

SARA, REZA = "sara@example.com", "reza@example.com"
DAY = 86_400_000_000
BEGIN = 1_704_067_200_000_000


def order(number, email, **more):
    return {
        "email": email,
        "event": "Order Completed",
        "order": f"O{number}",
        "time": BEGIN + number * DAY,
        "amount": 100.0 * number,
        **more,
    }


@pytest.fixture
def shop(tmp_path):
    """Two customers, of whom everything is held that can be, and who may be one person."""
    rows = [
        order(1, SARA, customer_id="sara-1", traits={"name": "Sara Ahmadi"}),
        order(2, REZA, customer_id="reza-1", traits={"name": "Reza Karimi"}),
        order(3, "sara.old@example.com", customer_id="sara-2"),
    ]
    with closing(workspace(tmp_path, rows)) as made:
        made.merge(f"email:{SARA}", "customer_id:sara-2", {"why": "same phone"})
        made.tell_apart(f"email:{SARA}", f"email:{REZA}")
        visit = Line(
            m="m1", r=BEGIN, t=BEGIN, k="track", w="site", d="segment", e="Seen", u="sara-1", p={"to": SARA}
        )
        made.collect(
            [visit, Line(m="m2", r=BEGIN, t=BEGIN, k="rejected", w="site", d="segment", e=f"no: {REZA}")]
        )
        made.store.absorb()
        made.hooks.save(Hook(name="pay", event="Paid", fields={"email": "who"}))
        made.hooks._kept.came("pay", {"who": SARA, "sum": 5})
        made.duplicates.households.keep([[("email", SARA), ("email", REZA)]])
        made.mine(Rfm()).scores()
        (made.folder / "drafts").mkdir()
        (made.folder / "drafts" / "new.csv").write_text(f"email\n{SARA}\n")
        yield made


def test_every_table_and_file_is_named_or_holds_nothing(shop):
    with shop.store._derived.database.cursor() as cursor:
        derived = {row[0] for row in cursor.execute("select table_name from duckdb_tables()").fetchall()}
    control = set(sa.inspect(shop.store.control.engine).get_table_names())
    files = {
        path.name.removesuffix("-wal").removesuffix("-shm").removesuffix(".wal")
        for path in shop.folder.iterdir()
    }
    there = (
        {f"duckdb:{name}" for name in derived} | {f"control:{name}" for name in control} | files | {"memory"}
    )
    claimed = [part for place in PLACES for part in place.parts]
    assert len(claimed) == len(set(claimed))
    assert there - {*claimed} - {*NOTHING} == set()
    assert {*claimed, *NOTHING} - there <= {"scratch"}
    assert not {*claimed} & {*NOTHING}


def test_each_place_finds_what_it_holds_of_somebody_and_of_nobody_else(shop):
    shop.save_identity_rules({"blocked": [SARA]})
    found = shop.personal.find(shop.find(SARA))
    assert [name for name, rows in found.items() if not rows] == ["rejected", "pictures"]
    assert {row["value"] for row in found["identifiers"]} >= {
        SARA,
        "sara-1",
        "sara-2",
        "sara.old@example.com",
    }
    assert [row["value"] for row in found["traits"]] == ["Sara Ahmadi"]
    assert {row["event"] for row in found["events"]} == {"Order Completed", "Seen"}
    assert {row["table"] for row in found["set up by people"]} == {"settings"}
    assert [row["file"] for row in found["drafts"]] == ["drafts/new.csv"]
    others = shop.personal.find(shop.find(REZA))
    assert "Sara" not in repr({name: others[name] for name in ("traits", "events", "names", "scores")})
    assert not others["drafts"]
    assert not others["webhook samples"]


def test_what_forgets_leaves_no_byte(shop):
    sara = shop.find(SARA)
    forgotten = shop.personal.forget(sara)
    assert {name for name, count in forgotten.items() if count} == {"duplicates", "webhook samples", "scores"}
    found = shop.personal.find(sara)
    assert not any(found[name] for name in forgotten)
    shop.close()
    kept = b"".join(path.read_bytes() for path in shop.folder.glob("control.sqlite*"))
    assert SARA.encode() not in kept


def test_nobody_is_nobody(shop):
    with pytest.raises(UnknownName):
        shop.personal.find(10**6)


def test_places_say_what_they_hold_in_both_languages():
    assert all(place.holds.en.strip() and place.holds.fa.strip() for place in PLACES)
