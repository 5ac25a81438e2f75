"""The article beside the list: its structure, marks, near past picks, a fetched page, quotes for the blurb."""

import threading
import time

import numpy as np
import pytest
from browser import served
from playwright.sync_api import expect
from pressing import journal_when
from starlette.testclient import TestClient

from invented import lay_stories
from models.embedder import HashingEmbedder
from models.examples import Examples
from pipeline.desk.evidence import Evidence
from pipeline.desk.reading import Readings
from pipeline.desk.session import Desk
from pipeline.desk.sync import JournalSync
from pipeline.desk.web import build
from pipeline.drafts.repeats import PastStory
from pipeline.feeds.article_page import Page

TEXT = """## Why

A long first sentence that says nothing of interest to anyone. The incident review
without blame is what teams need most.

- a point that nobody of the readers will ever come to need
"""


class LikesReviews:
    """A ranker that likes the word "review"."""

    def decision_function(self, examples: Examples) -> np.ndarray:
        return np.array([5.0 if "review" in title else -5.0 for title in examples.titles])


class Judge:
    """A reranker that keeps the night's order and has evidence."""

    def __init__(self, past: list[PastStory]) -> None:
        embedder = HashingEmbedder()
        vectors = embedder.embed([story.title for story in past])
        self.evidence = Evidence(LikesReviews(), embedder, past, vectors)  # type: ignore[arg-type]

    def relevance(self, stories):
        return {s.id: s.relevance for s in stories}, {}

    def read(self, article):
        raise NotImplementedError


@pytest.fixture
def ids(workspace) -> list[str]:
    """Ids of the stories on the shortlist, best first."""
    ids = lay_stories(workspace, 12)
    with workspace.database.writing() as connection:
        connection.execute("UPDATE articles SET text = ? WHERE id = ?", [TEXT, ids[0]])
        connection.execute("UPDATE review SET duplicate_ids = [?] WHERE id = ?", [ids[11], ids[0]])
        connection.execute("DELETE FROM review WHERE id = ?", [ids[11]])
    return ids


@pytest.fixture
def judge(workspace, ids) -> Judge:
    """A judge that knows two past picks."""
    return Judge(
        [
            PastStory(96, "How we run incident reviews without blame", "https://old.example/reviews"),
            PastStory(118, "Profiling Python on a cluster", "https://source1.example/story-1"),
        ]
    )


@pytest.fixture
def app(workspace, ids, judge):
    """The web application of a desk with a judge, for the editor ann."""
    desk = Desk(workspace)
    desk.use_reranker(judge)
    return build(desk, JournalSync(desk, lambda desk: judge), "ann")


def test_marks_near_picks_and_other_sources(client, ids):
    """The sentence that the ranker likes is marked, the near past pick named with its issue, the twin with its link."""
    page = client.get(f"/story/{ids[0]}/text").text
    assert page.count("<mark>") == 2  # the line break divides it
    assert "The incident review" in page.partition("<mark>")[2][:40]
    assert "<h3>Why</h3>" in page
    assert '<a href="/issues/96">#96</a>' in page
    assert "https://old.example/reviews" in page
    assert "https://source4.example/story-11" in page
    assert "data-pending" not in page
    assert "data-pending" not in client.get(f"/story/{ids[0]}/article").text


LONG = "\n\n".join(
    ["A review of what went wrong, which is what teams read first."]
    + [f"Another paragraph number {n} of which nobody will remember a word." for n in range(6)]
    + ["The second review came a year later, and found the same."]
)


@pytest.mark.parametrize(
    ("summary", "text", "extracted"),
    [
        ("", LONG, "A review of what went wrong, which is what teams read first. The second review came a year later"),
        ("What the feed says.", LONG, ""),
        ("", TEXT, ""),
    ],
)
def test_two_sentences_stand_for_a_missing_summary(workspace, judge, ids, summary, text, extracted):
    """Where the feed gives none and the text is long, the two sentences that speak most for it stand above it."""
    with workspace.database.writing() as connection:
        connection.execute("UPDATE articles SET text = ?, summary = ? WHERE id = ?", [text, summary, ids[0]])
    desk = Desk(workspace)
    desk.use_reranker(judge)
    _, found = Readings(desk).complete(ids[0])
    assert found.extract.startswith(extracted)
    assert bool(found.extract) == bool(extracted)
    with TestClient(build(desk, JournalSync(desk, lambda desk: judge), "ann"), base_url="http://127.0.0.1") as client:
        page = client.get(f"/story/{ids[0]}/text").text
    above = page.partition('<p class="summary" dir="auto">')[2]
    assert above.startswith(summary or found.extract)


def test_a_story_that_ran_is_said_to_have_run(client, ids):
    """The same address in a past issue is no neighbour but a warning."""
    assert "You ran this in" in client.get(f"/story/{ids[1]}/text").text


def test_without_a_model_the_text_is_there(workspace, ids):
    """Before a model is ready the article is shown without marks."""
    _, reading = Readings(Desk(workspace)).complete(ids[0])
    assert "<h3>Why</h3>" in reading.html
    assert (reading.near, "<mark>" in reading.html) == ((), False)


def follow(workspace, id: str, fulltext: str) -> None:
    with workspace.database.writing() as connection:
        connection.execute("INSERT INTO feeds (url, fulltext) VALUES ('https://f.example/rss', ?)", [fulltext])
        connection.execute("INSERT INTO article_feeds VALUES (?, 'https://f.example/rss', NULL, ?, '')", [id, id])


@pytest.mark.parametrize(("fulltext", "is_fetched"), [("never", False), ("short", True)])
def test_page_is_fetched_when_looked_at_if_allowed(workspace, client, ids, monkeypatch, fulltext, is_fetched):
    """Only a feed with `fulltext` has its article's page fetched by looking; a button fetches any."""
    from pipeline.steps import read_article

    asked = []

    async def fetch(newsletter, as_of, url, robots):
        asked.append(url)
        return Page(text="Fetched words.\n\nIn two paragraphs."), None

    monkeypatch.setattr(read_article, "_fetch", fetch)
    follow(workspace, ids[1], fulltext)
    page = client.get(f"/story/{ids[1]}/text").text
    assert ("Fetched words." in page) == is_fetched == bool(asked)
    if not is_fetched:
        client.post(f"/story/{ids[1]}/fetch", data={"back": f"/story/{ids[1]}"})
        assert "<p>Fetched words.</p>" in client.get(f"/story/{ids[1]}/text").text
    client.get(f"/story/{ids[1]}/text")
    assert len(asked) == 1


def test_unreadable_page_is_said(workspace, client, ids, monkeypatch):
    """A page that cannot be read is named with its reason, and asked for once."""
    from pipeline.steps import read_article

    asked = []

    async def fetch(newsletter, as_of, url, robots):
        asked.append(url)
        return Page(), "is gone (HTTP 410)"

    monkeypatch.setattr(read_article, "_fetch", fetch)
    follow(workspace, ids[1], "always")
    for _ in range(2):
        assert "Its page is gone (HTTP 410)." in client.get(f"/story/{ids[1]}/text").text
    assert len(asked) == 1


def test_selected_words_become_a_quote(app, ids, open_page):
    """Words selected in the article and `"` stand in the blurb, which is saved; marks come while one reads."""
    with served(app) as address:
        page = open_page(address)
        expect(page.locator(".read mark").first).to_have_text("The incident review")
        page.evaluate("getSelection().selectAllChildren(document.querySelector('.read mark'))")
        page.keyboard.press('"')
        words = "“The incident review”"
        expect(page.locator("[data-field=blurb]")).to_have_value(words)
        desk, end = app.state.desk, time.monotonic() + 10
        while desk.story(ids[0]).note != words and time.monotonic() < end:
            time.sleep(0.05)
        assert desk.story(ids[0]).note == words


def test_the_next_three_are_prefetched(app, ids, open_page):
    """While one story is read, the articles of the next three are asked for."""
    with served(app) as address:
        page = open_page("about:blank")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        wanted = {f"{address}/story/{id}/{part}" for id in ids[1:4] for part in ("article", "text")}
        end = time.monotonic() + 20
        while not wanted <= set(asked) and time.monotonic() < end:
            page.wait_for_timeout(100)
    assert wanted <= set(asked)


@pytest.fixture
def slow_texts(monkeypatch):
    """Texts that nobody gets before the test ends, as those of sites that do not answer."""
    end, complete = threading.Event(), Readings.complete
    monkeypatch.setattr(Readings, "complete", lambda self, id: (end.wait(30), complete(self, id))[1])
    yield
    end.set()


@pytest.mark.usefixtures("slow_texts")
def test_decisions_do_not_wait_for_texts(workspace, app, ids, open_page):
    """An editor who passes ten stories whose sites do not answer has the next decision recorded at once."""
    with served(app) as address:
        page = open_page(address)
        for _ in range(10):
            page.keyboard.press("j")
            page.wait_for_timeout(250)
        page.keyboard.press("x")
        assert len(journal_when(workspace, 1, seconds=3)) == 1
        page.close()
