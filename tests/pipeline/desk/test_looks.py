"""What an editor sees: nothing waits for a pointer that hovers, and a page says where it is."""

import re
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import expect
from starlette.testclient import TestClient

from pipeline.core.types import Issue, StepReport
from pipeline.desk.sync import JournalSync
from pipeline.desk.template_filters import as_sentence, on_pages
from pipeline.desk.web import build
from pipeline.store.issues import add_issues
from pipeline.store.model_cards import ModelCard, add_card
from pipeline.store.runs import record_run


def test_a_finger_finds_every_button(address, open_page, ids):
    """On a phone the verdicts of a story to rate are at its foot, and an entry's arrows do not wait for a pointer."""
    page = open_page(f"{address}/rate", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    for verdict in ("Pick", "Skip", "Later"):
        box = page.get_by_role("button", name=f"{verdict} “").bounding_box()
        assert box["height"] >= 44
        assert box["y"] > 700
    page.goto(address)
    page.get_by_role("button", name="Pick “").click()
    expect(page.locator(".count")).to_contain_text("1 picked")
    page.get_by_role("link", name="Issue", exact=True).click()
    assert page.locator(".placed .moves").evaluate("node => getComputedStyle(node).opacity") == "1"


def test_selected_stories_are_decided_at_the_foot_of_a_phone(address, open_page, ids):
    """Selecting one brings its buttons into view, above those of the article."""
    page = open_page(address, viewport={"width": 390, "height": 844})
    page.locator(f"#s-{ids[2]} input").check()
    foot, verdicts = page.locator("#group"), page.locator(".article .verdicts")
    expect(foot).to_be_in_viewport(ratio=1)
    assert foot.bounding_box()["y"] + foot.bounding_box()["height"] <= verdicts.bounding_box()["y"]


def test_a_phone_undoes_where_it_decides(address, open_page, ids):
    """What was decided is named with its undo above the verdicts, however long the list is; no hint names a key."""
    page = open_page(address, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.get_by_role("button", name="Skip “").tap()
    last, verdicts = page.locator("#last"), page.locator(".article .verdicts")
    expect(last).to_contain_text("Skipped “How we run")
    expect(last.get_by_role("button")).to_be_in_viewport(ratio=1)
    assert last.bounding_box()["y"] + last.bounding_box()["height"] <= verdicts.bounding_box()["y"] + 1
    last.get_by_role("button").tap()
    expect(page.locator(f"#s-{ids[0]}")).to_have_attribute("aria-current", "true")
    assert page.get_by_placeholder("Blurb", exact=True).count() == 1


def test_menus_of_the_issue_fit_a_phone(address, open_page):
    """Copy, Download and Publish open within the window, and no sentence lies over them."""
    page = open_page(f"{address}/#issue", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    for menu in page.locator(".issue-foot .menu").all():
        menu.locator("summary").tap()
        box = menu.locator("> div").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        menu.locator("summary").tap()
    assert page.locator("#said").bounding_box()["y"] < 20


def test_the_first_visit_names_the_next_moves(client, workspace):
    """An empty list leads to past issues, feeds and a night; one with past issues to the other two."""
    with workspace.database.writing() as connection:
        connection.execute("DELETE FROM review")
    client.app.state.desk.reload()
    empty = re.search(r'id="none".*?</p>', client.get("/").text, re.DOTALL)[0]
    assert re.findall(r'href="([^"]+)"', empty) == ["/import", "/feeds", "/night"]
    with workspace.database.writing() as connection:
        add_issues(connection, [Issue(7, date(2021, 5, 3))])
    client.app.state.desk.reload()
    empty = re.search(r'id="none".*?</p>', client.get("/").text, re.DOTALL)[0]
    assert re.findall(r'href="([^"]+)"', empty) == ["/feeds", "/night"]
    record_run(workspace.database, StepReport("rank", 0, 0, 0, 0.1), workspace.as_of)
    client.app.state.desk.reload()
    assert "found nothing that is new" in client.get("/").text


def test_a_hint_leads_to_the_page_that_does_it(client, workspace):
    """What a shell would be told to type is a link; the sentence stays text."""
    assert 'import more with: <a href="/import">Import past issues</a>' in client.get("/status").text
    assert on_pages("<b>; see: triage feeds suggest") == '&lt;b&gt;; see: <a href="/feeds?suggest=1">their feeds</a>'


@pytest.mark.parametrize(
    ("page", "marked"),
    [
        ("/feeds", ["/feeds"]),
        ("/issues/7", ["/issues"]),
        ("/draft/published", ["/draft"]),
        ("/models", ["/models"]),
        ("/", ["/"]),
    ],
)
def test_the_menu_marks_where_one_is(client, workspace, page, marked):
    """A page, or the one that it belongs to, is marked in the menu."""
    with workspace.database.writing() as connection:
        add_issues(connection, [Issue(7, date(2021, 5, 3))])
    nav = re.search(r'<nav aria-label="Pages">.*?</nav>', client.get(page).text, re.DOTALL)[0]
    assert re.findall(r'href="([^"]+)" aria-current="(?:page|true)"', nav) == marked


def test_a_notice_keeps_its_capitals(desk):
    """Only the first letter of its sentence is made a capital."""
    sync = JournalSync(desk, lambda desk: None)
    sync.alerts = ("no night has run since Friday; run: triage nightly",)
    with TestClient(build(desk, sync, "ann"), base_url="http://127.0.0.1:8765") as client:
        assert "<p>No night has run since Friday.</p>" in client.get("/help").text


def test_a_narrowed_list_offers_no_tail(client, desk):
    """What can be skipped at the end of the whole list is not offered below a part of it."""
    desk.is_calibrated = True
    for story in desk.stories():
        story.__dict__["relevance"] = 0.0001
    assert "Skip them all" in client.get("/").text
    assert re.search(r'id="tail"[^>]* hidden', client.get("/?q=cluster").text)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("nothing is picked yet; pick stories", "Nothing is picked yet; pick stories"),
        ("newsletter.toml, line 8: no such day", "newsletter.toml, line 8: no such day"),
        ("a.example: timed out", "a.example: timed out"),
        ("relevance-2026-04-10 is no model", "relevance-2026-04-10 is no model"),
        ("état inconnu", "État inconnu"),
        ("'neu' is no section", "'neu' is no section"),
        ("", ""),
    ],
)
def test_a_sentence_begins_with_a_capital_a_name_as_it_is_written(given, shown, address, browser):
    """Refusals begin with a capital, unless with the name of a file, a model or a site; so do those of the script."""
    assert as_sentence(given) == shown
    page = browser.new_page()
    page.goto(f"{address}/help")
    page.evaluate("said => import('/static/said.js').then(({ say }) => say(said, true))", given)
    assert page.locator("#said").text_content() == shown
    page.close()


def test_patterns_of_fields_are_ones_that_a_browser_reads(address, open_page):
    """A pattern that is no regular expression with the flag v is not applied at all."""
    page = open_page(f"{address}/settings")
    key = page.locator("[name=key]").last
    key.fill("Not a key")
    assert not key.evaluate("node => node.checkValidity()")
    key.fill("long_key-2")
    assert key.evaluate("node => node.checkValidity()")


def test_filters_open_in_sight(address, open_page):
    """In a narrow window the list is below the article: `f` brings the filters into view."""
    page = open_page(address, viewport={"width": 390, "height": 844})
    page.keyboard.press("f")
    expect(page.locator(".sheet .chip").first).to_be_in_viewport(ratio=1)


def test_a_source_is_not_cut_for_its_section(address, open_page):
    """In a row the name of the section gives way first: its colour says it as well."""
    page = open_page(address, viewport={"width": 1280, "height": 800})
    page.eval_on_selector_all(
        ".section-name", "names => names.forEach(n => (n.textContent = 'Working with Communities'))"
    )
    cut = page.eval_on_selector_all(".story .source", "all => all.filter(s => s.scrollWidth > s.clientWidth).length")
    assert cut == 0


def test_tables_do_not_break_words_at_twice_the_size(workspace, address, open_page):
    """At 200 % a table of models is scrolled: no date and no button stands in pieces below each other."""
    figures = {name: {"mean": 0.8, "low": 0.7, "high": 0.9} for name in ("ndcg@20", "recall@25")}
    at = datetime(2026, 11, 28, tzinfo=UTC)
    card = {"data": {"issues": 27, "picks": 201}, "figures": figures, "measured_on": [*range(10)]}
    with workspace.database.writing() as connection:
        add_card(connection, ModelCard("relevance-2026-11-28-c183ba9b", "relevance", at, at.date(), "0", False, card))
    page = open_page(f"{address}/models", viewport={"width": 720, "height": 450})
    table = page.locator(".wide-table")
    assert table.get_by_role("button").bounding_box()["height"] < 45
    assert table.get_by_role("rowheader").bounding_box()["height"] < 100
    assert page.evaluate("document.documentElement.scrollWidth") == 720
