"""Signals about an article, drawn from what became of others: its neighbours, words, address, source and authors.

Each signal is simple enough to be taken away and the score be formed again, which is how reasons are found.
"""

import re
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

Tokens = Mapping[str, sparse.csr_matrix]

WORD = re.compile(r"\w\w+")
ADDRESS_WORD = re.compile(r"[a-z]{2,}|\d{4}")
NAMES = re.compile(r"\s*(?:,|;|&|\band\b)\s*")  # what stands between the names of several authors
# chosen on issues 21-100; an author's as a source's, since the stream of those years names no authors
SMOOTHING = {"words": 3.0, "address": 1.0, "host": 1.0, "account": 1.0, "domain": 1.0, "author": 1.0}
GROUP = {"address": "url", "account": "source", "host": "source", "domain": "source", "author": "source"}
REMEMBERED = 30_000  # texts of which the tokens are kept: a replay reads the same ones before each issue
NEAR = [f"{side}{depth}" for side in ("pick", "other") for depth in DEPTHS]


class TokenFeatures(BaseEstimator):  # type: ignore[misc]
    """Read articles as sets of tokens: title words, words of the address, host, account, domain, authors.

    Parameters
    ----------
    without : tuple of str
        Groups to leave out: "source", "url".
    names : tuple of str
        The views to read, where not all are wanted.
    """

    def __init__(self, *, without: tuple[str, ...] = (), names: tuple[str, ...] = tuple(SMOOTHING)) -> None:
        self.without = without
        self.names = names

    def fit(self, examples: Examples) -> Self:
        """Number the tokens of n articles."""
        self.fit_transform(examples)
        return self

    def fit_transform(self, examples: Examples) -> dict[str, sparse.csr_matrix]:
        """Number the tokens of n articles and return, view by view, which each carries: each text is read once."""
        names = [name for name in self.names if GROUP.get(name) not in self.without]
        if "url" in self.without:
            names = [name for name in names if name != "account"]
        rows = {name: _read(examples, name) for name in names}
        self.numbers_ = {name: vocabulary(rows[name]) for name in names}
        return {name: token_matrix(rows[name], self.numbers_[name]) for name in names}

    def extend(self, examples: Examples) -> "TokenFeatures":
        """Return views that number these examples' tokens too, after those known."""
        wider = TokenFeatures(without=self.without, names=self.names)
        wider.numbers_ = {
            name: vocabulary([list(numbers), *_read(examples, name)]) for name, numbers in self.numbers_.items()
        }
        return wider

    def transform(self, examples: Examples) -> dict[str, sparse.csr_matrix]:
        """Return, view by view, which numbered tokens each of n articles carries."""
        return {name: token_matrix(_read(examples, name), numbers) for name, numbers in self.numbers_.items()}

    def read(self, titles: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        """Return the words of titles alone; each is given as WORD splits it."""
        return token_matrix([_with_pairs([word.lower() for word in title]) for title in titles], self.numbers_["words"])


class FeatureExtractor(BaseEstimator):  # type: ignore[misc]
    """What became of past articles, and the signals it gives about others."""

    def fit(self, vectors: Floats, tokens: Tokens, y: Any, sample_weight: Floats) -> Self:
        """Learn from n articles in order of time, 1 for picks and 0 for others."""
        self.own_ = np.column_stack([np.asarray(y) * sample_weight, sample_weight])
        self.neighbours_ = NeighbourSimilarity().fit(vectors, y, sample_weight)
        self.log_odds_ = {
            name: TokenLogOdds(smoothing=SMOOTHING[name]).fit(matrix, y, sample_weight)
            for name, matrix in tokens.items()
        }
        names = [*NEAR, *tokens]
        self.names_ = [*names, "count", "unseen"] if "host" in tokens else names
        return self

    def transform(self, vectors: Floats, tokens: Tokens, own: Indices | None = None) -> NDArray[np.float64]:
        """Return the signals of n articles: shape (n, len(names_)).

        Parameters
        ----------
        own : array of shape (n,), optional
            Row of the reference that is the article itself, -1 for none: what became of it is not told.
        """
        return self.beside(self.neighbours_.transform(vectors, own), tokens, own)

    def beside(self, near: Floats, tokens: Tokens, own: Indices | None = None) -> NDArray[np.float64]:
        """Return the signals of n articles whose nearness to others, `neighbours_.transform`, is known already."""
        return signals(near, self.log_odds_, tokens, None if own is None else self.own_of(own))

    def own_of(self, own: Indices) -> NDArray[np.float64]:
        """Return what articles themselves added to the counts: picked and seen, shape (n, 2)."""
        return np.where((own >= 0)[:, None], self.own_[own], 0.0)


def forget_texts() -> None:
    """Forget the tokens of all texts that were read, so that reading can be timed."""
    for reader in (_words, _address_words, _account, domain_of):
        reader.cache_clear()


def signals(
    near: Floats, records: Mapping[str, TokenLogOdds], tokens: Tokens, told: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """Set side by side how near articles stand to others and what the records say: shape (n, n_signals).

    `told`, of shape (n, 2), is what the articles themselves added to picked and seen, and are not told.
    """
    columns: list[Any] = [near]
    columns += [record.transform(tokens[name], told)[:, None] for name, record in records.items()]
    if "host" in records:
        seen = records["host"].counts(tokens["host"], told)
        columns += [np.log1p(seen)[:, None], (seen < 0.01)[:, None]]
    return np.hstack(columns).astype(np.float64)


def _read(examples: Examples, view: str) -> Sequence[Sequence[str]]:
    if view == "words":
        return [_words(title) for title in examples.titles]
    if view == "address":
        return [_address_words(url) for url in examples.urls]
    if view == "author":
        return [[name for name in NAMES.split(author.casefold()) if name] for author in examples.authors]
    if view == "account":
        return [_account(url, source) for url, source in zip(examples.urls, examples.sources, strict=True)]
    if view == "domain":
        return [[domain_of(source)] if source else [] for source in examples.sources]
    return [[source] if source else [] for source in examples.sources]


@lru_cache(REMEMBERED)
def _words(title: str) -> tuple[str, ...]:
    """Words and pairs of words."""
    return _with_pairs(WORD.findall(title.lower()))


def _with_pairs(words: Sequence[str]) -> tuple[str, ...]:
    return (*words, *map(" ".join, pairwise(words)))


@lru_cache(REMEMBERED)
def _address_words(url: str) -> tuple[str, ...]:
    return tuple(ADDRESS_WORD.findall(_address(url)))


def _address(url: str) -> str:
    return url.lower().partition("://")[2].removeprefix("www.")


@lru_cache(REMEMBERED)
def _account(url: str, source: str) -> tuple[str, ...]:
    """Host and first part of the path: whose page it is, on hosts that many share."""
    first = next((part for part in _address(url).split("?")[0].split("/")[1:] if part), "")
    return (f"{source}/{first}",) if source else ()


@lru_cache(REMEMBERED)
def domain_of(host: str) -> str:
    """Registered part of a host, near enough: two labels, three below a short second level such as ac.uk."""
    labels = host.split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if short else labels[-2:])
