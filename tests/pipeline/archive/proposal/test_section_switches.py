"""`triage init --from` switches on what each section is: due dates, days of events, a story in each paragraph."""

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from pipeline.archive.proposal.proposed_sections import ProposedSection
from pipeline.archive.proposal.section_switches import set_switches
from pipeline.core.config_reader import read_newsletter
from pipeline.core.types import Issue, Pick
from pipeline.ops.workspace import Workspace
from pipeline.store.issues import known_issues

ISSUE = """---
title: "#{n} - {n} May 2024"
---

## Boats

[How the ferry {n} was built](https://yard{n}.example/) - Ann Lee, Yard Post

The hull was [drawn by hand](https://drawing{n}.example/), and it shows.

----------

[Rowing {n} miles](https://rowing{n}.example/) - Bo Ek, Oars

More than we could.

----------

[Where buoys {n} come from](https://buoys{n}.example/) - Cy Orr, Foundry

From a foundry.

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


def made_from(folder: Path) -> Path:
    """Make a workspace from six past issues."""
    archive = folder / "archive"
    archive.mkdir()
    for n in range(1, 7):
        (archive / f"{n}.md").write_text(ISSUE.format(n=n), "utf-8")
    result = CliRunner().invoke(app, ["init", str(folder / "w"), "--from", str(archive)])
    assert result.exit_code == 0, result.output
    return folder / "w"


def test_one_liners_do_not_decide_how_other_stories_are_drafted(tmp_path: Path) -> None:
    """They are more than all title lines, and have a form of their own, with no rule between them."""
    form = read_newsletter(made_from(tmp_path) / "newsletter.toml").draft
    assert form is not None
    assert form.story.startswith("[{title}]({url})")
    assert dict(form.story_in) == {"odds-and-ends": "{blurb}"}
    assert (form.rule("boats"), form.rule("odds-and-ends")) == ("----------", "")


def test_switches_are_read_from_the_archive(tmp_path: Path) -> None:
    """The file says what each section is, and the picks are those that a later import under this file reads."""
    folder = made_from(tmp_path)
    sections = {section.name: section for section in read_newsletter(folder / "newsletter.toml").sections}
    switches = {
        name: [key for key in ("deadlines", "event_dates", "one_liners") if getattr(section, key)]
        for name, section in sections.items()
    }
    assert switches == {
        "Boats": [], "Submit": ["deadlines"], "Meetings": ["event_dates"], "Odds and ends": ["one_liners"],
    }  # fmt: skip
    assert sections["Odds and ends"].quota == 4
    with Workspace.open(folder).database.reading() as connection:
        picks = [pick for issue in known_issues(connection, date.max) for pick in issue.picks]
    assert len(picks) == 6 * 9
    assert sum(pick.section == sections["Odds and ends"].key for pick in picks) == 6 * 4
    again = CliRunner().invoke(
        app, ["import", "issues", str(tmp_path / "archive"), "--workspace", str(folder), "--json"]
    )
    assert '"picks": 54' in again.stdout


@pytest.mark.parametrize(
    ("heading", "byline", "switch"),
    [
        ("Chamadas", "Prazo: 2{n} de junho de 2024", "deadlines"),
        ("Candidaturas e prazos", "2{n} de junho, Lisboa", "deadlines"),
        ("Ausschreibungen", "Bewerbung bis 2{n}. Juni", "deadlines"),
        ("Encontros", "de 1{n} a 2{n} de julho de 2024, Lisboa", "event_dates"),
    ],
)
def test_switches_of_other_languages(tmp_path: Path, heading: str, byline: str, switch: str) -> None:
    """A section's days are due where its heading or its bylines say so, in their language."""
    issues = [
        Issue(n, date(2024, 5, n), picks=(Pick(heading, f"Vela {n}", None, 1, 1, byline=byline.format(n=n)),))
        for n in range(1, 7)
    ]
    section = ProposedSection(heading, picks=[(nth, issue.picks[0]) for nth, issue in enumerate(issues)])
    set_switches([section], issues, [])
    assert section.switches == [switch]
