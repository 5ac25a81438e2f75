"""The desk's own ranking learns from each decision as a night would, and unlearns with an undo."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from scipy.stats import spearmanr

from models.embedder import HashingEmbedder
from pipeline.core.as_of import AsOf
from pipeline.core.types import Article
from pipeline.desk import add_story, commands
from pipeline.desk.rerank import prepare
from pipeline.desk.session import Desk
from pipeline.desk.sync import JournalSync
from pipeline.ranking.candidates import select_candidates
from pipeline.ranking.fitting import fit_relevance
from pipeline.ranking.snapshot import load_snapshot
from pipeline.ranking.training_set import build_training_set
from pipeline.steps.rank import rank_candidates
from pipeline.store.articles import add_articles
from world import FIRST, article, lay_world

EVENING = AsOf.before_issue(FIRST + timedelta(weeks=6))
THEMES = ("gardening under glass", "compilers for tensor programs", "mentoring new group leads")


@pytest.fixture
def desk(workspace):
    """The desk of an evening, with a theme of twenty stories each beside the world's own, and its judge."""
    workspace = replace(workspace, as_of=EVENING)
    workspace.__dict__["embedder"] = HashingEmbedder()
    lay_world(workspace.database)
    day: date = EVENING.issues_before - timedelta(days=2)
    themed = [article(f"{theme}, note {n}", day) for theme in THEMES for n in range(20)]
    with workspace.database.writing() as connection:
        add_articles(connection, themed)
    rank_candidates(workspace.context())
    desk = Desk(workspace, is_past=True)
    desk.use_reranker(prepare(workspace.context(learns_from_candidates=False)))
    return desk


def say(desk, verdict, *ids):
    desk.record(commands.decide(ids, verdict, "ann", EVENING.time, desk.workspace.newsletter))


def of_theme(desk, theme):
    return [story for story in desk.stories() if story.title.startswith(theme)]


def mean_rank(desk, theme):
    ranks = [story.rank for story in of_theme(desk, theme) if story.state == "new" and not story.exploration]
    return sum(ranks) / len(ranks)


def test_ten_skips_of_a_theme_lower_it(desk):
    """What is skipped again and again sinks; what was not entry of does not sink with it."""
    before = {theme: mean_rank(desk, theme) for theme in THEMES}
    say(desk, "skip", *(story.id for story in of_theme(desk, THEMES[0])[:10]))
    after = {theme: mean_rank(desk, theme) for theme in THEMES}
    undecided = sum(story.state == "new" for story in desk.stories())
    assert after[THEMES[0]] / undecided > before[THEMES[0]] / (undecided + 10) + 0.1
    assert after[THEMES[1]] < after[THEMES[0]]


def test_order_moves_towards_a_night_that_knew_the_decisions(desk):
    """The live order is nearer to that of a ranker fitted anew on all that was said than the night's order was."""
    before = {story.id: story.relevance for story in desk.stories()}
    say(desk, "skip", *(story.id for story in of_theme(desk, THEMES[0])[:5]))
    say(desk, "pick", *(story.id for story in of_theme(desk, THEMES[2])[:5]))
    live = {story.id: story.relevance for story in desk.stories() if story.state == "new"}
    workspace = desk.workspace
    snapshot = load_snapshot(workspace.database, workspace.newsletter, workspace.embedder, EVENING)
    snapshot = replace(snapshot, decisions=workspace.journal.read())
    anew = fit_relevance(snapshot, build_training_set(snapshot, select_candidates(snapshot)))
    rows = [n for n, a in enumerate(snapshot.articles) if a.id in live]
    scores = anew.scores(snapshot.article_examples.take(rows))
    agree = [spearmanr([order[snapshot.articles[n].id] for n in rows], scores).statistic for order in (before, live)]
    assert agree[1] > agree[0]


def test_undo_unlearns(desk):
    """After skip and undo all stand where they stood."""
    before = [(story.id, story.relevance) for story in desk.stories()]
    say(desk, "skip", before[5][0])
    assert [(s.id, s.relevance) for s in desk.stories()] != before
    desk.undo("ann")
    assert [(s.id, s.relevance) for s in desk.stories()] == before


def test_one_slot_in_twenty_is_for_discovery(desk):
    """Once in twenty the list shows what the model is unsure of, and marks it."""
    found = sorted(story.rank for story in desk.stories() if story.exploration)
    assert found[:3] == [20, 40, 60]


def test_found_link_stands_judged_on_the_shortlist(desk, monkeypatch):
    """A pasted link is fetched, judged like the others and marked as the editor's; it outlives the desk."""
    link = replace(article("testing numerical code with properties, again", FIRST), origin="editor")
    monkeypatch.setattr(add_story, "add_link", lambda *_: (store(desk, link), None))
    story, problem = add_story.add(desk, link.url, "ann", "software")
    assert (problem, story.origin, story.section, story.state) == (None, "editor", "software", "new")
    assert story.relevance is not None
    assert Desk(desk.workspace, is_past=True).story(story.id).title == link.title


def test_older_article_is_found_and_brought_back(desk):
    """What passed by undecided weeks ago can be searched, and is a candidate again; what was run is not offered."""
    assert add_story.older(desk, "honest feedback") == []
    (old, *_) = add_story.older(desk, "grill number 2")
    back = add_story.bring_back(desk, old.id)
    assert (back.origin, desk.story(old.id).state) == ("editor", "new")
    assert old.id not in {story.id for story in add_story.older(desk, "grill number 2")}


def test_keeper_writes_decisions_and_order(desk):
    """When the desk is closed, decisions stand in the database and the shortlist in the order last shown."""
    with JournalSync(desk, lambda desk: desk.reranker):
        say(desk, "skip", *(story.id for story in of_theme(desk, THEMES[0])[:10]))
    with desk.workspace.database.reading() as connection:
        decided = connection.execute("SELECT count(*) FROM decisions").fetchone()
        order = connection.execute("SELECT id FROM review WHERE state = 'new' ORDER BY rank").fetchall()
    shown = sorted((s for s in desk.stories() if s.state == "new"), key=lambda s: s.rank or 0)
    assert decided == (10,)
    assert [id for (id,) in order] == [story.id for story in shown]


def store(desk: Desk, found: Article) -> Article:
    with desk.workspace.database.writing() as connection:
        add_articles(connection, [found])
    return found
