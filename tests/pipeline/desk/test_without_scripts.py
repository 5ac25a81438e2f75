"""Every form of every page, sent by a browser that runs no script."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from pipeline.core.types import Feed, Issue, Pick
from pipeline.desk.rate_page import stories_to_rate
from pipeline.store.feeds import all_feeds, follow
from pipeline.store.issues import add_issues

PAST = "# Pier #{n}\n\n2024-05-0{n}\n\n## News\n\n- [Fog {n}](https://fog{n}.example/)\n"
OPML = '<opml version="2.0"><body><outline type="rss" text="A blog" xmlUrl="https://a.example/feed"/></body></opml>'
FEED = "https://source1.example/feed"


@pytest.fixture
def page(desk, address, open_page) -> Page:
    """The desk in a browser without scripts, with a feed and a past issue."""
    picks = (Pick("Teams", "On feedback", "https://a.example/feedback", 1, 1, "teams"),)
    with desk.workspace.database.writing() as connection:
        follow(connection, [Feed(FEED, "Source one", failures=2, last_error="timed out")])
        add_issues(connection, [Issue(95, date(2026, 1, 2), picks=picks)])
    return open_page(address, java_script_enabled=False)


def press(page: Page, name: str, within: str = "main") -> None:
    """Press the first button of this name."""
    page.locator(within).get_by_role("button", name=name).first.click()


def test_stories_are_decided_written_and_grouped(page, desk, ids):
    """The list: verdicts, section, blurb, several at once, one entry, undo, search, filters, mute and unmute."""
    press(page, "Pick “", ".verdicts")
    assert desk.story(ids[0]).state == "picked"
    page.locator(".place select").select_option("random")
    press(page, "Set", ".place")
    page.locator("[data-field=blurb]").fill("Worth ten minutes.")
    press(page, "Save", ".blurb")
    shown = page.locator(".article .reader").get_attribute("data-story")
    assert (desk.story(shown).section, desk.story(shown).note) == ("random", "Worth ten minutes.")

    for id in ids[3:5]:
        page.locator(f"#s-{id} input").check()
    press(page, "As one entry", ".group")
    expect(page.locator(f"#s-{ids[3]}")).to_contain_text("+ 1 in one entry")
    for id in ids[5:7]:
        page.locator(f"#s-{id} input").check()
    press(page, "Skip", ".group")
    assert {desk.story(id).state for id in ids[5:7]} == {"skipped"}
    press(page, "Undo", "#last")
    assert {desk.story(id).state for id in ids[5:7]} == {"new"}

    page.locator("#q").fill("cooling")
    press(page, "Search", "form.search")
    expect(page.locator("#narrowed")).to_contain_text("7 stories")
    page.get_by_role("link", name="Show all").click()
    page.locator(".filters summary").click()
    page.locator(".sheet").get_by_role("link", name="source4.example").click()
    press(page, "Skip this source")
    assert {story.state for story in desk.stories() if story.source == "source4.example"} == {"skipped"}

    page.get_by_role("link", name="Show all").click()
    press(page, "Mute source")
    expect(page.get_by_role("button", name="Mute source").first).to_be_visible()
    page.goto(page.url.split("?")[0] + "status")
    press(page, "Let in again")
    page.get_by_label("Mute a phrase").fill("webinar")
    press(page, "Mute")
    assert desk.muted() == ["phrase:webinar"]


def test_draft_is_edited_moved_and_published(page, desk, ids):
    """The draft's page: introduction, title and text, order, section, one entry; then it went out."""
    for _ in range(5):
        press(page, "Pick “", ".verdicts")
    moves = page.locator(".issue").get_by_role("button", name="Move “")
    expect(moves).to_have_count(0)  # they would do nothing
    page.get_by_role("link", name="Draft", exact=True).first.click()
    page.get_by_label("Introduction").fill("Good morning.")
    press(page, "Save")
    entry = page.locator(".entry").first
    entry.locator("summary").click()
    entry.get_by_label("Title").fill("A better title")
    entry.get_by_role("button", name="Save the title").click()
    expect(page.locator("#preview")).to_contain_text("A better title")
    expect(page.locator("#preview")).to_contain_text("Good morning.")
    page.locator(".entry").nth(1).locator(".place select").select_option("teams")
    page.locator(".entry").nth(1).get_by_role("button", name="Move", exact=True).click()
    titles = page.locator(".entry .title").all_inner_texts()[:2]
    press(page, "Move “A better title” down")
    assert page.locator(".entry .title").all_inner_texts()[:2] == titles[::-1]
    press(page, "Join with the one above")
    expect(page.locator(".entry")).to_have_count(4)
    press(page, "Separate")
    expect(page.locator(".entry")).to_have_count(5)
    page.get_by_role("link", name="It went out").click()
    press(page, "Record as published")
    expect(page.locator("h1")).to_have_text("Recorded")
    page.get_by_role("link", name="Past issues").click()
    expect(page.locator(".found li")).to_have_count(2)


def test_feeds_are_followed_retried_muted_and_removed(page, desk):
    """The feeds' page: a file of another reader, retry, mute and unmute, remove."""
    feeds = page.url + "feeds"
    page.goto(feeds)
    press(page, "Retry Source one")
    expect(page.locator("main")).not_to_contain_text("timed out")
    press(page, "Mute source1.example")
    press(page, "Unmute source1.example")
    assert desk.muted() == []
    file = {"name": "feeds.opml", "mimeType": "text/x-opml", "buffer": OPML.encode()}
    page.locator("input[type=file]").set_input_files(file)
    press(page, "Follow its feeds")
    expect(page.locator("main")).to_contain_text("A blog")
    row = page.locator("tr", has_text="Source one")
    row.locator("summary", has_text="Remove").click()
    expect(row).to_contain_text("It brought no article so far; none will come.")
    expect(row).not_to_contain_text("newsletter.toml")
    press(page, "Stop following Source one")
    with desk.workspace.database.reading() as connection:
        assert [feed.url for feed in all_feeds(connection)] == ["https://a.example/feed"]


def test_settings_and_sections_are_saved(page, desk):
    """The settings' page writes the newsletter's name and a section's quota."""
    page.goto(page.url + "settings")
    page.get_by_label("Name").first.fill("Another name")
    press(page, "Save the settings")
    page.get_by_label("Picks per issue").first.fill("7")
    press(page, "Save the sections")
    newsletter = desk.workspace.newsletter
    assert (newsletter.name, newsletter.sections[0].quota) == ("Another name", 7)


def test_twenty_are_rated_and_past_issues_sent(page, desk):
    """The rating page goes on story by story; the import page takes files, shows them, and stores them."""
    start = page.url
    page.goto(start + "rate")
    rated = [story.id for story in stories_to_rate(desk)]
    for verdict in ("Pick", "Skip", "Later"):
        press(page, f"{verdict} “")
    assert [desk.story(id).state for id in rated[:3]] == ["picked", "skipped", "later"]
    page.goto(start + "import")
    files = [{"name": f"{n}.md", "mimeType": "text/markdown", "buffer": PAST.format(n=n).encode()} for n in (1, 2, 3)]
    page.locator("input[type=file]").set_input_files(files)
    press(page, "Show how they are read")
    press(page, "Import 3 picks of 3 issues")
    expect(page.locator("main")).to_contain_text("Imported: 3 picks of 3 issues")
    page.goto(start + "issues")
    page.locator("input[name=q]").fill("fog 2")
    press(page, "Search")
    expect(page.locator(".found li")).to_have_count(1)
