"""Files and folders become issues; what cannot be read is named."""

import gc
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from helpers import SHARED, needs_shared
from pipeline.archive.document import Document
from pipeline.archive.files import File, read_files
from pipeline.archive.importer import EXAMPLES, read_archive
from pipeline.archive.reading import Reading
from pipeline.core.config import Newsletter
from pipeline.core.errors import InputError
from pipeline.ops.workspace import Workspace
from pipeline.steps.import_issues import import_issues
from pipeline.store.issues import known_issues

ISSUE = """---
title: "#7 - 5 March 2021"
subtitle: "One; Two"
date: 2021-03-06
---
## Teams

[One](https://a.example/1?utm_source=x) - Ann

## Curiosities

[Two](https://b.example/2) - Bob
"""
PLAIN = """#7 - 5 March 2021

One; Two

Hello

Managing Teams

One - Ann

Prose - with a dash.


Two things - at once - Bob

Random

Look at this.
"""


def read_paths(paths: list[Path], newsletter: Newsletter) -> Reading:
    """Read files and folders as `triage import issues` does."""
    return read_archive([file for path in paths for file in read_files(path)], newsletter)


def write(folder: Path, name: str, text: str) -> Path:
    """Write a file into a folder."""
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_front_matter_wins_over_the_title(workspace: Workspace, tmp_path: Path) -> None:
    """Where the dates differ the front matter's is the issue's."""
    (issue,) = read_paths([write(tmp_path, "0007.md", ISSUE)], workspace.newsletter).issues
    assert (issue.number, issue.date, issue.subtitle) == (7, date(2021, 3, 6), "One; Two")
    assert [(p.url, p.section, p.position) for p in issue.picks] == [
        ("https://a.example/1", "teams", 1),
        ("https://b.example/2", None, 2),
    ]


def test_report_counts_sections_and_names_the_unmapped(workspace: Workspace, tmp_path: Path) -> None:
    """Old names count under the present one; what no alias maps is listed."""
    reading = read_paths([write(tmp_path, "0007.md", ISSUE)], workspace.newsletter)
    assert reading.sections(workspace.newsletter) == {"Managing Teams": 1}
    assert reading.unmapped() == {"Curiosities": 1}


def test_plain_text_is_read_without_addresses(workspace: Workspace, tmp_path: Path) -> None:
    """Titles, bylines, entries and one-liners survive the loss of the links."""
    (issue,) = read_paths([write(tmp_path, "7.txt", PLAIN)], workspace.newsletter).issues
    assert [(p.title, p.byline, p.entry, p.url) for p in issue.picks] == [
        ("One", "Ann", 1, None),
        ("Two things - at once", "Bob", 2, None),
        ("Look at this.", None, 3, None),
    ]
    assert issue.date == date(2021, 3, 5)


def test_importing_twice_or_as_plain_text_changes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    """The second import is empty, and plain text takes no address away."""
    paths = [write(tmp_path, "0007.md", ISSUE)], [write(tmp_path, "7.txt", PLAIN)]
    done = [import_issues(workspace.database, read_paths(p, workspace.newsletter)).done for p in (*paths, paths[0])]
    assert done == [1, 0, 0]
    with workspace.database.reading() as connection:
        (issue,) = known_issues(connection, date.max)
    assert [p.url for p in issue.picks] == ["https://a.example/1", "https://b.example/2"]


def test_two_issues_of_one_number_are_told(workspace: Workspace, tmp_path: Path) -> None:
    """The first stays, the second is skipped with the reason; nothing is replaced silently."""
    write(tmp_path, "0007.md", ISSUE)
    write(tmp_path, "0007b.md", ISSUE.replace("One", "Another"))
    reading = read_paths([tmp_path], workspace.newsletter)
    assert [[p.title for p in issue.picks] for issue in reading.issues] == [["One", "Two"]]
    assert "was read from 0007.md already" in reading.skipped[0].why


def test_other_files_in_a_folder_are_skipped_with_the_reason(workspace: Workspace, tmp_path: Path) -> None:
    """A README beside the issues does no harm; named by hand it is refused."""
    write(tmp_path, "0007.md", ISSUE)
    readme = write(tmp_path, "README.md", "# Read me")
    reading = read_paths([tmp_path], workspace.newsletter)
    assert ([i.number for i in reading.issues], [s.path for s in reading.skipped]) == ([7], [str(readme)])
    with pytest.raises(InputError, match="it is a page, not an issue"):
        read_paths([readme], workspace.newsletter)


@pytest.mark.parametrize(
    ("content", "result"),
    [
        (b"---\ntitle: [\n---\n", "line [23]: the front matter"),
        (b"---\n- 2021-13-45\n---\n", "line 2: the front matter"),
        (b"\xff\xfe\x00", "cannot be read"),
        (None, "not there"),
    ],
)
def test_unreadable_file_is_one_sentence(
    workspace: Workspace, tmp_path: Path, content: bytes | None, result: str
) -> None:
    """What is wrong, and in which file."""
    path = tmp_path / "0001.md"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=result) as error:
        read_paths([path], workspace.newsletter)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


@needs_shared
def test_the_real_archive_agrees_with_an_independent_count(workspace: Workspace) -> None:
    """140 issues, and in issue 83 exactly the picks a person counts there."""
    reading = read_paths([SHARED / "newsletter" / "issues"], workspace.newsletter)
    issue = next(i for i in reading.issues if i.number == 83)
    assert [i.number for i in reading.issues] == list(range(1, 141))
    assert Counter(p.section for p in issue.picks) == {
        "teams": 3, "career": 3, "software": 3, "data": 2, "systems": 1, "emerging": 1, "calls": 1, "random": 12,
    }  # fmt: skip
    assert len({p.entry for p in issue.picks if p.section == "teams"}) == 2


@needs_shared
def test_plain_text_of_issue_83_agrees_with_its_markdown(workspace: Workspace) -> None:
    """Both readings of one issue name the same title lines in the same sections."""
    folder = SHARED / "newsletter"
    (plain,) = read_paths([folder / "issue-83-plain.txt"], workspace.newsletter).issues
    (marked,) = read_paths([folder / "issues" / "0083.md"], workspace.newsletter).issues
    assert [p.section for p in plain.picks] == [p.section for p in marked.picks]
    assert sum(p.byline == m.byline for p, m in zip(plain.picks, marked.picks, strict=True)) == len(marked.picks)


def test_progress_goes_forward_to_its_end() -> None:
    """Files read, issues looked at and issues taken are counted, each once; an editor sees how long it will take."""
    files = [
        File(f"archive/{day}.md", "archive", f"# Letter of {day}\n\n- [A story](https://{day}.example/)\n".encode())
        for day in ("2024-05-03", "2024-05-10", "2024-05-17", "2024-05-24")
    ]
    shares: list[float] = []
    read_archive(files, Newsletter("Pier", ()), lambda done, total: shares.append(done / total))
    assert shares == sorted(shares)
    assert (len(shares), shares[-1]) == (12, 1)


def test_issues_are_forgotten_as_they_are_read() -> None:
    """Of 300,000 links the picks stay in memory, and what was read only of the few issues that are examples."""
    text = "# Letter {0}\n\n- [A](https://a.example/{0})\n- [B](https://b.example/{0})\n"
    files = [
        File(f"archive/{nth}.md", "archive", text.format(nth).encode(), modified=date(2024, 1, nth))
        for nth in range(1, 29)
    ]
    alive: list[int] = []
    gc.freeze()  # what else there is, is not looked at: with the libraries of other tests it takes long
    try:
        read_archive(files, Newsletter("Pier", ()), lambda done, total: alive.append(_documents()))
    finally:
        gc.unfreeze()
    assert (max(alive), alive[-1]) == (28, EXAMPLES + 2)


def _documents() -> int:
    # isinstance() asks deprecated objects of torch for their class, which warns
    return sum(type(each) is Document for each in gc.get_objects())
