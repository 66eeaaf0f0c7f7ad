"""What cannot be loaded is set aside alone, with its reason, counted, and can be tried again."""

from collections import Counter

import pytest

import ganj
from collected import asked, collector
from collecting import NOW, collect, event, events, workspace
from ganj.intake.http import quick
from ganj.log import Line, decode, encode, trailer
from ganj.store.collected import rejects

GOOD = [event(m=f"good{n}") for n in range(5)]
BAD = [
    b'{"m":"x","r":1,',
    b"",
    b"{}",
    b"[1,2]",
    b'{"m":"x"}',
    b'{"m":"","r":1,"t":1,"k":"track","w":"web","d":"segment"}',
    b'{"m":"x","r":"soon","t":1,"k":"track","w":"web","d":"segment"}',
    b'{"m":"x","r":1,"t":1,"k":"dance","w":"web","d":"segment"}',
    b'{"m":"x","r":1,"t":1,"k":"track","w":"web","d":"segment","p":[1]}',
    b'{"m":"x","r":1,"t":1,"k":"track","w":"web","d":"segment","u":{"a":1}}',
    b'{"m":"x\xff","r":1,"t":1,"k":"track","w":"web","d":"segment"}',
    b'{"m":"x","r":1,"t":99999999999999999999,"k":"track","w":"web","d":"segment"}',
    b'{"m":"x","r":1,"t":1,"k":"track","w":"web","d":"segment","p":{"a":'
    + b"[" * 2_000
    + b"]" * 2_000
    + b"}",
]


def write(shop, *lines, number=9):
    text = b"".join(line + b"\n" for line in lines)
    (shop.folder / "log" / f"{number:020d}-1-0.ndjson").write_bytes(text + trailer(text))
    return shop.store.absorb()


def refusal(name, w, at):
    """A message that the collection API could not take."""
    told = {"code": "no_event", "text": name}
    return Line(m=f"rejected:{name}", r=NOW + at, t=NOW, k="rejected", w=w, d="segment", p=told)


@pytest.mark.parametrize("bad", BAD)
def test_one_bad_line_and_its_neighbours(tmp_path, bad):
    good = encode(GOOD).splitlines()
    with workspace(tmp_path) as shop:
        counts = write(shop, *good[:3], bad, *good[3:])
        assert (counts.events, counts.rejected) == (5, 1)
        (told,) = shop.rejected()
        assert told.code in {"not_json", "not_text", "bad_field", "unknown_type"}
        assert len(events(shop)) == 5


def test_a_line_written_in_another_way_is_understood(tmp_path):
    """Spaces, an order of its own, a key twice: what decodes to an event is one."""
    line = (
        b'{ "m":"a", "k":"track","r":%d,"t":%d,"w":"web","d":"segment","e":"A","e":"Signed Up","p":{"x" : [1, 2]} }'
        % (NOW, NOW)
    )
    with workspace(tmp_path) as shop:
        assert write(shop, line, encode([event(m="b")]).strip()).events == 2
        assert [one["event"] for one in events(shop)] == ["Product Viewed", "Signed Up"]


def test_bad_lines_are_found_again_after_all_was_made_anew(tmp_path):
    with workspace(tmp_path, *GOOD) as shop:
        write(shop, *BAD[:4], encode([event(m="z")]).strip())
        before, state = shop.rejected(), shop.store.collection.state(100_000)
        shop.rebuild()
        assert shop.rejected() == before
        assert shop.store.collection.state(100_000).sources == state.sources
        assert len(events(shop)) == 6


def test_figures_of_sources(tmp_path):
    lines = [event(m="a"), event(m="a"), event("Own Name", m="b", at=3 * 86_400), event(m="c", w="crm")]
    refused = Line(
        m="r", r=NOW, t=NOW, k="rejected", w="crm", d="segment", p={"code": "no_event", "text": "{}"}
    )
    with workspace(tmp_path, *lines, refused) as shop:
        web, crm = sorted(shop.store.collection.state(100_000).sources, key=lambda one: one.source == "crm")
        assert (web.accepted, web.duplicates, web.late, web.unknown, web.last) == (2, 1, 1, 1, NOW)
        assert (crm.accepted, crm.rejected) == (1, 1)
        told = {one.event: one.accepted for one in shop.store.collection.events("web", 100_000)}
        assert told == {"Product Viewed": 1, "Own Name": 1, "(track)": 0}
        assert [(one.code, one.source) for one in shop.rejected("crm")] == [("no_event", "crm")]


def test_what_events_were_seen_to_say(tmp_path):
    lines = [event(p={"price": 5, "colour": "red", "new": True}), event(p={"price": "five"})]
    with workspace(tmp_path, *lines) as shop:
        seen = {
            (one.property, one.kind): one.example for one in shop.store.collection.schema("Product Viewed")
        }
    assert seen == {
        ("price", "number"): "5", ("price", "text"): "five", ("colour", "text"): "red", ("new", "flag"): "true",
    }  # fmt: skip


@pytest.mark.parametrize("quickly", [False, True])
def test_what_was_refused_is_tried_again(tmp_path, quickly):
    if quickly:
        quick.warm()
    sent = '{"type":"track","userId":"u9","event":"Signed Up","messageId":"m9"}'
    refused = [
        Line(m="r1", r=NOW, t=NOW, k="rejected", w="web", d="segment", p={"code": "x", "text": sent, "path": "/v1/batch"}),
        Line(m="r2", r=NOW, t=NOW, k="rejected", w="web", d="segment", p={"code": "no_event", "text": '{"type":"track"}', "path": "/v1/track"}),
    ]  # fmt: skip
    with workspace(tmp_path, *refused) as shop:
        assert len(shop.rejected()) == 2
        told = shop.replay()
        assert (told.taken, told.refused) == (1, 1)
        assert [one["event"] for one in events(shop)] == ["Signed Up"]
        assert [one.code for one in shop.rejected()] == ["no_event"]
        collect(shop, event(m="m9"))  # it is the same message
        assert len(events(shop)) == 1
    with ganj.open(tmp_path / "shop") as shop:
        assert len(shop.rejected()) == 1


def test_in_a_storm_all_are_counted_and_the_newest_of_each_source_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(rejects, "LATELY", 30)
    monkeypatch.setattr(rejects, "EACH", 5)
    monkeypatch.setattr(rejects, "MOST", 40)
    monkeypatch.setattr(rejects, "SLACK", 10)
    with workspace(tmp_path) as shop:
        for load in range(6):
            storm = [refusal(f"{load}-{n}", w="storm", at=load * 100 + n) for n in range(50)]
            collect(shop, refusal(f"calm{load}", w="calm", at=load), *storm, event(m=f"good{load}"))
        torn = [b'{"m":"x%d","r":1,' % n for n in range(500)]
        write(shop, *torn, encode([event(m="z")]).strip())
        told = {one.source: one.rejected for one in shop.store.collection.state(100_000).sources}
        assert (told["storm"], told["calm"], told[""]) == (300, 6, 500)
        kept = Counter(one.source for one in shop.rejected(limit=10_000))
        assert kept["calm"] == 6
        assert kept[""] == 40  # no more than the most
        assert 30 <= kept["storm"] <= 50
        newest = shop.rejected("storm", 5)
        assert [one.received for one in newest] == [NOW + 549 - n for n in range(5)]
        assert len(events(shop)) == 7


def test_a_flood_is_counted_at_the_door(tmp_path, monkeypatch):
    monkeypatch.setattr("ganj.intake.http.collector._TEXTS", 30)
    monkeypatch.setattr("ganj.intake.http.collector._TEXTS_A_SECOND", 0)
    door = collector()
    with workspace(tmp_path) as shop:
        for number in range(10):
            bad = [{"type": "track", "userId": "u", "messageId": f"{number}-{n}"} for n in range(8)]
            good = {**bad[0], "event": "Signed Up", "messageId": f"good{number}"}
            found = door.answer(asked({"batch": [*bad, good]}, "/v1/batch"))
            assert b'"rejected_count":8' in found.answer.body
            shop.collect([decode(line) for line in found.lines.splitlines()])
        counts = shop.store.absorb()
        (told,) = shop.store.collection.state(100_000).sources
        assert (counts.rejected, told.rejected, told.accepted) == (80, 80, 10)
        assert len(shop.rejected(limit=1_000)) == 30
        before = shop.rejected(), shop.store.collection.state(100_000).sources
        shop.rebuild()
        assert before == (shop.rejected(), shop.store.collection.state(100_000).sources)
