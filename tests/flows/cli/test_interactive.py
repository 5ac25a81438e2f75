"""The terminal hears the desk's keys."""

import io

import pytest
from rich.console import Console

from flows.cli.interactive import Stepper, step_through
from invented import lay_stories
from pipeline.core.errors import InputError
from pipeline.desk.session import Desk


@pytest.fixture
def desk(workspace):
    lay_stories(workspace, 5)
    return Desk(workspace)


def step(desk, keys, *answers):
    """Press keys one after the other, answer what is asked, and return what was shown and opened."""
    shown, opened = io.StringIO(), []
    left = iter([*keys, "q"])
    said = iter(answers)
    console = Console(file=shown, width=60)
    Stepper(
        desk, "ann", console, read_key=lambda: next(left), ask=lambda *_: next(said), open_link=opened.append
    ).run()  # fmt: skip
    return shown.getvalue(), opened


def test_verdicts_go_down_the_list(desk):
    """p, x and l speak of one story after the other; u takes the last back."""
    first, second, third, *_ = (story.id for story in desk.stories())
    step(desk, "pxlu")
    assert [(d.article_id, d.verdict) for d in desk.workspace.journal.read()] == [
        (first, "pick"), (second, "skip"), (third, "later"), (third, "undo"),
    ]  # fmt: skip


def test_section_note_and_link(desk):
    """A digit sets the section, e the note, o opens the article; k goes back up."""
    first, second, *_ = desk.stories()
    _, opened = step(desk, "j2keo", "Read this.")
    assert desk.story(second.id).section == desk.workspace.newsletter.sections[1].key
    assert desk.story(first.id).note == "Read this."
    assert opened == [first.url]


def test_section_by_name(desk):
    """s asks for a section, of which a few letters will do; if several have them they are named and none is set."""
    first, *_ = desk.stories()
    step(desk, "s", "rand")
    assert desk.story(first.id).section == "random"
    shown, _ = step(desk, "ss", "managing", "zzz")
    assert "Managing Teams · Managing Your Own Career" in " ".join(shown.split())
    assert "no section has 'zzz'" in shown
    step(desk, "s", "CALLS")
    assert desk.story(first.id).section == desk.workspace.newsletter.section_for("Calls for Submissions")
    assert [d.verdict for d in desk.workspace.journal.read()] == ["section", "section"]


def test_note_is_removed(desk):
    """A dash in place of the text removes the note; Enter, which answers with the note, keeps it."""
    first, *_ = desk.stories()
    step(desk, "e", "Read this.")
    step(desk, "e", "Read this.")
    assert desk.story(first.id).note == "Read this."
    step(desk, "e", "-")
    assert desk.story(first.id).note == ""
    assert [d.verdict for d in desk.workspace.journal.read()] == ["note", "note"]


def test_search_narrows_and_ends(desk):
    """After / only what says the words is shown; with none of it left all stories are shown again."""
    shown, _ = step(desk, "/x", "cooling")
    assert "Cooling a small machine room" in shown
    assert "5 to read" not in shown.partition("Cooling a small machine room")[2]
    assert "4 to read" in shown.partition("Nothing found.")[2]


def test_search_without_a_hit_stays(desk):
    """It says so, and the story on which the cursor was is shown again."""
    _, second, *_ = desk.stories()
    shown, opened = step(desk, "j/o", "no such words")
    assert "5 to read" in shown.partition("Nothing found.")[2]
    assert opened == [second.url]


def test_with_nothing_left_the_stepping_ends(desk):
    """In a sentence, without a key."""
    shown, _ = step(desk, "xxxxx")
    assert "Nothing left to read." in shown


def test_hostile_title_does_not_paint(desk):
    """Control marks in a title never reach the terminal."""
    with desk.workspace.database.writing() as connection:
        connection.execute("UPDATE review SET title = ? || title", ["\x1b[2Jevil\x07 [bold]"])
    desk.reload()
    shown, _ = step(desk, "")
    assert "evil [bold]" in shown
    assert "\x1b" not in shown


def test_without_a_terminal_keys_are_refused(desk, monkeypatch):
    """A scheduler or a pipe has no keys: the sentence names the command that needs none."""
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(InputError, match="needs a terminal; without one use: triage decide"):
        step_through(desk, "ann", None)
