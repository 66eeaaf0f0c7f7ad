"""How texts sound: learned from customers' own marks where there are enough, else by a list of words.

Marks beside texts (stars, recommendation, satisfaction) are labels that cost nothing.  What is learned is tried on the
latest fifth of the texts, on none that was learned from, beside the list of words and beside always saying
what is most frequent; it is used only if it is the best of the three.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ganj.histories import Array
from ganj.models.words import lexicon
from ganj.models.words.grams import counted
from ganj.models.words.linear import Linear, learned, tallied

NEGATIVE, NEUTRAL, POSITIVE = range(3)
VERDICTS = "⓪①②③④"
"""Signs for what the list of words says, from strong complaint to strong praise."""
FEW, FEW_OF_A_KIND = 200, 20
"""Marked texts, and of each of two moods, below which nothing is learned."""
MOST = 12_000
"""Texts that are learned from; of more, evenly spread ones."""
FEW_CLASSES = 5
"""Classes up to which they are learned by regression."""
BEYOND = 3.0
"""Standard errors of guessing, 1/√n, by which a model must agree with the truth."""
HELD = 5
"""One text of so many, the latest ones, is held out."""
SHIPPED = Path(__file__).with_name("sentiment.npz")
"""A model made by ``tools/train_sentiment.py`` of data whose licence allows it; there need not be one."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How often classes were right on texts held out.

    Attributes
    ----------
    size : texts held out
    right, naive, listed : how many the model, the most frequent class and the list of words had right; ``listed`` is
        -1 where there is no list
    f1, naive_f1, listed_f1 : mean of the classes' F1
    agreement : Cohen's kappa of the model with the truth: 0 for guessing, 1 for always right
    learned_from : texts
    """

    size: int
    right: int
    naive: int
    listed: int
    f1: float
    naive_f1: float
    listed_f1: float
    agreement: float
    learned_from: int

    @property
    def good(self) -> bool:
        """Tell whether the model is worth using: better than both simpler ways, and no guessing."""
        return bool(
            self.f1 > max(self.listed_f1, self.naive_f1) and self.agreement * np.sqrt(self.size) >= BEYOND
        )


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """Says how texts sound.

    Attributes
    ----------
    model : None where the list of words judges
    tried : None where nothing could be tried
    source : ``own``, ``shipped`` or ``list``
    """

    model: Linear | None
    tried: Tried | None
    source: str

    def moods(self, texts: Sequence[str]) -> tuple[Array, Array]:
        """Return float64[n] from -1 complaint to 1 praise, and the class of each, int64[n]."""
        if self.model is None:
            value = lexicon.judged(texts)
            return value, np.sign(value).astype(np.int64) + 1
        chance = self.model.chances(counted(told(texts, lexicon.judged(texts))))
        return chance[:, POSITIVE] - chance[:, NEGATIVE], chance.argmax(axis=1)


def told(texts: Sequence[str], listed: Array) -> list[str]:
    """Add to each text what the list of words says of it, as one more word to learn from.

    So the list carries texts of which little was learned, such as tickets where only reviews have marks.
    """
    level = np.rint(2 * listed).astype(np.int64) + 2
    return [f"{text} {VERDICTS[one]}" for text, one in zip(texts, level.tolist(), strict=True)]


def judge(texts: Sequence[str], mood: Array) -> Judge:
    """Learn how texts sound.

    Parameters
    ----------
    texts : marked texts, different ones, the oldest first
    mood : int64[n], the class their marks say
    """
    listed = lexicon.judged(texts)
    model, tried = taught(told(texts, listed), mood, 3, listed=np.sign(listed).astype(np.int64) + 1)
    if model is not None and tried is not None and tried.good:
        return Judge(model, tried, "own")
    ready = Linear.read(SHIPPED) if SHIPPED.exists() else None
    return Judge(ready, tried, "list" if ready is None else "shipped")


def taught(
    texts: Sequence[str], classes: Array, count: int, *, listed: Array | None = None
) -> tuple[Linear | None, Tried | None]:
    """Learn to tell classes apart and try it on the latest texts; nothing where there are too few.

    Parameters
    ----------
    texts : different ones, the oldest first
    classes : int64[n], 0 … count - 1
    listed : int64[n], what a list of words says, where there is one
    """
    learn = learned if count <= FEW_CLASSES else tallied
    if len(texts) > MOST:
        at = np.linspace(0, len(texts) - 1, MOST).astype(np.int64)
        texts, classes = [texts[place] for place in at], classes[at]
        listed = None if listed is None else listed[at]
    if len(texts) < FEW or (np.bincount(classes, minlength=count) >= FEW_OF_A_KIND).sum() < 2:
        return None, None
    rows, cut = counted(texts), len(texts) - len(texts) // HELD
    early, late = np.arange(cut), np.arange(cut, len(texts))
    truth = classes[late]
    found = learn(rows.some(early), classes[early], count).chances(rows.some(late)).argmax(axis=1)
    usual = np.full(len(late), np.bincount(classes[early], minlength=count).argmax())
    other = None if listed is None else listed[late]
    tried = Tried(
        size=len(late),
        right=int((found == truth).sum()),
        naive=int((usual == truth).sum()),
        listed=-1 if other is None else int((other == truth).sum()),
        f1=macro_f1(truth, found),
        naive_f1=macro_f1(truth, usual),
        listed_f1=0.0 if other is None else macro_f1(truth, other),
        agreement=kappa(truth, found),
        learned_from=cut,
    )
    return learn(rows, classes, count), tried


def kappa(truth: Array, found: Array) -> float:
    """Return how much more often two agree than by chance: Cohen's kappa.

    Source: J. Cohen, A coefficient of agreement for nominal scales, Educ. Psychol. Measurement 20, 1960.
    """
    classes = np.union1d(truth, found)
    chance = sum(float((truth == one).mean() * (found == one).mean()) for one in classes)
    return (float((truth == found).mean()) - chance) / (1 - chance) if chance < 1 else 0.0


def macro_f1(truth: Array, found: Array) -> float:
    """Return the mean F1 of the classes that occur."""
    return float(np.mean([f1(truth, found, one) for one in np.unique(truth)])) if len(truth) else 0.0


def f1(truth: Array, found: Array, one: int) -> float:
    """Return the harmonic mean of precision and recall of a class."""
    both = int(((truth == one) & (found == one)).sum())
    return 2 * both / max(int((truth == one).sum() + (found == one).sum()), 1)
