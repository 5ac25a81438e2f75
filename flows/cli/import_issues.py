"""`triage import issues`: import past issues."""

import re
import shlex
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from flows.cli.options import JsonOption, WorkspaceOption, open_workspace, print_json, print_table, write_file
from flows.progress import progress_bar
from pipeline.core.counted import counted
from pipeline.core.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.archive.reading import LeftOut, Reading
    from pipeline.core.config import Newsletter
    from pipeline.ops.workspace import Workspace

SHOWN = 3  # of each group of things left out
SHOWN_HEADINGS = 12
SHOWN_ROWS = 24  # pieces of an issue in the terminal
LONGEST_ROW = 100  # characters
# what differs between the reasons of one group: what is quoted, days and numbers
GROUPED = re.compile(r"'.*?'(?= is )|\"[^\"]*\"|\d{4}-\d{2}-\d{2}|\d+")


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
        print_json(_summary(reading, opened.newsletter, new))
    else:
        file = _write_report(reading, opened.folder / "import-report.txt") if report or dry_run else None
        _print(reading, opened.newsletter, new, file)
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


def refuse_nothing(reading: "Reading", paths: list[str]) -> NoReturn:
    """Say in three lines what was seen and the next move, and exit with 1."""
    documents, links = counted(reading.documents, "document"), counted(reading.links, "link")
    seen = f"triage: 0 picks in {', '.join(paths)}: {documents}, {len(reading.issues)} of them issues"
    seen += f", with {links}; nothing was stored"
    reasons = Counter(left.why for left in reading.skipped).most_common(2)
    files = {why: left.path for left in reversed(reading.skipped) for why in [left.why]}
    left_out = (
        "; ".join(f"{n} × {why} (first: {files[why]})" for why, n in reasons)
        or "no file there has a form that is known"
    )
    command = " ".join(map(shlex.quote, ["triage", "import", "issues", *paths, "--explain", "preview.html"]))
    typer.echo(f"{seen}\nleft out: {left_out}\nnext: see how it was read with: {command}", err=True)
    raise typer.Exit(1)


def _fetch_titles(opened: "Workspace", reading: "Reading") -> None:
    from pipeline.steps.fetch_titles import fetch_titles

    with progress_bar("titles from pages") as progress:
        report = fetch_titles(opened.database, opened.newsletter, reading.issues, progress)
    if report.failed:
        typer.echo(f"{report.failed} of {report.seen} pages gave no title; the link's words stay", err=True)


def _summary(reading: "Reading", newsletter: "Newsletter", new: int | None) -> dict[str, object]:
    return {
        "issues": len(reading.issues),
        "new": new,  # or changed; of a dry run null
        "picks": sum(len(issue.picks) for issue in reading.issues),
        "sections": reading.sections(newsletter),
        "unmapped": reading.unmapped(),
        "skipped": [{"path": left.path, "why": left.why} for left in reading.skipped],
        "guessed": [{"path": left.path, "why": left.why} for left in reading.guessed],
        "layouts": reading.layouts,
        "tables": reading.tables,
    }


def _print(reading: "Reading", newsletter: "Newsletter", new: int | None, report_file: Path | None) -> None:
    """Print what was read; `new` issues are new or changed, None if nothing was stored."""
    known = "" if new in (None, len(reading.issues)) else f"; {new or 'none'} of them new or changed"
    typer.echo(f"{'would read' if new is None else 'read'} {read_amount(reading)}{known}")
    print_tables(reading)
    for folder, layout in reading.layouts.items():
        typer.echo(f"{folder}: stories are {layout}")
    if report_file:
        print_table(_per_issue(reading, newsletter))
        print_groups("no pick", reading.set_aside, report_file)
    elif reading.set_aside:
        typer.echo(
            f"left out as no pick: {counted(len(reading.set_aside), 'link')}; --report lists each with its reason"
        )
    print_table({"section": name, "picks": n} for name, n in reading.sections(newsletter).items())
    unmapped = sorted(reading.unmapped().items(), key=lambda item: -item[1])
    for heading, n in unmapped[:SHOWN_HEADINGS]:
        typer.echo(
            f"no section is called {heading!r} ({counted(n, 'pick')}); add it to the aliases of one in newsletter.toml"
            if heading
            else f"{counted(n, 'pick has', 'picks have')} no heading above them; kept without a section"
        )
    rest = [n for _, n in unmapped[SHOWN_HEADINGS:]]
    if rest:
        typer.echo(f"and {counted(len(rest), 'more heading')} with {counted(sum(rest), 'pick')}")
    print_groups("skipped", reading.skipped, report_file)
    print_groups("guessed", reading.guessed, report_file)


def read_amount(reading: "Reading") -> str:
    """Say how many issues and picks were read."""
    return f"{counted(len(reading.issues), 'issue')} with {counted(reading.n_picks, 'pick')}"


def print_tables(reading: "Reading") -> None:
    """Tell what was found in which columns, once for tables that are alike."""
    alike: dict[str, list[str]] = {}
    for name, columns in reading.tables.items():
        found = ", ".join(f"{kind} from {column!r}" for kind, column in columns.items())
        alike.setdefault(found, []).append(name)
    for found, names in alike.items():
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        typer.echo(f"{Path(names[0]).name}{more}: a table with {found}")


def print_groups(kind: str, left: "Sequence[LeftOut]", report_file: Path | None) -> None:
    """Print what was left out by reason, with the count and the first few; all of it is in the report's file."""
    groups: dict[str, list[LeftOut]] = {}
    for each in left:
        groups.setdefault(GROUPED.sub("…", each.why), []).append(each)
    for why, members in groups.items():
        if len(members) <= SHOWN:
            for each in members:
                typer.echo(f"{kind} {each.path}: {each.why}")
            continue
        first = ", ".join(each.path for each in members[:SHOWN])
        rest = f"all in {report_file}" if report_file else "all of them with --report"
        typer.echo(f"{kind} {len(members)}: {why} (first: {first}; {rest})")


def _write_report(reading: "Reading", file: Path) -> Path:
    """Write every link and file that was left out, one a line."""
    kinds = (("skipped", reading.skipped), ("guessed", reading.guessed), ("no pick", reading.set_aside))
    lines = [f"{kind}: {left.path}: {left.why}\n" for kind, several in kinds for left in several]
    write_file(file, "".join(lines))
    return file


def _per_issue(reading: "Reading", newsletter: "Newsletter") -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for issue in reading.issues:
        counts = Counter(pick.section or "?" for pick in issue.picks)
        keys = [key for key in (*(section.key for section in newsletter.sections), "?") if counts[key]]
        sections = ", ".join(f"{key} {counts[key]}" for key in keys)
        rows.append({"issue": issue.number, "date": issue.date, "picks": len(issue.picks), "by section": sections})
    return rows
