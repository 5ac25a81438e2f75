"""Features of an article for the relevance ranker: similar past articles, and log-odds of its tokens.

Tokens are read in several views: title words, words of the address, host, account, registered domain, authors.
"""

import re
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator

from models.examples import Examples, Floats, Indices
from models.knn import DEPTHS, NeighbourSimilarity
from models.log_odds import TokenLogOdds, token_matrix, vocabulary
from models.words import fold, title_words

Tokens = Mapping[str, sparse.csr_matrix]  # view → binary matrix of shape (n, n_tokens)

ADDRESS_WORD = re.compile(r"[a-z]{2,}|\d{4}")
AUTHOR_SEPARATOR = re.compile(r"\s*(?:,|;|&|\band\b)\s*")
VIEWS = ("words", "address", "host", "account", "domain", "author")
# the groups that `without` may name; titles and their vectors are always used
GROUP_OF_VIEW = {"address": "url", "account": "source", "host": "source", "domain": "source", "author": "source"}
CACHE_SIZE = 30_000  # texts whose tokens are cached: a replay reads the same texts before each issue
SIMILARITY_NAMES = [f"{group}{depth}" for group in ("pick", "other") for depth in DEPTHS]


class TokenFeatures(BaseEstimator):  # type: ignore[misc]
    """Vectorise articles as binary token matrices, one for each view.

    Parameters
    ----------
    without : tuple of str
        Feature groups to leave out, of GROUP_OF_VIEW.
    names : tuple of str
        The views to read; default: all.
    """

    def __init__(self, *, without: tuple[str, ...] = (), names: tuple[str, ...] = VIEWS) -> None:
        self.without = without
        self.names = names

    def fit(self, examples: Examples) -> Self:
        """Learn the vocabulary of each view."""
        self.fit_transform(examples)
        return self

    def fit_transform(self, examples: Examples) -> dict[str, sparse.csr_matrix]:
        """Learn the vocabulary of each view and return its matrix; each text is split once."""
        names = [name for name in self.names if GROUP_OF_VIEW.get(name) not in self.without]
        if "url" in self.without:
            names = [name for name in names if name != "account"]
        self.vocabularies_, matrices = {}, {}
        for name in names:  # one view at a time: the tokens take more memory than their matrix
            rows = _split(examples, name)
            self.vocabularies_[name] = vocabulary(rows)
            matrices[name] = token_matrix(rows, self.vocabularies_[name])
        return matrices

    def extend(self, examples: Examples) -> "TokenFeatures":
        """Return a copy whose vocabularies also hold the tokens of these examples, after the known ones."""
        extended = TokenFeatures(without=self.without, names=self.names)
        extended.vocabularies_ = {
            name: vocabulary([list(numbers), *_split(examples, name)]) for name, numbers in self.vocabularies_.items()
        }
        return extended

    def transform(self, examples: Examples) -> dict[str, sparse.csr_matrix]:
        """Return the binary matrix of each view; tokens outside the vocabulary are ignored."""
        return {name: token_matrix(_split(examples, name), numbers) for name, numbers in self.vocabularies_.items()}

    def transform_words(self, titles: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        """Return the matrix of the view "words" for titles already split by `title_words`."""
        rows = [_with_pairs([fold(word) for word in title]) for title in titles]
        return token_matrix(rows, self.vocabularies_["words"])


class FeatureExtractor(BaseEstimator):  # type: ignore[misc]
    """Features of articles, computed from labelled training examples.

    Columns (`names_`): similarity to the nearest picks and to the nearest others, the log-odds of each view, those of
    the title's two strongest tokens, and, where hosts are used, how often the host was seen and whether it is new.
    """

    def fit(self, vectors: Floats, tokens: Tokens, y: Any, sample_weight: Floats) -> Self:
        """Store n training examples, oldest first; y is 1 for picks and 0 for others."""
        self.label_counts_ = np.column_stack([np.asarray(y) * sample_weight, sample_weight])
        self.neighbours_ = NeighbourSimilarity().fit(vectors, y, sample_weight)
        self.log_odds_ = {name: TokenLogOdds().fit(matrix, y, sample_weight) for name, matrix in tokens.items()}
        names = [*SIMILARITY_NAMES, *tokens, "strongest"]
        self.names_ = [*names, "count", "unseen"] if "host" in tokens else names
        return self

    def transform(self, vectors: Floats, tokens: Tokens, self_rows: Indices | None = None) -> NDArray[np.float64]:
        """Return the features of n articles: shape (n, len(names_)).

        Parameters
        ----------
        self_rows : array of shape (n,), optional
            Training row that is the article itself, -1 for none. Exclude the article itself, and its label.
        """
        return self.combine(self.neighbours_.transform(vectors, self_rows), tokens, self_rows)

    def combine(self, similarities: Floats, tokens: Tokens, self_rows: Indices | None = None) -> NDArray[np.float64]:
        """Return the features of n articles from similarities that `neighbours_.transform` gave before."""
        return combine_features(
            similarities, self.log_odds_, tokens, None if self_rows is None else self.self_counts(self_rows)
        )

    def self_counts(self, self_rows: Indices) -> NDArray[np.float64]:
        """Return what each article itself added to the counts of picked and seen: shape (n, 2)."""
        return np.where((self_rows >= 0)[:, None], self.label_counts_[self_rows], 0.0)


def combine_features(
    similarities: Floats, log_odds: Mapping[str, TokenLogOdds], tokens: Tokens, self_counts: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """Concatenate similarities, log-odds and host counts: shape (n, n_features).

    Parameters
    ----------
    self_counts : array of shape (n, 2), optional
        What each article itself added to the counts of picked and seen; subtracted.
    """
    columns: list[Any] = [similarities]
    columns += [estimator.transform(tokens[name], self_counts) for name, estimator in log_odds.items()]
    columns.append(log_odds["words"].strongest(tokens["words"], self_counts))
    if "host" in log_odds:
        seen = log_odds["host"].counts(tokens["host"], self_counts)
        columns += [np.log1p(seen)[:, None], (seen < 0.01)[:, None]]
    return np.hstack(columns).astype(np.float64)


def _split(examples: Examples, view: str) -> Sequence[Sequence[str]]:
    """Return the tokens of each example in one view."""
    if view == "words":
        return [_words(title) for title in examples.titles]
    if view == "address":
        return [_address_words(url) for url in examples.urls]
    if view == "author":
        return [author_names(author.casefold()) for author in examples.authors]
    if view == "account":
        return [_account(url, source) for url, source in zip(examples.urls, examples.sources, strict=True)]
    if view == "domain":
        return [[domain_of(source)] if source else [] for source in examples.sources]
    return [[source] if source else [] for source in examples.sources]


def author_names(author: str) -> list[str]:
    """Split the authors as a feed names them into single names."""
    return [name for name in AUTHOR_SEPARATOR.split(author) if name]


@lru_cache(CACHE_SIZE)
def _words(title: str) -> tuple[str, ...]:
    """Words and pairs of adjacent words."""
    return _with_pairs(_shared(title_words(fold(title))))


def _shared(words: Sequence[str]) -> tuple[str, ...]:
    """Return words of which equal ones are one object: tens of thousands of texts are held, of few words."""
    return tuple(map(sys.intern, words))


def _with_pairs(words: Sequence[str]) -> tuple[str, ...]:
    return (*words, *map(" ".join, pairwise(words)))


@lru_cache(CACHE_SIZE)
def _address_words(url: str) -> tuple[str, ...]:
    return _shared(ADDRESS_WORD.findall(_address(url)))


def _address(url: str) -> str:
    return url.lower().partition("://")[2].removeprefix("www.")


@lru_cache(CACHE_SIZE)
def _account(url: str, source: str) -> tuple[str, ...]:
    """Host and first part of the path: identifies the author on hosts such as github.com."""
    first = next((part for part in _address(url).split("?")[0].split("/")[1:] if part), "")
    return (f"{source}/{first}",) if source else ()


@lru_cache(CACHE_SIZE)
def domain_of(host: str) -> str:
    """Approximate the registered domain: the last two labels, three below a short second level such as ac.uk."""
    labels = host.split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if short else labels[-2:])
