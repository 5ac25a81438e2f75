"""Reasons for a relevance score: how the logit changes when one piece of evidence is removed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from models.examples import Examples
from models.features import GROUP_OF_VIEW, WORD, Tokens
from models.knn import DEPTHS, mean_at_depths
from models.relevance import RelevanceRanker

MIN_CONTRIBUTION = 0.02  # smaller changes of the logit are not reported


@dataclass(frozen=True)
class Contribution:
    """One piece of evidence: without it the logit would be lower by `contribution` (higher, where negative)."""

    kind: str  # neighbour | words | source | author | section
    text: str  # what is named: the words, the source, the author, the past pick's title, the section's key
    contribution: float  # in the relevance logit
    example: int | None = None  # row, among the examples given to fit, of the neighbour


class Explainer:
    """Contributions to the scores of n articles by leave-one-out: remove one piece of evidence, score again.

    Attributes
    ----------
    logits : array of shape (n,)
        The ranker's scores of the articles.
    """

    def __init__(self, ranker: RelevanceRanker, examples: Examples) -> None:
        self.ranker, self.examples, self.extractor = ranker, examples, ranker.extractor_
        self.self_rows = ranker.training_rows(examples)
        self.tokens = ranker.token_features_.transform(examples)
        self.nearest = self.extractor.neighbours_.nearest(examples.content_vectors, self.self_rows)
        self.features = self._features(self.tokens)
        self.logits = ranker.logits(self.features)

    def contributions(self, k: int = 3) -> list[list[Contribution]]:
        """Return, for each article, up to `k` positive contributions, largest first, and the most negative one."""
        found = zip(
            self.neighbours(0), self.neighbours(1), self.named("source"), self.named("author"), self.words(),
            strict=True,
        )  # fmt: skip
        return [_strongest([contribution for part in of_article for contribution in part], k) for of_article in found]

    def neighbours(self, group: int) -> Iterator[list[Contribution]]:
        """Remove the nearest pick (group 0) or the nearest other (group 1)."""
        similarities, rows = self.nearest[group]
        changed = self.features.copy()
        changed[:, group * len(DEPTHS) : (group + 1) * len(DEPTHS)] = mean_at_depths(similarities[:, 1:])
        for contribution, row in zip(self.logits - self.ranker.logits(changed), rows[:, 0], strict=True):
            yield [self._neighbour(float(contribution), int(row))] if row >= 0 else []

    def _neighbour(self, contribution: float, row: int) -> Contribution:
        example = int(self.ranker.time_order_[row])
        n = len(self.ranker.time_order_) - len(self.ranker.brief_keys_)
        if example >= n:
            return Contribution("section", self.ranker.brief_keys_[example - n], contribution)
        return Contribution("neighbour", self.ranker.titles_[row], contribution, example)

    def named(self, kind: str) -> Iterator[list[Contribution]]:
        """Remove the publisher's tokens ("source") or the authors' ("author")."""
        names = self.examples.sources if kind == "source" else self.examples.authors
        removed = [
            view
            for view in self.tokens
            if GROUP_OF_VIEW.get(view) == "source" and (view == "author") == (kind == "author")
        ]
        empty = {view: sparse.csr_matrix(self.tokens[view].shape) for view in removed}
        contributions = self.logits - self.ranker.logits(self._features({**self.tokens, **empty}))
        for name, contribution in zip(names, contributions, strict=True):
            yield [Contribution(kind, name, float(contribution))] if name else []

    def words(self) -> Iterator[list[Contribution]]:
        """Remove each word of the title in turn, stop words excepted."""
        titles = [WORD.findall(title) for title in self.examples.titles]
        words = [list(dict.fromkeys(word for word in title if not _is_stop_word(word))) for title in titles]
        article = np.repeat(np.arange(len(words)), [len(of_title) for of_title in words])
        shortened = [
            [other for other in title if other != word]
            for title, of_title in zip(titles, words, strict=True)
            for word in of_title
        ]
        tokens = self.ranker.token_features_.transform_words(shortened)
        changed = self.features[article]
        self_counts = self.extractor.self_counts(self.self_rows[article])
        column = self.extractor.names_.index("words")
        changed[:, [column]] = self.extractor.log_odds_["words"].transform(tokens, self_counts)
        contributions = iter(self.logits[article] - self.ranker.logits(changed))
        for of_title in words:
            yield _strongest([Contribution("words", word, float(next(contributions))) for word in of_title], 1)

    def _features(self, tokens: Tokens) -> NDArray[np.float64]:
        similarities = np.hstack([mean_at_depths(similarities) for similarities, _ in self.nearest])
        return self.extractor.combine(similarities, tokens, self.self_rows)


def _is_stop_word(word: str) -> bool:
    return word.lower() in ENGLISH_STOP_WORDS


def _strongest(contributions: Sequence[Contribution], k: int) -> list[Contribution]:
    """Return the `k` largest positive contributions and the most negative one."""
    large = sorted(
        (contribution for contribution in contributions if abs(contribution.contribution) >= MIN_CONTRIBUTION),
        key=lambda contribution: -contribution.contribution,
    )
    return [
        *[contribution for contribution in large if contribution.contribution > 0][:k],
        *[contribution for contribution in large if contribution.contribution < 0][-1:],
    ]
