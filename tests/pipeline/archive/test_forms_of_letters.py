"""Forms of public newsletters that were misread at first: notes below items, sponsors' names, comments with dates."""

import json
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.archive.files import read_files
from pipeline.archive.importer import read_archive
from pipeline.archive.metadata.value_dates import given_date
from pipeline.archive.reading import Reading
from pipeline.core.config import Newsletter

N = 6
WORDS = ("Kelp", "Tide", "Rope", "Lantern", "Ferry", "Anchor", "Gull", "Harbour", "Compass", "Barrel")


def title(n: int, k: int) -> str:
    """Return a title that occurs once."""
    return f"{WORDS[(n * 3 + k) % 10]} {WORDS[(n + k * 7 + 1) % 10].lower()} finds number {n * 100 + k}"


def url(n: int, k: int) -> str:
    """Return an address that occurs once."""
    return f"https://{WORDS[k % 10].lower()}{n}.example/{k}"


def read(folder: Path, write: Callable[[int, date], str], suffix: str = "md") -> Reading:
    """Write some issues, and read them."""
    for n in range(1, N + 1):
        text = write(n, date(2024, 1, 5) + timedelta(weeks=n))
        (folder / f"letter-{n}.{suffix}").write_text(text, "utf-8")
    return read_archive(read_files(folder), Newsletter("Letter", ()))


def picks(reading: Reading) -> list[list[str]]:
    """Return the titles of each issue."""
    return [[pick.title for pick in issue.picks] for issue in reading.issues]


def test_link_in_a_note_below_an_item_is_no_pick(tmp_path: Path) -> None:
    """An item nested below a story is a story where it leads with its link, else a note on it."""

    def write(n: int, day: date) -> str:
        items = [
            f"- [{title(n, k)}]({url(n, k)})\n  - As said of [{WORDS[k + n % 7].lower()} {WORDS[n]}]({url(n, k + 20)})"
            for k in range(3)
        ]
        return (
            f"# Week {n}\n\n<!-- date: {day} -->\n\n## Links\n\n"
            + "\n".join(items)
            + f"\n  - [{title(n, 9)}]({url(n, 9)})\n"
        )

    reading = read(tmp_path, write)
    assert picks(reading) == [[*(title(n, k) for k in range(3)), title(n, 9)] for n in range(1, N + 1)]
    assert reading.issues[0].date == date(2024, 1, 12)


def test_entry_whose_author_line_ends_with_sponsor_is_paid_for(tmp_path: Path) -> None:
    """`Acme sponsor` below an entry marks it; names of authors, which recur too, are no headings."""

    def write(n: int, day: date) -> str:
        rows = [f"<h1>Letter {n}</h1><p>{day}</p>"]
        for k, section in enumerate(("Articles", "Code")):
            rows.append(f"<p><strong>{section}</strong></p>")
            rows.append(
                f'<p><a href="{url(n, k)}">{title(n, k)}</a> — it is worth reading.</p><p>Ann Low</p>' * (n % 3 > 0)
            )
            rows.append(
                f'<p><a href="{url(n, k + 4)}">{title(n, k + 4)}</a> — it sails on.</p><p>Acme{n} <b>sponsor</b></p>'
            )
            rows.append(f'<p><a href="{url(n, k + 2)}">{title(n, k + 2)}</a> — it works wonders.</p><p>Ann Low</p>')
        return "".join(rows)

    reading = read(tmp_path, write, "html")
    assert {pick.section_name for issue in reading.issues for pick in issue.picks} == {"Articles", "Code"}
    assert picks(reading)[0] == [title(1, k) for k in (0, 2, 1, 3)]


def test_heading_that_names_the_sponsor_is_paid_for(tmp_path: Path) -> None:
    """However many words it has."""

    def write(n: int, day: date) -> str:
        story = f"[{title(n, 1)}]({url(n, 1)})\n\nWorth the time of a reader."
        offer = f"#### A message from our sponsor, the {WORDS[n]} works:\n\n[Buy {n}]({url(n, 5)})"
        return f"# Letter {n}, {day}\n\n{offer}\n\n## Articles\n\n{story}\n\n[{title(n, 2)}]({url(n, 2)})\n\nGood.\n"

    assert picks(read(tmp_path, write)) == [[title(n, 1), title(n, 2)] for n in range(1, N + 1)]


def test_back_issue_as_a_file_of_a_repository_is_no_pick(tmp_path: Path) -> None:
    """Reports of bugs are numbered as well, and stay."""

    def write(n: int, day: date) -> str:
        back = f"- [{WORDS[n]} of old](https://github.com/letter/weekly/blob/main/docs/issue-{n + 10}.md)"
        bug = f"- [Fix of {WORDS[n]}](https://github.com/kelp/core/issues/{n + 500})"
        return f"# Letter {n}, {day}\n\n## Links\n\n- [{title(n, 1)}]({url(n, 1)})\n{bug}\n\n## A year ago\n\n{back}\n"

    assert picks(read(tmp_path, write)) == [[title(n, 1), f"Fix of {WORDS[n]}"] for n in range(1, N + 1)]


def test_ghost_posts_that_have_only_their_mobiledoc_are_read(tmp_path: Path) -> None:
    """Headings, links in paragraphs and lists, and cards; the number stands after the name and before a colon."""
    posts = []
    for n in range(1, N + 1):
        links = [["a", ["href", url(n, k)]] for k in range(3)]
        document = {
            "version": "0.3.1", "atoms": [], "markups": links,
            "cards": [["hr", {}], ["markdown", {"markdown": f"[{title(n, 8)}]({url(n, 8)})"}]],
            "sections": [
                [1, "h2", [[0, [], 0, "Read"]]], [1, "p", [[0, [0], 1, title(n, 0)]]],
                [3, "ul", [[[0, [k], 1, title(n, k)], [0, [], 0, ": worth it."]] for k in (1, 2)]],
                [10, 0], [10, 1],
            ],
        }  # fmt: skip
        day = date(2024, 1, 5) + timedelta(weeks=n)
        posts.append({"title": f"Letter {n + 40}: {title(n, 7)}", "status": "published", "html": None,
                      "published_at": f"{day}T07:00:00.000Z", "mobiledoc": json.dumps(document)})  # fmt: skip
    (tmp_path / "letter.ghost.json").write_text(json.dumps({"db": [{"data": {"posts": posts}}]}), "utf-8")
    reading = read_archive(read_files(tmp_path), Newsletter("Letter", ()))
    assert [issue.number for issue in reading.issues] == list(range(41, 41 + N))
    assert picks(reading)[0] == [title(1, 0), title(1, 1), title(1, 2), title(1, 8)]


def test_time_with_an_offset_is_of_the_editors_day() -> None:
    """Universal time is a machine's, and turned into the newsletter's."""
    zone = ZoneInfo("UTC")
    assert given_date("2024-01-05T21:30:00-04:00", zone) == date(2024, 1, 5)
    assert given_date("2024-01-06T01:30:00Z", ZoneInfo("America/Los_Angeles")) == date(2024, 1, 5)


def test_issues_in_folders_of_their_own_are_told_apart(tmp_path: Path) -> None:
    """`007/index.md` is named with its folder, and a zip beside is read."""
    for n in range(7, 10):
        (tmp_path / f"00{n}").mkdir()
        (tmp_path / f"00{n}" / "index.md").write_text(f"# Letter {n}, 2024-05-0{n}\n\n- [{title(n, 1)}]({url(n, 1)})\n")
    with zipfile.ZipFile(tmp_path / "older.zip", "w") as archive:
        archive.writestr("006/index.md", f"# Letter 6, 2024-05-06\n\n- [{title(6, 1)}]({url(6, 1)})\n")
    (tmp_path / "bad.zip").write_bytes(b"\x00\x01 no zip")
    reading = read_archive(read_files(tmp_path), Newsletter("Letter", ()))
    paths = [str(issue.path) for issue in reading.issues]
    assert paths == ["older.zip/006/index.md", "007/index.md", "008/index.md", "009/index.md"]
    assert [Path(left.path).name for left in reading.skipped] == ["bad.zip"]
