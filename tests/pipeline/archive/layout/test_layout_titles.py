"""Title lines and one-liners become picks; what leads back to the newsletter does not."""

import pytest

from pipeline.archive.extraction import Rules, to_picks
from pipeline.archive.formats.format_markdown import to_blocks
from pipeline.archive.layout.layout_titles import read_titles
from pipeline.core.types import Pick

KEYS = {"Managing Teams": "teams", "Calls": "calls", "Random": "random"}


def read(text: str, own_hosts: frozenset[str] = frozenset({"letter.example"})) -> list[Pick]:
    """Read an issue's Markdown."""
    return list(
        to_picks(
            read_titles(to_blocks(text), Rules(KEYS.get, own_hosts, one_liners=frozenset({"random"}))).stories, KEYS.get
        )
    )


def test_title_lines_in_a_row_are_one_entry() -> None:
    """Stories that the editor paired stay paired, with their bylines."""
    picks = read(
        "## Managing Teams\n\n[One](https://a.example/1) - Ann, A<br/>\n[Two](https://b.example/2)? - Bob\n\n"
        "Prose with [a link](https://c.example/3).\n\n---\n\n[Three](https://d.example/4)\n\nMore."
    )
    assert [(p.title, p.entry, p.byline) for p in picks] == [
        ("One", 1, "Ann, A"),
        ("Two?", 1, "Bob"),
        ("Three", 2, None),
    ]
    assert {(p.section_name, p.section, p.kind) for p in picks} == {("Managing Teams", "teams", "title")}


def test_title_line_needs_no_rule_above_it() -> None:
    """A forgotten rule does not hide a story; a sentence that begins with a link is no title."""
    picks = read(
        "## Managing Teams\n\n[One](https://a.example/1) - Ann\n\n[It](https://x.example) - as we know - is long, "
        "and so on and on, until nobody could take it for the name of an author or of an outlet, because it has many "
        "more words than either and ends with a full stop.\n\n[Two](https://b.example/2), Bob"
    )
    assert [p.title for p in picks] == ["One", "Two"]


def test_one_liner_is_one_pick_with_its_sentence() -> None:
    """In Random the first link of each paragraph is the pick."""
    picks = read(
        "## Random\n\nSee [this tool](https://a.example/1) by [Ann](https://ann.example).\n\nAnd [here](https://b.example/)."
    )
    assert [(p.title, p.context, p.kind) for p in picks] == [
        ("this tool", "See this tool by Ann.", "inline"),
        ("And here.", "And here.", "inline"),
    ]
    assert [p.entry for p in picks] == [1, 2]


def test_entry_without_title_line_gives_its_first_link() -> None:
    """A comment that stands alone is about the first thing it links to."""
    picks = read(
        "## Managing Teams\n\nLook at [this](https://a.example/1) and [that](https://b.example/2).\n\n---\n\nNothing."
    )
    assert [(p.url, p.kind) for p in picks] == [("https://a.example/1", "inline")]


def test_dates_of_a_call_are_its_byline() -> None:
    """In calls the byline carries the deadlines."""
    (pick,) = read("## Calls\n\n[Conf (X22)](https://a.example/c) - 23-26 Feb, Papers due 1 Oct")
    assert (pick.section, pick.byline) == ("calls", "23-26 Feb, Papers due 1 Oct")


def test_own_links_jobs_and_sign_off_are_no_picks() -> None:
    """The introduction, references to earlier issues, jobs and the sign-off pick nothing."""
    picks = read(
        "Hi, see [x](https://x.example).\n\n## Managing Teams\n\n[One](https://a.example/1) - Ann\n\n"
        "As in [#12](https://old.example/issues/0012).\n\n---\n\n[Ours](https://letter.example/y) - Us\n\n---\n\n"
        "[Also ours](https://old.example/y) - Us\n\n## That’s it…\n\n[Mail](https://m.example)\n\n"
        "## Jobs\n\n[Director](https://j.example) - U",
    )
    assert [p.title for p in picks] == ["One"]


def test_unmapped_heading_keeps_its_picks() -> None:
    """A section no alias knows is kept under its printed name."""
    (pick,) = read("Tools\n-----\n\n[One](https://a.example/1) - Ann")
    assert (pick.section_name, pick.section) == ("Tools", None)


@pytest.mark.parametrize("title", ["://", r"\s\*\<?https?\://\S+", "file:///"])
def test_title_with_the_marks_of_an_address_is_a_title(title: str) -> None:
    """Only an address written out is none."""
    text = "## Managing Teams\n\n[{}](https://a.example/1) - Ann<br/>\n[Two](https://b.example/2) - Bob\n\nWords."
    assert len(read(text.format(title))) == 2
    assert [p.title for p in read(text.format("https://a.example/1"))] != ["https://a.example/1", "Two"]
