"""Clusters: k-means and Ward against scikit-learn and SciPy, planted groups found, clouds refused, states that merge."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage

from ganj.errors import BadParameter
from ganj.histories import Category
from ganj.kernels.clusters import nearest
from ganj.models.clustering.choosing import by_kmeans, by_ward, choose, likeness, silhouettes
from ganj.models.clustering.crowd import Crowd, few_labels
from ganj.models.clustering.lloyd import kmeans, lloyd
from ganj.models.clustering.plane import Plane
from ganj.models.clustering.scaling import Scale, Scaling
from ganj.models.clustering.telling import share_shifts, shifts
from ganj.models.clustering.ward import ward

DATA = Path(__file__).parents[3] / "shared/data"
WHOLESALE = DATA / "wholesale/Wholesale_customers_data.csv"
CAMPAIGN = DATA / "marketing_campaign/marketing_campaign.csv"


def crowd(figures, *categories, limit=1 << 17):
    figures = np.asarray(figures, np.float64)
    return Crowd.of(categories, figures, np.nan_to_num(figures), limit=limit)


def real(path, between, names):
    """Rows of a real file on one scale; a figure that is missing lies at the median."""
    with path.open(encoding="utf-8") as file:
        rows = [
            [float(row[name] or "nan") for name in names] for row in csv.DictReader(file, delimiter=between)
        ]
    people = crowd(rows)
    return Scaling.of(people, len(names)).apply(people.codes, people.figures), people.count.astype(np.float64)


def plant(groups, size, depth, seed=0, apart=4.0):
    rng = np.random.default_rng(seed)
    centres = rng.normal(0, apart, (groups, depth))
    label = rng.integers(0, groups, size)
    return centres[label] + rng.normal(0, 1, (size, depth)), label


REAL = [
    pytest.param(
        WHOLESALE,
        ",",
        ("Fresh", "Milk", "Grocery", "Frozen", "Detergents_Paper", "Delicassen"),
        id="wholesale",
    ),
    pytest.param(
        CAMPAIGN,
        "\t",
        (
            "Income",
            "Recency",
            "MntWines",
            "MntFruits",
            "MntMeatProducts",
            "NumWebPurchases",
            "NumStorePurchases",
        ),
        id="campaign",
    ),
]


@pytest.mark.parametrize(("path", "between", "names"), REAL)
def test_inertia_on_real_customers_is_that_of_scikit_learn_or_less(path, between, names):
    cluster = pytest.importorskip("sklearn.cluster")
    if not path.exists():
        pytest.skip("the real file is not here")
    points, weight = real(path, between, names)
    for k in (3, 6):
        theirs = cluster.KMeans(k, n_init=10, random_state=0).fit(points, sample_weight=weight).inertia_
        assert kmeans(points, weight, k, seed=1).inertia <= theirs * 1.001


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_steps_with_bounds_go_where_plain_steps_go(seed):
    rng = np.random.default_rng(seed)
    points, weight = rng.normal(0, 1, (60, 3)), rng.integers(1, 4, 60).astype(float)
    start = points[rng.choice(60, 5, replace=False)]
    found = lloyd(points, weight, start)
    centres = start
    for _ in range(found.rounds):
        label = ((points[:, None] - centres[None]) ** 2).sum(axis=2).argmin(axis=1)
        centres = np.array(
            [np.average(points[label == c], axis=0, weights=weight[label == c]) for c in range(5)]
        )
    np.testing.assert_allclose(found.at, centres, rtol=1e-9)
    far = ((points[:, None] - centres[None]) ** 2).sum(axis=2).min(axis=1)
    assert found.inertia == pytest.approx(far @ weight)


def test_a_weight_stands_for_so_many_equal_points():
    points, _ = plant(4, 200, 3)
    weight = np.random.default_rng(1).integers(1, 5, 200).astype(float)
    many = np.repeat(points, weight.astype(int), axis=0)
    assert kmeans(points, weight, 4, 1).inertia == pytest.approx(
        kmeans(many, np.ones(len(many)), 4, 1).inertia, rel=1e-6
    )


def test_more_rows_than_the_sample_are_all_polished_and_the_same_every_time():
    points, label = plant(5, 150_000, 3, apart=6)
    ones = np.ones(len(points))
    found, again = kmeans(points, ones, 5, 1), kmeans(points, ones, 5, 1)
    assert found.at.tobytes() == again.at.tobytes()
    planted = np.array([points[label == group].mean(axis=0) for group in range(5)])
    assert found.inertia <= nearest(points, planted)[1].sum() * 1.0001


def test_fewer_different_rows_than_centres_give_fewer_centres():
    found = kmeans(np.repeat(np.eye(3), 10, axis=0), np.ones(30), 8, 1)
    assert found.size == 3
    assert found.inertia == 0


@given(st.integers(2, 40), st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_ward_is_scipy_s(size, seed):
    points = np.random.default_rng(seed).normal(0, 1, (size, 3))
    ours, theirs = ward(points, np.ones(size)), linkage(points, "ward")
    np.testing.assert_allclose(ours.height, theirs[:, 2], rtol=1e-9)
    for k in {1, 2, size}:
        cut = fcluster(theirs, k, "maxclust") - 1
        assert likeness(ours.cut(k), cut).min() == 1


def test_ward_of_weighted_points_adds_what_joining_adds_to_inertia():
    tree = ward(np.array([[0.0], [3.0]]), np.array([2.0, 1.0]))
    assert tree.height[0] ** 2 / 2 == pytest.approx(
        2 * 1 / 3 * 9
    )  # by hand: to the mean 1 it is 2·1 + 1·4 = 6


@pytest.mark.parametrize("way", [by_kmeans, by_ward])
@pytest.mark.parametrize("planted", [3, 5])
def test_planted_groups_are_counted_and_found(way, planted):
    metrics = pytest.importorskip("sklearn.metrics")
    points, label = plant(planted, 2_000, 4, seed=planted)
    ones = np.ones(len(points))
    choice = choose(points, ones, way, 6, seed=1)
    assert choice.chosen == planted
    found = way(points, ones, (planted,), 1)[0]
    assert metrics.adjusted_rand_score(label, found.of(points)) > 0.97


@pytest.mark.parametrize(
    "cloud",
    [
        lambda rng: rng.uniform(0, 1, (800, 3)),
        lambda rng: rng.normal(0, 1, (800, 4)),
        lambda rng: rng.normal(0, 1, (800, 3)) @ rng.normal(0, 1, (3, 3)),  # one long heap
    ],
    ids=["even", "one heap", "one long heap"],
)
def test_a_cloud_has_no_clusters(cloud):
    points = cloud(np.random.default_rng(4))
    assert choose(points, np.ones(len(points)), by_kmeans, 5, seed=1).chosen == 1


def test_a_number_that_was_asked_for_is_taken_and_said_not_to_be_there():
    points = np.random.default_rng(4).uniform(0, 1, (400, 3))
    choice = choose(points, np.ones(400), by_kmeans, 4, seed=1, asked=3)
    assert choice.chosen == 3
    assert not choice.there.any()


def test_silhouettes_are_scikit_learn_s():
    metrics = pytest.importorskip("sklearn.metrics")
    points, label = plant(4, 150, 3, apart=1)
    label[:1] = 4  # a cluster of one
    assert silhouettes(points, [label])[0] == pytest.approx(metrics.silhouette_score(points, label))


def test_rials_and_tomans_are_scaled_alike_and_outliers_are_held():
    money = np.array([*np.random.default_rng(1).lognormal(14, 1, 500), 1e13])
    tomans, rials = (Scale.of(crowd(one[:, None]).column(0)) for one in (money, 10 * money))
    np.testing.assert_allclose(tomans.apply(money), rials.apply(10 * money), rtol=1e-9)
    assert tomans.unit > 0
    assert tomans.apply(money).max() == 4
    assert abs(np.median(tomans.apply(money))) < 1e-9


def test_what_is_equal_for_all_or_unknown_moves_nobody():
    people = crowd([[7, np.nan], [7, 1], [7, 3]])
    points = Scaling.of(people, 2).apply(people.codes, people.figures)
    assert (points[:, 0] == 0).all()
    assert points[np.isnan(people.figures[:, 1]), 1] == 0


def test_two_values_of_a_category_are_its_weight_apart_and_none_is_half_as_far():
    told = Category(np.array([0] * 50 + [1] * 50 + [-1], np.int32), ("Qom", "Rey"))
    people = crowd(np.zeros((101, 0)), told)
    points = Scaling.of(people, 0, weight=3.0).apply(people.coded([told]), np.zeros((101, 0)))
    assert ((points[0] - points[50]) ** 2).sum() == pytest.approx(3)
    assert ((points[0] - points[100]) ** 2).sum() == pytest.approx(1.5)


figures = st.lists(
    st.tuples(
        st.sampled_from([0.0, 1.0, 2.5, 1e6, float("nan"), -3.0]), st.floats(0, 100), st.integers(-1, 2)
    ),
    max_size=30,
)


@given(figures, st.integers(0, 30), st.sampled_from([4, 1 << 17]))
@settings(max_examples=25, deadline=None)
def test_a_crowd_is_the_same_however_it_was_cut(rows, cut, limit):
    table = np.array([row[:2] for row in rows]).reshape(-1, 2)
    code = np.array([row[2] for row in rows], np.int32)
    labels = ("a", "b", "c")

    def part(at, called):  # each part numbers the labels its own way
        place = np.array([*(called.index(label) for label in labels), -1])
        return crowd(table[at], Category(place[code[at]].astype(np.int32), called), limit=limit)

    whole = part(slice(None), labels)
    cut_up = part(slice(cut, None), ("c", "a", "b")) + part(slice(0, cut), labels)
    assert whole.level == cut_up.level
    np.testing.assert_array_equal(whole.keys, cut_up.keys)
    np.testing.assert_array_equal(whole.codes, cut_up.codes)
    np.testing.assert_array_equal(whole.count, cut_up.count)
    np.testing.assert_allclose(whole.sums, cut_up.sums)
    assert whole.size == len(rows)
    own = {(*key, *c) for key, c in zip(whole.figures.tolist(), whole.codes.tolist(), strict=True)}
    for figure, c in zip(whole.rounded(table).tolist(), code.tolist(), strict=True):
        assert any(np.array_equal([*figure, c], row, equal_nan=True) for row in map(list, own))


def test_a_category_of_names_is_refused():
    named = Category(np.zeros(1, np.int32), tuple(map(str, range(501))))
    with pytest.raises(BadParameter, match="more than 500"):
        few_labels("name", named)


def test_shifts_are_those_of_the_definition():
    rng = np.random.default_rng(2)
    points, weight, label = (
        rng.normal(0, 2, (50, 2)),
        rng.integers(1, 4, 50).astype(float),
        rng.integers(0, 3, 50),
    )
    found, every = shifts(points, weight, label, 3), np.repeat(points, weight.astype(int), axis=0)
    mine = np.repeat(label, weight.astype(int)) == 1
    np.testing.assert_allclose(
        found[1], (every[mine].mean(axis=0) - every[~mine].mean(axis=0)) / every.std(axis=0)
    )


def test_cohen_s_h_of_a_half_and_a_tenth():
    codes, label = np.array([0] * 5 + [-1] * 5 + [0] + [-1] * 9), np.repeat([0, 1], 10)
    inside, outside, effect = share_shifts(codes, np.ones(20), label, 2, 1)
    assert (inside[0, 0], outside[0, 0]) == (0.5, 0.1)
    assert effect[0, 0] == pytest.approx(
        0.9273, abs=1e-4
    )  # Cohen 1988, table 6.2.2: φ .5 is 1.5708, of .1 .6435


def test_the_plane_is_that_of_principal_components():
    rng = np.random.default_rng(3)
    points = rng.normal(0, 1, (300, 4)) * [3, 2, 1, 0.1]
    plane = Plane.of(points, np.ones(300))
    variance = np.sort(np.linalg.eigvalsh(np.cov(points.T, bias=True)))[::-1]
    np.testing.assert_allclose(plane.explained, variance[:2] / variance.sum())
    np.testing.assert_allclose(plane.project(points).var(axis=0), variance[:2])
    squares = plane.squares(points, (10, 5))
    assert squares.min(axis=0).tolist() == [0, 0]
    assert squares.max(axis=0).tolist() == [9, 4]


def test_equally_near_centres_give_the_first():
    label, first, second = nearest(np.zeros((1, 1)), np.array([[1.0], [-1.0]]))
    assert (label[0], first[0], second[0]) == (0, 1, 1)
