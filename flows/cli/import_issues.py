"""`triage import issues`: import past issues."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.import_report import as_record, print_reading, refuse_nothing, write_left_out
from flows.cli.options import JsonOption, WorkspaceOption, open_workspace, print_json
from flows.progress import progress_bar
from pipeline.core.counted import counted
from pipeline.core.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.archive.reading import Reading
    from pipeline.core.config import Newsletter
    from pipeline.ops.workspace import Workspace

SHOWN_ROWS = 24  # pieces of an issue in the terminal
LONGEST_ROW = 100  # characters


def import_issues(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Files, folders, export zips, or the newsletter's feed.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be read; store nothing.")] = False,
    titles: Annotated[
        bool, typer.Option("--fetch-titles", help="Fetch the titles of pages behind one-liners, once.")
    ] = False,
    report: Annotated[
        bool, typer.Option("--report", help="Count picks per section and issue; list links that are no picks.")
    ] = False,
    explain: Annotated[
        Path | None,
        typer.Option(
            "--explain", metavar="FILE", help="Show three issues with what was taken as what, on a page; store nothing."
        ),
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import past issues; their picks train the models. Importing twice changes nothing.

    Example: triage import issues archive/issues --report
    """
    from pipeline.steps.import_issues import import_issues as store_issues
    from pipeline.steps.import_issues import keep_form
    from pipeline.store.runs import record_run

    if explain is not None:
        newsletter = _known_newsletter(workspace)
        _explain(read_past_issues(paths, newsletter), newsletter, paths, explain, as_json)
        return
    opened = open_workspace(workspace)
    reading = read_past_issues(paths, opened.newsletter)
    if not reading.n_picks:
        refuse_nothing(reading, paths)
    if titles and not dry_run:
        _fetch_titles(opened, reading)
    new = None
    if not dry_run:
        stored = store_issues(opened.database, reading)
        record_run(opened.database, stored, opened.as_of)
        new = stored.done
    is_learned = not dry_run and keep_form(opened.folder, opened.newsletter, reading)
    if as_json:
        print_json(as_record(reading, opened.newsletter, new))
    else:
        file = write_left_out(reading, opened.folder / "import-report.txt") if report or dry_run else None
        print_reading(reading, opened.newsletter, new, file)
    if is_learned and not as_json:
        typer.echo("drafts will look like these issues; see [draft] in newsletter.toml, and change what is not right")
    newest = newest_titles(reading)
    del reading  # the models that are asked now take its room
    warn_of_language(opened, newest)


def read_past_issues(paths: list[str], newsletter: "Newsletter") -> "Reading":
    """Read some archives, with a bar on a terminal."""
    from pipeline.archive.importer import read_archive
    from pipeline.steps.import_issues import gather_files

    with progress_bar("reading past issues") as progress:
        return read_archive(gather_files(paths, newsletter), newsletter, progress)


def _known_newsletter(workspace: Path | None) -> "Newsletter":
    """Return the workspace's newsletter; without a workspace, an archive is explained before there is one."""
    from pipeline.core.config import Newsletter
    from pipeline.core.errors import WorkspaceError

    try:
        return open_workspace(workspace).newsletter
    except WorkspaceError:
        if workspace is not None:
            raise
        return Newsletter("Past issues", ())


def newest_titles(reading: "Reading") -> "list[str]":
    """Return the titles that the language is found by."""
    from pipeline.ops.readability import TITLES

    return [pick.title for issue in reading.issues for pick in issue.picks][-TITLES:]


def warn_of_language(opened: "Workspace", titles: "Sequence[str]") -> None:
    """Tell where the embedding model cannot read the titles."""
    from pipeline.core.errors import TriageError
    from pipeline.ops.readability import readability_alert

    try:
        alert = readability_alert(titles, opened.embedder, opened.newsletter.embedding_model)
    except TriageError:  # the model is not on this machine; the night reports it
        return
    if alert:
        typer.echo(alert, err=True)


def _explain(reading: "Reading", newsletter: "Newsletter", paths: list[str], file: Path, as_json: bool) -> None:
    """Write the page, and print a short form of it."""
    from dataclasses import asdict

    from pipeline.archive.explanation import explain
    from pipeline.archive.explanation_page import write_page

    found = explain(reading, newsletter)
    command = " ".join(map(shlex.quote, ["triage", "import", "issues", *paths, "--explain", str(file)]))
    write_page(found, newsletter.name, command, file)
    if as_json:
        print_json(asdict(found))
        return
    for name, value in found.shares:
        typer.echo(f"{name:<21} {value}")
    for issue in found.issues[-1:]:
        typer.echo(f"\n{issue.title or issue.name}, {issue.day}: {counted(issue.n_picks, 'pick')}")
        for row in [row for row in issue.rows if row.kind != "text"][:SHOWN_ROWS]:
            shown = " ".join(mark.text for mark in row.marks if row.kind != "story" or mark.kind == "title")
            typer.echo(f"  {row.kind:<9} {one_line(shown, LONGEST_ROW)}")
    typer.echo("")
    for doubt in found.doubts:
        typer.echo(f"? {one_line(doubt)}")
    others = ", ".join(f"{s.layout} ({s.picks})" for s in found.switches if not s.is_current and s.picks is not None)
    typer.echo(f"layout in newsletter.toml can be, with so many picks in the issues looked at: {others}")
    typer.echo(f"nothing is stored; three issues with all that was read are in {file}")
    if not reading.n_picks:
        raise typer.Exit(1)


def _fetch_titles(opened: "Workspace", reading: "Reading") -> None:
    from pipeline.steps.fetch_titles import fetch_titles

    with progress_bar("titles from pages") as progress:
        report = fetch_titles(opened.database, opened.newsletter, reading.issues, progress)
    if report.failed:
        typer.echo(f"{report.failed} of {report.seen} pages gave no title; the link's words stay", err=True)
