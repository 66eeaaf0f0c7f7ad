"""Identifiers become people: attach, merge, set aside, by the rules of Segment's Unify and ours."""

from ganj.histories import DAY
from ganj.identity.rules import Limit, Rules
from identity_book import Memory

KINDS = {"user": "customer_id", "mail": "email", "anon": "anonymous_id", "phone": "phone"} | {
    kind: kind for kind in ("device", "national_code")
}


def told(*lines, rules=None, book=None):
    """Tell combinations written as words, ``user:7 mail:a@x @3 alias``, and return who each belongs to."""
    memory = book or Memory(rules)
    people = []
    for line in lines:
        links, time, alias = [], 0, False
        for word in line.split():
            kind, _, value = word.partition(":")
            if word == "alias":
                alias = True
            elif word.startswith("@"):
                time = int(word[1:]) * DAY
            else:
                links.append((KINDS.get(kind, kind), value))
        people.append((links, time, alias))
    found = memory.tell(people)
    return [int(memory.map[n]) if n >= 0 else -1 for n in found.customers]


def test_segment_s_worked_example():
    book = Memory()
    assert told("user:abc123 mail:jane@example.com", "user:abc456 mail:jane@example.com", book=book) == [0, 1]
    assert told("mail:jane@example.com", book=book) == [0]  # the e-mail stays with whom it came


def test_nobody_known_creates_one_known_attaches_many_merge():
    book = Memory()
    assert told("anon:a", "mail:x@x.ir", "anon:a mail:x@x.ir", "user:7 mail:x@x.ir", book=book) == [
        0,
        0,
        0,
        0,
    ]
    assert told("user:7", "anon:b", "anon:b user:7", book=book) == [0, 0, 0]


def test_a_shared_device_does_not_glue_people():
    lines = ["user:ali anon:pc", "user:sara anon:pc", "anon:pc", "user:sara anon:pc phone:+989120000000"]
    assert told(*lines) == [0, 1, 0, 1]
    by_mail = ["mail:ali@x.ir anon:pc", "mail:sara@x.ir anon:pc", "anon:pc"]
    assert told(*by_mail) == [0, 1, 0]
    known_before = ["mail:ali@x.ir", "mail:sara@x.ir", "mail:ali@x.ir anon:pc", "mail:sara@x.ir anon:pc"]
    assert told(*known_before) == [0, 1, 0, 1]


def test_a_visitor_known_by_mail_who_signs_in_is_one_person():
    assert told("mail:ali@x.ir anon:pc", "user:7 anon:pc", "user:7", "mail:ali@x.ir") == [0, 0, 0, 0]


def test_a_land_line_is_shared():
    office = "phone:+982188776655"
    assert told(f"mail:ali@x.ir {office}", f"mail:sara@x.ir {office}", office) == [0, 1, 0]
    mobile = "phone:+989121234567"
    assert told(f"mail:ali@x.ir {mobile}", f"mail:ali@y.ir {mobile}", mobile) == [0, 0, 0]


def test_five_browsers_a_week():
    same_week = [f"user:7 anon:pc{n} @1" for n in range(7)]
    assert told(*same_week, "anon:pc4", "anon:pc5", "anon:pc6 @1") == [0] * 8 + [1, 2]
    assert told(*(f"user:7 anon:pc{n} @{n * 2}" for n in range(20)), "anon:pc19") == [0] * 21


def test_values_that_stand_for_nobody():
    assert told(
        "user:null", "user:0", "user:anonymous anon:a", "user:00000000-0000-0000-0000-000000000000"
    ) == [
        -1,
        -1,
        0,
        -1,
    ]


def test_alias_joins_two_known_people_and_identify_does_not():
    assert told("user:1", "user:2", "user:1 user:2") == [0, 1, 0]
    assert told("user:1", "user:2", "user:1 user:2 alias", "user:1", "user:2") == [0, 0, 0, 0, 0]


def test_who_was_told_apart_stays_apart():
    book = Memory()
    assert told("mail:a@x.ir", "mail:b@x.ir", "mail:a@x.ir mail:b@x.ir", book=book) == [0, 0, 0]
    book.pairs, book.edges = [book.edges.pop()], []
    assert told("mail:a@x.ir mail:b@x.ir", "mail:b@x.ir", book=book) == [0, 1]
    assert told("mail:b@x.ir mail:a@x.ir alias", book=book) == [0]


def test_limits_are_settings():
    rules = Rules(limits={"customer_id": Limit(2), "email": Limit(1)})
    assert told("user:1 anon:a", "user:2 anon:a", "user:3 anon:a", rules=rules) == [0, 1, 2]
    assert told("user:1", "user:1 mail:a@x.ir", "user:1 mail:b@x.ir", "mail:b@x.ir", rules=rules) == [
        0,
        0,
        0,
        1,
    ]


def test_one_load_or_many_loads_are_the_same():
    lines = [
        "anon:a",
        "user:1 anon:a",
        "user:2 anon:a",
        "mail:m@x.ir user:2",
        "anon:b mail:m@x.ir",
        "anon:b user:1",
    ]
    whole, book = told(*lines), Memory()
    assert [told(line, book=book)[0] for line in lines] == whole
