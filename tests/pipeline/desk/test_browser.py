"""The hour the product exists for, in a real browser: keys, changes in place, two editors, a night beside it."""

import json
import time
from multiprocessing import get_context
from pathlib import Path

import pytest
from browser import served
from playwright.sync_api import Page, expect

from invented import lay_stories
from pipeline.core.types import Article
from pipeline.desk import commands
from pipeline.desk.session import Desk
from pipeline.desk.sync import JournalSync
from pipeline.desk.web import build
from pipeline.ops.workspace import Workspace
from pipeline.store.shortlist import Story


class ThemeReranker:
    """A judge that likes a story less for each skipped one whose title begins alike."""

    def relevance(self, stories: list[Story]) -> tuple[dict[str, float], dict[str, float]]:
        skipped = [story.title[:7] for story in stories if story.state == "skipped"]
        p = {s.id: 0.9 / s.rank * 0.5 ** skipped.count(s.title[:7]) for s in stories if s.rank}
        return p, {}

    def read(self, article: Article) -> Story:
        raise NotImplementedError


def ids_on(page: Page) -> list[str]:
    return page.eval_on_selector_all(".story", "rows => rows.map(row => row.dataset.id)")


def write_like_a_night(folder: Path, seconds: float) -> None:
    """Hold the database again and again, as the steps of a night do."""
    workspace = Workspace.open(folder)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with workspace.database.writing() as connection:
            connection.execute("UPDATE articles SET language = 'en'")
            time.sleep(0.05)


def cursor(page: Page) -> str | None:
    return page.locator('.story[aria-current="true"]').get_attribute("data-id")


def test_the_hour(workspace, ids, open_page):
    """Pick, skip, undo, set a section, see the rest re-ranked and search, while a night writes: all of it is there."""
    desk = Desk(workspace)
    night = get_context("spawn").Process(target=write_like_a_night, args=(workspace.folder, 6))
    night.start()
    with JournalSync(desk, lambda desk: ThemeReranker()) as sync, served(build(desk, sync, "ann")) as address:
        page = open_page(address)
        page.keyboard.press("p")
        expect(page.locator(".count")).to_contain_text("1 picked")
        assert cursor(page) == ids[1]

        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.locator("#last .what")).to_contain_text("Skipped “Metadata")
        assert ids[2] not in ids_on(page)
        page.keyboard.press("u")
        expect(page.locator(f"#s-{ids[2]}")).to_be_visible()
        assert cursor(page) == ids[2]
        page.keyboard.press("2")
        expect(page.locator("#said")).to_contain_text("Section set")
        page.wait_for_timeout(1000)

        before = ids_on(page)
        top = page.locator('.story[aria-current="true"]').bounding_box()["y"]
        page.keyboard.press("x")
        expect(page.locator(".tabs")).to_contain_text("Skipped 1")
        page.wait_for_timeout(500)
        after = ids_on(page)
        assert page.locator('.story[aria-current="true"]').bounding_box()["y"] == pytest.approx(top, abs=2)
        assert [id for id in before if id in after] != after

        page.keyboard.press("/")
        page.keyboard.type("cooling")
        page.keyboard.press("Enter")
        expect(page.locator("#narrowed")).to_contain_text("7 stories")
        page.close()
    night.join()
    with workspace.database.reading() as connection:
        stored = connection.execute("SELECT article_id, verdict, section FROM decisions ORDER BY seq").fetchall()
    journal = [(d.article_id, d.verdict, d.section) for d in workspace.journal.read()]
    assert stored == journal
    assert [verdict for _, verdict, _ in journal] == ["pick", "skip", "undo", "section", "skip"]


def test_two_editors_see_each_other(workspace, ids, open_page):
    """One's decision shows in the other's window within seconds, and is not overruled silently."""
    desk = Desk(workspace)
    sync = JournalSync(desk, lambda desk: None)
    with sync, served(build(desk, sync, "ann")) as ann_at, served(build(desk, sync, "bob")) as bob_at:
        ann, bob = open_page(ann_at), open_page(bob_at)
        bob.wait_for_timeout(500)
        bob.route("**/api/changes*", lambda route: route.abort())
        ann.keyboard.press("p")
        expect(ann.locator(".count")).to_contain_text("1 picked")
        bob.keyboard.press("x")
        expect(bob.locator("#said")).to_contain_text("ann has marked")
        assert desk.story(ids[0]).state == "picked"
        bob.unroute("**/api/changes*")
        expect(bob.locator(".count")).to_contain_text("1 picked")


HOSTILE = (
    "<script>window.hit=1</script>",
    "\"><img src=x onerror='window.hit=1'>",
    "javascript:window.hit=1//",
    "{{ 7*7 }}{% raw %}",
    "\u202eevil\u202d\u2066x",
    "</textarea></title><svg onload=window.hit=1>",
    "' onmouseover='window.hit=1",
    "A" * 100_000,
)


def test_hostile_text_stays_text(workspace, open_page):
    """Whatever a feed writes into any field, the page shows it and runs none of it."""
    ids = lay_stories(workspace, len(HOSTILE))
    with workspace.database.writing() as connection:
        for id, evil in zip(ids, HOSTILE, strict=True):
            reasons = json.dumps([{"kind": evil, "text": evil, "contribution": 0.5, "issue": 3, "url": evil}])
            connection.execute(
                "UPDATE review SET url = $e, title = $e, source = $e, author = $e, sources = [$e, $e], reasons = $r "
                "WHERE id = $id",
                {"e": evil, "r": reasons, "id": id},
            )
            connection.execute(
                "UPDATE articles SET url = $e, title = $e, source = $e, author = $e, summary = $e, text = $e, "
                "language = $e WHERE id = $id",
                {"e": evil, "id": id},
            )
    desk = Desk(workspace)
    sync = JournalSync(desk, lambda desk: None)
    with served(build(desk, sync, HOSTILE[0])) as address:
        page = open_page(address)
        page.keyboard.press("e")
        page.keyboard.type(HOSTILE[0])
        page.keyboard.press("Control+Enter")
        expect(page.locator(".blurb .saved")).to_have_text("saved")
        for path in ("/", "/older", "/status", *(f"/story/{id}" for id in ids), "/help", "/draft"):
            if path == "/draft":
                desk.record(commands.decide(ids, "pick", "ann", desk.as_of.time, workspace.newsletter))
            page.goto(address + path)
            assert page.evaluate("window.hit") is None
            assert page.locator("script:not([src^='/static/']), img, iframe, object, embed").count() == 0
            assert executable(page) == ([] if path != "/help" else ["A.href"])


def executable(page: Page) -> list[str]:
    """Name the attributes that could run something, the bookmarklet of the help page among them."""
    return page.evaluate(
        """() => [...document.querySelectorAll('*')].flatMap(node => [...node.attributes]
             .filter(a => /^on/i.test(a.name) || a.name === 'style' || a.name === 'srcdoc'
                       || (/^(href|src|action|formaction)$/.test(a.name) && !/^(https?:|\\/|#|\\?)/i.test(a.value)))
             .map(a => node.tagName + '.' + a.name))"""
    )
