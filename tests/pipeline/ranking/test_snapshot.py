"""A snapshot holds what is known, and nothing that ranking does not use."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from models.embedder import HashingEmbedder
from pipeline.core.as_of import AsOf, start_of_day
from pipeline.core.embedding_text import title_text
from pipeline.core.types import Issue, Pick
from pipeline.ranking.candidates import select_candidates
from pipeline.ranking.snapshot import load_snapshot, normalize_title
from pipeline.ranking.training_set import build_training_set
from pipeline.store.articles import add_articles
from pipeline.store.decisions import insert
from pipeline.store.issues import add_issues
from world import FIRST, article, decision, lay_world


class Loaded(HashingEmbedder):
    """An embedder whose model takes memory from the first text until it is unloaded."""

    is_loaded = False

    def embed(self, texts, advance=None):
        self.is_loaded = True
        return super().embed(texts, advance)

    def unload(self):
        self.is_loaded = False


@pytest.mark.parametrize(
    ("heading", "stored", "found"),
    [
        ("Managing Teams", "people", "teams"),  # the key is another one today
        ("Old Heading", None, "teams"),  # an alias since
        ("Old Heading", "software", "software"),  # still a section
        ("Elsewhere", "people", "people"),
    ],
)
def test_picks_of_a_section_that_is_gone_follow_their_heading(workspace, heading, stored, found):
    """Sections merged or renamed in newsletter.toml keep what they have learned, without another import."""
    sections = [
        replace(s, aliases=(*s.aliases, "Old Heading")) if s.key == "teams" else s
        for s in workspace.newsletter.sections
    ]
    pick = Pick(heading, "a title", "https://a.example/", 1, 1, section=stored)
    with workspace.database.writing() as connection:
        add_issues(connection, [Issue(1, FIRST, picks=(pick,))])
    newsletter = replace(workspace.newsletter, sections=tuple(sections))
    snapshot = load_snapshot(workspace.database, newsletter, HashingEmbedder(), AsOf.before_issue(date(2027, 1, 1)))
    assert [published.pick.section for published in snapshot.picks] == [found]
    assert [pick.section for issue in snapshot.issues for pick in issue.picks] == [found]


def test_a_title_is_matched_by_whole_words():
    """Copies of one headline differ in case, punctuation and how accents are stored; a vowel sign is another word."""
    assert normalize_title("CAFE\u0301, again!") == normalize_title("Café again")
    assert normalize_title("आज का दिन") != normalize_title("आज की दीन")
    assert normalize_title("आज का दिन").count(" ") == 2


def test_model_is_not_kept_for_a_few_texts(workspace):
    """The sections' texts are embedded on the first night, and models are fitted without the embedding model."""
    embedder = Loaded()
    snapshot = load_snapshot(workspace.database, workspace.newsletter, embedder, workspace.as_of)
    assert len(snapshot.briefs.vectors)
    assert not embedder.is_loaded


def test_vectors_are_held_once(workspace):
    """A night's memory is that of its articles' vectors: neither the snapshot nor the training set copies them."""
    lay_world(workspace.database)
    embedder = HashingEmbedder()
    snapshot = load_snapshot(workspace.database, workspace.newsletter, embedder, workspace.as_of)
    titles, summaries = snapshot.article_examples.vectors, snapshot.article_examples.summary_vectors
    assert titles.base is summaries.base is snapshot.pick_examples.vectors.base is snapshot.briefs.vectors.base
    texts = [title_text(article.title) for article in snapshot.articles]
    assert np.array_equal(titles, embedder.embed(texts))
    training_set = build_training_set(snapshot, select_candidates(snapshot))
    assert {id(examples) for examples, _ in training_set.parts} <= {
        id(snapshot.article_examples),
        id(snapshot.pick_examples),
    }


def test_nothing_on_the_limit_of_a_time_is_known_at_it(workspace):
    """Of an article, an issue and a decision dated at the very limit none is known, as when the tables are read."""
    _, articles = lay_world(workspace.database, 2)
    day = FIRST + timedelta(weeks=1)  # of the second issue
    as_of = AsOf.before_issue(day)
    late = replace(article("first seen at midnight", day), first_seen_at=as_of.articles_until)
    decided = [decision(articles[0], "skip", start_of_day(day) + timedelta(seconds=n), n + 2) for n in (-1, 0)]
    with workspace.database.writing() as connection:
        add_articles(connection, [late])
        insert(connection, decided)
    whole, known = (
        load_snapshot(workspace.database, workspace.newsletter, HashingEmbedder(), limit)
        for limit in (AsOf.now(datetime(2026, 9, 1, tzinfo=UTC)), as_of)
    )
    for snapshot in (whole.at(as_of), known):
        assert [issue.number for issue in snapshot.issues] == [1]
        assert {published.issue.number for published in snapshot.picks} == {1}
        assert late.id not in {a.id for a in snapshot.articles}
        assert snapshot.decisions == decided[:1]
