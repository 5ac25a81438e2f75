"""A newsletter.toml is proposed from past issues, and holds what an editor would write there."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

from typer.testing import CliRunner

from flows.cli.app import app
from pipeline.archive.proposal import propose
from pipeline.core.config_reader import read_newsletter
from pipeline.core.types import Issue, Pick


def issues(headings_of: list[list[str]]) -> list[Issue]:
    """Make weekly issues with two picks under each heading."""
    made = []
    for nth, headings in enumerate(headings_of):
        names = [heading for heading in headings for _ in range(2)]
        picks = tuple(
            Pick(name, f"Ferry {place} sails {nth}", f"https://f{nth}-{place}.example/", place, place)
            for place, name in enumerate(names, 1)
        )
        made.append(Issue(nth + 1, date(2024, 5, 2) + timedelta(weeks=nth), f"Pier Post #{nth + 1}", "", picks))
    return made


def test_sections_are_merged_ordered_and_counted() -> None:
    """Spellings of one heading are aliases, one-offs no sections, and the order is that of the issues."""
    text, sections = propose(
        issues(
            [["News", "Videos"]] * 4
            + [["📰 News", "Harbour Videos", "An essay on fog"]]
            + [["📰 News", "🎬 Videos"]] * 4
        ),
        None,
        "Folder",
    )
    told = tomllib.loads(text)
    assert [section.name for section in sections] == ["📰 News", "🎬 Videos"]
    assert (told["name"], told["issue_day"]) == ("Pier Post", "thursday")
    assert [(s["key"], s["aliases"], s["quota"]) for s in told["sections"]] == [
        ("news", ["News"], 2),
        ("videos", ["Videos", "Harbour Videos"], 2),
    ]


def test_archive_without_headings_gets_one_section(tmp_path: Path) -> None:
    """Its picks belong to that section."""
    text, _ = propose(issues([[""]] * 3), "Flat", "Folder")
    (tmp_path / "newsletter.toml").write_text(text, "utf-8")
    newsletter = read_newsletter(tmp_path / "newsletter.toml")
    assert (newsletter.name, newsletter.section_for("")) == ("Flat", "links")


def test_init_from_an_archive_imports_its_picks(tmp_path: Path) -> None:
    """One command from an unknown archive to a workspace; a second one overwrites nothing."""
    archive = tmp_path / "archive"
    archive.mkdir()
    for n in (1, 2, 3):
        body = f"## Tools\n\n- [Rope {n}](https://rope{n}.example/)\n\n## Reads\n\n- [Tide {n}](https://tide{n}.example/)\n"
        (archive / f"{n}.md").write_text(f"---\ntitle: 'Quay #{n}'\ndate: 2024-05-0{n}\n---\n{body}")
    command = ["init", str(tmp_path / "w"), "--from", str(archive), "--json"]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    assert '"picks": 6' in result.stdout
    assert '"Tools": 3' in result.stdout
    assert CliRunner().invoke(app, command).exit_code == 1
