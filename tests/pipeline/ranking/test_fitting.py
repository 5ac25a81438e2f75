"""The fitted ranker that is served."""

from datetime import timedelta

import pytest

from models.embedder import HashingEmbedder
from pipeline.core.as_of import AsOf
from pipeline.ops.workspace import Workspace
from pipeline.ranking.context import RankingContext
from pipeline.ranking.fitting import fit_relevance
from pipeline.ranking.training_set import build_training_set
from world import FIRST, lay_world


def test_expected_picks_are_capped_at_the_recent_maximum(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    """A ranker that expects too many picks is scaled to the largest of the last issues."""
    issues, _ = lay_world(workspace.database)
    as_of = AsOf.before_issue(FIRST + timedelta(weeks=6))
    context = RankingContext(
        workspace.database, workspace.newsletter, HashingEmbedder(), as_of, workspace.models_folder
    )
    rows = context.candidates.rows
    eager = fit_relevance(context.snapshot, build_training_set(context.snapshot, context.candidates))
    eager.ranker.bias_ += 20.0
    monkeypatch.setattr("pipeline.ranking.fitting.fit_relevance", lambda *_: eager)
    examples = context.snapshot.article_examples.take(rows)
    assert eager.scores(examples).sum() > max(len(issue.picks) for issue in issues)
    assert context.relevance.scores(examples).sum() == pytest.approx(
        min(len(rows), max(len(issue.picks) for issue in issues))
    )
