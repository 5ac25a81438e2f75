"""What a model's pulls become in words."""

from datetime import timedelta

import pytest

from models.embedder import HashingEmbedder
from models.explanations import Pull
from pipeline.core.as_of import Moment
from pipeline.ops.workspace import Workspace
from pipeline.ranking.context import Tonight
from pipeline.ranking.fitting import Relevance, fit_relevance
from pipeline.ranking.training_set import lesson_of
from world import FIRST, lay_world


def reason(pull: Pull):
    """The reason that a pull becomes, where example 1 ran in issue 118."""
    return Relevance(None, [0, 118], ["", "https://a.example/1"])._reason(pull, {"teams": "Managing Teams"})  # type: ignore[arg-type]


def test_a_neighbour_names_its_issue_and_link():
    """The nearest past pick carries issue number and link, so that the editor can look."""
    found = reason(Pull("neighbour", "An old pick", 0.8, 1))
    assert (found.issue, found.url) == (118, "https://a.example/1")
    assert found.text == "like “An old pick”, picked in #118"


@pytest.mark.parametrize(
    ("pull", "text"),
    [
        (Pull("neighbour", "Gossip", -0.5, 0), "like “Gossip”, passed over"),
        (Pull("words", "webinar", -0.3), "“webinar” speaks against it"),
        (Pull("source", "a.example", 0.4), "a.example is often picked"),
        (Pull("section", "teams", 0.4), "fits Managing Teams"),
    ],
)
def test_every_kind_is_a_sentence(pull, text):
    """What speaks for a story and what speaks against it are told apart in words."""
    assert reason(pull).text == text
    assert reason(pull).issue is None


def test_no_more_picks_are_foretold_than_an_issue_ever_had(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    """The desk's "about so many more" stays within what the editor has ever printed."""
    issues, _ = lay_world(workspace.database)
    evening = Moment.as_of(FIRST + timedelta(weeks=6))
    tonight = Tonight(workspace.database, workspace.newsletter, HashingEmbedder(), evening, workspace.models_folder)
    rows = tonight.candidates.rows
    eager = fit_relevance(tonight.history, lesson_of(tonight.history, tonight.candidates))
    eager.ranker.bias_ += 20.0
    monkeypatch.setattr("pipeline.ranking.fitting.fit_relevance", lambda *_: eager)
    examples = tonight.history.article_examples.take(rows)
    assert eager.scores(examples).sum() > max(len(issue.picks) for issue in issues)
    assert tonight.relevance.scores(examples).sum() == pytest.approx(
        min(len(rows), max(len(issue.picks) for issue in issues))
    )
