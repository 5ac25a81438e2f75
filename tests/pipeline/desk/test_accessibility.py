"""axe on every page, at three widths and in both themes, and on what opens over the list."""

from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pipeline.core.types import Feed
from pipeline.store.feeds import follow

PAGES = (
    "/", "/?state=picked", "/?state=ran", "/?q=nosuchword", "/older", "/draft", "/draft/published", "/feeds", "/issues",
    "/issues?q=queues", "/models", "/replay", "/job", "/settings", "/status", "/add", "/rate", "/import", "/night",
    "/help", "/editor", "/login", "/nosuchpage",
)  # fmt: skip
WIDTHS = {390: 844, 1024: 768, 1440: 900}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def check(page: Page) -> None:
    """Run axe at each width, and its rules on colours in the dark. Nothing may need scrolling sideways."""
    page.evaluate(AXE)
    page.emulate_media(color_scheme="dark")
    found = [violations(page, COLOURS)]
    page.emulate_media(color_scheme="light")
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        found.append(violations(page, {}))
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} {width}"
    assert found == [[]] * len(found), page.url


def violations(page: Page, options: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Return the rules that axe finds broken, each with the HTML of the nodes."""
    result = page.evaluate("options => axe.run(options)", options)
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in result["violations"]]


@pytest.fixture
def page(address, open_page) -> Page:
    """The desk with one story picked, with a blurb."""
    page = open_page(address)
    page.keyboard.press("p")
    page.keyboard.press("e")
    page.keyboard.type("Worth ten minutes.")
    page.keyboard.press("Escape")
    expect(page.locator(".count")).to_contain_text("1 picked")
    return page


def test_every_page_is_accessible(page, address, ids):
    """No page has a violation."""
    for path in (*PAGES, f"/story/{ids[0]}"):
        page.goto(address + path)
        check(page)


def test_what_opens_is_accessible(page):
    """The palette, the keys, the filters, the menus, the preview and the drawer have none, either."""
    page.keyboard.press("Control+k")
    page.keyboard.type("incident")
    expect(page.locator("#palette li").first).to_contain_text("incident")
    check(page)
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()  # a key pressed while it closes is its own
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    check(page)
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("f")
    check(page)
    page.keyboard.press("f")
    page.locator(".issue-foot summary", has_text="Publish").click()
    check(page)
    page.locator("h2", has_text="Your issue").click()
    page.get_by_role("button", name="Preview").click()
    page.set_viewport_size({"width": 1024, "height": 768})
    page.get_by_role("link", name="Issue", exact=True).click()
    expect(page.locator("#preview")).to_be_visible()
    check(page)


def test_removed_feed_is_brought_back_by_a_key(workspace, address, open_page):
    """After a removal the page of the feeds says what was removed, without a violation, and `u` undoes it."""
    with workspace.database.writing() as connection:
        follow(connection, [Feed("https://a.example/feed", "A blog with a name that goes on and on and on for long")])
    page = open_page(address + "/feeds")
    page.get_by_text("Remove A blog").click()
    page.get_by_role("button", name="Stop following").click()
    expect(page.locator("form.undo")).to_contain_text("Removed “A blog")
    check(page)
    page.keyboard.press("u")
    expect(page.get_by_label("Notices")).to_contain_text("is followed again")
    expect(page.locator("form.undo")).to_have_count(0)


def test_title_from_right_to_left_keeps_its_beginning(workspace, desk, address, open_page, ids):
    """Too long for its row, an Arabic title is cut at its end; title and summary are set as their script is."""
    title = "كيف تدير فريق الحوسبة البحثية في الجامعة دون ميزانية ودون وقت كافٍ للتخطيط"
    with workspace.database.writing() as connection:
        connection.execute("UPDATE review SET title = ? WHERE id = ?", [title, ids[0]])
        connection.execute(
            "UPDATE articles SET title = ?, summary = ?, language = 'ar' WHERE id = ?", [title, title, ids[0]]
        )
    desk.reload()
    page = open_page(address)
    row, article = page.locator(f"#s-{ids[0]}"), page.locator(".reader")
    for text in (row.locator(".title"), row.locator(".gist"), article.locator("h2 bdi"), article.locator(".summary")):
        expect(text).to_have_css("direction", "rtl")  # waits: the text is replaced by the marked one
        assert text.evaluate("node => node.closest('[lang]').lang") == "ar"  # read aloud and set in its language
    blurb = page.locator("[data-field=blurb]")
    assert blurb.evaluate("node => getComputedStyle(node).unicodeBidi") == "plaintext"


def test_row_has_few_tab_stops_and_buttons_name_their_story(page, ids):
    """A row of the list is left after at most three Tab stops, and a verdict's button names its story."""
    stops = page.locator(f"#s-{ids[3]}").locator("a, button, input, select, textarea, [tabindex='0']")
    assert 1 <= stops.count() <= 3
    for verdict in ("Pick", "Skip", "Later"):
        expect(page.locator(".article").get_by_role("button", name=f"{verdict} “")).to_have_count(1)


@pytest.mark.parametrize("width", [390, 900, 1024, 1199])
def test_issue_is_a_drawer_in_a_narrow_window(address, open_page, ids, width):
    """Its link opens it over the list, which keeps its height; Close and Esc close it, and the list goes on."""
    page = open_page(address, viewport={"width": width, "height": 768})
    issue, link = page.locator("#issue"), page.get_by_role("link", name="Issue", exact=True)
    expect(issue).to_be_hidden()
    assert page.locator(".masthead").bounding_box()["height"] < (50 if width > 390 else 80)
    link.click()
    expect(issue.get_by_role("link", name="Check")).to_be_in_viewport()
    issue.get_by_role("link", name="Close").click()
    expect(issue).to_be_hidden()
    link.click()
    page.keyboard.press("Escape")
    expect(issue).to_be_hidden()
    page.keyboard.press("x")
    expect(page.locator(f"#s-{ids[0]}")).to_have_count(0)


def test_forced_colours_leave_the_cursor_visible(address, open_page, ids):
    """Where the system sets the colours, the cursor's row, the tab and the page are outlined; others are not."""
    page = open_page(address, forced_colors="active")
    page.keyboard.press("j")
    outline = "nodes => nodes.map(node => getComputedStyle(node).outlineStyle)"
    assert page.locator(".story").evaluate_all(outline)[:3] == ["none", "solid", "none"]
    assert page.locator(".tabs a").evaluate_all(outline) == ["solid", "none", "none", "none", "none"]
    assert page.locator(".masthead nav > a").evaluate_all(outline)[:2] == ["solid", "none"]


def test_states_are_accessible(page, address, ids):
    """A selection, the preview, a form that was refused, and a connection that is lost have no violation."""
    page.locator(f"#s-{ids[3]} input").check()
    expect(page.locator("#group")).to_be_visible()
    check(page)
    page.goto(address + "/#issue")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview")).to_contain_text("How we run incident reviews")
    check(page)
    page.goto(address + "/feeds")
    page.locator("input[name=url]").first.fill("http://127.0.0.1:9/none")
    page.get_by_role("button", name="Follow", exact=True).click()
    expect(page.locator("[role=alert].error")).to_be_visible()
    check(page)
    page.goto(address)
    page.route("**/api/**", lambda route: route.abort())
    page.keyboard.press("x")
    expect(page.locator("#unsent")).to_be_visible()
    check(page)
