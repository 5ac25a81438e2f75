"""An issue in two files is one issue; a number may stand before its word."""

from pathlib import Path

import pytest

from pipeline.archive.files import read_files
from pipeline.archive.importer import read_archive
from pipeline.archive.metadata.numbers import title_number
from pipeline.core.config import Newsletter
from pipeline.core.types import Issue

TITLE = "---\ntitle: {title}\ndate: 2024-05-{day:02d}\n---\n\n## {section}\n\n{links}\n"


SECTIONS = ("News", "Tools")


def write(folder: Path, name: str, n: int, part: int, sites: str) -> None:
    """Write one file of issue `n` with a link to each site."""
    links = "\n".join(f"- [A story of {site}{n}](https://{site}{n}.example/)" for site in sites)
    text = TITLE.format(title=f"Levél {n}. szám, {part}. rész", day=n, section=SECTIONS[part - 1], links=links)
    (folder / f"{name}.md").write_text(text)


def read(folder: Path) -> tuple[list[Issue], int]:
    """Read the issues, and how many files were left out."""
    reading = read_archive(read_files(folder), Newsletter("Levél", ()))
    return reading.issues, len(reading.skipped)


def test_parts_of_an_issue_are_one_issue(tmp_path: Path) -> None:
    """In the order of their files, whose picks count on."""
    for n in range(1, 6):
        write(tmp_path, f"{n}-1", n, 1, "abc")
        write(tmp_path, f"{n}-2", n, 2, "de")
    issues, left_out = read(tmp_path)
    assert [(issue.number, issue.date.day, len(issue.picks)) for issue in issues] == [(n, n, 5) for n in range(1, 6)]
    assert [pick.position for pick in issues[0].picks] == [pick.entry for pick in issues[0].picks] == [1, 2, 3, 4, 5]
    assert [pick.section_name for pick in issues[0].picks] == ["News"] * 3 + ["Tools"] * 2
    assert left_out == 0


def test_files_that_are_parts_are_named(tmp_path: Path) -> None:
    """They are told as a guess, with the issue that they are joined to."""
    for n in range(1, 6):
        write(tmp_path, f"{n}-1", n, 1, "abc")
        write(tmp_path, f"{n}-2", n, 2, "de")
    guessed = read_archive(read_files(tmp_path), Newsletter("Levél", ())).guessed
    assert (guessed[0].path, guessed[0].why) == ("1-2.md", "it is read as a part of issue 1, with 1-1.md")
    assert len(guessed) == 5


def test_two_readings_of_an_issue_are_no_parts(tmp_path: Path) -> None:
    """They have picks in common: the first stays, and the other is told."""
    for n in range(1, 6):
        write(tmp_path, f"{n}", n, 1, "abc")
    write(tmp_path, "5-old", 5, 1, "abd")
    issues, left_out = read(tmp_path)
    assert [len(issue.picks) for issue in issues] == [3] * 5
    assert left_out == 1


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("Levél 72. szám, 1. rész", 72),
        ("12. Ausgabe 2024", 12),
        ("Haftalık 34. sayı", 34),
        ("List portowy, 8. wydanie", 8),
        ("Carta: 34ª edição", 34),
        ("Le 12e numéro", 12),
        ("34-й выпуск", 34),
        ("The 34th issue", 34),
        ("周报第34期", 34),
        ("Vol 3. Issue 4", 4),
        ("The 2nd edition of a book", None),
    ],
)
def test_number_may_stand_before_its_word(title: str, number: int | None) -> None:
    """As an ordinal; what is no issue's stays a word of the title."""
    assert title_number(title) == number
