"""Reasons for a relevance score: how the logit changes when one piece of evidence is removed."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.examples import Examples
from models.features import GROUP_OF_VIEW, Tokens
from models.knn import DEPTHS, mean_at_depths
from models.relevance import RelevanceRanker
from models.themes import Phrase, PhraseIndex, phrases
from models.words import fold, title_words

MIN_CONTRIBUTION = 0.02  # smaller changes of the logit are not reported
MAX_POSITIVE = 3  # contributions that raise a score and are reported
MIN_PICKED = 2  # past picks that share a phrase which is named as a theme
Z_RARE = 2.0  # standard errors: so much rarer among past picks is a phrase that is named against a story
LIKE_SHARE = 0.01  # of all pairs of a past pick and a story passed over: those more similar than the others are alike
MAX_PAIRED = 500  # past picks, and stories passed over, that are paired
SECOND_SHARE = 0.8  # a second neighbour is named if it has at least this share of the first one's similarity


class Contribution(NamedTuple):  # each article has about four: other records take longer to make
    """One piece of evidence: without it the logit would be lower by `contribution` (higher, where negative)."""

    kind: str  # neighbour | words | source | author | section
    names: tuple[str, ...]  # phrase, source, authors, titles of one or two neighbours, or key of the section
    contribution: float  # in the relevance logit
    examples: tuple[int, ...] = ()  # rows, among the examples given to fit: the neighbours, the latest pick of a phrase
    counts: tuple[int, int] = (0, 0)  # of a phrase: past picks, and stories passed over, whose titles have it
    is_near: bool = True  # False: these are the nearest picks, but no nearer than is usual, or not alike


class Explainer:
    """Contributions to the scores of n articles by leave-one-out: remove one piece of evidence, score again.

    Parameters
    ----------
    ranker : RelevanceRanker
    examples : Examples of n articles
    publishers : sequence of n str, optional
        Who is named for the source of each; default: the source.

    Attributes
    ----------
    logits : array of shape (n,)
        The ranker's scores of the articles.
    """

    def __init__(self, ranker: RelevanceRanker, examples: Examples, publishers: Sequence[str] | None = None) -> None:
        self.ranker, self.examples, self.extractor = ranker, examples, ranker.extractor_
        self.publishers = examples.sources if publishers is None else publishers
        self.self_rows = ranker.training_rows(examples)
        with ThreadPoolExecutor(1) as beside:  # products of matrices leave the interpreter to the reading of words
            nearest = beside.submit(self.extractor.neighbours_.nearest, examples.content_vectors, self.self_rows)
            self.tokens = ranker.token_features_.transform(examples)
            self.evidence = self._phrases()
            self.nearest = nearest.result()
        self.features = self._features(self.tokens)
        self.logits = ranker.logits(self.features)

    def contributions(self) -> list[list[Contribution]]:
        """Return for each article its MAX_POSITIVE largest contributions, largest first, and the most negative one."""
        found = zip(
            self.neighbours(0), self.neighbours(1), self.named("source"), self.named("author"), self.words(),
            strict=True,
        )  # fmt: skip
        return [
            _strongest([contribution for part in of_article for contribution in part], MAX_POSITIVE)
            for of_article in found
        ]

    def neighbours(self, group: int) -> Iterator[list[Contribution]]:
        """Remove the nearest one or two picks (group 0), or the nearest other (group 1) if it is near."""
        similarities, rows = self.nearest[group]
        n_named = np.where(self._second_is_named(), 2, 1) if group == 0 else np.ones(len(rows), dtype=int)
        columns = slice(group * len(DEPTHS), (group + 1) * len(DEPTHS))
        changed = self.features.copy()
        for n in (1, 2):
            changed[n_named == n, columns] = mean_at_depths(similarities[n_named == n, n:])
        contributions = self.logits - self.ranker.logits(changed)
        is_near = similarities[:, 0] >= max(self.ranker.mean_[group * len(DEPTHS)], self._alike_from)
        is_named = (rows[:, 0] >= 0) & (is_near | (group == 0))
        values = (contributions, rows[:, :2], n_named, is_near, is_named)
        for contribution, of_article, n, near, named in zip(*(column.tolist() for column in values), strict=True):
            yield [self._neighbour(contribution, of_article[:n], near)] if named else []

    @cached_property
    def _alike_from(self) -> float:
        """Return the similarity from which two titles are alike: of few past picks the nearest is far from most."""
        picks, others = (
            vectors[:: -(-len(vectors) // MAX_PAIRED) or 1] for vectors in self.extractor.neighbours_.vectors_
        )
        return float(np.quantile(picks @ others.T, 1 - LIKE_SHARE)) if len(picks) and len(others) else -np.inf

    def _second_is_named(self) -> NDArray[np.bool_]:
        """Whether the second nearest pick is similar enough, a past pick as the nearest, and another title: (n,)."""
        similarities, rows = self.nearest[0]
        is_article = (rows[:, :2] >= 0) & (self.ranker.time_order_[rows[:, :2]] < self._n_articles)
        is_named = is_article.all(axis=1) & (similarities[:, 1] >= SECOND_SHARE * np.maximum(similarities[:, 0], 0))
        titles = self.ranker.titles_
        for n in np.flatnonzero(is_named):
            first, second = rows[n, :2]
            is_named[n] = fold(titles[first]) != fold(titles[second])
        return is_named

    def _neighbour(self, contribution: float, rows: Sequence[int], is_near: bool) -> Contribution:
        examples = tuple(int(self.ranker.time_order_[row]) for row in rows)
        if examples[0] >= self._n_articles:
            names: tuple[str, ...] = (self.ranker.brief_keys_[examples[0] - self._n_articles],)
            return Contribution("section", names, contribution, is_near=is_near)
        names = tuple(self.ranker.titles_[row] for row in rows)
        return Contribution("neighbour", names, contribution, examples, is_near=is_near)

    @property
    def _n_articles(self) -> int:
        """Number of training examples; the briefs follow them."""
        return len(self.ranker.time_order_) - len(self.ranker.brief_keys_)

    def named(self, kind: str) -> Iterator[list[Contribution]]:
        """Remove the publisher's tokens ("source") or the authors' ("author")."""
        names = self.publishers if kind == "source" else self.examples.authors
        removed = [
            view
            for view in self.tokens
            if GROUP_OF_VIEW.get(view) == "source" and (view == "author") == (kind == "author")
        ]
        empty = {view: sparse.csr_matrix(self.tokens[view].shape) for view in removed}
        contributions = self.logits - self.ranker.logits(self._features({**self.tokens, **empty}))
        for name, contribution in zip(names, contributions.tolist(), strict=True):
            yield [Contribution(kind, (name,), contribution)] if name else []

    def words(self) -> Iterator[list[Contribution]]:
        """Remove a phrase that past picks share, the one that raises the score most; and what lowers it most.

        One word that raises the score is not reported, because it names no theme; one that lowers it is.
        """
        removed = self._without([[phrase for phrase, _, _ in of_title] for of_title in self.evidence])
        for of_title, contributions in zip(self.evidence, removed, strict=True):
            found = [
                Contribution("words", (phrase.text,), contribution, examples, counts)
                for (phrase, examples, counts), contribution in zip(of_title, contributions, strict=True)
                if (contribution > 0 and self._is_theme(phrase, counts)) or (contribution < 0 and self._is_rare(counts))
            ]
            yield _strongest(found, 1)

    def _phrases(self) -> list[list[tuple[Phrase, tuple[int, ...], tuple[int, int]]]]:
        """Return the phrases of each title that may be named, each with the latest pick that has it, and its counts."""
        of_titles = [phrases(title) for title in self.examples.titles]
        keys = {phrase.key for of_title in of_titles for phrase in of_title}
        picked_rows, other_rows = self.extractor.neighbours_.rows_
        picked, others = (
            PhraseIndex([self.ranker.titles_[row] for row in rows], keys) for rows in (picked_rows, other_rows)
        )
        found: list[list[tuple[Phrase, tuple[int, ...], tuple[int, int]]]] = []
        for title, of_title in zip(self.examples.titles, of_titles, strict=True):
            found.append([])
            for phrase in of_title:
                if phrase.key not in picked and phrase.key not in others:  # as nearly all of several words
                    continue
                n_picked, latest = picked.beside(phrase, title)
                counts = n_picked, others.beside(phrase, title)[0]
                if self._is_theme(phrase, counts) or self._is_rare(counts):
                    row = self._n_articles if latest is None else int(self.ranker.time_order_[picked_rows[latest]])
                    found[-1].append((phrase, (row,) if row < self._n_articles else (), counts))
        return found

    def _is_theme(self, phrase: Phrase, counts: tuple[int, int]) -> bool:
        return phrase.n_words > 1 and counts[0] >= (1 if self.ranker.brief_keys_ else MIN_PICKED)

    def _is_rare(self, counts: tuple[int, int]) -> bool:
        """Whether fewer past picks have a phrase than its number of stories passed over would make likely."""
        n_picked, n_others = map(len, self.extractor.neighbours_.rows_)
        expected = counts[1] * n_picked / max(n_others, 1)
        limit = expected - Z_RARE * expected**0.5  # of a Poisson distribution
        return bool(counts[0] + 0.5 <= limit)  # continuity corrected

    def _without(self, of_titles: Sequence[Sequence[Phrase]]) -> list[list[float]]:
        """Return the contribution of each phrase to the score of its article."""
        article = np.repeat(np.arange(len(of_titles)), [len(of_title) for of_title in of_titles])
        words = [title_words(title) for title in self.examples.titles]
        shortened = [
            [*of_article[: phrase.start], *of_article[phrase.end :]]
            for of_article, of_title in zip(words, of_titles, strict=True)
            for phrase in of_title
        ]
        tokens = self.ranker.token_features_.transform_words(shortened)
        changed = self.features[article]
        self_counts = self.extractor.self_counts(self.self_rows[article])
        words, names = self.extractor.log_odds_["words"], self.extractor.names_
        changed[:, [names.index("words")]] = words.transform(tokens, self_counts)
        changed[:, [names.index("strongest")]] = words.strongest(tokens, self_counts)
        contributions = iter((self.logits[article] - self.ranker.logits(changed)).tolist())
        return [[next(contributions) for _ in of_title] for of_title in of_titles]

    def _features(self, tokens: Tokens) -> NDArray[np.float64]:
        similarities = np.hstack([mean_at_depths(similarities) for similarities, _ in self.nearest])
        return self.extractor.combine(similarities, tokens, self.self_rows)


def _strongest(contributions: Sequence[Contribution], k: int) -> list[Contribution]:
    """Return the `k` largest positive contributions and the most negative one."""
    large = [contribution for contribution in contributions if abs(contribution.contribution) >= MIN_CONTRIBUTION]
    large.sort(key=attrgetter("contribution"), reverse=True)
    n_positive = sum(contribution.contribution > 0 for contribution in large)
    return large[: min(n_positive, k)] + large[max(n_positive, len(large) - 1) :]
