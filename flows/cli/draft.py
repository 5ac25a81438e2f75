"""`triage draft`: write the next issue's draft from what is picked."""

import shlex
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import (
    AsOfOption,
    JsonOption,
    WorkspaceOption,
    open_workspace,
    parse_day,
    print_json,
    write_file,
)
from pipeline.core.counted import counted

if TYPE_CHECKING:
    from pipeline.drafts.draft import Draft
    from pipeline.ops.workspace import Workspace
    from pipeline.steps.check_draft import Finding

MAX_NUMBER = 2**31 - 1  # that the database holds
FORMATS = ("markdown", "html", "text")


def draft(
    number: Annotated[
        int | None, typer.Option(min=0, max=MAX_NUMBER, help="Issue number; default: the last one's plus one.")
    ] = None,
    day: Annotated[
        datetime | None,
        typer.Option("--date", parser=parse_day, metavar="DATE", help="Issue date; default: the next issue day."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="File to write; your edits in an existing Markdown file are kept."),
    ] = None,
    format: Annotated[str, typer.Option(help="markdown, html or text.")] = "markdown",
    check: Annotated[
        bool, typer.Option("--check", help="Check links, repeats, deadlines and notes; write nothing.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the next issue's draft from what is picked. It has the format of your past issues.

    Example: triage draft --out issue-84.md
    """
    if format not in FORMATS:
        raise typer.BadParameter(f"{format!r} is none of {', '.join(FORMATS)}", param_hint="--format")
    opened = open_workspace(workspace, as_of)
    _warn_of_form(opened)
    issue_day = day or as_of
    made, closed = _make(opened, number, issue_day.date() if issue_day else None)
    markdown = _merged(opened, made, out.with_suffix(".md") if out and format != "markdown" else out)
    if check:
        _print_findings(_check(opened, made, markdown), as_json)
        return
    for title in closed:
        typer.echo(f"left out, its deadline has passed by then: {title}", err=True)
    if not any(section.entries for section in made.sections):
        typer.echo("nothing is picked yet, so the draft is empty; pick with: triage review", err=True)
    text = _formatted(markdown, format, opened)
    if out:
        write_file(out, text)
    if as_json:
        from pipeline.drafts.render import title_of

        title = title_of(made, markdown)
        print_json({"number": made.number, "date": made.date, "title": title, "closed": closed, "text": text})
    else:
        typer.echo(f"wrote {out}{_next(out, format)}" if out else text)


def _warn_of_form(opened: "Workspace") -> None:
    """Tell on stderr what in [draft] would be printed in braces, and what it leaves out of a story."""
    from pipeline.core.config import FILE_NAME
    from pipeline.core.draft_form import warnings
    from pipeline.drafts.render import form_of

    form = form_of(opened.newsletter, opened.folder)
    for sentence in warnings(form, opened.folder / FILE_NAME) if form else ():
        typer.echo(sentence, err=True)


def _next(out: Path, format: str) -> str:
    name = shlex.quote(str(out))
    after = f"look it over with: triage draft --check --out {name}, and record it with: triage publish {name}"
    return f". Next: edit it, {after}" if format == "markdown" else ""


def _make(opened: "Workspace", number: int | None, day: date | None) -> tuple["Draft", list[str]]:
    from pipeline.steps.draft import make_draft

    made, closed = make_draft(opened.database, opened.newsletter, opened.as_of, opened.embedder, number, day)
    return made, [story.title for story in closed]


def _merged(opened: "Workspace", made: "Draft", source: Path | None) -> str:
    """Return the draft as Markdown, with what the editor wrote in the file that is there."""
    from pipeline.archive.extraction import Rules
    from pipeline.core.errors import InputError
    from pipeline.drafts.merge import merge_edits, parse_draft, parse_formed
    from pipeline.drafts.render import form_of, write_markdown
    from pipeline.drafts.selection import candidate_keys

    if source and source.exists():
        try:
            text = source.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{source} cannot be read ({error}); name another file with --out") from error
        rules = Rules.of(opened.newsletter)
        is_formed = form_of(opened.newsletter, opened.folder) is not None
        written = parse_formed(text, opened.newsletter) if is_formed else parse_draft(text, rules)
        made = merge_edits(made, written, rules, candidate_keys(opened.database))
    return write_markdown(made, opened.folder, opened.newsletter.draft)


def _formatted(markdown: str, format: str, opened: "Workspace") -> str:
    from pipeline.drafts.render import form_of, to_html, to_text

    if format == "html":
        form = form_of(opened.newsletter, opened.folder)
        return to_html(markdown, opened.folder, opened.newsletter.language, form)
    return to_text(markdown) if format == "text" else markdown


def _check(opened: "Workspace", made: "Draft", markdown: str) -> list["Finding"]:
    from flows.progress import progress_bar
    from pipeline.drafts.render import form_of
    from pipeline.steps.check_draft import check_issue
    from pipeline.steps.draft import draft_issue

    newsletter = replace(opened.newsletter, draft=form_of(opened.newsletter, opened.folder))
    issue = draft_issue(made, markdown, newsletter)
    with progress_bar("links") as progress:
        return check_issue(opened.database, newsletter, opened.as_of, issue, markdown, progress)


def _print_findings(findings: list["Finding"], as_json: bool) -> None:
    if as_json:
        print_json([{"kind": found.kind, "text": found.text, "url": found.url} for found in findings])
        return
    for found in findings:
        typer.echo(f"{found.kind:9}{found.text}")
    typer.echo(counted(len(findings), "finding") if findings else "nothing found")
