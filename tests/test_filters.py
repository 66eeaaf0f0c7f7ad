"""One language of conditions: how it is read, and of what it is true."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganj.filters import (
    BadFilter,
    Condition,
    Filter,
    Group,
    condition,
    filtered,
    marks,
    part,
    reading,
    selector,
)
from ganj.miner import Reads
from ganj.parameters import build, listed
from ganj.text import Text
from reference import filters as slow
from words import write


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("Country = UK", Condition("Country", "=", ("UK",))),
        ("amount > 100", Condition("amount", ">", ("100",))),
        ("amount >= ۱٬۰۰۰", Condition("amount", ">=", ("۱٬۰۰۰",))),
        ("device in (app, site)", Condition("device", "in", ("app", "site"))),
        ('name not in ("a, b", c)', Condition("name", "not in", ("a, b", "c"))),
        ("city != تهران", Condition("city", "!=", ("تهران",))),
        ("utm_source is set", Condition("utm_source", "is set")),
        ("utm_source IS  NOT set", Condition("utm_source", "is not set")),
        ("path contains /blog?a=b", Condition("path", "contains", ("/blog?a=b",))),  # the first sign decides
        ("path not contains x", Condition("path", "not contains", ("x",))),
        ("path matches ^/a(b|c)+$", Condition("path", "matches", ("^/a(b|c)+$",))),
        ("path starts with /p", Condition("path", "starts with", ("/p",))),
        ('"signed in" = yes', Condition("signed in", "=", ("yes",))),
        ("signed in = yes", Condition("signed in", "=", ("yes",))),  # no bracket: no list
        ("Order Value=5", Condition("Order Value", "=", ("5",))),
        ("customer.city = Qom", Condition("city", "=", ("Qom",), "customer")),
        ("event.city == Qom", Condition("city", "=", ("Qom",), "event")),
        ("x = -3.5", Condition("x", "=", ("-3.5",))),
    ],
)
def test_a_condition_is_read(words, meant):
    assert condition(words) == meant
    assert condition(str(meant)) == meant


@pytest.mark.parametrize(
    "words",
    ["", "city", "city is", "= 5", "city =", "device in ()", "device in (", "amount > much", "amount contains 5",
     "path matches (", "path matches (?=x)", "path matches a{99999}", "x is set 5", "x < nan"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_both_languages(words):
    with pytest.raises(BadFilter) as refused:
        condition(words)
    for language in ("en", "fa"):
        assert refused.value.message(language)
        assert refused.value.advice(language)


name = st.text(st.sampled_from("abc آب.=,(\"['_"), min_size=1, max_size=8).map(str.strip).filter(bool)
plain = name.filter(lambda text: '"' not in text and not text.startswith(("customer.", "event.")))


@given(plain, st.sampled_from(["=", "!=", "contains", "starts with", "not contains"]), plain)
def test_what_is_written_is_read_again(told, op, value):
    made = Condition(told, op, (value,))
    assert condition(str(made)) == made
    assert selector(f"Page[{made}, {made}]").where.conditions == (made, made)


@pytest.mark.parametrize(
    ("words", "event", "conditions"),
    [
        ("Product Viewed", "Product Viewed", 0),
        ("any", "", 0),
        ("Page Viewed[path = /pricing, device = app]", "Page Viewed", 2),
        ("any[device in (a, b), amount > 5]", "", 2),
        ("Page Viewed[path matches [a-z]+]", "Page Viewed", 1),
    ],
)
def test_a_selector_is_read(words, event, conditions):
    meant = selector(words)
    assert (meant.event, len(meant.where.conditions)) == (event, conditions)
    assert selector(str(meant)) == meant


@pytest.mark.parametrize("words", ["", "[a = b]", "Page[a = b", "Page[a]"])
def test_a_broken_selector_is_refused(words):
    with pytest.raises(BadFilter):
        selector(words)


def test_a_list_is_split_outside_brackets():
    assert listed('A[x = 1, y in (2, 3)], B,, "c, d" = e') == ["A[x = 1, y in (2, 3)]", "B", '"c, d" = e']
    from ganj.miners.funnel import Funnel

    funnel = build(Funnel, {"steps": "A[x = 1, y = 2],B", "where": "city = Rey,amount > 5"})
    assert funnel.steps == ("A[x = 1, y = 2]", "B")
    assert funnel.where == ("city = Rey", "amount > 5")


# ---- of what it is true

PEOPLE = (
    "page@0[path=/blog/1,device=app] order@1=120[channel=web]",
    "page@0[path=/Blog] page@2[path=/cart,device=site] order@3=30",
    "page@5[n=1.0] page@6[n=7]",
    "",
)


def people():
    return write(*PEOPLE, traits={"city": ["تهران", "Rey", None, "تهران"], "age": [31.0, 45.0, None, 20.0]})


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("path contains BLOG", "page@0 - page@0"),
        ("path = /Blog", "- - page@0"),
    ],
)
def test_letters_count_in_equals_and_not_in_contains(words, kept):
    found = filtered(people(), (words,))
    assert len(found.time) == kept.count("page")


@pytest.mark.parametrize(
    ("where", "customers", "events"),
    [
        ((), [0, 1, 2, 3], 7),
        (("amount > 100",), [0, 1, 2, 3], 1),
        (("amount = 30",), [0, 1, 2, 3], 1),
        (("amount in (30, ۱۲۰)",), [0, 1, 2, 3], 2),
        (("amount is not set",), [0, 1, 2, 3], 5),
        (("channel = web",), [0, 1, 2, 3], 1),
        (("event = Order Completed",), [0, 1, 2, 3], 2),
        (("n = 1",), [0, 1, 2, 3], 1),  # 1.0 and 1 are one number
        (("n >= 1",), [0, 1, 2, 3], 2),
        (("device != app",), [0, 1, 2, 3], 6),  # where there is none, a denial is true
        (("city = تهران",), [0, 3], 2),
        (("city = تهران", "device = app"), [0, 3], 1),
        (("city != تهران",), [1, 2], 5),
        (("city is set",), [0, 1, 3], 5),
        (("age > 30",), [0, 1], 5),
        (("age = 45",), [1], 3),
        (("age is not set",), [2], 2),
        (("nothing = 1",), [0, 1, 2, 3], 0),
        (("event.city = تهران",), [0, 1, 2, 3], 0),
        (("customer.device = app",), [], 0),
    ],
)
def test_who_and_what_is_kept(where, customers, events):
    found = filtered(people(), where)
    assert found.customer.tolist() == customers
    assert len(found.time) == events
    assert found.offsets[-1] == events


def test_arabic_letters_are_persian_ones():
    histories = write("a@0", traits={"city": ["كرج"]})
    assert len(filtered(histories, ("city = کرج",))) == 1


def test_an_order_is_of_a_product_if_a_line_is():
    from dataclasses import replace

    from ganj.histories import Lines

    histories = write("order@0*2 order@1*1 order@2")
    lines = Lines(histories.lines.offsets, np.array([0, 1, 1], np.int32), np.ones(3), np.ones(3))
    columns = {**histories.columns, "product": np.array([-1, 1, -1], np.int32)}
    shop = replace(
        histories, lines=lines, columns=columns, names={**histories.names, "product": ("tea", "cup")}
    )
    assert Filter.read(("product = tea",)).events(shop).tolist() == [True, False, False]
    assert Filter.read(("product != tea",)).events(shop).tolist() == [False, True, True]
    assert Filter.read(("product in (tea, cup)",)).events(shop).tolist() == [True, True, False]
    assert Filter.read(("product is set",)).events(shop).tolist() == [True, True, False]


def test_selectors_mark_events():
    histories = people()
    found = marks(histories, ("page", "any[amount > 100]", "page[path contains blog, city = تهران]", "none"))
    assert found.tolist() == [0b101, 0b010, 0b001, 0b001, 0, 0b001, 0b001]


def test_what_must_be_read():
    wanted = reading(
        Reads(columns=("time", "event")), ("page[device = app]", "order[product = tea, amount > 5]")
    )
    assert wanted.events == ("page", "order")
    assert wanted.columns == ("time", "event", "product", "amount")
    assert (wanted.properties, wanted.traits, wanted.lines) == (("device",), ("device",), True)
    assert reading(Reads(), ("any", "page")).events is None


values = st.sampled_from(["app", "site", "App 2", "7", "70", "x/y"])


@given(
    st.lists(st.one_of(st.none(), values), max_size=12),
    st.sampled_from(["=", "!=", "in", "not in", "contains", "not contains", "starts with", "ends with", "matches",
                     "not matches", "is set", "is not set", "<", "<=", ">", ">="]),
    values,
)  # fmt: skip
def test_it_agrees_with_asking_one_by_one(told, op, wanted):
    if op[0] in "<>":
        wanted = "7.5"
    words = f"device {op} ({wanted}, site)" if op in {"in", "not in"} else f"device {op} {wanted}"
    words = f"device {op}" if op.startswith("is") else words
    histories = write(
        " ".join(f"e@{n}" + (f"[device={v.replace(' ', '~')}]" if v else "") for n, v in enumerate(told))
    )
    device = histories.names.get("property:device", ())
    names = {**histories.names, "property:device": tuple(v.replace("~", " ") for v in device)}
    from dataclasses import replace

    found = Filter.read((words,)).events(replace(histories, names=names)).tolist()
    assert found == [slow.true(op, value, condition(words).values) for value in told]


def test_an_error_names_what_is_wrong():
    with pytest.raises(BadFilter) as refused:
        condition("amount > much")
    assert "much" in refused.value.message("en")
    assert isinstance(refused.value.facts["why"], Text)


# ---- groups

ONE, TWO, THREE = Condition("city", "=", ("Qom",)), Condition("age", ">", ("40",)), Condition("x", "is set")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("any(city = Qom, age > 40)", Group("any", (ONE, TWO))),
        ("ANY (city = Qom, all(age > 40, x is set))", Group("any", (ONE, Group("all", (TWO, THREE))))),
        ("all(city = Qom)", Group("all", (ONE,))),
        ("any(name in (a, b))", Group("any", (Condition("name", "in", ("a", "b")),))),
        ('any(name = "a)", x is set)', Group("any", (Condition("name", "=", ("a)",)), THREE))),
        ("anyone = all(5)", Condition("anyone", "=", ("all(5)",))),  # a name that only begins so
    ],
)
def test_a_group_is_read(words, meant):
    assert part(words) == meant
    assert part(str(meant)) == meant
    assert selector(f"Page[{meant}]").where.conditions == (meant,)


@pytest.mark.parametrize(
    "words", ["any()", "all( , )", "any(city)", "any(a, b = 1)x", "any(" * 9 + "a = 1" + ")" * 9]
)
def test_a_broken_group_is_refused(words):
    with pytest.raises(BadFilter):
        part(words)


def test_groups_are_asked_in_every_form():
    from ganj.miners.funnel import Funnel

    group = "any(city = Rey, all(amount > 5, device in (app, site)))"
    for words in (group, [group], f"{group},path is set"):
        assert build(Funnel, {"steps": "A,B", "where": words}).where[0] == group
    need = Filter.read((group,)).needs()
    assert (need.properties, need.columns) == (("city", "device"), ("amount",))
    assert reading(Reads(), (f"page[{group}]", "order")).properties == ("city", "device")


@pytest.mark.parametrize(
    ("where", "customers", "events"),
    [
        (("any(city = تهران, city = Rey)",), [0, 1, 3], 5),  # of customers alone: who fits stays, whole
        (("any(city = Rey, all(city = تهران, age < 25))",), [1, 3], 3),
        (("any(device = app, amount = 30)",), [0, 1, 2, 3], 2),  # of events alone
        (("any(city = Rey, device = app)",), [0, 1, 2, 3], 4),  # of both: events of one in Rey, or by the app
        (("any(city = Rey, device = app)", "amount is not set"), [0, 1, 2, 3], 3),
        (("all(device = app, any(city = Rey, city = تهران))",), [0, 1, 2, 3], 1),
    ],
)
def test_who_and_what_a_group_keeps(where, customers, events):
    found = filtered(people(), where)
    assert found.customer.tolist() == customers
    assert len(found.time) == events


single = st.sampled_from(
    ["city = Rey", "city != Rey", "age > 30", "device = app", "device != app", "amount > 50"]
)
nested = st.recursive(
    single,
    lambda inner: st.tuples(st.sampled_from(["any", "all"]), st.lists(inner, min_size=1, max_size=3)).map(
        lambda told: (told[0], *told[1])
    ),
    max_leaves=8,
)


@given(nested)
def test_groups_agree_with_asking_one_by_one(told):
    histories = people()
    city, device = (np.array([*of.labels, None], object)[of.codes] for of in (
        histories.traits["city"], histories.category("device")
    ))  # fmt: skip
    for event, whose in enumerate(histories.owner):
        of = {
            "city": city[whose],
            "age": histories.traits["age"][whose],
            "device": device[event],
            "amount": histories.amount[event],
        }
        of = {
            name: None if isinstance(value, float) and np.isnan(value) else value
            for name, value in of.items()
        }

        def true(words, of=of):
            one = condition(words)
            return slow.true(one.op, of[one.name], one.values)

        mine = selector(f"any[{slow.written(told)}]").events(histories)
        assert mine[event] == slow.fits(told, true)
