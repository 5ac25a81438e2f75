"""Contributions become sentences that name what an editor can check."""

from datetime import timedelta

import pytest

from models.embedder import HashingEmbedder
from models.explanations import Contribution
from pipeline.core.as_of import AsOf
from pipeline.ops.workspace import Workspace
from pipeline.ranking.context import RankingContext
from pipeline.ranking.reasons import ReasonWriter, source_counts
from pipeline.ranking.training_set import build_training_set
from pipeline.store.articles import add_articles
from world import FIRST, lay_world

WRITER = ReasonWriter(
    issues=[0, 118, 120, 7, 8],
    urls=["", "https://a.example/1", "https://a.example/2", "https://g.example/1", "https://g.example/2"],
    sources={
        "a.example": [9, 40],
        "b.example": [0, 12],
        "c.example": [1, 30],
        "d.example": [1, 1],
        "e.example": (2, 2),
        "f.example": (4, 4),
    },
    sections={"teams": "Managing Teams"},
)


def test_a_neighbour_has_its_issue_and_link():
    """The nearest past pick is named with its issue and address."""
    found = WRITER.reason(Contribution("neighbour", ("An old pick",), 0.8, (1,)))
    assert (found.issue, found.url) == (118, "https://a.example/1")
    assert found.text == "like “An old pick”, picked in #118"


def test_two_neighbours_are_named_with_their_issues():
    """Of two past picks both issues are named; the link is the first one's."""
    found = WRITER.reason(Contribution("neighbour", ("An old pick", "A later one"), 0.8, (1, 2)))
    assert (found.issue, found.url) == (118, "https://a.example/1")
    assert found.text == "like “An old pick” (#118) and “A later one” (#120)"


@pytest.mark.parametrize(
    ("contribution", "text"),
    [
        (Contribution("neighbour", ("Gossip",), -0.5, (0,)), "like “Gossip”, passed over"),
        (Contribution("words", ("healthy", "teams"), 0.3), "“healthy” · “teams”: words of your picks"),
        (Contribution("words", ("webinar",), -0.3), "“webinar”: seldom in your picks"),
        (Contribution("source", ("a.example",), 0.4), "9 of the 40 articles of a.example were picked"),
        (Contribution("source", ("b.example",), -0.4), "none of the 12 articles of b.example was picked"),
        (Contribution("source", ("c.example",), -0.4), "1 of the 30 articles of c.example was picked"),
        (Contribution("source", ("d.example",), 0.4), "the one article of d.example was picked"),
        (Contribution("source", ("e.example",), 0.4), "both articles of e.example were picked"),
        (Contribution("source", ("f.example",), 0.4), "all 4 articles of f.example were picked"),
        (Contribution("source", ("f.example",), -0.4), "few articles of f.example are known: 4"),
        (Contribution("source", ("g.example",), 0.4), "2 of your past picks are of g.example"),
        (Contribution("source", ("z.example",), -0.4), "no issue had an article of z.example to choose from yet"),
        (Contribution("author", ("Ann",), 0.4), "Ann is often picked"),
        (Contribution("section", ("teams",), 0.4), "fits Managing Teams"),
    ],
)
def test_every_kind_is_a_sentence(contribution, text):
    """Each kind has a sentence; numbers are given where articles of the source are known."""
    assert WRITER.reason(contribution).text == text
    assert WRITER.reason(contribution).issue is None


def test_a_first_night_speaks_of_sections_alone(workspace: Workspace):
    """Before anything was picked the sections' instructions are what is known, and nothing speaks against a story."""
    _, articles = lay_world(workspace.database, n_issues=0)
    as_of = AsOf.before_issue(articles[-1].first_seen_at.date() + timedelta(days=3))
    context = RankingContext(
        workspace.database, workspace.newsletter, HashingEmbedder(), as_of, workspace.models_folder
    )
    candidates = context.snapshot.article_examples.take(context.candidates.rows)
    _, reasons = context.relevance.scores_with_reasons(candidates, {})
    texts = [reason.text for of_article in reasons for reason in of_article]
    assert texts
    assert [text for text in texts if "pick" in text or "passed over" in text] == []


def counts(workspace: Workspace) -> dict[str, list[int]]:
    """The counts known before issue 7."""
    context = RankingContext(
        workspace.database,
        workspace.newsletter,
        HashingEmbedder(),
        AsOf.before_issue(FIRST + timedelta(weeks=6)),
        workspace.models_folder,
    )
    return source_counts(context.snapshot, build_training_set(context.snapshot, context.candidates))


def test_a_sources_articles_are_counted(workspace: Workspace):
    """Three of eleven articles were picked in each of six issues; picks that no feed carried are not counted."""
    lay_world(workspace.database)
    assert counts(workspace) == {"stream.example": [18, 66]}


def test_current_candidates_are_not_counted(workspace: Workspace):
    """On a first day the candidates are negative examples, but no issue has passed them over."""
    _, articles = lay_world(workspace.database, stream=False)
    with workspace.database.writing() as connection:
        add_articles(connection, articles[-11:])
    assert counts(workspace) == {}
