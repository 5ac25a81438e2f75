"""`triage init`: create a workspace, from a template or from past issues."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.import_issues import newest_titles, read_past_issues, warn_of_language
from flows.cli.import_report import print_groups, print_tables, read_amount, refuse_nothing
from flows.cli.options import JsonOption, print_json, write_file
from pipeline.core.counted import counted

if TYPE_CHECKING:
    from pipeline.archive.reading import Reading
    from pipeline.ops.workspace import Workspace


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to create.")],
    name: Annotated[str | None, typer.Option(help="The newsletter's name; default: the folder's.")] = None,
    template: Annotated[str, typer.Option(help="research-computing or blank.")] = "research-computing",
    archive: Annotated[
        str | None,
        typer.Option("--from", metavar="ARCHIVE", help="Past issues to read sections and issue day from, and import."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Create a workspace: newsletter.toml to edit, and the database.

    Example: triage init my-newsletter --from archive/issues
    """
    from pipeline.core.config import FILE_NAME
    from pipeline.ops.workspace import Workspace

    if archive is not None:
        _init_from(folder, name, archive, as_json)
        return
    is_new = not (folder / FILE_NAME).exists()
    workspace = Workspace.create(folder, name, template)
    if as_json:
        print_json({"workspace": str(workspace.folder), "name": workspace.newsletter.name, "new": is_new})
        return
    if not is_new:
        typer.echo(
            f"{workspace.newsletter.name} is there already, in {workspace.folder}; its settings were not changed"
        )
        return
    typer.echo(f"created {workspace.newsletter.name} in {workspace.folder}")
    typer.echo(
        "Next: edit newsletter.toml there, then: triage import issues PATH; triage feeds add URL; triage nightly"
    )


def _init_from(folder: Path, name: str | None, archive: str, as_json: bool) -> None:
    """Read past issues, propose newsletter.toml from them, and import them."""
    from pipeline.ops.workspace import Workspace
    from pipeline.steps.import_issues import keep_form

    reading, n_sections = _read_and_propose(folder, name, archive)
    workspace = Workspace.create(folder, name, "blank")
    _store(workspace, reading)
    has_form = keep_form(workspace.folder, workspace.newsletter, reading)
    if as_json:
        print_json(_as_record(workspace, reading))
    else:
        _print(workspace, reading, n_sections, has_form, archive)
    titles = newest_titles(reading)
    del reading  # the models that are asked now take its room
    warn_of_language(workspace, titles)


def _read_and_propose(folder: Path, name: str | None, archive: str) -> "tuple[Reading, int]":
    """Read past issues and write the newsletter.toml that they propose; return its number of sections too."""
    from pipeline.core.config import FILE_NAME, Newsletter
    from pipeline.core.config_reader import read_newsletter
    from pipeline.core.errors import InputError

    file = folder / FILE_NAME
    if file.exists():
        raise InputError(f"{file} is there already; use: triage import issues {archive} --workspace {folder}")
    fallback = folder.resolve().name.replace("-", " ").title()
    newsletter = Newsletter(name or fallback, ())
    reading = read_past_issues([archive], newsletter)
    if not reading.n_picks:
        refuse_nothing(reading, [archive])
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make {folder} ({error.strerror}); choose another folder") from error
    n_sections = _write_proposal(file, reading, name, fallback)
    newsletter = read_newsletter(file)
    if newsletter.one_liner_sections:  # each paragraph there is a story, which was not known before
        del reading  # before it is read again
        reading = read_past_issues([archive], newsletter)
        n_sections = _write_proposal(file, reading, name, fallback)
    return reading, n_sections


def _write_proposal(file: Path, reading: "Reading", name: str | None, fallback: str) -> int:
    """Write the newsletter.toml that an archive proposes; return the number of its sections."""
    from pipeline.archive.proposal.proposed_newsletter import propose

    text, sections = propose(reading.issues, name, fallback, reading.examples)
    write_file(file, text)
    return len(sections)


def _store(workspace: "Workspace", reading: "Reading") -> None:
    """Import the issues that were read, with the sections that were proposed from them."""
    from dataclasses import replace

    from pipeline.steps.import_issues import import_issues
    from pipeline.store.runs import record_run

    section_for = workspace.newsletter.section_for
    reading.issues = [
        replace(issue, picks=tuple(replace(pick, section=section_for(pick.section_name)) for pick in issue.picks))
        for issue in reading.issues
    ]
    record_run(workspace.database, import_issues(workspace.database, reading), workspace.as_of)


def _as_record(workspace: "Workspace", reading: "Reading") -> dict[str, object]:
    return {
        "workspace": str(workspace.folder),
        "name": workspace.newsletter.name,
        "issues": len(reading.issues),
        "picks": reading.n_picks,
        "sections": reading.sections(workspace.newsletter),
    }


def _print(workspace: "Workspace", reading: "Reading", n_sections: int, has_form: bool, archive: str) -> None:
    from pipeline.core.config import FILE_NAME
    from pipeline.core.issue_days import in_words

    newsletter = workspace.newsletter
    typer.echo(f"created {newsletter.name} in {workspace.folder}: {read_amount(reading)}")
    print_tables(reading)
    for layout in dict.fromkeys(reading.layouts.values()):
        typer.echo(f"stories are {layout}; issues go out {in_words(newsletter.issue_day)}")
    for section, n in reading.sections(newsletter).items():
        typer.echo(f"  {section}: {counted(n, 'pick')}")
    unmapped = reading.unmapped()
    if unmapped:
        picks = counted(sum(unmapped.values()), "pick")
        typer.echo(f"  under {counted(len(unmapped), 'one-off heading')}: {picks}, without a section")
    where = f"all of them with: triage import issues {archive} --dry-run --report FILE"
    print_groups("skipped", reading.skipped, where)
    print_groups("guessed", reading.guessed, where)
    if has_form:
        typer.echo("drafts will look like these issues; see [draft]")
    sections = counted(n_sections, "section is", "sections are")
    typer.echo(
        f"{sections} proposed in {workspace.folder / FILE_NAME}: read them through, then: triage feeds suggest --add"
    )
