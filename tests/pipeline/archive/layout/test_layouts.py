"""Other newsletters' habits: bullets with authors, nested bullets, titles as headings."""

import zipfile
from pathlib import Path

import pytest

from helpers import SHARED, needs_shared
from pipeline.archive.files import read_files
from pipeline.archive.importer import read_archive
from pipeline.archive.layout.layouts import FORMS
from pipeline.archive.reading import Reading
from pipeline.core.config import LAYOUTS, Newsletter
from pipeline.core.errors import InputError
from pipeline.core.types import Pick, Section

LETTER = Newsletter("Letter", (Section("news", "News"), Section("tools", "Tools", aliases=("Packages",))))

AUTHOR_INSIDE = """# 3rd May 2021

## News
- [Ann Low - One thing](https://a.example/1)
- [Bob - Another thing](https://b.example/2)

## Packages
- [A tool without author](https://c.example/3)
"""
AUTHOR_AFTER = """Welcome to [Letter](https://letter.example).

## News

-   [One thing](https://a.example/1) by Ann Low

    > A quote with [a link](https://q.example).

-   Cleo: [Another thing](https://b.example/2)
    - [A part of it](https://b.example/2/part): with a comment
-   [Buy this](https://ad.example) (ad)

## Package of the week

This week it is [parcel](https://c.example/parcel), see [its site](https://parcel.example).

## Rust Jobs

- [Engineer](https://j.example)

## Quote of the Week

[Submit](https://s.example) yours.
"""
HEADED = """---
title: Letter
number: 17
published: 2020-04-03 12:57:10+00:00
url: https://letter.example/17
---

# [Letter](https://letter.example/17)

## News

### One thing

<p>Words with <a href="https://x.example">a link</a>.</p>

[https://a.example/1](https://a.example/1)

### [Another thing](https://b.example/2)

Its comment.

## Sponsored Link

### Buy this

[https://ad.example](https://ad.example)
"""


def read(tmp_path: Path, text: str, name: str = "2021-05-03-issue-5.md", letter: Newsletter = LETTER) -> Reading:
    """Read one file of an archive."""
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return read_archive(read_files(path), letter)


def picks(reading: Reading) -> list[Pick]:
    """Return the picks of the one issue that was read."""
    (issue,) = reading.issues
    return list(issue.picks)


def test_author_before_the_title_inside_the_link(tmp_path: Path) -> None:
    """Where it is the newsletter's habit, the author leaves the title."""
    reading = read(tmp_path, AUTHOR_INSIDE)
    assert [(p.title, p.byline, p.section) for p in picks(reading)] == [
        ("One thing", "Ann Low", "news"),
        ("Another thing", "Bob", "news"),
        ("A tool without author", None, "tools"),
    ]
    assert list(reading.layouts.values()) == ["list items"]


def test_author_after_the_title_nested_items_and_the_featured_thing(tmp_path: Path) -> None:
    """Quotes, advertisements and requests are set aside; nested items stand with the one above."""
    reading = read(tmp_path, AUTHOR_AFTER)
    assert [(p.title, p.byline, p.entry) for p in picks(reading)] == [
        ("One thing", "Ann Low", 1),
        ("Another thing", "Cleo", 2),
        ("A part of it", None, 2),
        ("parcel", None, 3),
        ("Engineer", None, 4),
    ]
    assert {aside.why.rpartition(" is ")[2] for aside in reading.set_aside} == {
        "above the first section", "in a quote", "an advertisement", "under 'Quote of the Week'",
    }  # fmt: skip


def test_title_is_a_heading_with_its_link_below(tmp_path: Path) -> None:
    """The heading gives the title, the lone link the address, the heading above the section."""
    assert [(p.title, p.url, p.section, p.context) for p in picks(read(tmp_path, HEADED))] == [
        ("One thing", "https://a.example/1", "news", "Words with a link."),
        ("Another thing", "https://b.example/2", "news", "Its comment."),
    ]


def test_issue_without_number_is_numbered_by_its_day(tmp_path: Path) -> None:
    """So importing again finds the same issue."""
    (issue,) = read(tmp_path, AUTHOR_INSIDE, "05-03.md").issues
    assert (issue.number, issue.date.isoformat()) == (20210503, "2021-05-03")


def test_date_is_guessed_from_the_newest_link_and_told(tmp_path: Path) -> None:
    """What had to be guessed is named, with the file."""
    text = "## News\n- [One](https://a.example/2019/03/02/one)\n- [Two](https://a.example/2019-02-01-two)"
    reading = read(tmp_path, text, "issue-150.md")
    assert (reading.issues[0].number, reading.issues[0].date.isoformat()) == (150, "2019-03-02")
    assert "newest link" in reading.guessed[0].why


def test_links_in_prose_are_picks_of_their_section(tmp_path: Path) -> None:
    """A newsletter without entries gives every outward link under a heading."""
    prose = "## News\n\nWords.\n\n" + "\n\n".join(f"And [more](https://m.example/{n}), see." for n in range(9))
    found = picks(read(tmp_path, prose))
    assert [(p.section, p.kind, p.url) for p in found] == [
        ("news", "inline", f"https://m.example/{n}") for n in range(9)
    ]


def test_layout_can_be_pinned(tmp_path: Path) -> None:
    """newsletter.toml has the last word; a layout that is not there is refused by name."""
    pinned = Newsletter("Letter", LETTER.sections, layout="headings")
    assert [p.kind for p in picks(read(tmp_path, HEADED, letter=pinned))] == ["title", "title"]
    assert all(p.kind == "inline" for p in picks(read(tmp_path, AUTHOR_INSIDE, letter=pinned)))
    with pytest.raises(InputError, match="no layout 'latin'"):
        read(tmp_path, AUTHOR_INSIDE, letter=Newsletter("Letter", LETTER.sections, layout="latin"))


def test_headings_can_be_closed(tmp_path: Path) -> None:
    """newsletter.toml names headings whose links are no picks."""
    closed = Newsletter("Letter", LETTER.sections, ignored_headings=("packages",))
    assert [p.section for p in picks(read(tmp_path, AUTHOR_INSIDE, letter=closed))] == ["news", "news"]


# counted by hand in issues that were not looked at while the readers were written; jobs are a section like others
UNSEEN = {
    "ArchitectureWeekly": {"2021-05-17.md": 22, "2021-05-24.md": 29, "2021-05-31.md": 27},
    "archives": {"2020-04-10-issue-18.md": 16, "2020-04-17-issue-19.md": 15, "2020-04-24-issue-20.md": 13},
    "haskellweekly": {"issue-150.markdown": 30, "issue-160.markdown": 17},
    "rweekly.org": {"2020-04-13-2020-15.md": 52, "2020-04-20-2020-16.md": 54, "2020-04-27-2020-17.md": 60},
    "this-week-in-rust": {
        "2018-03-13-this-week-in-rust.md": 59,
        "2018-03-20-this-week-in-rust.md": 62,
        "2018-03-27-this-week-in-rust.md": 94,
        "2018-06-12-this-week-in-rust.md": 75,
    },
}


@needs_shared
@pytest.mark.parametrize("name", UNSEEN)
def test_unseen_issues_are_read_as_a_person_counts_them(name: str, tmp_path: Path) -> None:
    """At most one pick in fifty is missed or invented."""
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        for file in UNSEEN[name]:
            archive.write(SHARED / "dialects" / name / file, f"{name}/{file}")
    reading = read_archive(read_files(tmp_path / "archive.zip"), LETTER)
    wrong = sum(abs(len(issue.picks) - UNSEEN[name][str(issue.path)]) for issue in reading.issues)
    assert wrong <= sum(UNSEEN[name].values()) / 50
    assert len(reading.issues) == len(UNSEEN[name])


def test_every_layout_of_newsletter_toml_is_known() -> None:
    """What newsletter.toml accepts can be read."""
    assert set(LAYOUTS) == set(FORMS)
