"""`triage import issues`: past issues in."""

import sys
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import JsonOption, WorkspaceOption, open_workspace, print_json, print_table

if TYPE_CHECKING:
    from pipeline.archive.importer import Reading
    from pipeline.core.config import Newsletter
    from pipeline.ops.workspace import Workspace


def import_issues(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Files, folders, export zips, or the newsletter's feed.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be read; store nothing.")] = False,
    titles: Annotated[
        bool, typer.Option("--fetch-titles", help="Ask the pages behind one-liners for their titles, once.")
    ] = False,
    report: Annotated[
        bool, typer.Option("--report", help="Count picks per section and issue; list what was set aside.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring past issues in; what they picked teaches the models. Twice changes nothing.

    Example: triage import issues archive/issues --report
    """
    from pipeline.archive.importer import read_archive
    from pipeline.steps.import_issues import gather_files
    from pipeline.steps.import_issues import import_issues as store_issues
    from pipeline.store.runs import record_run

    opened = open_workspace(workspace)
    reading = read_archive(gather_files(paths, opened.newsletter), opened.newsletter)
    _settle_unclear(reading, ask=not as_json and sys.stdin.isatty())
    if titles and not dry_run:
        _fetch_titles(opened, reading)
    if not dry_run:
        record_run(opened.database, store_issues(opened.database, reading), opened.as_of)
    if as_json:
        print_json(_summary(reading, opened.newsletter))
        return
    _print(reading, opened.newsletter, dry_run, report or dry_run)


def _settle_unclear(reading: "Reading", ask: bool) -> None:
    """Keep what was read in an unknown layout only if the editor confirms it."""
    for folder, understood in list(reading.unclear.items()):
        if not ask or not typer.confirm(f"{folder}: {understood}. Keep this reading?"):
            reading.drop(
                folder, f"unknown layout ({understood}); set layout = titles, bullets or headings in newsletter.toml"
            )


def _fetch_titles(opened: "Workspace", reading: "Reading") -> None:
    from flows.progress import progress_bar
    from pipeline.steps.import_issues import fetch_titles

    with progress_bar("titles from pages") as progress:
        report = fetch_titles(opened.database, opened.newsletter, reading.issues, progress)
    if report.failed:
        typer.echo(f"{report.failed} of {report.seen} pages gave no title; the link's words stay", err=True)


def _summary(reading: "Reading", newsletter: "Newsletter") -> dict[str, object]:
    return {
        "issues": len(reading.issues),
        "picks": sum(len(issue.picks) for issue in reading.issues),
        "sections": reading.sections(newsletter),
        "unmapped": reading.unmapped(),
        "skipped": [{"path": left.path, "why": left.why} for left in reading.skipped],
        "guessed": [{"path": left.path, "why": left.why} for left in reading.guessed],
        "dialects": reading.dialects,
    }


def _print(reading: "Reading", newsletter: "Newsletter", dry_run: bool, report: bool) -> None:
    picks = sum(len(issue.picks) for issue in reading.issues)
    typer.echo(f"{'would read' if dry_run else 'read'} {len(reading.issues)} issues with {picks} picks")
    for folder, dialect in reading.dialects.items():
        typer.echo(f"{folder}: dialect {dialect}")
    if report:
        print_table(_per_issue(reading, newsletter))
        for left in reading.set_aside:
            typer.echo(f"no pick: {left.path}: {left.why}")
    print_table({"section": name, "picks": n} for name, n in reading.sections(newsletter).items())
    for heading, n in reading.unmapped().items():
        typer.echo(
            f"no section is called {heading!r} ({n} picks kept); add it to a section's aliases in newsletter.toml"
        )
    for left in reading.skipped:
        typer.echo(f"skipped {left.path}: {left.why}")
    for left in reading.guessed:
        typer.echo(f"guessed {left.path}: {left.why}")


def _per_issue(reading: "Reading", newsletter: "Newsletter") -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for issue in reading.issues:
        counts = Counter(pick.section or "?" for pick in issue.picks)
        keys = [*(section.key for section in newsletter.sections), "?"]
        rows.append({"issue": issue.number, "date": issue.date, **{key: counts[key] or "" for key in keys}})
    return rows
