"""The form of a newsletter is inferred from its issues, whatever it is; numbers and dates are found in any spelling."""

import importlib.util
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from pipeline.archive.files import read_files
from pipeline.archive.importer import read_archive
from pipeline.archive.metadata.name_dates import name_date, name_month
from pipeline.archive.metadata.numbers import name_number, title_number, weak_name_number
from pipeline.archive.metadata.written_dates import written_date
from pipeline.archive.reading import Reading
from pipeline.core.config import Newsletter

LETTER = Newsletter("Letter", ())
HEAD = "---\nnumber: {n}\ntitle: 'Python is #1'\ndate: {year}-0{n}-07\n---\n"


def _load_archives() -> ModuleType:
    spec = importlib.util.spec_from_file_location("invented_archives", Path(__file__).with_name("invented_archives.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ARCHIVES = _load_archives()
write_archive: Callable[[Path, str], dict[str, list[tuple[str, str, str]]]] = ARCHIVES.write_archive


def read(folder: Path) -> Reading:
    """Read a folder as `triage import issues` does."""
    return read_archive(read_files(folder), LETTER)


def write(folder: Path, **files: str) -> Reading:
    """Write Markdown files by name, and read them."""
    for name, text in files.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
    return read(folder)


@pytest.mark.parametrize("kind", ARCHIVES.KINDS)
def test_each_kind_of_archive_is_read_whole(kind: str, tmp_path: Path) -> None:
    """Every issue, its number and day, every pick and its section; nothing else."""
    expected = write_archive(tmp_path, kind)
    reading = read(tmp_path)
    found = {
        Path(str(issue.path)).name: [(p.section_name, p.title, p.url) for p in issue.picks] for issue in reading.issues
    }
    assert found == expected
    assert [issue.number for issue in reading.issues] == list(range(1, ARCHIVES.N_ISSUES + 1))
    assert [issue.date for issue in reading.issues][:2] == [date(2023, 1, 6), date(2023, 1, 13)]


@pytest.mark.parametrize(
    ("name", "folders", "day"),
    [
        ("20240614", [], date(2024, 6, 14)),
        ("2024-W27", [], date(2024, 7, 1)),
        ("2017-03-06-2017-10", [], date(2017, 3, 6)),
        ("12", ["2020", "06"], date(2020, 6, 12)),
        ("12", ["2020", "Jun"], date(2020, 6, 12)),
        ("12", ["mai-archiv", "2020", "06-Juni"], date(2020, 6, 12)),
        ("links-3-mai-2024", [], date(2024, 5, 3)),
        ("31-12-2021", [], date(2021, 12, 31)),
        ("issue-12", [], None),
    ],
)
def test_date_in_a_file_name(name: str, folders: list[str], day: date | None) -> None:
    """Digits, weeks, months in words, and folders that complete them."""
    assert name_date(name, folders) == day


@pytest.mark.parametrize(
    ("name", "folders"),
    [("2015-12", []), ("201512", []), ("Dec-15", []), ("december-2015", []), ("12", ["2015"]), ("2015-Dec", [])],
)
def test_month_in_a_file_name(name: str, folders: list[str]) -> None:
    """A name that gives no day gives no date, but a month, as its first day."""
    assert name_date(name, folders) is None
    assert name_month(name, folders) == date(2015, 12, 1)


@pytest.mark.parametrize(
    "text",
    ["3. Mai 2024", "3 mai 2024", "3 de mayo de 2024", "3 maggio 2024", "3 мая 2024", "May 3rd, 2024", "2024年5月3日",
     "2024년 5월 3일", "2024. 5. 3.", "3 de maio de 2024", "3 mei 2024", "3 maja 2024"],
)  # fmt: skip
def test_date_in_words_of_many_languages(text: str) -> None:
    """The day is found inside a title."""
    assert written_date(f"Letter 12, {text}: the tide") == date(2024, 5, 3)


def test_last_day_of_a_period() -> None:
    """An issue that covers a week is of the day on which that ends; two days far apart are no week."""
    assert written_date("What happened from 2026-06-13 through 2026-06-19.") == date(2026, 6, 19)
    assert written_date("2019-06-13 – 2026-06-19") == date(2019, 6, 13)
    assert written_date("News of 2026/9/7–9/14") == date(2026, 9, 14)
    assert written_date("News of 2026/12/28–1/4") == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("Issue #110", 110), ("Ausgabe 12 vom 3. Mai", 12), ("Veille n°13 – 10 mai", 13), ("第 15 期", 15),
        ("週刊 第16号", 16), ("A Estante n.º 17", 17), ("Edição N.º 19", 19),
        ("Выпуск 18", 18),
        ("Read #1 first; issue 22", 22), ("Vol. 3, No. 20: tea", 20), ("Friday Links #4", 4),
        ("Python is #1 language", None), ("There are no 2 tides alike", None), ("The #1 reason", None),
    ],
)  # fmt: skip
def test_number_in_a_title(title: str, number: int | None) -> None:
    """Words for "issue" in the big languages count, a ranking does not."""
    assert title_number(title) == number


def test_number_in_a_file_name_is_no_date() -> None:
    """What remains beside the date may be the number."""
    names = ("0083", "2024-05-03-letter-12", "2024-05-03", "2017-03-06-2017-10", "issue-9")
    assert [name_number(name) or weak_name_number(name) for name in names] == [83, 12, None, None, 9]


def test_front_matter_beats_prose_and_restarts_drop_nothing(tmp_path: Path) -> None:
    """A number that restarts each year is no identity; the dates are, and all issues stay."""
    bodies = {
        f"y{year}n{n}": HEAD.format(n=n, year=year) + f"- [A {year}{n}](https://a{year}{n}.example/)"
        for year in (2023, 2024)
        for n in (1, 2, 3)
    }
    reading = write(tmp_path, **bodies)
    days = [issue.date for issue in reading.issues]
    assert [issue.number for issue in reading.issues] == [d.year * 10_000 + d.month * 100 + d.day for d in days]
    assert (len(reading.issues), len(reading.guessed)) == (6, 6)


def test_missing_dates_come_from_the_neighbours_and_are_told(tmp_path: Path) -> None:
    """Issue 2 of a weekly series lies between 1 and 3."""
    item = "- [Rope {n}](https://rope{n}.example/)"
    reading = write(
        tmp_path,
        issue1="---\ndate: 2024-05-03\n---\n" + item.format(n=1),
        issue2=item.format(n=2),
        issue3="---\ndate: 2024-05-17\n---\n" + item.format(n=3),
    )
    assert [str(issue.date) for issue in reading.issues] == ["2024-05-03", "2024-05-10", "2024-05-17"]
    assert "neighbours" in reading.guessed[0].why


def test_paid_items_of_many_languages_are_no_picks(tmp_path: Path) -> None:
    """Marked items and sections are listed as paid."""
    marks = ["(Sponsor)", "[ad]", "#ad", "— from our sponsor", "(gesponsert)", "【広告】"]
    items = [f"- [Buy {n}](https://shop.example/{n}) {mark}" for n, mark in enumerate(marks)]
    headings = ["Anzeige", "Patrocínio", "Реклама", "スポンサー", "广告", "❤️ Our sponsor", "Pubblicità"]
    paid = [f"## {text}\n\n- [Paid {n}](https://paid.example/{n})" for n, text in enumerate(headings)]
    text = "---\ntitle: '#7'\ndate: 2024-05-03\n---\n## Links\n\n- [Story](https://story.example/)\n"
    reading = write(tmp_path, paid="\n\n".join([text + "\n".join(items), *paid]))
    assert [pick.title for issue in reading.issues for pick in issue.picks] == ["Story"]
    assert len(reading.set_aside) == len(marks) + len(headings)


def test_one_bad_file_stops_nothing(tmp_path: Path) -> None:
    """Other encodings are decoded; what is no text or no YAML is named, and the rest is read."""
    good = "---\ntitle: '#{n}'\ndate: 2024-05-{n:02}\n---\n- [Über {n}](https://u{n}.example/)"
    (tmp_path / "1.md").write_bytes(good.format(n=1).encode("latin-1"))
    (tmp_path / "2.md").write_bytes(good.format(n=2).encode("utf-16"))
    (tmp_path / "3.md").write_bytes(b"\x00\x01\x02\xff" * 99)
    (tmp_path / "4.md").write_text("---\ntitle: [\n---\n- [x](https://x.example/)")
    reading = read(tmp_path)
    assert [issue.picks[0].title for issue in reading.issues] == ["Über 1", "Über 2"]
    assert sorted(Path(left.path).name for left in reading.skipped) == ["3.md", "4.md"]


def test_drafts_and_pages_are_left_out_and_told(tmp_path: Path) -> None:
    """`draft: true`, `published: false` and an About page are no issues."""
    link = "- [One](https://one.example/)"
    reading = write(
        tmp_path,
        draft=f"---\ntitle: 'Issue 1'\ndate: 2024-06-01\ndraft: true\n---\n{link}",
        hidden=f"---\ntitle: 'Issue 2'\ndate: 2024-06-02\npublished: false\n---\n{link}",
        about=f"---\ntitle: About us\ndate: 2024-06-03\n---\n{link}",
    )
    assert (reading.issues, len(reading.skipped)) == ([], 3)


def test_table_is_said_to_be_one(tmp_path: Path) -> None:
    """Its rows are read as a list, but no list is there to be seen."""
    rows = "".join(f"{n},2024-05-0{n},Kelp holds {n},https://k{n}.example/\n" for n in range(1, 6))
    (tmp_path / "links.csv").write_text("issue,date,title,url\n" + rows)
    assert list(read(tmp_path).layouts.values()) == ["rows of a table"]


def test_table_of_links_becomes_issues(tmp_path: Path) -> None:
    """Columns are found by their content; bookmarks are grouped by the week that ends on the issue day."""
    (tmp_path / "table.csv").write_text(
        "Issue,Date,Section,Title,URL\n1,2024-05-03,Tools,One,https://a.example/1\n2,2024-05-10,Reads,Two,https://a.example/2\n"
    )
    (tmp_path / "pocket.csv").write_text(
        "title,url,time_added,tags\nThree,https://a.example/3,1716000000,x\nFour,https://a.example/4,1716700000,x\n"
    )
    reading = read(tmp_path)
    found = {issue.number: [(p.section_name, p.title) for p in issue.picks] for issue in reading.issues}
    assert found == {
        1: [("Tools", "One")], 2: [("Reads", "Two")], 20240524: [("x", "Three")], 20240531: [("x", "Four")],
    }  # fmt: skip
