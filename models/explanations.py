"""Reasons for a relevance score: how the logit changes when one piece of evidence is removed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from models.examples import Examples
from models.features import GROUP_OF_VIEW, Tokens, title_words
from models.knn import DEPTHS, mean_at_depths
from models.relevance import RelevanceRanker
from models.scripts import SYLLABIC

MIN_CONTRIBUTION = 0.02  # smaller changes of the logit are not reported
MAX_WORDS = 3  # named together as a theme
SECOND_SHARE = 0.8  # a second neighbour is named if it has at least this share of the first one's similarity


@dataclass(frozen=True)
class Contribution:
    """One piece of evidence: without it the logit would be lower by `contribution` (higher, where negative)."""

    kind: str  # neighbour | words | source | author | section
    names: tuple[str, ...]  # the words, the source, the authors, the titles of one or two neighbours, the section's key
    contribution: float  # in the relevance logit
    examples: tuple[int, ...] = ()  # rows, among the examples given to fit, of the neighbours


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
        """Remove the nearest one or two picks (group 0), or the nearest other (group 1)."""
        similarities, rows = self.nearest[group]
        n_named = np.where(self._second_is_named(group), 2, 1)
        columns = slice(group * len(DEPTHS), (group + 1) * len(DEPTHS))
        changed = self.features.copy()
        for n in (1, 2):
            changed[n_named == n, columns] = mean_at_depths(similarities[n_named == n, n:])
        contributions = self.logits - self.ranker.logits(changed)
        for contribution, of_article, n in zip(contributions, rows, n_named, strict=True):
            yield [self._neighbour(float(contribution), of_article[:n])] if of_article[0] >= 0 else []

    def _second_is_named(self, group: int) -> NDArray[np.bool_]:
        """Whether the second nearest pick is similar enough, a past pick as the nearest, and another title: (n,)."""
        similarities, rows = self.nearest[group]
        is_article = (rows[:, :2] >= 0) & (self.ranker.time_order_[rows[:, :2]] < self._n_articles)
        is_close = similarities[:, 1] >= SECOND_SHARE * np.maximum(similarities[:, 0], 0)
        titles = self.ranker.titles_  # rows beyond them are briefs
        is_other = [
            first >= len(titles) or second >= len(titles) or titles[first].casefold() != titles[second].casefold()
            for first, second in rows[:, :2]
        ]
        return np.asarray((group == 0) & is_article.all(axis=1) & is_close & np.array(is_other, dtype=bool))

    def _neighbour(self, contribution: float, rows: Sequence[int]) -> Contribution:
        examples = tuple(int(self.ranker.time_order_[row]) for row in rows)
        if examples[0] >= self._n_articles:
            return Contribution("section", (self.ranker.brief_keys_[examples[0] - self._n_articles],), contribution)
        return Contribution("neighbour", tuple(self.ranker.titles_[row] for row in rows), contribution, examples)

    @property
    def _n_articles(self) -> int:
        """Number of training examples; the briefs follow them."""
        return len(self.ranker.time_order_) - len(self.ranker.brief_keys_)

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
            yield [Contribution(kind, (name,), float(contribution))] if name else []

    def words(self) -> Iterator[list[Contribution]]:
        """Remove the two or three words of the title that raise the score most, and the one that lowers it most.

        A single word that raises the score is not reported: it names no theme.
        """
        titles = [title_words(title) for title in self.examples.titles]
        words = [list(dict.fromkeys(word for word in title if not _is_stop_word(word))) for title in titles]
        alone = self._without_words([[(word,) for word in of_title] for of_title in words])
        themes = [_theme(of_title) for of_title in alone]
        together = self._without_words([[theme] if theme else [] for theme in themes])
        for of_title, theme in zip(alone, together, strict=True):
            yield [*theme, *_strongest(of_title, 0)]

    def _without_words(self, removals: Sequence[Sequence[tuple[str, ...]]]) -> list[list[Contribution]]:
        """Return the contribution of each group of words to the score of each article."""
        article = np.repeat(np.arange(len(removals)), [len(of_title) for of_title in removals])
        titles = [title_words(title) for title in self.examples.titles]
        shortened = [
            [word for word in title if word not in removed]
            for title, of_title in zip(titles, removals, strict=True)
            for removed in of_title
        ]
        tokens = self.ranker.token_features_.transform_words(shortened)
        changed = self.features[article]
        self_counts = self.extractor.self_counts(self.self_rows[article])
        column = self.extractor.names_.index("words")
        changed[:, [column]] = self.extractor.log_odds_["words"].transform(tokens, self_counts)
        contributions = iter((self.logits[article] - self.ranker.logits(changed)).tolist())
        return [[Contribution("words", removed, next(contributions)) for removed in of_title] for of_title in removals]

    def _features(self, tokens: Tokens) -> NDArray[np.float64]:
        similarities = np.hstack([mean_at_depths(similarities) for similarities, _ in self.nearest])
        return self.extractor.combine(similarities, tokens, self.self_rows)


def _is_stop_word(word: str) -> bool:
    return word.lower() in ENGLISH_STOP_WORDS


def _theme(of_title: Sequence[Contribution]) -> tuple[str, ...]:
    """Return the two or three words, in the title's order, that raise the score most; none if fewer do."""
    largest = sorted(of_title, key=lambda contribution: -contribution.contribution)[:MAX_WORDS]
    chosen = [contribution.names for contribution in largest if contribution.contribution >= MIN_CONTRIBUTION / 2]
    theme = tuple(word for contribution in of_title if contribution.names in chosen for word in contribution.names)
    return theme if len(theme) > 1 else ()


def joined(words: Sequence[str]) -> tuple[str, ...]:
    """Join overlapping pairs of letters, as `title_words` splits scripts without spaces, into the words they are of."""
    whole: list[str] = []
    for word in words:
        if whole and SYLLABIC.match(word) and len(word) > 1 and whole[-1].endswith(word[0]):
            whole[-1] += word[1:]
        else:
            whole.append(word)
    return tuple(whole)


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
