"""Twenty stories to rate, one after the other, by plain forms."""

import re
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from starlette.testclient import TestClient

from invented import lay_stories
from models.embedder import HashingEmbedder
from pipeline.core.as_of import AsOf
from pipeline.desk import commands, rate_page
from pipeline.desk.rate_page import N_RATED, stories_to_rate
from pipeline.desk.rerank import prepare
from pipeline.desk.session import Desk
from pipeline.desk.sync import JournalSync
from pipeline.desk.web import build
from pipeline.steps.rank import rank_candidates
from pipeline.store.articles import add_articles
from world import FIRST, article

EVENING = AsOf.before_issue(FIRST)
THEMES = ("gardening under glass", "compilers for tensor programs", "mentoring new group leads")


def rate(client, verdict: str) -> str:
    """Send the form of the page; return the page that follows."""
    page = client.get("/rate").text
    id = re.search(r'name="id" value="(\w+)"', page)[1]
    back = re.search(r'name="back" value="([^"]+)"', page)[1]
    return client.post("/decide", data={"id": id, "verdict": verdict, "back": back}).text


def test_twenty_are_rated_by_plain_forms(client, desk):
    """Each answer brings the next story; the twenty stay the same, and at the end their number is told."""
    chosen = [story.id for story in stories_to_rate(desk)]
    assert "1 of 20" in client.get("/rate").text
    assert "2 of 20" in rate(client, "pick")
    for _ in range(N_RATED - 2):
        rate(client, "skip")
    assert "20 stories are rated, 1 picked" in rate(client, "skip")
    assert [story.id for story in stories_to_rate(desk)] == chosen
    assert {desk.story(id).state for id in chosen} == {"picked", "skipped"}


def test_list_leads_there_while_little_is_known(client, desk):
    """The list offers the page until twenty are decided, and never where the probabilities are calibrated."""
    link = '<a href="/rate">'
    assert link in client.get("/").text
    desk.is_calibrated = True
    assert link not in client.get("/").text
    desk.is_calibrated = False
    for _ in range(N_RATED):
        rate(client, "skip")
    assert link not in client.get("/").text


def test_empty_list_says_what_to_do(client, desk, monkeypatch):
    """Without stories the page names the next move."""
    monkeypatch.setattr(rate_page, "stories_to_rate", lambda desk: [])
    assert 'href="/night"' in client.get("/rate").text


@pytest.fixture
def first_desk(workspace):
    """A desk without any past issue: twenty stories of each of three themes, and the model of such a night."""
    workspace = replace(workspace, as_of=EVENING)
    workspace.__dict__["embedder"] = HashingEmbedder()
    day = EVENING.issues_before - timedelta(days=2)
    with workspace.database.writing() as connection:
        add_articles(connection, [article(f"{theme}, note {n}", day) for theme in THEMES for n in range(20)])
    rank_candidates(workspace.context())
    desk = Desk(workspace, is_past=True)
    desk.use_reranker(prepare(workspace.context(learns_from_candidates=False)))
    return desk


def mean_place(desk, theme: str) -> float:
    """The mean rank of the undecided stories of a theme, over the mean rank of all."""
    ranks = {s.title: s.rank for s in desk.stories() if s.state == "new" and not s.exploration}
    of_theme = [rank for title, rank in ranks.items() if title.startswith(theme)]
    return float(np.mean(of_theme) / np.mean(list(ranks.values())))


def test_two_ratings_move_the_order_visibly(first_desk):
    """One pick and one skip, of two themes: the one rises and the other falls by a quarter of the list."""
    liked, disliked = THEMES[:2]
    before = [mean_place(first_desk, theme) for theme in (liked, disliked)]
    client = TestClient(
        build(first_desk, JournalSync(first_desk, lambda desk: None), "ann"), base_url="http://127.0.0.1"
    )
    for theme, verdict in ((liked, "pick"), (disliked, "skip")):
        story = next(s for s in first_desk.stories() if s.title.startswith(theme))
        client.post("/decide", data={"id": story.id, "verdict": verdict, "back": "/rate"})
    after = [mean_place(first_desk, theme) for theme in (liked, disliked)]
    assert after[0] < before[0]
    assert after[1] > before[1]
    assert after[1] - after[0] > 0.5


def test_the_model_chooses_the_twenty_once(first_desk):
    """With a model the twenty are its choice, and no rating changes which they are."""
    chosen = [story.id for story in stories_to_rate(first_desk)]
    assert len(set(chosen)) == N_RATED
    first_desk.record(commands.decide(chosen[:1], "pick", "ann", EVENING.time, first_desk.workspace.newsletter))
    assert [story.id for story in stories_to_rate(first_desk)] == chosen


def test_one_story_is_rated_in_the_singular(workspace):
    """Where a single story is on the shortlist, the page counts one story."""
    lay_stories(workspace, 1)
    desk = Desk(workspace)
    client = TestClient(build(desk, JournalSync(desk, lambda desk: None), "ann"), base_url="http://127.0.0.1:8765")
    assert "<title>Rate 1 story ·" in client.get("/rate").text
    rate(client, "pick")
    assert "1 story is rated, 1 picked" in client.get("/rate").text
