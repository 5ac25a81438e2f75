"""Forms of newsletters in public repositories, of the round of archives that was read last."""

from datetime import date
from pathlib import Path

from pipeline.archive.files import read_files
from pipeline.archive.importer import read_archive
from pipeline.archive.layout.paid import is_paid_heading
from pipeline.core.config import Newsletter
from tests.pipeline.archive.test_forms_of_letters import WORDS, N, picks, read, title, url
from tests.pipeline.archive.test_forms_of_repositories import TITLES, head


def test_value_of_front_matter_that_cannot_be_read_loses_no_issue(tmp_path: Path) -> None:
    """An hour 24 has its day; the site was built with it."""

    def write(n: int, day: date) -> str:
        links = "".join(f"- [{title(n, k)}]({url(n, k)})\n" for k in range(3))
        return f"---\ntitle: Letter {n}\ndate: {day}T{24 if n == 2 else 12}:16:21+00:00\n---\n\n## News\n\n{links}"

    reading = read(tmp_path, write)
    assert picks(reading) == TITLES
    assert len({issue.date for issue in reading.issues}) == N
    assert not reading.guessed


def test_headings_without_a_space_are_headings(tmp_path: Path) -> None:
    """As GitHub read them for years; a line that begins with one sign is none."""

    def write(n: int, day: date) -> str:
        links = "".join(f"[{title(n, k)}]({url(n, k)}): a note\n\n" for k in range(3))
        return f"##{day:%Y%m%d} letter\n\nThanks to Ann.\n###News:\n{links}#thanks to all\n"

    reading = read(tmp_path, write)
    assert picks(reading) == TITLES
    assert {pick.section_name for issue in reading.issues for pick in issue.picks} == {"News:"}


def test_issues_known_by_nothing_but_a_number_in_the_folder_of_a_year(tmp_path: Path) -> None:
    """The issues before them are known by their days; each date is told as a guess."""
    for n in range(1, N + 1):
        name = f"2018/2018-03-{n:02}.md" if n > 3 else f"2019/phase-{n}.md"
        (tmp_path / name).parent.mkdir(exist_ok=True)
        links = "".join(f"- [{title(n, k)}]({url(n, k)})\n" for k in range(3))
        (tmp_path / name).write_text(f"## News\n\n{links}", "utf-8")
    reading = read_archive(read_files(tmp_path), Newsletter("Letter", ()))
    assert len(reading.guessed) == 3
    assert sorted(issue.date.year for issue in reading.issues) == [2018] * (N - 3) + [2019] * 3


def test_list_of_accounts_is_no_list_of_stories(tmp_path: Path) -> None:
    """Those who helped, an item each, in italics or not."""

    def write(n: int, day: date) -> str:
        links = "".join(f"- [{title(n, k)}]({url(n, k)})\n" for k in range(3))
        people = "".join(
            f"- {'*' * (k % 2)}[{WORDS[n + k].lower()}](https://github.com/{WORDS[n + k].lower()}){'*' * (k % 2)}\n"
            for k in range(4)
        )
        return f"{head(n, day)}\n## News\n\n{links}\n## Thanks\n\n{people}"

    assert picks(read(tmp_path, write)) == TITLES


def test_few_headings_of_stories_among_lists_are_read(tmp_path: Path) -> None:
    """Their link is read on below, above the items of the section; lines in bold are entries each."""

    def write(n: int, day: date) -> str:
        links = "".join(f"- [{title(n, k)}]({url(n, k)}) and why\n" for k in range(1, 8))
        story = f"### {title(n, 0)}\n\nIt is a long way to the {WORDS[n]} this year. [Read it]({url(n, 0)})\n\n"
        lines = "\n".join(f"— **{title(n, k)}** — it is so. More: [a note]({url(n, k)})." for k in range(8, 12))
        return f"{head(n, day)}\n## News\n\n{story}{links}\n## Tools\n\n{lines}\n"

    assert picks(read(tmp_path, write)) == [[title(n, k) for k in range(12)] for n in range(1, N + 1)]


def test_heading_is_the_title_of_the_only_entry_below(tmp_path: Path) -> None:
    """A sentence that ends with a link has no title of its own; the heading of one entry is no section."""

    def write(n: int, day: date) -> str:
        links = "".join(f"{title(n, k)} is new - [GitHub]({url(n, k)}).\n\n" for k in (1, 2, 3))
        feature = f"## {title(n, 0)}\n\nThey built it in {WORDS[n]} - [GitHub]({url(n, 0)})."
        return f"{head(n, day)}\n{feature}\n\n## News\n\n{links}"

    reading = read(tmp_path, write)
    assert [issue.picks[0].title for issue in reading.issues] == [title(n, 0) for n in range(1, N + 1)]
    assert {pick.section_name for issue in reading.issues for pick in issue.picks} == {"", "News"}


def test_long_heading_that_begins_with_a_paid_mark_is_paid() -> None:
    """Its colon makes it a label; "Ad-hoc" is a word."""
    assert is_paid_heading("Sponsored: How we taught our bridges to sing in the rain")
    assert not is_paid_heading("Ad-hoc networks of buoys and boats in the northern sea")


def test_sentences_that_end_with_links_are_entries_among_title_lines(tmp_path: Path) -> None:
    """Two of them in a row are no comment on the title above."""

    def write(n: int, day: date) -> str:
        mixed = f"[{title(n, 0)}]({url(n, 0)}): a note\n\n" + "".join(
            f"{title(n, k)} is here - [{'GitHub' if k % 2 else 'Forum'}]({url(n, k)}).\n\n" for k in range(1, 4)
        )
        return f"{head(n, day)}\n## News\n\n{mixed}"

    found = [[pick.url for pick in issue.picks] for issue in read(tmp_path, write).issues]
    assert found == [[url(n, k) for k in range(4)] for n in range(1, N + 1)]


def test_one_off_headings_above_several_links_in_sentences_name_topics(tmp_path: Path) -> None:
    """Each link is a pick, as in other prose, where none of them is the heading's."""

    def write(n: int, day: date) -> str:
        links = [f"[{title(n, k)}]({url(n, k)})" for k in range(5)]
        text = f"Ann made {links[0]} last week, and few liked it.\n\nBob wrote on {links[1]}, as {links[2]} does.\n"
        more = f"## Why {WORDS[n]}\n\nSome say {links[3]}, others that {links[4]} is better.\n"
        return f"{head(n, day)}\n## Of {WORDS[-n]} and others\n\n{text}\n{more}"

    assert picks(read(tmp_path, write)) == [[title(n, k) for k in range(5)] for n in range(1, N + 1)]
