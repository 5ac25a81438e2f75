"""The front door: `triage` and its commands. Heavy imports live inside the command that needs them."""

import sys

import typer

from flows.commands import init, sql

app = typer.Typer(
    name="triage",
    help="Reads the feeds, learns from your past issues, and hands you a ranked shortlist for the next one.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(init.init)
app.command()(sql.sql)


def main() -> None:
    """Run a command; tell expected trouble in one sentence, everything else as the bug it is."""
    from pipeline.errors import TriageError

    verbose = "-v" in sys.argv[1:2]
    if verbose:
        sys.argv.pop(1)
    try:
        app()
    except TriageError as error:
        if verbose:
            raise
        typer.echo(f"triage: {error}", err=True)
        raise SystemExit(error.exit_code) from None
