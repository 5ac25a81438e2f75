"""Before an archive is believed, its editor sees what was read as what."""

from datetime import date
from pathlib import Path

from typer.testing import CliRunner

from flows.cli.app import app
from pipeline.archive.explanation import explain
from pipeline.archive.files import File
from pipeline.archive.importer import read_archive
from pipeline.core.config import Newsletter

LETTER = Newsletter("Pier & Post", ())


def issue(n: int) -> File:
    """Write one issue with a story, a text with a link, a paid item and a footer."""
    text = (
        f"# Pier Post #{n}\n\n2024-05-{n:02d}\n\n## News\n\n### [Fog <script>alert({n})</script> {n}0](https://fog{n}.example/)\n\n"
        f"It is thick, [they say](https://say{n}.example/).\n\n### [Rope {n}1](https://rope{n}.example/)\n\nStrong.\n\n"
        f"Sponsored: [Buy hull paint](https://paint{n}.example/)\n\n## About\n\n[Leave the list](https://pier.example/leave)\n"
    )
    return File(f"pier/{n}.md", "pier", text.encode())


def test_each_piece_is_named() -> None:
    """Section, story with title and link, text, paid and furniture, in the order of the issue."""
    found = explain(read_archive([issue(n) for n in range(1, 6)], LETTER), LETTER)
    assert len(found.issues) == 3
    rows = found.issues[-1].rows
    kinds = [(row.kind, [mark.kind for mark in row.marks if mark.kind]) for row in rows if row.kind != "text"]
    assert kinds[:4] == [("section", []), ("story", ["title", "link"]), ("blurb", []), ("story", ["title", "link"])]
    assert ("paid", []) in kinds
    assert kinds[-1] == ("furniture", [])
    assert dict(found.shares)["picks"] == "10, 2 an issue"
    assert [switch.layout for switch in found.switches if switch.is_current] == ["auto"]
    assert next(switch.picks for switch in found.switches if switch.layout == "prose") >= 10


def test_doubts_are_told() -> None:
    """Dates that were guessed are counted."""
    files = [
        File(
            f"a/{n}.md",
            "a",
            f"# A #{n}\n\n- [Tide tables {n}](https://m{n}.example/)\n".encode(),
            False,
            date(2024, 5, 9),
        )
        for n in range(1, 7)
    ]
    found = explain(read_archive(files, LETTER), LETTER)
    assert any(doubt.startswith("Guessed in 6 issues: its date") for doubt in found.doubts), found.doubts


def test_page_is_whole_and_escaped(tmp_path: Path) -> None:
    """One file that loads and runs nothing; nothing is stored; the terminal tells it in short."""
    archive = tmp_path / "pier"
    archive.mkdir()
    for n in range(1, 6):
        (archive / f"{n}.md").write_bytes(issue(n).body)
    CliRunner().invoke(app, ["init", str(tmp_path / "w"), "--template", "blank", "--name", "Pier & <b>"])
    page = tmp_path / "preview.html"
    command = ["import", "issues", str(archive), "--explain", str(page), "--workspace", str(tmp_path / "w")]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    assert "nothing is stored" in result.output
    text = page.read_text("utf-8")
    assert "<script" not in text
    assert "http-equiv" in text
    assert "Pier &amp; &lt;b&gt;" in text
    assert text.count('class="x-issue"') == 3
    stored = CliRunner().invoke(
        app, ["sql", "select count(*) as n from issues", "--json", "--workspace", str(tmp_path / "w")]
    )
    assert '"n": 0' in stored.output


def test_underline_of_a_heading_is_not_shown() -> None:
    """It is the mark of a heading, as `##` is one, and no words."""
    texts = [
        f"Pier Post #{n}, {n} May 2024\n=============\n\nNews\n----\n\n- [Fog {n}](https://fog{n}.example/)\n"
        for n in range(1, 5)
    ]
    files = [File(f"pier/{n}.md", "pier", text.encode()) for n, text in enumerate(texts, 1)]
    rows = explain(read_archive(files, LETTER), LETTER).issues[-1].rows
    assert [mark.text for row in rows if row.kind == "section" for mark in row.marks] == ["News"]
