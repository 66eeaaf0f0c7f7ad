"""Every kind of refusal says why in both languages, waits, and is stored once when its cause is mended."""

import pytest

from collected import asked, collector
from collecting import NOW, event, events, workspace
from ganj.intake.http.collector import Kept
from ganj.log import REASONS, REJECTED, Line, decode, encode, trailer
from ganj.workspace.replaying import StillRefused, again, reader

GOOD = '{"type":"track","messageId":"m1","userId":"u1","event":"Signed Up"}'
COLLECTED = {
    "not_an_object": ("/v1/batch", "7", GOOD),
    "too_large": ("/v1/batch", GOOD.replace("}", ',"properties":{"a":"' + "x" * 40_000 + '"}}'), GOOD),
    "too_deep": ("/v1/track", GOOD.replace("}", ',"properties":{"a":' + "[" * 90 + "]" * 90 + "}}"), GOOD),
    "bad_number": ("/v1/track", GOOD.replace("}", ',"properties":{"a":1e400}}'), GOOD),
    "bad_field": ("/v1/track", GOOD.replace("}", ',"properties":[1]}'), GOOD),
    "bad_id": ("/v1/track", GOOD.replace('"u1"', "%r" % ("u" * 3_000)).replace("'", '"'), GOOD),
    "no_type": ("/v1/batch", '{"userId":"u1","event":"Signed Up"}', GOOD.replace('"messageId":"m1",', "")),
    "unknown_type": ("/v1/batch", GOOD.replace('"track"', '"dance"'), GOOD),
    "no_user_anon_id": ("/v1/track", GOOD.replace('"userId":"u1",', ""), GOOD),
    "no_event": ("/v1/import", GOOD.replace(',"event":"Signed Up"', ""), GOOD),
    "no_group_id": (
        "/v1/group",
        '{"userId":"u1","messageId":"m1"}',
        '{"userId":"u1","messageId":"m1","groupId":"g"}',
    ),
    "no_previous_id": (
        "/api/s/alias",
        '{"type":"alias","userId":"u1","messageId":"m1"}',
        '{"type":"alias","userId":"u1","messageId":"m1","previousId":"u0"}',
    ),
}
"""For each reason: the address, a message that is refused for it, and the message as it should be."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    with workspace(tmp_path_factory.mktemp("mended")) as made:
        yield made


@pytest.fixture(autouse=True)
def nothing_waits(shop):
    yield
    assert shop.rejected() == []


def sent(shop, path, text):
    """Send a message through the collection API and load it."""
    body = f'{{"batch":[{text}]}}' if path.endswith(("batch", "import")) else text
    found = collector().answer(asked(body.encode(), path))
    assert isinstance(found, Kept)
    assert found.answer.status in {200, 413}
    shop.collect([decode(line) for line in found.lines.splitlines()])
    shop.store.absorb()


def refused(shop, code):
    """The only message that is refused; its reason is told in both languages."""
    (one,) = shop.rejected()
    assert one.code.partition(" ")[0] == code
    assert all(len(words) > 10 for words in (REASONS[code].en, REASONS[code].fa))
    return one.id


def messages(shop):
    """How often each message is stored, events and others alike."""
    told = shop.store.collection.state(100_000).sources
    return sum(one.accepted for one in told)


@pytest.mark.parametrize("code", COLLECTED)
def test_a_message_that_is_mended_is_stored_once(shop, code):
    path, *told = COLLECTED[code]
    bad, good = (text.replace('"m1"', f'"{code}"') for text in told)
    before = messages(shop)
    sent(shop, path, bad)
    waiting = refused(shop, code)
    assert (shop.replay().taken, messages(shop)) == (0, before)  # its cause is not mended
    with pytest.raises(StillRefused) as why:
        shop.amend(waiting, '{"type":"track"}' if code != "no_event" else '{"type":"track","userId":"u"}')
    assert why.value.message("fa").startswith("پیام همچنان پذیرفته نمی‌شود")
    assert refused(shop, code) == waiting
    assert shop.amend(waiting, good).taken == 1
    assert messages(shop) == before + 1
    sent(shop, path, bad)  # it is known, and taken already
    sent(shop, path, good)
    assert messages(shop) == before + 1 + (f'"{code}"' not in good)


TORN = {
    "not_json": b'{"m":"x","r":1,"w":"web",',
    "not_text": b'{"m":"x\xff","r":1,"t":1,"k":"track","w":"web","d":"segment"}',
    "unknown_type": b'{"m":"x","r":1,"t":1,"k":"dance","w":"web","d":"segment"}',
    "bad_field": b'{"m":"x","r":1,"t":1,"k":"track","w":"web","d":"segment","p":[1]}',
}


@pytest.mark.parametrize("code", TORN)
@pytest.mark.parametrize("good", [GOOD, encode([event(m="m1", r=NOW)]).decode().strip()])
def test_a_line_of_the_log_that_is_mended_is_stored_once(shop, code, good):
    unique = f"{code}-{len(good)}"
    good, before = good.replace('"m1"', f'"{unique}"'), messages(shop)
    text = TORN[code].replace(b'"w":"web"', b'"w":"%s"' % unique.encode()) + b"\n"
    (shop.folder / "log" / f"{before + 1:020d}-1-0.ndjson").write_bytes(text + trailer(text))
    shop.store.absorb()
    waiting = refused(shop, code)
    assert shop.replay().taken == 0
    assert shop.amend(waiting, good).taken == 1
    assert messages(shop) == before + 1


@pytest.mark.parametrize(("code", "text"), [("not_an_access_log", "¯\\_(ツ)_/¯"), ("no_sender", ": hello")])
def test_what_a_source_could_not_read_is_mended(shop, code, text):
    before = messages(shop)
    told = {"code": code, "text": text}
    shop.collect([Line(f"rejected:{code}", NOW, NOW, REJECTED, "pulled", "ganj", p=told)])
    shop.store.absorb()
    assert shop.amend(refused(shop, code), GOOD.replace('"m1"', f'"of a source {code}"')).taken == 1
    assert messages(shop) == before + 1


def test_a_line_of_an_access_log_is_mended(shop, tmp_path):
    log = tmp_path / "access.log"
    good = '1.2.3.4 - u1 [17/May/2015:10:00:01 +0000] "GET /{} HTTP/1.1" 200 9 "-" "Mozilla/5.0 (X11) Firefox/115.0"\n'
    log.write_text(good.format("one") + "rubbish\n", encoding="utf-8")
    shop.sources.add({"name": "log", "type": "weblog", "parameters": {"path": str(log)}}, look=False)
    shop.sources.run("log")
    shop.store.absorb()
    waiting = refused(shop, "not_an_access_log")
    assert shop.replay().taken == 0
    assert shop.amend(waiting, good.format("two")).taken == 1
    assert [row["source"] for row in events(shop)].count("log") == 2


def test_what_was_sent_without_a_name_has_the_same_at_every_try(shop):
    """A server may die between storing what was mended and forgetting that it was refused."""
    before = messages(shop)
    sent(shop, "/v1/batch", '{"userId":"u2","event":"Signed Up"}')
    refused(shop, "no_type")
    (one,) = shop.rejected()
    nameless = GOOD.replace('"messageId":"m1",', "")
    first, second = (again(one, reader(shop), nameless) for _ in range(2))
    assert [line.m for line in first] == [line.m for line in second]
    shop.collect(first)
    shop.store.absorb()
    assert shop.amend(one.id, nameless).taken == 1
    assert messages(shop) == before + 1


def test_what_was_mended_is_not_asked_about_again_when_all_is_made_anew(tmp_path):
    with workspace(tmp_path) as shop:
        for number in range(3):
            sent(shop, "/v1/track", GOOD.replace('"m1"', f'"m{number}"').replace(',"event":"Signed Up"', ""))
        first, second, _ = shop.rejected()
        assert shop.amend(first.id, GOOD).taken == 1
        with pytest.raises(StillRefused):
            shop.amend(second.id, '{"type":"track"}')
        left = shop.rejected()
        assert first.id not in {one.id for one in left}
        shop.rebuild()
        assert shop.rejected() == left
        assert len(events(shop)) == 1
