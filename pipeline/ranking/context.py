"""The inputs and models of a ranking at a time, shared by `classify`, `rank` and the desk."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.embedder import Embedder
from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.ranking.candidates import CandidateSet, select_candidates
from pipeline.ranking.snapshot import NIGHT_ARTICLES, Snapshot, load_snapshot
from pipeline.ranking.training_set import TrainingSet, build_training_set
from pipeline.store.database import Database
from pipeline.store.model_cards import ModelCard, all_cards

if TYPE_CHECKING:
    from models.sections import SectionClassifier
    from pipeline.ranking.fitting import FittedRanker


@dataclass(frozen=True, eq=False)
class RankingContext:
    """A newsletter's snapshot at a time, the candidates for its next issue, and the models that score them.

    Each is read or fitted on first access and cached; make a new context to see later changes. Modules that fit
    models are imported on first access too, because a night without new articles needs none.
    """

    database: Database
    newsletter: Newsletter
    embedder: Embedder
    as_of: AsOf
    models_folder: Path
    learns_from_candidates: bool = True  # False: decisions on the candidates are not trained on

    @cached_property
    def snapshot(self) -> Snapshot:
        """What is known, with the newest articles."""
        return load_snapshot(self.database, self.newsletter, self.embedder, self.as_of, NIGHT_ARTICLES)

    @cached_property
    def candidates(self) -> CandidateSet:
        """The candidates for the next issue."""
        return select_candidates(self.snapshot)

    @cached_property
    def relevance(self) -> "FittedRanker":
        """The active registered ranker, else one fitted now; its expected picks are capped at the recent maximum."""
        from pipeline.ranking.fitting import FittedRanker, cap_expected_picks, fit_relevance

        bundle = self._registered("relevance")
        fitted = FittedRanker(**bundle) if bundle else fit_relevance(self._known, self._training_set)
        return cap_expected_picks(fitted, self._known, self.candidates)

    @cached_property
    def classifier(self) -> "SectionClassifier":
        """The active registered classifier, else one fitted now."""
        from pipeline.ranking.fitting import fit_sections

        if bundle := self._registered("sections"):
            classifier: SectionClassifier = bundle["classifier"]
            return classifier
        return fit_sections(self._known, self._training_set)

    @cached_property
    def _known(self) -> Snapshot:
        if self.learns_from_candidates:
            return self.snapshot
        ids = {self.snapshot.articles[n].id for n in self.candidates.all_rows}
        return replace(self.snapshot, decisions=[d for d in self.snapshot.decisions if d.article_id not in ids])

    @cached_property
    def _training_set(self) -> TrainingSet:
        return build_training_set(self._known, self.candidates)

    @cached_property
    def _cards(self) -> Sequence[ModelCard]:
        with self.database.reading() as connection:
            return all_cards(connection)

    def _registered(self, kind: str) -> dict[str, Any] | None:
        """Load the registered model of this kind that fits the snapshot; None if there is none or it cannot load."""
        from pipeline.ranking.model_registry import load_or_set_aside, select_model

        card = select_model(kind, self._known, self._cards, self.embedder.identity)
        return load_or_set_aside(card, self.database, self.models_folder) if card else None
