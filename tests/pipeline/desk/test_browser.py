"""The hour the product exists for, in a real browser: keys, changes in place, two editors, a night beside it."""

import json
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import chromium, served
from playwright.sync_api import Browser, Page, expect

from invented import lay_stories
from pipeline.core.types import Article
from pipeline.desk import commands
from pipeline.desk.session import Desk
from pipeline.desk.sync import JournalSync
from pipeline.desk.web import build
from pipeline.ops.workspace import Workspace
from pipeline.store.shortlist import Story


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address in a window of its own; an error in our script or a breach of our fence fails the test."""
    troubles: list[str] = []
    pages: list[Page] = []

    def open_page(address: str, **settings: object) -> Page:
        page = browser.new_page(**settings)  # type: ignore[arg-type]
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if "Content Security" in said.text else None)
        page.goto(address)
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert troubles == []


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


def test_the_hour(workspace, ids, open_page):
    """Pick, skip, undo, set a section, see the rest re-ranked and search, while a night writes: all of it is there."""
    desk = Desk(workspace)
    night = get_context("spawn").Process(target=write_like_a_night, args=(workspace.folder, 6))
    night.start()
    with JournalSync(desk, lambda desk: ThemeReranker()) as sync, served(build(desk, sync, "ann")) as address:
        page = open_page(address)
        page.keyboard.press("p")
        expect(page.locator(".count")).to_contain_text("1 picked")
        assert page.locator('[aria-current="true"].story').get_attribute("data-id") == ids[1]

        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.locator("#said")).to_have_text("Skipped.")
        assert ids[2] not in ids_on(page)
        assert desk.story(ids[2]).state == "skipped"

        page.keyboard.press("u")
        expect(page.locator(f"#s-{ids[2]}")).to_be_visible()
        page.keyboard.press("2")
        expect(page.locator("#said")).to_have_text("Section set.")

        before = ids_on(page)
        cursor = page.locator('[aria-current="true"].story')
        top = cursor.bounding_box()["y"]
        page.keyboard.press("x")
        expect(page.locator("#said")).to_have_text("Skipped.")
        after = ids_on(page)
        assert page.locator('[aria-current="true"].story').bounding_box()["y"] == pytest.approx(top, abs=2)
        assert [id for id in before if id in after] != after

        page.keyboard.press("/")
        page.keyboard.type("cooling")
        page.keyboard.press("Enter")
        expect(page.locator(".narrowed")).to_contain_text("6 stories")
        page.close()
    night.join()
    with workspace.database.reading() as connection:
        stored = connection.execute("SELECT article_id, verdict, section FROM decisions ORDER BY seq").fetchall()
    said = [(d.article_id, d.verdict, d.section) for d in workspace.journal.read()]
    assert stored == said
    assert [verdict for _, verdict, _ in said] == ["pick", "skip", "undo", "section", "skip"]


def test_note_is_written_with_the_keyboard(workspace, ids, open_page):
    """e opens the note, which is kept; what is being written survives another editor's decision."""
    desk = Desk(workspace)
    with JournalSync(desk, lambda desk: None) as sync, served(build(desk, sync, "ann")) as address:
        page = open_page(address)
        page.keyboard.press("e")
        page.keyboard.type("Worth your time, ")
        open_page(address + "/?q=cooling").keyboard.press("x")
        expect(page.locator("#progress")).to_contain_text("remaining 29", timeout=8000)
        page.keyboard.type("really.")
        page.locator(f"#s-{ids[0]} .blurb button").click()
        expect(page.locator("#said")).to_contain_text("done")
    assert desk.story(ids[0]).note == "Worth your time, really."


def test_two_editors_see_each_other(workspace, ids, open_page):
    """One's decision shows in the other's window within seconds, and is not overruled silently."""
    desk = Desk(workspace)
    sync = JournalSync(desk, lambda desk: None)
    with sync, served(build(desk, sync, "ann")) as ann_at, served(build(desk, sync, "bob")) as bob_at:
        ann, bob = open_page(ann_at), open_page(bob_at)
        bob.route("**/api/changes*", lambda route: route.abort())
        ann.keyboard.press("p")
        expect(ann.locator(".count")).to_contain_text("1 picked")
        bob.keyboard.press("x")
        expect(bob.locator("#said")).to_contain_text("ann has marked")
        assert desk.story(ids[0]).state == "picked"
        bob.unroute("**/api/changes*")
        expect(bob.locator(".count")).to_contain_text("1 picked", timeout=5000)


LISTS = ("/", "/?state=picked", "/?state=ran", "/?q=nosuchword", "/older")
OTHERS = ("/draft", "/status", "/add", "/night", "/help", "/editor", "/nosuchpage")


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)])
def test_pages_are_accessible(workspace, ids, open_page, theme, width):
    """axe finds nothing on any page, in either theme, on phone or wide screen; nothing needs scrolling sideways."""
    desk = Desk(workspace)
    sync = JournalSync(desk, lambda desk: None)
    with served(build(desk, sync, "ann")) as address:
        page = open_page(address, color_scheme=theme, viewport={"width": width, "height": 850})
        page.keyboard.press("p")
        page.keyboard.press("e")
        for path in (*LISTS, *OTHERS, f"/story/{ids[0]}"):
            page.goto(address + path)
            found = Axe().run(page)
            assert found.violations_count == 0, path + found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.goto(address)
        page.keyboard.press("?")
        expect(page.locator("dialog")).to_be_visible()


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
        page.locator(".blurb button").first.click()
        expect(page.locator("#said")).to_contain_text("done")
        for path in ("/", "/older", "/status", *(f"/story/{id}" for id in ids), "/help", "/draft"):
            if path == "/draft":
                desk.record(commands.decide(ids, "pick", "ann", desk.as_of.time, workspace.newsletter))
            page.goto(address + path)
            assert page.evaluate("window.hit") is None
            assert page.locator("script:not([src='/static/desk.js']), img, iframe, object, embed").count() == 0
            assert executable(page) == ([] if path != "/help" else ["A.href"])


def executable(page: Page) -> list[str]:
    """Name the attributes that could run something, the bookmarklet of the help page among them."""
    return page.evaluate(
        """() => [...document.querySelectorAll('*')].flatMap(node => [...node.attributes]
             .filter(a => /^on/i.test(a.name) || a.name === 'style' || a.name === 'srcdoc'
                       || (/^(href|src|action|formaction)$/.test(a.name) && !/^(https?:|\\/|#|\\?)/i.test(a.value)))
             .map(a => node.tagName + '.' + a.name))"""
    )
