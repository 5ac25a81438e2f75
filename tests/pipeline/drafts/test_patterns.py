"""Patterns of [draft] are filled in as newsletter.toml says."""

from datetime import date

import pytest

from pipeline.core.draft_form import DraftForm
from pipeline.core.errors import InputError
from pipeline.drafts.patterns import fill

DAY = date(2024, 3, 1)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{title}{? by {author}}", "A title"),
        ("{title}{? in {source}}", "A title in Outlet"),
        ("# {title}\n\n{author}\n\nend", "# A title\n\nend"),
        ("> {blurb}", "> one\n>\n> two"),
        ("  - {blurb}", "  - one\n\n    two"),
        ("- {title}: {blurb}", "- A title: one\n\n  two"),
        ("{number:03d} {date:%d.%m.%Y} {date:de} {date:fr full}", "007 01.03.2024 1. März 2024 vendredi 1 mars 2024"),
        ("{date:%B %o, %Y} {date}", "March 1st, 2024 2024-03-01"),
        ("{% include x %} {unknown} {title}", "{% include x %} {unknown} A title"),
        ("{highlights:2}", "a; b"),
    ],
)
def test_patterns(pattern: str, expected: str) -> None:
    """Optional parts and lines without a value are left out, blurbs keep their prefix, other braces stay."""
    values = {"title": "A title", "author": "", "source": "Outlet", "blurb": "one\n\ntwo", "number": 7, "date": DAY,
              "highlights": "a; b; c"}  # fmt: skip
    assert fill(pattern, values) == expected


def test_value_is_not_filled_in_again() -> None:
    """A title that looks like a name in braces is a title."""
    assert fill("{title} {url}", {"title": "{url}", "url": "x"}) == "{url} x"


def test_wrong_format_of_a_number_is_named() -> None:
    """The editor is told which one."""
    with pytest.raises(InputError, match=":q"):
        fill("{number:q}", {"number": 1})


@pytest.mark.parametrize(
    ("story", "layout"),
    [
        ("- [{title}]({url})", "bullets"),
        ("{n}. [{title}]({url})", "bullets"),
        ("### {title}\n\n[{url}]({url})", "headings"),
        ("**{title}.** {blurb} [more]({url})", "bold"),
        ("- **{title}** — [more]({url})", "bold"),
        ("[{title}]({url}){? - {byline}}", "paragraphs"),
        ("{blurb}", "prose"),
    ],
)
def test_layout_of_a_form(story: str, layout: str) -> None:
    """The importer reads a draft as its form says."""
    assert DraftForm(story).layout == layout


def test_layout_and_outlets_of_a_section_with_its_own_form() -> None:
    """A bold title in a list item is no linked one; the words of a link that are a site are no title."""
    form = DraftForm("- [{title}]({url})", story_in={"tools": "- **{title}** {blurb}  \n  [{source}]({url})"})
    assert form.layout == "bullets+bold"
    assert form.link_words is not None
    assert form.link_words.fullmatch("boats.example.org")
    assert not any(map(form.link_words.fullmatch, ("A title", "Node.js", "3.2.1")))


def test_a_list_of_the_editors_is_no_item_of_an_item() -> None:
    """Where the text below a story is an item, and the editor wrote a list, it is that list."""
    assert fill("- {title}\n\n  - {blurb}", {"title": "T", "blurb": "- a\n- b"}) == "- T\n\n  - a\n  - b"
