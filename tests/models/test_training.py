"""The model of moods that a release makes: of data that may be used, and only if it is good."""

import numpy as np
import pytest
from tools.train_sentiment import free, main

from ganj.models.words import moods
from ganj.models.words.moods import judge


@pytest.mark.parametrize(
    ("licence", "may"),
    [
        ("CC0-1.0", True),
        ("CC-BY-4.0", True),
        ("MIT", True),
        ("Public domain", True),
        ("CC-BY-NC-SA-4.0", False),
        ("CC BY-NC 4.0", False),
        ("CC-BY-SA-4.0", False),
        ("research only", False),
        ("", False),
    ],
)
def test_only_free_data_make_a_model(licence, may):
    assert free(licence) == may


@pytest.fixture
def reviews(tmp_path):
    """Texts in words that no list knows."""
    rng = np.random.default_rng(4)
    path = tmp_path / "reviews.csv"
    lines = [
        f"{('grault plugh', 'xyzzy thud')[n % 2]} {rng.integers(9_999)},{(1, 5)[n % 2]}" for n in range(400)
    ]
    path.write_text("\n".join(["review,stars", *lines]), encoding="utf-8")
    return path


def test_a_model_is_trained_written_and_used(reviews, tmp_path, monkeypatch, capsys):
    out = tmp_path / "sentiment.npz"
    asked = [str(reviews), "--text", "review", "--mark", "stars", "--out", str(out)]
    assert main([*asked, "--licence", "CC-BY-NC-4.0"]) == 2
    assert not out.exists()
    assert main([*asked, "--licence", "CC0-1.0"]) == 0
    assert "right 100.0 %" in capsys.readouterr().out
    monkeypatch.setattr(moods, "SHIPPED", out)
    ready = judge([], np.zeros(0, np.int64))
    assert ready.source == "shipped"
    assert ready.moods(["plugh grault", "thud xyzzy"])[1].tolist() == [moods.NEGATIVE, moods.POSITIVE]


def test_a_model_that_is_no_better_is_not_written(tmp_path, capsys):
    path, out = tmp_path / "reviews.csv", tmp_path / "sentiment.npz"
    lines = [f"lorem ipsum {n},{n * n % 7 % 5 + 1}" for n in range(300)]
    path.write_text("\n".join(["review,stars", *lines]), encoding="utf-8")
    said = [str(path), "--text", "review", "--mark", "stars", "--licence", "MIT", "--out", str(out)]
    assert main(said) == 1
    assert not out.exists()
    assert "Not good enough" in capsys.readouterr().out
