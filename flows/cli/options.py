"""Options that every command shares, and how commands print. Imports nothing heavy."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.core.types import StepReport
    from pipeline.ops.workspace import Workspace


FIRST_YEAR, LAST_YEAR = 1970, 2999


def parse_day(text: str) -> datetime:
    """Return the midnight that begins a day, written as ISO 8601 has it."""
    try:
        day = datetime.strptime(text, "%Y-%m-%d")
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day such as 2026-04-10") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise typer.BadParameter(f"{text} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return day


WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        metavar="DIR",
        help="The newsletter's folder; default: the nearest parent folder with newsletter.toml.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
AsOfOption = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        parser=parse_day,
        metavar="DATE",
        help="Use only what was known before the issue of DATE.",
    ),
]
EditorOption = Annotated[
    str, typer.Option("--editor", metavar="NAME", envvar=["TRIAGE_EDITOR", "USER"], help="Who decides.")
]


def open_workspace(folder: Path | None, as_of: datetime | None = None) -> "Workspace":
    """Open the workspace a command works on, at the time of `--as-of`."""
    from pipeline.core.as_of import AsOf
    from pipeline.ops.workspace import Workspace

    return Workspace.open(folder, AsOf.before_issue(as_of.date()) if as_of else AsOf.now())


def print_json(value: object) -> None:
    """Print a value as JSON; dates as ISO 8601."""
    from pipeline.core.json_text import to_json

    typer.echo(to_json(value, indent=2))


def write_file(path: Path, text: str | bytes) -> None:
    """Write a file that an option names, whole or not at all."""
    from pipeline.core.atomic_write import write_atomically
    from pipeline.core.errors import InputError

    try:
        write_atomically(path, text)
    except OSError as error:
        raise InputError(f"cannot write {path} ({error.strerror}); choose another file") from error


def refuse_unwritable(*files: Path | None) -> None:
    """Refuse files that options name and that cannot be written, before the work whose result they are to hold."""
    import os

    from pipeline.core.errors import InputError

    for file in filter(None, files):
        folder = file.resolve().parent
        if file.is_dir():
            raise InputError(f"cannot write {file} (it is a folder); name a file in it")
        if not folder.is_dir() or not os.access(folder, os.W_OK):
            why = "it is not writable" if folder.is_dir() else "there is no such folder"
            raise InputError(f"cannot write {file} ({why}: {folder}); choose another file")


def print_report(report: "StepReport", as_json: bool) -> None:
    """Print a step's report: one line, or JSON."""
    from dataclasses import asdict

    if as_json:
        print_json(asdict(report))
    else:
        typer.echo(f"{report.step}: {report.done} of {report.seen} articles in {report.seconds:.1f} s")


def print_table(rows: Iterable[dict[str, Any]], console: "Console | None" = None) -> None:
    """Print records as a plain table that fits the terminal: texts are folded, numbers and days stay whole."""
    from rich.console import Console
    from rich.table import Table

    rows = list(rows)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in rows[0] if rows else ():
        values = [row[name] for row in rows if row[name] is not None]
        is_whole = bool(values) and not any(isinstance(value, str) for value in values)
        justify: Literal["left", "right"] = "right" if is_whole else "left"
        table.add_column(name.replace("_", " "), overflow="fold", no_wrap=is_whole, justify=justify)
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    (console or Console()).print(table)


NO_FEED = (
    "no feed is subscribed; add one with triage feeds add URL, or those of another reader with triage import feeds FILE"
)
