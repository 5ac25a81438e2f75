"""Contributions become sentences that name what an editor can check."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.embedder import HashingEmbedder
from models.explanations import Contribution
from pipeline.core.as_of import AsOf
from pipeline.ops.workspace import Workspace
from pipeline.ranking.context import RankingContext
from pipeline.ranking.reasons import ALL, ReasonWriter, author_counts, source_counts
from pipeline.ranking.training_set import build_training_set
from pipeline.steps.rank import order_candidates
from pipeline.store.articles import add_articles
from world import FIRST, article, lay_world

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
        "hub.example": (5, 50),
        "hub.example/ann": (3, 4),
    },
    authors={"ann lee": (5, 6), "jo": (0, 9)},
    sections={"teams": "Managing Teams"},
)


def test_a_neighbour_has_its_issue_and_link():
    """The nearest past pick is named with its issue and address."""
    found = WRITER.reason(Contribution("neighbour", ("An old pick",), 0.8, (1,)))
    assert (found.issue, found.url) == (118, "https://a.example/1")
    assert found.text == "like “An old pick”, picked in #118"


@pytest.mark.parametrize(
    ("source", "contribution", "expected"),
    [
        ("a.example", 0.4, True),  # 9 of 40, of all articles 1 of 10
        ("a.example", -0.4, False),
        ("b.example", -0.4, True),
        ("b.example", 0.4, False),
        ("f.example", -0.4, True),  # few are known
        ("z.example", -0.4, True),  # none is known
    ],
)
def test_a_source_speaks_as_its_record_says(source, contribution, expected):
    """One of which more was picked than of others does not speak against a story, nor another one for it."""
    writer = replace(WRITER, sources={**WRITER.sources, ALL: (60, 600)})
    assert writer.is_borne_out(Contribution("source", (source,), contribution)) is expected


def test_a_theme_has_its_latest_pick():
    """A phrase that past picks share is counted, and the latest of them is the link."""
    found = WRITER.reason(Contribution("words", ("healthy teams",), 0.3, (1,), (6, 2)))
    assert (found.issue, found.url) == (118, "https://a.example/1")
    assert found.text == "“healthy teams” is in 6 of your past picks, the latest in #118"


def test_two_neighbours_are_named_with_their_issues():
    """Of two past picks both issues are named; the link is the first one's."""
    found = WRITER.reason(Contribution("neighbour", ("An old pick", "A later one"), 0.8, (1, 2)))
    assert (found.issue, found.url) == (118, "https://a.example/1")
    assert found.text == "like “An old pick” (#118) and “A later one” (#120)"


@pytest.mark.parametrize(
    ("contribution", "text"),
    [
        (Contribution("neighbour", ("Gossip",), -0.5, (0,)), "like “Gossip”, passed over"),
        (Contribution("words", ("healthy teams",), 0.3, (), (6, 2)), "“healthy teams” is in 6 of your past picks"),
        (
            Contribution("words", ("webinar",), -0.3, (), (1, 14)),
            "“webinar” is in 1 of your past picks, and in 14 stories passed over",
        ),
        (
            Contribution("words", ("webinar",), -0.3, (), (0, 5)),
            "“webinar” is in none of your past picks, and in 5 stories passed over",
        ),
        (Contribution("source", ("a.example",), 0.4), "9 of the 40 articles of a.example were picked"),
        (Contribution("source", ("b.example",), -0.4), "none of the 12 articles of b.example was picked"),
        (Contribution("source", ("c.example",), -0.4), "only 1 of the 30 articles of c.example was picked"),
        (Contribution("source", ("hub.example/ann",), 0.4), "3 of the 4 articles of hub.example/ann were picked"),
        (
            Contribution("source", ("hub.example/jo",), -0.4),
            "only 5 of the 50 articles of hub.example were picked; hub.example/jo is new",
        ),
        (
            Contribution("source", ("new.hub.example",), -0.4),
            "only 5 of the 50 articles of hub.example were picked; new.hub.example is new",
        ),
        (
            Contribution("neighbour", ("Some pick",), 0.2, (0,), is_near=False),
            "the nearest of your past picks: “Some pick” (picked)",
        ),
        (Contribution("source", ("d.example",), 0.4), "the one article of d.example was picked"),
        (Contribution("source", ("e.example",), 0.4), "both articles of e.example were picked"),
        (Contribution("source", ("f.example",), 0.4), "all 4 articles of f.example were picked"),
        (Contribution("source", ("f.example",), -0.4), "few articles of f.example are known: 4"),
        (Contribution("source", ("g.example",), 0.4), "2 of your past picks are of g.example"),
        (Contribution("source", ("z.example",), -0.4), "no issue had an article of z.example to choose from yet"),
        (Contribution("author", ("Ann Lee",), 0.4), "5 of the 6 articles by Ann Lee were picked"),
        (Contribution("author", ("Ann Lee and Jo",), 0.4), "5 of the 6 articles by Ann Lee were picked"),
        (Contribution("author", ("Ann Lee and Jo",), -0.4), "none of the 9 articles by Jo was picked"),
        (Contribution("author", ("Sam",), 0.4), "no issue had an article by Sam to choose from yet"),
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


def test_the_section_that_is_named_is_the_one_shown(workspace: Workspace):
    """Where two sections are nearly as near, reason and row agree; a story without a section is told its nearest."""
    _, articles = lay_world(workspace.database, n_issues=0)
    as_of = AsOf.before_issue(articles[-1].first_seen_at.date() + timedelta(days=3))
    context = RankingContext(
        workspace.database, workspace.newsletter, HashingEmbedder(), as_of, workspace.models_folder
    )
    names = {section.key: section.name for section in workspace.newsletter.sections}
    shown, other, *_ = names
    for predictions, named in (({shown: 0.4, other: 0.39}, {names[shown]}), ({shown: 0.1}, None)):
        all_alike = dict.fromkeys((article.id for article in context.snapshot.articles), predictions)
        candidates = order_candidates(context.snapshot, context.candidates, context.relevance, all_alike)
        texts = {reason.text for candidate in candidates for reason in candidate.reasons if reason.kind == "section"}
        found = {text.removeprefix("hardly ").removeprefix("fits ") for text in texts}
        assert found == named if named else len(found) > 1


def counts(workspace: Workspace, count=source_counts) -> dict[str, list[int]]:
    """The counts known before issue 7."""
    context = RankingContext(
        workspace.database,
        workspace.newsletter,
        HashingEmbedder(),
        AsOf.before_issue(FIRST + timedelta(weeks=6)),
        workspace.models_folder,
    )
    return count(context.snapshot, build_training_set(context.snapshot, context.candidates))


def test_a_sources_articles_are_counted(workspace: Workspace):
    """Three of eleven articles were picked in each of six issues; picks that no feed carried are not counted."""
    lay_world(workspace.database)
    assert counts(workspace) == {"stream.example": [18, 66], ALL: [18, 66]}


def test_current_candidates_are_not_counted(workspace: Workspace):
    """On a first day the candidates are negative examples, but no issue has passed them over."""
    _, articles = lay_world(workspace.database, stream=False)
    with workspace.database.writing() as connection:
        add_articles(connection, articles[-11:])
    assert counts(workspace) == {}


def test_articles_of_an_account_and_of_an_author_are_counted(workspace: Workspace):
    """On a host of many publishers the account is counted beside the host, and each of several authors."""
    lay_world(workspace.database)
    shared = [
        article(f"A repository {n}", FIRST, f"https://github.com/{name}/{n}", author=author)
        for n, (name, author) in enumerate([("ann", "Ann Lee"), ("ann", "Ann Lee, Jo"), ("jo", "Jo")])
    ]
    with workspace.database.writing() as connection:
        add_articles(connection, shared)
    of_sources = counts(workspace)
    assert {name: of_sources[name] for name in of_sources if name.startswith("github")} == {
        "github.com": [0, 3],
        "github.com/ann": [0, 2],
        "github.com/jo": [0, 1],
    }
    assert counts(workspace, author_counts) == {"ann lee": [0, 2], "jo": [0, 2]}
