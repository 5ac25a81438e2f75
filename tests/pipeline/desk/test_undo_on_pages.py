"""Undo on the pages beside the list, by its button and by its key; each page says what was done."""

import pytest
from playwright.sync_api import expect

from pipeline.desk import commands
from pipeline.desk.draft_editor import draft_layout
from pipeline.desk.rate_page import stories_to_rate


def test_a_rating_is_undone_by_its_key(desk, address, open_page):
    """The page that rates stories names the last decision; `u` brings that story back."""
    first = stories_to_rate(desk)[0]
    page = open_page(f"{address}/rate")
    with page.expect_navigation():
        page.keyboard.press("p")
    expect(page.locator("#last .what")).to_have_text(f"Picked “{first.title}”")
    expect(page.locator("html")).to_have_class("js")
    with page.expect_navigation():
        page.keyboard.press("u")
    assert desk.story(first.id).state == "new"
    expect(page.locator("h1")).to_have_text(first.title)


@pytest.mark.parametrize("path", ["/draft", "/story/{id}"])
def test_pages_that_decide_undo(desk, client, ids, path):
    """The draft's page and the page of one story have the button without a script."""
    desk.record(commands.decide(ids[:1], "pick", "ann", desk.as_of.time, desk.workspace.newsletter))
    page = client.get(path.format(id=ids[0])).text
    assert 'action="/undo"' in page
    assert page.count("<h1") == 1
    client.post("/undo", data={"back": "/draft"})
    assert desk.story(ids[0]).state == "new"


def test_what_is_undone_is_named_in_words(desk, client, ids):
    """The order of the issue is kept as ids, which say nothing to an editor; nor does the form of a mute."""
    desk.record([commands.order(ids[:2], "ann", desk.as_of.time)])
    assert ids[0] not in client.get("/").text.partition('id="last"')[2].partition("</form>")[0]
    client.post("/mute", data={"kind": "source", "value": "source1.example", "back": "/status"})
    assert "Muted source source1.example" in client.get("/").text


def test_muting_and_bringing_back_are_said(client, desk, ids):
    """The page that follows says what became of the form."""
    said = client.post("/mute", data={"kind": "phrase", "value": "crypto", "back": "/status"}).text
    assert "Muted: phrase crypto." in said
    said = client.post("/mute", data={"kind": "phrase", "value": "crypto", "verdict": "unmute", "back": "/status"}).text
    assert "Let in again: phrase crypto." in said
    said = client.post("/bring-back", data={"id": ids[3], "back": "/older"}).text
    assert f"“{desk.story(ids[3]).title}” is on the shortlist." in said


def test_each_form_is_one_undo(desk, client, ids):
    """One entry made of several stories, on the list or in the draft, comes apart by one undo."""
    client.post("/group", data={"id": ids[:3]})
    client.post("/undo")
    assert [desk.story(id).entry for id in ids[:3]] == [None] * 3
    two = [ids[0], ids[4]]  # of one section
    client.post("/decide", data={"id": two, "verdict": "pick"})
    client.post("/draft/join", data={"id": draft_layout(desk).draft.sections[0].entries[1].stories[0].id})
    assert any(desk.story(id).entry for id in two)
    client.post("/undo")
    assert [(desk.story(id).entry, desk.story(id).state) for id in two] == [(None, "picked")] * 2
    client.post("/undo")
    assert [desk.story(id).state for id in two] == ["new"] * 2
