"""One customer whole, on a real store: pages of the timeline, stages, figures, notes, consent, reasons."""

import numpy as np
import pytest

from ganj import miners
from ganj.errors import BadParameter, UnknownName
from ganj.segments import Condition, Segment
from ganj.store.timelines import Place
from ganj.workspace.profiles import stages
from ganj.workspace.profiles.finding import SeveralCustomers
from ganj.workspace.profiles.notes import BadNote
from ganj.workspace.profiles.timeline import Wanted
from stored import workspace

DAY = 86_400_000_000
START = 1_700_000_000_000_000
KINDS = ("Page Viewed", "Order Completed", "Message Opened", "Ticket Opened", "Weird «thing»")


def rows(seed=3, customers=12):
    """A dozen customers with up to ninety events, many in the same moment."""
    rng = np.random.default_rng(seed)
    for k in range(customers):
        who = {
            "customer_id": f"C{k}",
            "email": f"c{k}@x.ir",
            "source": "site",
            "traits": {"name": f"N{k}", "city": "Rey"},
        }
        if k == 1:
            yield {**who, "traits": {"city": "Qom"}, "source": "crm"}  # known, never seen
            continue
        for n in range(int(rng.integers(1, 90))):
            kind = KINDS[int(rng.integers(len(KINDS)))]
            time = START + int(rng.integers(0, 40)) * 20 * DAY
            order = (
                {"order": f"{k}-{n}", "amount": float(rng.integers(1, 50))}
                if kind == "Order Completed"
                else {}
            )
            yield {**who, "event": kind, "time": time, **order, "properties": {"n": n}}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    made = workspace(tmp_path_factory.mktemp("profiles"), list(rows()))
    yield made
    made.close()


def walked(shop, number, **asked):
    """Every page of a timeline, put together."""
    out, before = [], ""
    while True:
        page = shop.profiles.timeline(number, Wanted(before=before, **asked))
        assert len([one for one in page.entries if "id" in one]) <= asked["limit"]
        out += page.entries
        before = page.next
        if not before:
            return out, page.total


@pytest.mark.parametrize("limit", [1, 7, 1000])
@pytest.mark.parametrize("lanes", [(), ("order",), ("visit", "stage"), ("stage",), ("note",)])
def test_pages_put_together_are_the_whole_timeline(shop, limit, lanes):
    for number in (0, 3, 7):
        entries, total = walked(shop, number, limit=limit, lanes=lanes)
        whole = shop.store.timeline(number, limit=10_000)
        of = {"order": ("Order Completed",), "visit": ("Page Viewed",)}
        names = None if not lanes else {name for lane in lanes for name in of.get(lane, ())}
        events = [one["id"] for one in whole if names is None or one["event"] in names]
        assert [one["id"] for one in entries if "id" in one] == events
        assert total == len(events)
        changes = [change.time for change in shop.customer(number).stage.changes]
        shown = [one["time"] for one in entries if one["event"] == "Stage Changed"]
        assert shown == (changes[::-1] if not lanes or "stage" in lanes else [])
        assert [one["time"] for one in entries] == sorted((one["time"] for one in entries), reverse=True)


def test_a_period_has_its_own_events_only(shop):
    since, until = START + 200 * DAY, START + 500 * DAY
    entries, total = walked(shop, 0, limit=5, since=since, until=until)
    inside = [one for one in shop.store.timeline(0, limit=10_000) if since <= one["time"] < until]
    assert [one["id"] for one in entries if "id" in one] == [one["id"] for one in inside]
    assert total == len(inside) > 0


def test_figures_and_stages_are_those_of_the_analyses(shop):
    overview = shop.mine(miners.find("overview")()).scores().to_pylist()
    cycles = {
        row["customer"]: row for row in shop.mine(shop.profiles.stage_rules.analysis()).scores().to_pylist()
    }
    for row in overview:
        known = shop.customer(row["customer"])
        assert known.figures.orders == row["orders"]
        assert known.figures.revenue == row["revenue"]
        assert known.figures.last_order == row["last_order"]
        assert known.stage.name == cycles[row["customer"]]["lifecycle_stage"]
        assert known.stage.since == cycles[row["customer"]]["stage_since"]


def test_a_stage_is_what_it_was_on_any_day(shop):
    sketch, rules = shop.store.timelines.sketch(0), shop.profiles.stage_rules
    whole = stages.fold(sketch, rules, START + 3_000 * DAY)
    assert whole.name == "former"
    for change in whole.changes:
        assert stages.fold(sketch, rules, change.time + 1).name == change.entered
        before = stages.fold(
            sketch, rules, change.time - (change.entered == "former")
        )  # silence lasts to its end
        assert before.name == (change.left or "prospect")


def test_rules_of_stages_hold_for_the_past_too(tmp_path):
    with workspace(tmp_path, [{"customer_id": "a", "event": "Trial Begun", "time": START}]) as shop:
        assert shop.customer(0).stage.name == "prospect"
        shop.profiles.keep_rules("stages", {"purchases": ["Trial Begun"], "idle": "30d"})
        assert shop.customer(0).stage.name == "active"
        with pytest.raises(BadParameter):
            shop.profiles.keep_rules("stages", {"idle": "0d"})
        assert shop.profiles.rules()["stages"].idle.days == 30


def test_notes_are_changed_removed_and_brought_back_and_survive_a_rebuild(tmp_path):
    with workspace(tmp_path, list(rows(customers=3))) as shop:
        first = shop.profiles.write_note(2, "  <b>زنگ</b> زد ", "مریم")
        second = shop.profiles.write_note(2, "دوم")
        shop.profiles.change_note(2, first, "زنگ نزد")
        shop.profiles.remove_note(2, second)
        (note,) = shop.profiles.notes(2)
        assert (note.id, note.text, note.earlier, note.author) == (
            first,
            "زنگ نزد",
            ("<b>زنگ</b> زد",),
            "مریم",
        )
        shop.profiles.restore_note(2, second)
        told = shop.profiles.notes(2)
        shop.rebuild()
        assert shop.profiles.notes(2) == told
        assert {one.text for one in told} == {"زنگ نزد", "دوم"}
        for wrong in ("", " \x00 ", "x" * 10_001):
            with pytest.raises(BadNote):
                shop.profiles.write_note(2, wrong)
        with pytest.raises(UnknownName):
            shop.profiles.change_note(0, first, "of another customer")


def test_consent_is_heard_from_traits_and_from_people(tmp_path):
    told = [
        {
            "customer_id": "a",
            "event": "Page Viewed",
            "time": START,
            "source": "crm",
            "traits": {"sms_consent": "true"},
        }
    ]
    with workspace(tmp_path, told) as shop:
        assert shop.profiles.consents(0)["sms"].given
        shop.profiles.consent(0, "پیامک".replace("پیامک", "SMS"), given=False, how="phone call")
        sms = shop.profiles.consents(0)["sms"]
        assert (sms.given, sms.last.source, sms.last.how, len(sms.history)) == (
            False,
            "ganj",
            "phone call",
            2,
        )
        with pytest.raises(BadParameter):
            shop.profiles.consent(0, "  ", given=True)


def test_each_condition_of_a_segment_is_said_with_the_customers_own_value(shop):
    cheap = Condition("orders", "<", 1, "overview")
    shop.save_segment("both", Segment((Condition("city", "=", "Rey"), cheap)))
    shop.save_segment("nested", Segment((Condition("segment", "=", "both"),)))
    buyer = next(n for n in range(12) if shop.customer(n).figures.orders > 2)
    told = {one.segment: one for one in shop.profiles.why(buyer)}
    assert not told["both"].inside
    city, orders = told["both"].reasons
    assert (city.true, city.value) == (True, "Rey")
    assert (orders.true, orders.value) == (False, shop.customer(buyer).figures.orders)
    assert "fall" in orders.needed(shop.settings)
    assert not told["nested"].inside
    for number in range(12):  # what is said agrees with who is in the segment
        for one in shop.profiles.why(number):
            assert one.inside == (number in shop.members(one.segment).tolist())


def test_a_customer_is_found_by_any_spelling_of_an_identifier(tmp_path):
    told = [{"customer_id": n, "phone": f"+98912000000{n}", "email": f"{n}@x.ir"} for n in "12"]
    with workspace(tmp_path, [*told, {"customer_id": "+989120000001"}]) as shop:
        assert shop.find("۰۹۱۲ ۰۰۰ ۰۰۰۲") == shop.find("2@X.IR") == shop.find("#1") == 1
        assert (
            shop.find("1", "customer_id") == shop.find("0") == 0
        )  # nobody has the identifier 0: the number then
        for nobody in ("#9", "9", "nobody@x.ir", "", "#" * 40):
            with pytest.raises(UnknownName):
                shop.find(nobody)
        with pytest.raises(SeveralCustomers):
            shop.find("09120000001")  # one's phone is another's number at the source


def test_who_was_never_seen_is_shown_too(shop):
    known = shop.customer(1)
    assert (known.lifeline, known.stage.name, known.figures.orders) == (None, "prospect", 0)
    assert known.timeline.entries == []


@pytest.mark.parametrize("words", ["", "x", "1-zz", "9" * 40, "5-" + "f" * 40, "۱"])
def test_a_place_that_is_none_is_refused(words):
    if Place.read(words) is None and words:
        with pytest.raises(BadParameter):
            Wanted(before=words)
