"""Move relevance scores as labels arrive, in milliseconds: the ranker's evidence grows, its weights stay."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator

from models.examples import Examples, Floats, Indices
from models.features import Tokens, signals
from models.knn import DEEPEST, FAR, means
from models.log_odds import TokenLogOdds
from models.relevance import RelevanceRanker

DECIDED = 1.0  # weight of an editor's pick or skip


class OnlineRanker(BaseEstimator):  # type: ignore[misc]
    """A fitted ranker's scores of a shortlist, brought up to date with what was decided on it.

    A decided story joins the ranker's evidence as it would in a full refit: as a neighbour, and in the records of its
    words and source. The weights of the signals, learned from thousands of examples, are left as they are, so nothing
    has to be rehearsed again. What is learned depends only on what stands decided, not on the way there.
    """

    def fit(self, ranker: RelevanceRanker, candidates: Examples) -> Self:
        """Lay out the evidence about m candidates, by a ranker that knows nothing of what was decided on them."""
        self.ranker_ = ranker
        return self._lay_out(candidates)

    def extend(self, candidates: Examples) -> Self:
        """Know further candidates; they come after the others."""
        return self._lay_out(Examples.concatenate([self.candidates_, candidates]))

    def novelty(self) -> NDArray[np.float64]:
        """Return how far each candidate stands from all that was ever judged: shape (m,), 0 for a twin."""
        return np.asarray(1.0 - np.maximum(*(near[:, 0] for near, _ in self.nearest_)), dtype=np.float64)

    def after(self, rows: Sequence[int], picked: Any) -> NDArray[np.float64]:
        """Return all candidates' logits once the labels of some are known.

        Parameters
        ----------
        rows : sequence of k integers
            Which candidates.
        picked : array of shape (k,)
            1 for a pick, 0 for a skip.

        Returns
        -------
        array of shape (m,)
        """
        decided, labels = np.asarray(rows, dtype=np.intp), np.asarray(picked, dtype=float)
        near = np.hstack([self._neighbours(side, decided, labels) for side in (0, 1)])
        grown = {name: self._record(name, decided, labels) for name in self.tokens_}
        records, tokens = ({name: pair[n] for name, pair in grown.items()} for n in (0, 1))
        return self.ranker_.logits(signals(near, records, tokens, self._told(decided, labels)))

    def _lay_out(self, candidates: Examples) -> Self:
        evidence = self.ranker_.extractor_
        self.candidates_ = candidates
        self.own_ = self.ranker_.own(candidates)
        self.centred_ = evidence.neighbours_.centred(candidates.fullest)
        self.nearest_ = evidence.neighbours_.nearest(candidates.fullest, self.own_)
        self.tokens_: Tokens = self.ranker_.token_features_.extend(candidates).transform(candidates)
        return self

    def _neighbours(self, side: int, decided: Indices, labels: Floats) -> NDArray[np.float32]:
        """Mean similarities to the nearest picks (side 0) or others (side 1), the decided stories among them."""
        near, reference = self.nearest_[side]
        # one that the ranker knew already, as passed over, is counted anew under its label
        near = np.where(np.isin(reference, self.own_[decided][self.own_[decided] >= 0]), FAR, near)
        joining = decided[labels == 1 - side]
        similarities = self.centred_ @ self.centred_[joining].T
        similarities[joining, np.arange(len(joining))] = FAR
        return means(-np.sort(-np.hstack([near, similarities]), axis=1)[:, :DEEPEST])

    def _record(self, name: str, decided: Indices, labels: Floats) -> tuple[TokenLogOdds, sparse.csr_matrix]:
        """Return the record of a view with the decided stories in it, and the tokens it has met."""
        tokens, old = self.tokens_[name], self.ranker_.extractor_.log_odds_[name]
        added = np.column_stack([labels, np.full(len(labels), DECIDED)]) - self._known(decided)
        counts = tokens[decided].T @ added
        grown = np.zeros((tokens.shape[1], 2))
        grown[: len(old.seen_)] = np.column_stack([old.picked_, old.seen_])
        record = TokenLogOdds(smoothing=old.smoothing)
        record.picked_, record.seen_ = (grown + counts).T
        picked, seen = self.ranker_.extractor_.own_.sum(axis=0) + added.sum(axis=0)
        record.rate_ = float((picked + 0.5) / (seen + 1.0))
        met = record.seen_ > 0
        met[: len(old.seen_)] = True
        return record, _only(tokens, met)

    def _told(self, decided: Indices, labels: Floats) -> NDArray[np.float64]:
        told = self._known(np.arange(len(self.own_)))
        told[decided] = np.column_stack([labels, np.full(len(labels), DECIDED)])
        return told

    def _known(self, rows: Indices) -> NDArray[np.float64]:
        """What candidates added to the counts when the ranker was fitted: picked and seen."""
        return self.ranker_.extractor_.own_of(self.own_[rows])


def _only(tokens: sparse.csr_matrix, columns: NDArray[np.bool_]) -> sparse.csr_matrix:
    """Take away the tokens that are not among some columns; the shape stays."""
    kept = columns[tokens.indices]
    ends = np.r_[0, np.cumsum(kept)][tokens.indptr]
    return sparse.csr_matrix((tokens.data[kept], tokens.indices[kept], ends), tokens.shape)
