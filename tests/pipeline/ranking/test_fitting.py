"""Fitted models, and the sentences for what contributes to a score."""

from datetime import timedelta

import pytest

from models.embedder import HashingEmbedder
from models.explanations import Contribution
from pipeline.core.as_of import AsOf
from pipeline.ops.workspace import Workspace
from pipeline.ranking.context import RankingContext
from pipeline.ranking.fitting import FittedRanker, fit_relevance
from pipeline.ranking.training_set import build_training_set
from world import FIRST, lay_world


def reason(contribution: Contribution):
    """The reason for a contribution, where example 1 was published in issue 118."""
    return FittedRanker(None, [0, 118], ["", "https://a.example/1"])._reason(contribution, {"teams": "Managing Teams"})  # type: ignore[arg-type]


def test_a_neighbour_names_its_issue_and_link():
    """The nearest past pick carries issue number and link, so that the editor can look."""
    found = reason(Contribution("neighbour", "An old pick", 0.8, 1))
    assert (found.issue, found.url) == (118, "https://a.example/1")
    assert found.text == "like “An old pick”, picked in #118"


@pytest.mark.parametrize(
    ("contribution", "text"),
    [
        (Contribution("neighbour", "Gossip", -0.5, 0), "like “Gossip”, passed over"),
        (Contribution("words", "webinar", -0.3), "“webinar” speaks against it"),
        (Contribution("source", "a.example", 0.4), "a.example is often picked"),
        (Contribution("section", "teams", 0.4), "fits Managing Teams"),
    ],
)
def test_every_kind_is_a_sentence(contribution, text):
    """Each kind of contribution has its sentence, and its sign is in the words."""
    assert reason(contribution).text == text
    assert reason(contribution).issue is None


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
