"""The issue grows at the desk: the same draft as in a shell, edited in place, moved, joined, checked, published."""

import time
from collections.abc import Iterator
from datetime import date

import pytest
from browser import served
from playwright.sync_api import expect

from helpers import NOW
from pipeline.core.types import Decision, Issue
from pipeline.desk import commands, publishing
from pipeline.desk.draft_editor import draft_layout
from pipeline.desk.issue import issue_of
from pipeline.desk.session import Desk
from pipeline.desk.sync import JournalSync
from pipeline.desk.web import build
from pipeline.drafts.render import write_markdown
from pipeline.drafts.selection import last_intro
from pipeline.steps.check_draft import Finding
from pipeline.steps.draft import make_draft
from pipeline.store import decisions
from pipeline.store.issues import known_issues


@pytest.fixture
def picked(desk, ids) -> list[str]:
    """Three picks of one section and one of another."""
    chosen = [ids[0], ids[4], ids[8], ids[1]]
    desk.record(commands.decide(chosen, "pick", "ann", desk.as_of.time, desk.workspace.newsletter))
    return chosen


@pytest.fixture
def address(desk, picked) -> Iterator[str]:
    """A served desk of the editor ann, with picks."""
    with JournalSync(desk, lambda desk: None) as sync, served(build(desk, sync, "ann")) as address:
        yield address


def entries(desk: Desk) -> list[list[list[str]]]:
    return [[[s.id for s in entry.stories] for entry in section.entries] for section in issue_of(desk).draft.sections]


def wait_for(what, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.05)
    assert what()


def test_desk_and_shell_make_the_same_draft(desk, workspace, picked):
    """Whatever is edited at the desk, `triage draft` says the same, and the other way round."""
    a, b, c, d = picked
    now = desk.as_of.time
    desk.record([commands.edit("title", a, "A better title", "ann", now), commands.note(b, "Words.", "ann", now)])
    desk.record(
        [commands.edit("byline", a, "Ann, Here", "ann", now), commands.edit("intro", None, "Hello!", "ann", now)]
    )
    desk.record([commands.order([c, a, b, d], "ann", now), *commands.group([a, b], "ann", now)])
    decisions.catch_up(workspace.journal, workspace.database)
    made, _ = make_draft(workspace.database, workspace.newsletter, desk.as_of)
    assert write_markdown(issue_of(desk).draft, workspace.folder) == write_markdown(made, workspace.folder)
    markdown = draft_layout(desk).markdown
    assert "[A better title](https://source0.example/story-0) - Ann, Here" in markdown
    assert "Hello!" in markdown.partition("##")[0]
    assert entries(Desk(workspace)) == entries(desk) == [[[c], [a, b]], [[d]]]


def test_any_article_of_a_story_stands_for_it(desk, workspace, picked):
    """A shell may name a twin, and a night may let another twin lead: state, group and order are the story's."""
    a, b, c, d = picked
    twin, other = "feedfeedfeedfeed", "beefbeefbeefbeef"
    with workspace.database.writing() as connection:
        connection.execute("UPDATE review SET duplicate_ids = [?] WHERE id = ?", [twin, a])
        connection.execute("UPDATE review SET duplicate_ids = [?] WHERE id = ?", [other, d])
    desk = Desk(workspace)
    now = desk.as_of.time
    desk.record([commands.order([c, twin, b, other], "ann", now), *commands.group([twin, b], "ann", now)])
    desk.record([Decision(other, "skip", "ann", now), Decision(other, "pick", "ann", now)])
    decisions.catch_up(workspace.journal, workspace.database)
    made, _ = make_draft(workspace.database, workspace.newsletter, desk.as_of)
    assert entries(Desk(workspace)) == entries(desk) == [[[c], [a, b]], [[d]]]
    assert write_markdown(issue_of(desk).draft, workspace.folder) == write_markdown(made, workspace.folder)


def test_intro_stands_where_the_template_has_no_place(desk, picked):
    """A template that knows no introduction gets it below the front matter."""
    folder = desk.workspace.folder / "templates"
    (folder / "issue.md.j2").write_text(
        "---\ntitle: x\n---\n{% for s in draft.sections %}## {{ s.name }}\n{% endfor %}"
    )
    desk.record([commands.edit("intro", None, "Hello!", "ann", desk.as_of.time)])
    assert draft_layout(desk).markdown.startswith("---\ntitle: x\n---\n\nHello!\n\n## ")


def test_an_introduction_is_of_one_issue():
    """Once its issue is out, an introduction is not the next one's."""
    made = [Decision(None, "intro", "ann", NOW, text="Hello!")]
    assert last_intro(made, []) == "Hello!"
    assert last_intro(made, [Issue(1, NOW.date())]) == "Hello!"
    assert last_intro(made, [Issue(1, date(2099, 1, 1))]) == ""


def test_edits_of_the_issue_are_undone(desk, picked):
    """Undo reverts a title, an order and the introduction to what they were."""
    a, b, c, d = picked
    now = desk.as_of.time
    for made in (
        commands.edit("title", a, "One", "ann", now),
        commands.edit("title", a, "Two", "ann", now),
        commands.order([b, a, c, d], "ann", now),
        commands.edit("intro", None, "Hello!", "ann", now),
    ):
        desk.record([made])
    assert (desk.story(a).headline, entries(desk)[0][0], desk.issue_text("intro")) == ("Two", [b], "Hello!")
    for _ in range(2):
        desk.undo("ann")
    assert (desk.story(a).headline, entries(desk)[0][0], desk.issue_text("intro")) == ("Two", [a], "")
    desk.undo("ann")
    assert desk.story(a).headline == "One"


def test_entry_goes_to_another_section(client, desk, picked):
    """An entry put before one of another section comes into that section; one undo brings it back."""
    a, b, c, d = picked
    before = entries(desk)
    body = {"id": b, "before": d, "request_id": "r1"}
    assert client.post("/api/moves", json=body).status_code == 200
    assert client.post("/api/moves", json=body).status_code == 200
    assert entries(desk) == [[[a], [c]], [[b], [d]]]
    client.post("/api/undo", json={})
    assert entries(desk) == before
    client.post("/api/moves", json={"id": a, "section": desk.workspace.newsletter.sections[3].key})
    assert entries(desk) == [[[b], [c]], [[d]], [[a]]]
    assert client.post("/api/moves", json={"id": a, "section": "nosuch"}).status_code == 400


def test_texts_are_edited_in_place(desk, picked, address, open_page):
    """Title, byline, blurb and introduction are written in the issue, saved while typing; `u` reverts one."""
    page = open_page(address)
    entry = page.locator(f'[data-entry="{picked[0]}"]')
    entry.locator('[data-edit="title"]').fill("My title")
    entry.locator('[data-edit="byline"]').fill("Me, Here")
    entry.locator('[data-edit="note"]').fill("Read it.")
    page.locator('[data-edit="intro"]').fill("Dear all")
    story = lambda: desk.story(picked[0])  # noqa: E731
    wait_for(lambda: (story().headline, story().byline, story().note) == ("My title", "Me, Here", "Read it."))
    wait_for(lambda: desk.issue_text("intro") == "Dear all")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("u")
    wait_for(lambda: desk.issue_text("intro") == "")
    entry.locator('[data-edit="title"]').focus()
    page.keyboard.press("End")
    page.keyboard.type("!")
    page.keyboard.press("Enter")
    page.keyboard.press("j")
    wait_for(lambda: story().headline == "My title!")
    page.locator("[data-show=preview]").click()
    expect(page.locator("#preview")).to_contain_text("My title")
    expect(page.locator("#preview")).to_contain_text("Me, Here")


def test_entries_move_by_keys_and_by_dragging(desk, picked, address, open_page):
    """Alt+↓ moves an entry, again and again; dragged by its grip it goes to another entry or to a section."""
    a, b, c, d = picked
    page = open_page(address, viewport={"width": 1440, "height": 900})
    entry = lambda id: page.locator(f'[data-entry="{id}"]')  # noqa: E731
    entry(a).locator('[data-edit="title"]').focus()
    page.keyboard.press("Alt+ArrowDown")
    wait_for(lambda: entries(desk)[0] == [[b], [a], [c]])
    expect(page.locator("#last .what")).to_contain_text("Moved")
    page.wait_for_timeout(1500)
    page.keyboard.press("Alt+ArrowDown")
    wait_for(lambda: entries(desk)[0] == [[b], [c], [a]])
    page.wait_for_timeout(600)
    entry(c).locator(".grip").drag_to(entry(b))
    wait_for(lambda: entries(desk)[0] == [[b, c], [a]])
    page.wait_for_timeout(600)
    key = desk.workspace.newsletter.sections[1].key
    entry(a).locator(".grip").drag_to(page.locator(f'[data-section="{key}"] h3'))
    wait_for(lambda: entries(desk) == [[[b, c]], [[d], [a]]])


def test_what_the_mouse_holds_stays(desk, picked, address, open_page):
    """A renewal of the page waits while an entry is dragged or a button is pressed: neither is lost."""
    a, b, c, d = picked
    page = open_page(address, viewport={"width": 1440, "height": 1400})

    def bob_writes(text: str) -> None:
        desk.record([Decision(d, "note", "bob", NOW, text=text)])
        page.wait_for_timeout(3500)

    def hold(selector: str) -> None:
        box = page.locator(selector).bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()

    page.wait_for_timeout(800)
    hold(f'[data-entry="{a}"] .grip')
    box = page.locator(f'[data-entry="{c}"]').bounding_box()
    for _ in range(3):
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 0.9 * box["height"], steps=4)
    bob_writes("One.")
    expect(page.locator(f'[data-entry="{c}"]')).to_have_attribute("data-drop", "after")
    page.mouse.up()
    wait_for(lambda: entries(desk)[0] == [[b], [c], [a]])
    expect(page.locator(f'[data-entry="{d}"] .note')).to_have_value("One.")
    page.wait_for_timeout(600)
    hold(f'[data-entry="{a}"] [data-move="-1"]')
    bob_writes("Two.")
    page.mouse.up()
    wait_for(lambda: entries(desk)[0] == [[b], [a], [c]])
    expect(page.locator(f'[data-entry="{d}"] .note')).to_have_value("Two.")


def test_check_names_what_it_finds_beside_the_entry(desk, picked, address, open_page, monkeypatch):
    """A dead link stands in its entry, where its address leads to it; what is seen there anyway is no link."""
    url = desk.story(picked[1]).url
    found = [Finding("dead", f"{url} is gone (HTTP 410)", url), Finding("empty", "nothing is written", url)]
    monkeypatch.setattr(publishing, "findings", lambda desk: found)
    page = open_page(address)
    page.locator("#check").click()
    finding = page.locator(f'[data-entry="{picked[1]}"] .finding')
    expect(finding).to_have_text([f"{url} is gone (HTTP 410)", "Nothing is written"])
    expect(finding.get_by_role("link")).to_have_attribute("href", url)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_placeholder("Paste a link")).to_be_hidden()
    page.goto(address + "/draft/check")
    expect(page.locator("main")).to_contain_text("is gone (HTTP 410)")
    links = page.get_by_role("link", name=url).all()
    assert [(link.text_content(), link.get_attribute("href")) for link in links] == [
        (url, url),
        (f"Open it: {url}", url),
    ]


def test_issue_is_copied_as_markdown(desk, picked, address, browser):
    """The clipboard holds the issue as the desk has it now."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address)
    page.locator(".menu summary", has_text="Copy").click()
    page.locator("[data-copy=markdown]").click()
    expect(page.locator("#said")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == draft_layout(desk).markdown
    context.close()


def test_downloads(client, desk, picked):
    """The draft comes as Markdown, HTML and text; no other format."""
    for format, words in (("md", "[How we run"), ("html", "<a href="), ("txt", "How we run")):
        answer = client.get(f"/draft/issue.{format}")
        assert words in answer.text
        assert f".{format}" in answer.headers["content-disposition"]
    assert client.get("/draft/issue.exe").status_code == 404


def test_title_is_written_as_in_the_draft(client, desk, workspace, picked, monkeypatch):
    """Where the newsletter writes its day in another form, page, JSON interface and Buttondown have that form too."""
    template = workspace.folder / "templates/issue.md.j2"
    template.parent.mkdir(exist_ok=True)
    template.write_text('---\ntitle: "No. {{ draft.number }} ({{ draft.date.strftime("%d %b") }})"\n---\n')
    sent = []
    monkeypatch.setattr(publishing, "send_draft", lambda title, body: sent.append(title) or "em_123")
    client.post("/draft/send", data={})
    draft = issue_of(desk).draft
    title = f"No. {draft.number} ({draft.date:%d %b})"
    assert client.get("/api/issue").json()["title"] == title
    assert f"<h1>{title}</h1>" in client.get("/draft").text
    assert sent == [title]


def test_it_went_out(client, desk, workspace, picked):
    """Recorded as published, the issue is known, its picks leave the list, and the introduction is done with."""
    desk.record([commands.edit("intro", None, "Hello!", "ann", desk.as_of.time)])
    page = client.get("/draft/published").text
    assert "Hello!" in page
    markdown = draft_layout(desk).markdown
    answer = client.post("/draft/published", data={"text": markdown})
    assert "Recorded" in answer.text
    with workspace.database.reading() as connection:
        known = known_issues(connection, date.max)
    assert [len(issue.picks) for issue in known] == [4]
    assert [desk.story(id).state for id in picked] == ["ran"] * 4
    assert issue_of(desk).draft.sections == ()
    assert desk.issue_text("intro") == ""
    desk.undo("ann")
    assert [desk.story(id).state for id in picked] == ["ran"] * 4
    assert client.post("/draft/published", data={"text": "no issue"}).status_code == 400


def test_issue_is_sent_to_buttondown(client, desk, picked, monkeypatch):
    """The desk sends the issue's title and Markdown; without a key the answer says which variable to set."""
    monkeypatch.delenv("BUTTONDOWN_API_KEY", raising=False)
    refused = client.post("/draft/send", data={})
    assert refused.status_code == 400
    assert "BUTTONDOWN_API_KEY" in refused.text
    sent = []
    monkeypatch.setattr(publishing, "send_draft", lambda title, body: sent.append((title, body)) or "em_123")
    answer = client.post("/draft/send", data={})
    assert "em_123" in answer.text
    [(title, body)] = sent
    assert title == issue_of(desk).draft.title
    assert all(desk.story(id).url in body for id in picked)


def test_undo_names_a_title_as_it_was_before_the_edit(desk, picked, address, open_page):
    """While a title is written, written once more and after a reload, undo names the story as it was seen."""
    page = open_page(address)
    old, what = desk.story(picked[0]).title, page.locator("#last .what")
    for before, after in ((old, "A first title"), ("A first title", "A second title")):
        field = page.locator(f'.line[data-of="{picked[0]}"] [data-edit="title"]')
        expect(field).to_have_value(before)
        field.fill(after)
        expect(what).to_have_text(f"Title of “{before}”")
        field.blur()
        wait_for(lambda after=after: desk.story(picked[0]).headline == after)
        expect(page.locator(f'[aria-label="Title of “{after}”"]')).to_be_visible()
    page.reload()
    expect(what).to_have_text("Title of “A first title”")
