"""The draft on the desk is the issue as it will read, and obeys the editor's hand."""

from dataclasses import replace

import pytest

from pipeline.core.draft_form import DraftForm
from pipeline.core.errors import InputError, NotFoundError
from pipeline.desk import commands, draft_editor
from pipeline.drafts.draft import Draft


@pytest.fixture
def picked(desk, ids):
    """Three picks of one section and one of another."""
    chosen = [ids[0], ids[4], ids[8], ids[1]]
    newsletter, now = desk.workspace.newsletter, desk.as_of.time
    desk.record(commands.decide(chosen, "pick", "ann", now, newsletter))
    return chosen


def entries(draft: Draft) -> list[list[list[str]]]:
    return [[[story.id for story in entry.stories] for entry in section.entries] for section in draft.sections]


def test_entries_move_and_stay_where_they_were_put(desk, picked):
    """An entry changes places with its neighbour; the next draft, also in a shell, stands in that order."""
    a, b, c, other = picked
    assert entries(draft_editor.draft_layout(desk).draft) == [[[a], [b], [c]], [[other]]]
    desk.record([draft_editor.move(draft_editor.draft_layout(desk).draft, c, -1, "ann", desk)])
    desk.record([draft_editor.move(draft_editor.draft_layout(desk).draft, a, -1, "ann", desk)])
    assert entries(draft_editor.draft_layout(desk).draft) == [[[a], [c], [b]], [[other]]]


def test_entries_are_paired(desk, picked):
    """Joined with the one above, two stories stand as one entry; the first has none above it."""
    a, b, c, _ = picked
    desk.record(draft_editor.join(draft_editor.draft_layout(desk).draft, b, "ann", desk))
    assert entries(draft_editor.draft_layout(desk).draft)[0] == [[a, b], [c]]
    with pytest.raises(InputError, match="no entry above"):
        draft_editor.join(draft_editor.draft_layout(desk).draft, a, "ann", desk)
    with pytest.raises(NotFoundError):
        draft_editor.move(draft_editor.draft_layout(desk).draft, "nosuchid", 1, "ann", desk)


def test_preview_obeys_no_tag(desk, picked):
    """A script in a note or a title is shown as text; the Markdown to copy keeps the words."""
    desk.record([commands.note(picked[0], "<script>hit()</script> and [a](javascript:hit())", "ann", desk.as_of.time)])
    made = draft_editor.draft_layout(desk)
    assert "<script" not in made.html
    assert 'href="javascript' not in made.html
    assert "hit()" in made.markdown


def test_draft_page_moves_and_joins_by_forms(client, picked):
    """All of it works by plain forms."""
    a, b, *_ = picked
    client.post("/draft/move", data={"id": a, "by": "1", "back": "/draft"})
    page = client.post("/draft/join", data={"id": a, "back": "/draft"}).text
    assert page.index(f"/story/{b}") < page.index(f"/story/{a}")
    assert page.count('class="entry"') == 3
    assert client.post("/draft/move", data={"id": a, "by": "7"}).status_code == 400


def test_title_byline_and_introduction_are_written_by_forms(client, desk, picked):
    """Each is kept where it belongs; without a story the form is the introduction's."""
    client.post("/draft/edit", data={"id": picked[0], "what": "title", "text": "My title"})
    client.post("/draft/edit", data={"id": picked[1], "what": "byline", "text": "Ann, Here"})
    client.post("/draft/edit", data={"what": "intro", "text": "Hello!"})
    assert (desk.story(picked[0]).headline, desk.story(picked[1]).byline) == ("My title", "Ann, Here")
    assert desk.issue_text("intro") == "Hello!"


def test_form_of_a_page_from_before_overrules_nobody(client, desk, picked):
    """A page sends what it had seen of the journal, and another editor's decision since then is not overwritten."""
    desk.record(commands.decide(picked[:1], "pick", "bob", desk.as_of.time, desk.workspace.newsletter))
    form = {"id": picked[0], "verdict": "skip", "back": "/"}
    assert client.post("/decide", data={**form, "seen": "0"}).status_code == 409
    assert desk.story(picked[0]).state == "picked"
    assert client.post("/decide", data={**form, "seen": str(desk.seq)}).status_code == 200
    assert desk.story(picked[0]).state == "skipped"


def test_name_that_is_not_filled_in_is_told(client, desk, picked):
    """A typo in [draft] is told above the draft, as `triage draft` tells it."""
    form = DraftForm(section="## {section}", story="{titel} {url}")
    (desk.workspace.folder / "templates" / "issue.md.j2").unlink(missing_ok=True)
    desk.use_newsletter(replace(desk.workspace.newsletter, draft=form))
    assert "[draft] story has {titel}, which is not filled in there" in client.get("/draft").text
    desk.use_newsletter(replace(desk.workspace.newsletter, draft=replace(form, story="{title} {url}")))
    assert "not filled in there" not in client.get("/draft").text
