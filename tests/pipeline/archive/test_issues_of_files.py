"""A file may hold many issues, and a folder of files be one."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.archive.files import read_files
from pipeline.archive.importer import read_archive
from pipeline.archive.reading import Reading
from pipeline.core.config import Newsletter
from tests.pipeline.archive.test_forms_of_letters import N, picks, title, url

DAYS = [date(2024, 1, 5) + timedelta(weeks=n) for n in range(1, N + 1)]
TITLES = [[title(n, k) for k in range(3)] for n in range(1, N + 1)]


def read(folder: Path) -> Reading:
    """Read what lies in a folder."""
    return read_archive(read_files(folder), Newsletter("Letter", ()))


def links(n: int, mark: str = "-") -> str:
    """Return three items."""
    return "".join(f"{mark} [{title(n, k)}]({url(n, k)})\n" for k in range(3))


def test_file_a_year_holds_many_issues(tmp_path: Path) -> None:
    """Below headings with the day of each, the newest first, and what is below others is none."""
    issues = "".join(f"## {day} News of the week\n\n### Found\n\n{links(n)}\n" for n, day in enumerate(DAYS, 1))
    blocks = [f"## {each}" for each in issues.split("## 2024")[1:]]
    text = "# Letter\n\nAll issues.\n\n" + "".join(f"## 2024{each[3:]}" for each in reversed(blocks))
    (tmp_path / "2024.md").write_text(f"{text}\n# How it is made\n\nWith [a tool](https://tool.example/).\n")
    reading = read(tmp_path)
    assert [issue.date for issue in reading.issues] == DAYS
    assert picks(reading) == TITLES
    assert {pick.section_name for issue in reading.issues for pick in issue.picks} == {"Found"}
    assert [left.why for left in reading.arranged] == ["parted into 6 at its headings"]


def test_org_file_with_an_issue_a_heading(tmp_path: Path) -> None:
    """With properties, below a heading of the editor's own."""
    issues = "".join(
        f"** {day} News\n  :PROPERTIES:\n  :EXPORT_DATE: {day}\n  :END:\n\n- Found:\n"
        + "".join(f"  - [[{url(n, k)}][{title(n, k)}]]\n" for k in range(3))
        for n, day in enumerate(DAYS, 1)
    )
    (tmp_path / "index.org").write_text(f"#+TITLE: News\n\n* STARTED Do another review\n\nNo feed.\n\n{issues}* Code\n")
    reading = read(tmp_path)
    assert [issue.date for issue in reading.issues] == DAYS
    assert picks(reading) == TITLES


def test_headings_that_number_issues_part_a_file(tmp_path: Path) -> None:
    """A word for "issue" is needed: stories may be numbered, too."""
    parts = "".join(f"## Issue {n}, {DAYS[n - 1]:%d %B %Y}\n\n{links(n)}\n" for n in range(1, N + 1))
    (tmp_path / "all.md").write_text(f"# Letter\n\n{parts}")
    assert [(issue.number, len(issue.picks)) for issue in read(tmp_path).issues] == [(n, 3) for n in range(1, N + 1)]


def test_days_of_one_week_are_sections(tmp_path: Path) -> None:
    """A weekly issue with a heading a day is one issue."""
    for n, day in enumerate(DAYS, 1):
        days = "".join(
            f"## {day - timedelta(days=4 - k)}\n\n"
            + "".join(f"- [{title(n, j)}]({url(n, j)})\n" for j in (k, k + 4))
            + "\n"
            for k in range(4)
        )
        (tmp_path / f"{day}.md").write_text(f"# Letter of {day}\n\n{days}")
    reading = read(tmp_path)
    assert [(issue.date, len(issue.picks)) for issue in reading.issues] == [(day, 8) for day in DAYS]


def test_folder_of_a_day_with_a_folder_a_section_is_an_issue(tmp_path: Path) -> None:
    """Its files are entries, in the order of their names."""
    for n, day in enumerate(DAYS, 1):
        for k in range(3):
            section = ("1-guides", "2-new-plugins")[k > 0]
            folder = tmp_path / f"{day:%Y}" / f"{day:%b}" / f"{day:%d}" / section
            folder.mkdir(parents=True, exist_ok=True)
            text = f"### {title(n, k)}\n\nA note.\n\n- [Forum](https://forum.example/{n}/{k})\n- [Code]({url(n, k)})\n"
            (folder / f"{k}-entry.md").write_text(text)
    reading = read(tmp_path)
    assert [issue.date for issue in reading.issues] == DAYS
    assert picks(reading) == TITLES
    assert [pick.section_name for pick in reading.issues[0].picks] == ["Guides", "New plugins", "New plugins"]
    assert {left.why for left in reading.arranged} == {"its 3 files are one issue"}
    assert str(tmp_path / f"{DAYS[0]:%Y/%b/%d}") in [left.path for left in reading.arranged]


def test_names_of_files_are_irregular(tmp_path: Path) -> None:
    """Days have short years, spaces, either order and no end; the text says which is the month."""
    days = [date(2026, 7, 25) + timedelta(weeks=k) for k in range(7)]
    forms = (
        "{m}-{d}-26.md",
        "{m}-{d}-2026",
        " {m}-{d}-2026.md",
        "{m}-{d}-26.md",
        "- {m} - {d} - 2026.md",
        "{d}-{m}-2026",
    )
    for n, day in enumerate(days, 1):
        name = "Digest " + forms[n % 6].format(m=f"{day:%m}", d=f"{day:%d}")
        (tmp_path / name).write_text(f"# Letter | {day:%B} {day.day}th\n\n## Found\n\n{links(n)}")
    (tmp_path / "LICENSE").write_text("No [issue](https://license.example/).")
    reading = read(tmp_path)
    assert [(issue.date, len(issue.picks)) for issue in reading.issues] == [(day, 3) for day in days]
    assert not reading.skipped


def test_slip_of_january_gets_the_year_of_the_file(tmp_path: Path) -> None:
    """The front matter of an issue has the year before."""
    for n, day in enumerate(DAYS, 1):
        written = day.replace(year=2023) if n == 2 else day
        (tmp_path / f"{day}-letter.md").write_text(f"---\ntitle: Letter\ndate: {written}\n---\n## Found\n\n{links(n)}")
    assert [issue.date for issue in read(tmp_path).issues] == DAYS


def test_records_have_titles_that_recur(tmp_path: Path) -> None:
    """The number is the file's, whatever issue a subject speaks of."""
    for n, day in enumerate(DAYS, 1):
        entries = [{"title": title(n, 0), "url": url(n, 0), "text": "A note."}]
        entries += [{"title": "The challenge", "url": url(n, k), "text": f"By Ann, {k}."} for k in (1, 2)]
        subject = "More on issue #40" if n == 4 else f"About {title(n, 0)}"
        issue = {"date": f"{day}", "subject": subject, "chapters": [{"title": "Found", "entries": entries}]}
        (tmp_path / f"{n + 40}.json").write_text(json.dumps(issue))
    reading = read(tmp_path)
    assert [issue.number for issue in reading.issues] == list(range(41, 41 + N))
    assert picks(reading) == [[title(n, 0), "The challenge", "The challenge"] for n in range(1, N + 1)]


def test_xml_file_without_entries_is_named(tmp_path: Path) -> None:
    """One in which nothing repeats is no export; the issues beside it are read."""
    for n, day in enumerate(DAYS, 1):
        (tmp_path / f"{day}.md").write_text(f"# Letter {n}\n\n{links(n)}")
    (tmp_path / "settings.xml").write_text("<?xml version='1.0'?><settings><name>Letter</name></settings>")
    reading = read(tmp_path)
    assert len(reading.issues) == N
    assert [left.why.partition(",")[0] for left in reading.skipped] == ["has no entries"]


def test_weeks_of_the_year_of_a_file_are_issues(tmp_path: Path) -> None:
    """The year is in the file's name, or in a heading above; the same weeks of two years are two issues."""
    for year, name, head in ((2023, "2023.md", "# Links\n"), (2024, "README.md", "# What is this?\n\n## 2024\n")):
        weeks = "".join(f"### Week {n}\n\n{links(n)}\n" for n in range(1, N + 1))
        (tmp_path / name).write_text(f"{head}\n{weeks}\n## Authors\n\n[Ann](https://ann{year}.example)\n")
    reading = read(tmp_path)
    mondays = [date.fromisocalendar(year, n, 1) for year in (2023, 2024) for n in range(1, N + 1)]
    assert [issue.date for issue in reading.issues] == mondays
    assert picks(reading) == TITLES * 2
    assert reading.issues[0].title == "Week 1, 2023"


@pytest.mark.parametrize("heading", ["KW {n}", "{n}. Woche", "第{n}周", "Неделя {n}", "{n}주차"])
def test_weeks_in_other_languages(tmp_path: Path, heading: str) -> None:
    """Before or after their number."""
    weeks = "".join(f"## {heading.format(n=n)}\n\n{links(n)}\n" for n in range(1, N + 1))
    (tmp_path / "links-2024.md").write_text(f"# Links\n\n{weeks}")
    assert [issue.date for issue in read(tmp_path).issues] == [
        date.fromisocalendar(2024, n, 1) for n in range(1, N + 1)
    ]


def test_rounds_that_a_file_counts_are_issues(tmp_path: Path) -> None:
    """Of whatever word; the next file's numbers follow those of the first."""
    for season in (8, 9):
        rounds = "".join(f"### {n} 회차\n\n{links(n)}\n\n" for n in range(1, N + 1))
        (tmp_path / f"season{season}.md").write_text(f"## {season}기 (23.01.30 ~ 23.07.16)\n\n{rounds}")
    reading = read(tmp_path)
    assert [issue.number for issue in reading.issues] == list(range(1, 2 * N + 1))
    assert picks(reading) == TITLES * 2


def test_counted_headings_of_many_files_are_sections(tmp_path: Path) -> None:
    """Each issue has as many parts, so the files are the issues."""
    for n in range(1, N + 1):
        parts = "".join(f"## Part {k}\n\n{links(10 * n + k)}\n" for k in range(1, 4))
        (tmp_path / f"{n}.md").write_text(f"{parts}")
    assert [(issue.number, len(issue.picks)) for issue in read(tmp_path).issues] == [(n, 9) for n in range(1, N + 1)]


def test_readme_of_a_folder_of_its_own_is_an_issue(tmp_path: Path) -> None:
    """What lies beside it is none, and the one above all folders is a page."""
    (tmp_path / "README.md").write_text("# Letter\n\nSubscribe [here](https://letter.example).\n")
    for n in range(1, N + 1):
        folder = tmp_path / "issues" / str(n)
        folder.mkdir(parents=True)
        (folder / "README.md").write_text(f"Hello.\n\n## Found\n\n{links(n)}")
        (folder / "THREAD.md").write_text(f"Hello, all.\n\n{links(n + 20)}")
    reading = read(tmp_path)
    assert [issue.number for issue in reading.issues] == list(range(1, N + 1))
    assert picks(reading) == TITLES
    assert sum("beside" in left.why for left in reading.skipped) == N


def test_list_of_files_is_no_issue(tmp_path: Path) -> None:
    """Of the issues of a year, whatever day its lines name."""
    for n, day in enumerate(DAYS, 1):
        (tmp_path / f"{day}.md").write_text(f"# Links of {day}\n\n{links(n)}")
    (tmp_path / "2024").mkdir()
    contents = "".join(f"- [{day}](../{day}.md)\n" for day in DAYS)
    (tmp_path / "2024" / "index.md").write_text(f"# 2024\n\n{contents}")
    reading = read(tmp_path)
    assert [issue.date for issue in reading.issues] == DAYS
    assert [left.why for left in reading.skipped] == ["it is a list of files of its own folder"]


def test_file_of_an_issue_that_it_links_to_is_none(tmp_path: Path) -> None:
    """What an issue says more of lies in folders of its day, and is read first by its name."""
    for n, day in enumerate(DAYS, 1):
        more = tmp_path / "Analysis" / f"{day}"
        more.mkdir(parents=True)
        (more / "notes.md").write_text(
            f"# Analysis: {day}\n\n" + "".join(f"## {title(n, k)}\n\nSee {url(n, k)}\n\n" for k in range(3))
        )
        (tmp_path / "letters").mkdir(exist_ok=True)
        (tmp_path / "letters" / f"{day}.md").write_text(
            f"# Letter of {day}\n\n{links(n)}\n[More](../Analysis/{day}/notes.md#more) of this.\n"
        )
    reading = read(tmp_path)
    assert [str(issue.path) for issue in reading.issues] == [f"{day}.md" for day in DAYS]
    assert sum(left.why.endswith("links to it") for left in reading.skipped) == N


def test_readme_of_a_folder_in_a_year_is_an_issue(tmp_path: Path) -> None:
    """Whose name is the month and words, while the text says the day."""
    for n, day in enumerate(DAYS, 1):
        folder = tmp_path / "2024" / f"{day:%b}-{'abcdef'[n - 1]}-kettle".lower()
        folder.mkdir(parents=True)
        (folder / "README.md").write_text(f"# Letter\n\nPublished: {day:%B %d, %Y}\n\n## Found\n\n{links(n)}")
    assert sorted(issue.date for issue in read(tmp_path).issues) == DAYS
