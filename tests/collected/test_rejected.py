"""What cannot be loaded is set aside alone, with its reason, counted, and can be tried again."""

import pytest

import ganj
from collecting import NOW, collect, event, events, workspace
from ganj.intake.http import quick
from ganj.log import Line, encode, trailer

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
