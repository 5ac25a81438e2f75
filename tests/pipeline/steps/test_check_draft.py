"""Before an issue goes out: what is dead, moved, repeated, closed, empty, out of proportion."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from loopback import Answer, Loopback

from pipeline.archive.extraction import Rules, to_picks
from pipeline.archive.formats.format_markdown import to_blocks
from pipeline.archive.layout.layout_titles import read_titles
from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.core.draft_form import DraftForm
from pipeline.core.types import Issue, Pick
from pipeline.ops.workspace import Workspace
from pipeline.steps.check_draft import Finding, check_issue
from pipeline.store.issues import add_issues

DAY = date(2021, 7, 16)


@pytest.fixture
def web() -> Iterator[Loopback]:
    """A site with a page, one that moved, one that forbids."""
    with Loopback() as server:
        server.answers |= {
            "/page": Answer("ok"),
            "/moved": Answer("", status=301, headers={"Location": "/page"}),
            "/no": Answer("", status=403),
        }
        yield server


def check(workspace: Workspace, text: str, number: int = 84, form: DraftForm | None = None) -> list[Finding]:
    """Look a draft over."""
    newsletter: Newsletter = replace(workspace.newsletter, allow_hosts=("127.0.0.1",), draft=form)
    picks = to_picks(read_titles(to_blocks(text), Rules.of(newsletter)).stories, newsletter.section_for)
    as_of = AsOf.before_issue(DAY)
    return check_issue(workspace.database, newsletter, as_of, Issue(number, DAY, picks=picks), text)


def kinds(findings: list[Finding], *wanted: str) -> list[tuple[str, str | None]]:
    """Return kind and address of the findings of some kinds."""
    return [(found.kind, found.url) for found in findings if found.kind in wanted]


def past(workspace: Workspace, n: int, picks: tuple[Pick, ...]) -> None:
    """Store n weekly issues before the draft's."""
    with workspace.database.writing() as connection:
        add_issues(connection, [Issue(84 - k, DAY - timedelta(weeks=k), picks=picks) for k in range(1, n + 1)])


def test_links_are_asked(workspace: Workspace, web: Loopback) -> None:
    """Gone is dead, another address has moved, a server that forbids may yet serve a person."""
    urls = [web.url(path) for path in ("/page", "/moved", "/no", "/gone")]
    text = "## Random\n\n" + "\n\n".join(f"See [this thing]({url})." for url in urls)
    found = check(workspace, text)
    assert kinds(found, "dead", "moved", "unsure") == [("moved", urls[1]), ("unsure", urls[2]), ("dead", urls[3])]
    assert kinds(found, "source") == [("source", None)]


def test_repeats_closed_calls_empty_notes_and_the_unplaced(workspace: Workspace, web: Loopback) -> None:
    """Each is named with its address."""
    page, call = web.url("/page"), web.url("/no")
    past(workspace, 1, (Pick("Random", "x", page, 1, 1, "random"),))
    text = (
        f"## To be placed\n\n[One]({page}) - Ann\n\n<!-- triage: remark -->\n\n----------\n\n"
        f"## Calls\n\n[Call]({call}) - Papers due 10 July\n\nWords.\n"
    )
    found = check(workspace, text)
    assert kinds(found, "repeat", "lapsed", "empty") == [("repeat", page), ("lapsed", call), ("empty", page)]
    assert kinds(found, "unplaced") == [("unplaced", None)]


def test_entries_are_named_by_their_titles(workspace: Workspace, web: Loopback) -> None:
    """A sentence has the title as it reads, without the escapes of Markdown or quotes of Python."""
    page = web.url("/page")
    past(workspace, 1, (Pick("Random", "x", page, 1, 1, "random"),))
    found = check(workspace, f"## Teams\n\n[What \\*we\\* don't log \\(0\\)]({page}) - Ann\n")
    assert [f.text for f in found if f.kind in ("repeat", "empty")] == [
        "“What *we* don't log (0)” ran in #83",
        "nothing is written under “What *we* don't log (0)”",
    ]
    long = check(workspace, f"## Teams\n\n[{'A long title ' * 20}]({page}) - Ann\n")
    assert [len(f.text) < 120 and "…”" in f.text for f in long if f.kind in ("repeat", "empty")] == [True, True]


def test_section_far_from_its_usual_number(workspace: Workspace, web: Loopback) -> None:
    """Judged by the last issues, once there are enough of them."""
    usual = tuple(Pick("Random", "x", f"https://old.example/{n}", n, n, "random") for n in range(1, 9))
    text = f"## Random\n\nSee [this thing]({web.url('/page')}).\n"
    past(workspace, 4, usual)
    assert kinds(check(workspace, text), "count") == []
    past(workspace, 9, usual)
    (found,) = [f for f in check(workspace, text) if f.kind == "count"]
    assert found.text == "Random has 1 pick; the last 9 issues had 8 each"


def test_fine_draft_has_no_findings(workspace: Workspace, web: Loopback) -> None:
    """No problem, no finding."""
    assert check(workspace, f"## Teams\n\n[One]({web.url('/page')}) - Ann\n\nWords.\n") == []


@pytest.mark.parametrize(("word", "found"), [("…", 1), ("kind", 0)])
def test_a_gap_in_the_closing_is_told_until_it_is_filled(workspace: Workspace, word: str, found: int) -> None:
    """The word is new in each issue; three dots behind a word are the newsletter's own."""
    form = DraftForm("- [{title}]({url})", closing="Until then…\n\nSend … words on number {number} to us.")
    text = f"## Random\n\nUntil then…\n\nSend {word} words on number 84\nto us.\n"
    told = [finding.text for finding in check(workspace, text, form=form) if finding.kind == "gap"]
    assert told == ["write what stands for “…” in “Send … words on number {number} to us.”"][:found]
