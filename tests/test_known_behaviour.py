"""What customers did in real files, against plain counting; from the file through the import to the answer."""

import csv
import gzip
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from urllib.parse import unquote

import numpy as np
import pytest

import ganj
from ganj.intake.requests import ASSET, is_bot
from ganj.miners.activity import Activity
from ganj.miners.compare import Compare
from ganj.miners.funnel import Funnel
from ganj.miners.journey import Journey
from ganj.miners.lifecycle import Lifecycle
from ganj.miners.paths import Paths
from ganj.miners.retention import Retention
from ganj.miners.sessions import Sessions
from ganj.miners.stickiness import Stickiness
from ganj.miners.timing import Timing
from intake_files import real
from reference import funnel as slow
from stored import UTC_SETTINGS

WEEK, HALF_AN_HOUR = timedelta(days=7), timedelta(minutes=30)
VIEWS = 1_694  # page views of people
STEPS = ("catalog", "cart", "delivery_choice", "payment_done")


def imported(folder, path, **answers):
    shop = ganj.create(folder / "shop", UTC_SETTINGS, buckets=8)
    shop.load(shop.plan(path, **answers))
    return shop


def rows(mined, table, *columns):
    told = mined.table(table).to_arrow()
    return list(zip(*(told[name].to_pylist() for name in columns), strict=True))


# ---- clickstream/simple-onlineshop: 32,283 events of 3,751 visitors of a small shop


@pytest.fixture(scope="module")
def clicks():
    """Each visitor's (time, event), in order."""
    found = defaultdict(list)
    with gzip.open(real("clickstream/simple-onlineshop.csv.gz"), "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[row["user_id"]].append((datetime.fromisoformat(row["timestamp"]), row["event"]))
    return {user: sorted(events) for user, events in found.items()}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    with imported(tmp_path_factory.mktemp("clicks"), real("clickstream/simple-onlineshop.csv.gz")) as opened:
        yield opened


def month(time):
    return time.year * 12 + time.month


def visits(events, gap=HALF_AN_HOUR):
    """Cut a visitor's events where nothing happened for half an hour."""
    out = [[events[0]]]
    for before, one in pairwise(events):
        if one[0] - before[0] >= gap:
            out.append([])
        out[-1].append(one)
    return out


def test_funnel(shop, clicks):
    depths = [len(slow.depth(events, STEPS, WEEK)) for events in clicks.values()]
    wanted = [sum(depth >= k for depth in depths) for k in range(1, 5)]
    mined = shop.mine(Funnel(steps=STEPS, within=WEEK, semantics="posthog"))
    assert [n for (n,) in rows(mined, "steps", "customers")] == wanted == [3_611, 1_924, 1_356, 653]


def test_strict_funnel(shop, clicks):
    """Nothing between but the same step again: the longest beginning of the steps in neighbouring runs of events."""
    steps = ("catalog", "cart", "delivery_choice")

    def depth(events):
        runs = [list(run) for _, run in groupby(events, key=lambda event: event[1])]
        names = [run[0][1] for run in runs]
        fits = [
            k
            for at in range(len(runs))
            for k in (1, 2, 3)
            if tuple(names[at : at + k]) == steps[:k] and runs[at + k - 1][0][0] - runs[at][-1][0] <= WEEK
        ]
        return max(fits, default=0)

    depths = [depth(events) for events in clicks.values()]
    mined = shop.mine(Funnel(steps=steps, within=WEEK, order="strict", semantics="posthog"))
    told = [n for (n,) in rows(mined, "steps", "customers")]
    assert told == [sum(d >= k for d in depths) for k in (1, 2, 3)] == [3_611, 1_324, 881]


def test_monthly_retention(shop, clicks):
    cells, sizes = Counter(), Counter()
    for events in clicks.values():
        began = next((time for time, name in events if name == "catalog"), None)
        if began is None:
            continue
        sizes[month(began)] += 1
        cells.update({(month(began), month(t) - month(began)) for t, _ in events if month(t) > month(began)})
    mined = shop.mine(Retention(start="catalog", returns=("any",), period="month", ages=5))
    for cohort, age, size, customers in rows(mined, "triangle", "cohort", "age", "size", "customers"):
        assert size == sizes[month(cohort)]
        assert customers == (cells[month(cohort), age] if age else size)
    assert sizes[2019 * 12 + 11] == 236
    assert cells[2019 * 12 + 11, 1] == 91


def test_lifecycle_of_months(shop, clicks):
    active = [sorted({month(time) for time, _ in events}) for events in clicks.values()]
    mined = shop.mine(Lifecycle(activity=("any",), purchases=("payment_done",), period="month"))
    kinds = ("new", "returning", "resurrecting", "dormant")
    for when, *found in rows(mined, "periods", "period", *kinds):
        now = month(when)
        old = [months for months in active if months[0] < now]
        wanted = [
            sum(months[0] == now for months in active),
            sum(now in months and now - 1 in months for months in old),
            sum(now in months and now - 1 not in months for months in old),
            sum(now not in months and now - 1 in months for months in old),
        ]
        assert [abs(n) for n in found] == wanted, when


def test_stickiness_of_months(shop, clicks):
    often = Counter(len({month(time) for time, _ in events}) for events in clicks.values())
    mined = shop.mine(Stickiness(interval="month", intervals=6))
    told = dict(rows(mined, "often", "intervals", "customers"))
    assert {k: n for k, n in told.items() if n} == often == {1: 3277, 2: 266, 3: 105, 4: 71, 5: 32}


def test_sessions(shop, clicks):
    cut = [visit for events in clicks.values() for visit in visits(events)]
    names = shop.store.names("event")
    mined = shop.mine(Sessions(events=names, views=names, purchases=("payment_done",)))
    ((sessions, people, bounced, converted, time),) = rows(
        mined, "figures", "sessions", "customers", "bounced", "converted", "mean_time"
    )
    assert (sessions, people, bounced) == (len(cut), 3_751, sum(len(visit) == 1 for visit in cut))
    assert converted == sum(any(name == "payment_done" for _, name in visit) for visit in cut)
    lengths = [(visit[-1][0] - visit[0][0]).total_seconds() * 1e6 for visit in cut]
    assert time == pytest.approx(np.mean(lengths))
    assert (sessions, bounced, converted) == (6_454, 1_393, 706)


def test_paths(shop, clicks):
    edges, whole = Counter(), Counter()
    for events in clicks.values():
        for visit in visits(events):
            steps = [name for name, _ in groupby(name for _, name in visit)]
            edges.update((f"{k + 1}_{a}", f"{k + 2}_{b}") for k, (a, b) in enumerate(pairwise(steps[:5])))
            whole[" › ".join(steps)] += len(steps) < 5
    mined = shop.mine(Paths(top=500))
    told = {(a, b): n for a, b, n in rows(mined, "edges", "source", "target", "times")}
    assert told == edges
    paths = {path: n for path, steps, n in rows(mined, "paths", "path", "steps", "times") if steps < 5}
    assert paths
    assert paths == {path: whole[path] for path in paths}


def test_journeys(shop, clicks):
    follows = Counter((a, b) for events in clicks.values() for (_, a), (_, b) in pairwise(events))
    variants = Counter(tuple(name for _, name in events) for events in clicks.values())
    mined = shop.mine(Journey())
    ((cases, kinds),) = rows(mined, "cases", "cases", "variants")
    assert (cases, kinds) == (3_751, len(variants))
    told = [n for (n,) in rows(mined, "variants", "cases")][:3]
    assert told == [n for _, n in variants.most_common(3)] == [336, 109, 107]
    assert {(a, b): n for a, b, n in rows(mined, "follows", "source", "target", "times")} == follows


def test_hours_of_the_week(shop, clicks):
    wanted = Counter((time.weekday(), time.hour) for events in clicks.values() for time, _ in events)
    mined = shop.mine(Timing(events=("any",)))
    table = mined.report.tables["hours"].values
    told = zip(*(table[name].tolist() for name in ("weekday", "hour", "events")), strict=True)
    assert {(day, hour): n for day, hour, n in told if n} == wanted


def test_what_came_before_each_payment(shop, clicks):
    asked = Activity(
        cohort="payment_done",
        own=(),
        append=("aggregate cart before: count", "first payment_done after: gap"),
    )
    found = shop.mine(asked).rows().to_pylist()
    wanted = []
    for events in clicks.values():
        paid = [time for time, name in events if name == "payment_done"]
        for at, time in enumerate(paid):
            after = paid[at + 1] - time if at + 1 < len(paid) else None
            wanted.append((time, sum(name == "cart" and t < time for t, name in events), after))
    told = [(row["time"].astimezone(UTC).replace(tzinfo=None), *list(row.values())[3:]) for row in found]
    assert Counter(told) == Counter(wanted)
    assert len(told) == 706


def test_who_pays(shop, clicks):
    """Who came by the main page, among those who paid and the others; what is after the payment does not count."""
    had = {True: Counter(), False: Counter()}
    people = Counter()
    for events in clicks.values():
        paid = next((time for time, name in events if name == "payment_done"), None)
        people[paid is not None] += 1
        had[paid is not None].update({name for time, name in events if paid is None or time < paid})
    mined = shop.mine(Compare(outcome="payment_done", support=1))
    assert [n for (n,) in rows(mined, "groups", "customers")] == [people[True], people[False]] == [653, 3_098]
    for kind, name, one, other in rows(mined, "differences", "kind", "name", "one", "other"):
        assert (kind, one, other) == ("event", had[True][name], had[False][name])


# ---- msweb: which of 294 areas of microsoft.com 32,711 people visited in a week of February 1998


@pytest.fixture(scope="module")
def areas():
    """Each visitor's areas, in the order of the file (a visitor's areas come once each, without times)."""
    names, people = {}, {}
    with gzip.open(real("msweb/anonymous-msweb.data.gz"), "rt", encoding="latin-1") as file:
        for row in csv.reader(file):
            if row[0] == "A":
                names[row[1]] = row[4]
            elif row[0] == "C":
                mine = people.setdefault(row[2], [])
            elif row[0] == "V":
                mine.append(names[row[1]])
    return people


@pytest.fixture(scope="module")
def web(tmp_path_factory, areas):
    """The same as a file of page views, a minute apart."""
    folder = tmp_path_factory.mktemp("msweb")
    with (folder / "views.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("user_id", "event", "timestamp"))
        day = datetime(1998, 2, 9, 12, tzinfo=UTC)
        for user, visited in areas.items():
            times = (day + timedelta(minutes=k) for k in range(len(visited)))
            out.writerows((user, area, time.isoformat()) for area, time in zip(visited, times, strict=True))
    with imported(folder, folder / "views.csv") as opened:
        yield opened


def test_areas_of_a_site(web, areas):
    mined = web.mine(Journey())
    told = {
        name: (n, people) for name, n, people in rows(mined, "activities", "activity", "times", "customers")
    }
    seen = Counter(area for visited in areas.values() for area in visited)
    assert told == {area: (n, n) for area, n in seen.items()}
    assert (len(areas), sum(seen.values())) == (32_711, 98_654)  # as the donors of the data state
    assert seen.most_common(3) == [("/msdownload", 10_836), ("/ie", 9_383), ("/search", 8_463)]


def test_moves_on_a_site(web, areas):
    edges = Counter()
    for visited in areas.values():
        edges.update((f"{k + 1}_{a}", f"{k + 2}_{b}") for k, (a, b) in enumerate(pairwise(visited[:5])))
    mined = web.mine(Paths(top=30))
    told = {
        (a, b): (n, people)
        for a, b, n, people in rows(mined, "edges", "source", "target", "times", "customers")
    }
    assert told
    assert told == {edge: (edges[edge], edges[edge]) for edge in told}
    assert "loops" not in mined.tables or not len(mined.table("loops"))  # no area comes twice


def test_who_downloads(web, areas):
    """Which areas go with free downloads: shares in both groups, without what came after."""
    had = {True: Counter(), False: Counter()}
    for visited in areas.values():
        got = "/msdownload" in visited
        had[got].update(visited[: visited.index("/msdownload")] if got else visited)
    mined = web.mine(Compare(outcome="/msdownload", support=50))
    told = {name: (one, other) for name, one, other in rows(mined, "differences", "name", "one", "other")}
    assert len(told) > 50
    for name, counts in told.items():
        assert counts == (had[True][name], had[False][name])


# ---- weblog: 10,000 requests to a blog in four days of May 2015


@pytest.fixture(scope="module")
def views():
    """Each visitor's (time, page), in order: a visitor is an address and a browser within a day."""
    found = defaultdict(list)
    with gzip.open(real("weblog/apache_logs.gz"), "rt", encoding="utf-8") as file:
        for line in file:
            ip, _, _, when, zone, rest = line.split(" ", 5)
            (method, address, *_), status = rest.split('"')[1].split(), rest.split('"')[2].split()[0]
            agent, path = rest.split('" "')[-1].strip().strip('"'), unquote(address.partition("?")[0])
            shown = status[0] == "2" or status == "304"
            if (
                method == "GET"
                and shown
                and not ASSET.search(path)
                and not is_bot("" if agent == "-" else agent)
            ):
                time = datetime.strptime(when[1:] + zone[:-1], "%d/%b/%Y:%H:%M:%S%z").replace(tzinfo=None)
                found[time.date(), ip, agent].append((time, path.rstrip("/") or "/"))
    return {who: sorted(pages, key=lambda page: page[0]) for who, pages in found.items()}


@pytest.fixture(scope="module")
def blog(tmp_path_factory, views):
    with imported(tmp_path_factory.mktemp("blog"), real("weblog/apache_logs.gz")) as opened:
        yield opened


def test_visits_to_a_blog(blog, views):
    cut = [visit for pages in views.values() for visit in visits(pages)]
    mined = blog.mine(Sessions())
    ((sessions, people, bounced),) = rows(mined, "figures", "sessions", "customers", "bounced")
    assert (sessions, people, bounced) == (len(cut), len(views), sum(len(visit) == 1 for visit in cut))
    entries = Counter(visit[0][1] for visit in cut if len({time for time, _ in visit}) == len(visit))
    told = dict(rows(mined, "entries", "page", "sessions"))
    tied = Counter(
        page for visit in cut if len({time for time, _ in visit}) < len(visit) for _, page in visit
    )
    assert all(entries[page] <= n <= entries[page] + tied[page] for page, n in told.items())
    assert sum(len(pages) for pages in views.values()) == VIEWS


def test_hours_of_a_blog(blog, views):
    wanted = Counter((time.weekday(), time.hour) for pages in views.values() for time, _ in pages)
    table = blog.mine(Timing(events=("Page Viewed",))).report.tables["hours"].values
    told = zip(*(table[name].tolist() for name in ("weekday", "hour", "events")), strict=True)
    assert {(day, hour): n for day, hour, n in told if n} == wanted


def test_pages_in_a_row(blog, views):
    """Of visits without two pages at one second, whose order the log alone tells."""
    follows = Counter(
        (a, b)
        for pages in views.values()
        if len({time for time, _ in pages}) == len(pages)
        for (_, a), (_, b) in pairwise(pages)
    )
    told = blog.mine(Journey(named_by=("path",)))
    found = {(a, b): n for a, b, n in rows(told, "follows", "source", "target", "times")}
    seen = Counter(page for pages in views.values() for _, page in pages)
    assert dict(rows(told, "activities", "activity", "times")).items() <= seen.items()
    assert all(found.get(pair, n) >= n for pair, n in follows.items())


# ---- eventlogs: BPI Challenge 2012, 13,087 applications for a loan


@pytest.mark.slow
def test_loan_applications_from_the_event_log(tmp_path):
    with imported(tmp_path, real("eventlogs/xes/bpic2012.xes.gz")) as bank:
        mined = bank.mine(Journey())
        told = dict(rows(mined, "activities", "activity", "cases"))
        assert told["A_SUBMITTED"] == 13_087
        assert {told["A_APPROVED"], told["A_REGISTERED"], told["A_ACTIVATED"]} == {2_246}
        assert (told["A_CANCELLED"], told["A_DECLINED"]) == (2_807, 7_635)
        ((median, mean),) = rows(mined, "cases", "median_time", "mean_time")
        assert [round(time / 86_400e6, 3) for time in (median, mean)] == [0.809, 8.624]
