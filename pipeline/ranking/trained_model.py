"""A fitted model with what it was fitted on: its id, and what its card says."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sklearn.base import BaseEstimator

from models import serialization
from pipeline.ranking.snapshot import Snapshot
from pipeline.ranking.training_set import TrainingSet

LIMITS = (
    "It ranks what the feeds carried, for this newsletter and its editors. It has learned what was picked, not what is "
    "true or good, and knows nothing of stories that no source carried."
)


@dataclass(frozen=True, eq=False)
class TrainedModel:
    """A fitted model, not yet registered."""

    kind: str  # relevance | sections
    estimator: BaseEstimator
    bundle: dict[str, Any]  # what is saved: the estimator, and what its reasons may name
    snapshot: Snapshot
    training_set: TrainingSet
    embedding: str  # identity of the embedding model

    @cached_property
    def id(self) -> str:
        """The kind, the day whose evening it knew, and a digest of training set and parameters."""
        return f"{self.kind}-{self.snapshot.as_of.run_date}-{self._digest()}"

    @cached_property
    def card(self) -> dict[str, Any]:
        """What it was fitted with and on, in numbers, and what it cannot do."""
        snapshot, labels = self.snapshot, self.training_set.labels
        decided = [label for label in labels if label.label_source and not label.published]
        return {
            "params": self._params,
            "embedding": self.embedding,
            "sections": list(snapshot.briefs.keys),
            **serialization.metadata(),
            "last_decision": max((d.seq for d in snapshot.decisions), default=0),
            "data": {
                "issues": len(snapshot.issues),
                "first_issue": snapshot.issues[0].number if snapshot.issues else None,
                "last_issue": snapshot.issues[-1].number if snapshot.issues else None,
                "picks": self._n_picks,
                "past_picks": len(snapshot.picks),
                "passed_over": sum(not label.label_source for label in labels),
                "decided": len(decided),
                "skipped": sum(not label.picked for label in decided),
                "editors": sorted({label.label_source for label in decided}),
            },
            "limits": LIMITS,
        }

    @property
    def _n_picks(self) -> int:
        of_sections = self.kind == "sections"
        return len(self.training_set.section_examples()[1]) if of_sections else int(self.training_set.y.sum())

    @cached_property
    def _params(self) -> dict[str, Any]:
        params: dict[str, Any] = json.loads(json.dumps(self.estimator.get_params()))
        return params

    def _digest(self) -> str:
        labels = [(label.picked, label.weight, label.section) for label in self.training_set.labels]
        sections, examples = list(self.snapshot.briefs.keys), self.training_set.examples
        saved_as = serialization.metadata()
        saved_with = [saved_as["format"], serialization.minor(saved_as["versions"]["scikit-learn"])]
        fitted_as = [saved_with, self.kind, self._params, self.embedding, sections]
        content = [*fitted_as, labels, examples.titles, examples.urls, examples.sources]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:8]
