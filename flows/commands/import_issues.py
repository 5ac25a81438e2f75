"""`triage import issues`: past issues in."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import JsonOption, WorkspaceOption, open_workspace, print_json, print_table

if TYPE_CHECKING:
    from pipeline.archive.reading import Reading
    from pipeline.newsletter import Newsletter


def import_issues(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files or folders of past issues.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be read; store nothing.")] = False,
    report: Annotated[bool, typer.Option("--report", help="Count picks per section and issue.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring past issues in; what they picked teaches the models. Twice changes nothing.

    Example: triage import issues archive/issues --report
    """
    from pipeline.archive.reading import read_paths
    from pipeline.publish import import_issues as store_issues

    opened = open_workspace(workspace)
    reading = read_paths(paths, opened.newsletter)
    if not dry_run:
        store_issues(opened.database, reading)
    summary = {
        "issues": len(reading.issues),
        "picks": sum(len(issue.picks) for issue in reading.issues),
        "sections": reading.sections(opened.newsletter),
        "unmapped": reading.unmapped(),
        "skipped": [{"path": left.path, "why": left.why} for left in reading.skipped],
    }
    if as_json:
        print_json(summary)
        return
    typer.echo(f"{'would read' if dry_run else 'read'} {summary['issues']} issues with {summary['picks']} picks")
    if report or dry_run:
        print_table(_per_issue(reading, opened.newsletter))
    print_table({"section": name, "picks": n} for name, n in reading.sections(opened.newsletter).items())
    for heading, n in reading.unmapped().items():
        typer.echo(
            f"no section is called {heading!r} ({n} picks kept); add it to a section's aliases in newsletter.toml"
        )
    for left in reading.skipped:
        typer.echo(f"skipped {left.path}: {left.why}")


def _per_issue(reading: "Reading", newsletter: "Newsletter") -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for issue in reading.issues:
        counts = Counter(pick.section or "?" for pick in issue.picks)
        keys = [section.key for section in newsletter.sections] + ["?"]
        rows.append({"issue": issue.number, "date": issue.date, **{key: counts[key] or "" for key in keys}})
    return rows
