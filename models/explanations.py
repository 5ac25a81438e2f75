"""Why an article scores as it does: the change of its score when one piece of evidence is removed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from models.examples import Examples
from models.features import GROUP, WORD, Tokens
from models.knn import DEPTHS, means
from models.relevance import RelevanceRanker

MIN_CONTRIBUTION = 0.02  # a weaker pull is no reason


@dataclass(frozen=True)
class Contribution:
    """One thing that moves a score: absent it, the logit would be lower by `contribution` (higher, where negative)."""

    kind: str  # neighbour | words | source | author | section
    text: str  # what is named: the words, the source, the author, the past pick's title, the section's key
    contribution: float  # in the relevance logit
    example: int | None = None  # row, among the examples of fit, of the past pick that is named


class Explainer:
    """Scores of some articles, and what each would be with one thing taken away."""

    def __init__(self, ranker: RelevanceRanker, examples: Examples) -> None:
        self.ranker, self.examples, self.evidence = ranker, examples, ranker.extractor_
        self.own = ranker.own(examples)
        self.tokens = ranker.token_features_.transform(examples)
        self.nearest = self.evidence.neighbours_.nearest(examples.fullest, self.own)
        self.signals = self._signals(self.tokens)
        self.logits = ranker.logits(self.signals)

    def contributions(self, k: int = 3) -> list[list[Contribution]]:
        """Return, for each article, at most `k` things that speak for it and one that speaks against it."""
        found = zip(
            self.neighbours(0), self.neighbours(1), self.named("source"), self.named("author"), self.words(),
            strict=True,
        )  # fmt: skip
        return [
            _best([contribution for contributions in of_one for contribution in contributions], k) for of_one in found
        ]

    def neighbours(self, side: int) -> Iterator[list[Contribution]]:
        """Take away the nearest pick (side 0) or the nearest other (side 1)."""
        near, rows = self.nearest[side]
        changed = self.signals.copy()
        changed[:, side * len(DEPTHS) : (side + 1) * len(DEPTHS)] = means(near[:, 1:])
        for contribution, row in zip(self.logits - self.ranker.logits(changed), rows[:, 0], strict=True):
            yield [self._neighbour(float(contribution), int(row))] if row >= 0 else []

    def _neighbour(self, contribution: float, row: int) -> Contribution:
        example = int(self.ranker.order_[row])
        n = len(self.ranker.order_) - len(self.ranker.keys_)
        if example >= n:
            return Contribution("section", self.ranker.keys_[example - n], contribution)
        return Contribution("neighbour", self.ranker.titles_[row], contribution, example)

    def named(self, kind: str) -> Iterator[list[Contribution]]:
        """Take away who published it ("source") or who wrote it ("author")."""
        names = self.examples.sources if kind == "source" else self.examples.authors
        gone = [
            name for name in self.tokens if GROUP.get(name) == "source" and (name == "author") == (kind == "author")
        ]
        nothing = {name: sparse.csr_matrix(self.tokens[name].shape) for name in gone}
        contributions = self.logits - self.ranker.logits(self._signals({**self.tokens, **nothing}))
        for name, contribution in zip(names, contributions, strict=True):
            yield [Contribution(kind, name, float(contribution))] if name else []

    def words(self) -> Iterator[list[Contribution]]:
        """Take away each word of the title in turn."""
        titles = [WORD.findall(title) for title in self.examples.titles]
        split = [list(dict.fromkeys(word for word in title if _is_telling(word))) for title in titles]
        at = np.repeat(np.arange(len(split)), [len(words) for words in split])
        shortened = [
            [other for other in title if other != word]
            for title, words in zip(titles, split, strict=True)
            for word in words
        ]
        tokens = self.ranker.token_features_.read(shortened)
        changed = self.signals[at]
        told = self.evidence.own_of(self.own[at])
        changed[:, self.evidence.names_.index("words")] = self.evidence.log_odds_["words"].transform(tokens, told)
        contributions = iter(self.logits[at] - self.ranker.logits(changed))
        for words in split:
            yield _best([Contribution("words", word, float(next(contributions))) for word in words], 1)

    def _signals(self, tokens: Tokens) -> NDArray[np.float64]:
        near = np.hstack([means(similarities) for similarities, _ in self.nearest])
        return self.evidence.beside(near, tokens, self.own)


def _is_telling(word: str) -> bool:
    """Tell whether a word says something to a person when it is named as a reason."""
    return word.lower() not in ENGLISH_STOP_WORDS


def _best(contributions: Sequence[Contribution], k: int) -> list[Contribution]:
    """Return the k strongest that speak for, and the one strongest that speaks against."""
    strong = sorted(
        (contribution for contribution in contributions if abs(contribution.contribution) >= MIN_CONTRIBUTION),
        key=lambda contribution: -contribution.contribution,
    )
    return [
        *[contribution for contribution in strong if contribution.contribution > 0][:k],
        *[contribution for contribution in strong if contribution.contribution < 0][-1:],
    ]
