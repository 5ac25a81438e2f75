"""`triage init --from` switches on what each section is: due dates, days of events, a story in each paragraph."""

from datetime import date
from pathlib import Path

from typer.testing import CliRunner

from flows.cli.app import app
from pipeline.core.config_reader import read_newsletter
from pipeline.ops.workspace import Workspace
from pipeline.store.issues import known_issues

ISSUE = """---
title: "#{n} - {n} May 2024"
---

## Boats

[How the ferry {n} was built](https://yard{n}.example/) - Ann Lee, Yard Post

The hull was [drawn by hand](https://drawing{n}.example/), and it shows.

[Rowing {n} miles](https://rowing{n}.example/) - Bo Ek, Oars

More than we could.

## Submit

[Harbour Congress {n}](https://congress{n}.example/) - Abstracts due 2{n} June 2024

## Meetings

[Rope Workshop {n}](https://rope{n}.example/) - 1{n} - 2{n} July 2024, Oslo

## Odds and ends

Somebody has counted the gulls in [a long list {n}](https://gulls{n}.example/).

A map of all piers is [here in colour {n}](https://piers{n}.example/), and one can print it.

[A song about fog {n}](https://fog{n}.example/).

The [oldest anchor {n}](https://anchor{n}.example/) is still at work, says who found it.
"""


def test_switches_are_read_from_the_archive(tmp_path: Path) -> None:
    """The file says what each section is, and the picks are those that a later import under this file reads."""
    archive = tmp_path / "archive"
    archive.mkdir()
    for n in range(1, 7):
        (archive / f"{n}.md").write_text(ISSUE.format(n=n), "utf-8")
    result = CliRunner().invoke(app, ["init", str(tmp_path / "w"), "--from", str(archive)])
    assert result.exit_code == 0, result.output
    sections = {section.name: section for section in read_newsletter(tmp_path / "w" / "newsletter.toml").sections}
    switches = {
        name: [key for key in ("deadlines", "event_dates", "one_liners") if getattr(section, key)]
        for name, section in sections.items()
    }
    assert switches == {
        "Boats": [], "Submit": ["deadlines"], "Meetings": ["event_dates"], "Odds and ends": ["one_liners"],
    }  # fmt: skip
    assert sections["Odds and ends"].quota == 4
    with Workspace.open(tmp_path / "w").database.reading() as connection:
        picks = [pick for issue in known_issues(connection, date.max) for pick in issue.picks]
    assert len(picks) == 6 * 8
    assert sum(pick.section == sections["Odds and ends"].key for pick in picks) == 6 * 4
    again = CliRunner().invoke(app, ["import", "issues", str(archive), "--workspace", str(tmp_path / "w"), "--json"])
    assert '"picks": 48' in again.stdout
