"""Build the Typer app `triage` from its commands. Heavy imports are inside the command that needs them."""

import errno
import os
import sys
from io import TextIOWrapper

import typer

from flows.cli import (
    add,
    backup,
    check,
    classify,
    decide,
    draft,
    embed,
    export,
    export_calendar,
    feeds,
    group,
    import_articles,
    import_feeds,
    import_issues,
    init,
    models,
    mute,
    nightly,
    note,
    publish,
    pull,
    rank,
    replay,
    restore,
    retrain,
    review,
    schedule,
    shortlist,
    sql,
    status,
)
from flows.cli.stopping import stoppable
from pipeline.core.errors import UNWRITABLE, TriageError

# of the operating system; no other cause has one
REFUSALS = (*UNWRITABLE, errno.ENAMETOOLONG, errno.EPERM, errno.EIO)
LONGEST_PATH = 200  # characters of a path in a sentence
app = typer.Typer(
    name="triage",
    help="Reads feeds, learns from your past issues, and ranks a shortlist for the next one.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
import_app = typer.Typer(help="Import past issues, feeds or articles.", no_args_is_help=True)
export_app = typer.Typer(help="Export feeds, shortlist, decisions, picks or calendar.", no_args_is_help=True)
feeds_app = typer.Typer(help="Add, suggest, remove and list feeds.", no_args_is_help=True)
models_app = typer.Typer(help="List and compare models, or switch between them.", no_args_is_help=True)
for name, sub_app in (("import", import_app), ("export", export_app), ("feeds", feeds_app), ("models", models_app)):
    app.add_typer(sub_app, name=name)

# in the order in which an editor needs them
app.command()(init.init)
import_app.command("issues")(import_issues.import_issues)
import_app.command("feeds")(import_feeds.import_feeds)
import_app.command("articles")(import_articles.import_articles)
feeds_app.command("add")(feeds.add)
feeds_app.command("suggest")(feeds.suggest)
feeds_app.command("remove")(feeds.remove)
feeds_app.command("undo")(feeds.undo)
feeds_app.command("retry")(feeds.retry)
feeds_app.command("list")(feeds.list_feeds)
app.command()(nightly.nightly)
app.command()(shortlist.shortlist)
app.command()(review.review)
app.command()(decide.decide)
app.command()(note.note)
app.command()(group.group)
app.command()(add.add)
app.command()(mute.mute)
app.command()(draft.draft)
app.command()(publish.publish)
app.command()(status.status)
app.command()(schedule.schedule)
app.command()(replay.replay)
app.command()(retrain.retrain)
models_app.command("list")(models.list_models)
models_app.command("show")(models.show)
models_app.command("rollback")(models.rollback)
models_app.command("compare")(models.compare)
models_app.command("use")(models.use)
app.command()(sql.sql)
export_app.command("feeds")(export.feeds)
export_app.command("review")(export.review)
export_app.command("decisions")(export.decisions)
export_app.command("picks")(export.picks)
export_app.command("calendar")(export_calendar.calendar)
app.command()(backup.backup)
app.command()(restore.restore)
app.command()(check.check)
# the steps of a nightly run, each alone
app.command()(pull.pull)
app.command()(embed.embed)
app.command()(classify.classify)
app.command()(rank.rank)


def main() -> None:
    """Run a command; print an expected error, a refusal of the operating system or a stop as one sentence.

    Any other error ends in a traceback.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that is not UTF-8 shows "?" rather than a traceback
    verbose = "-v" in sys.argv[1:2]
    if verbose:
        sys.argv.pop(1)
    try:
        with stoppable():
            app()
    except TriageError as error:
        if verbose:
            raise
        typer.echo(f"triage: {error}", err=True)
        raise SystemExit(error.exit_code) from None
    except OSError as error:
        if verbose or error.errno not in REFUSALS:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what could not be printed is not tried again at the end
        what = str(error.filename or "the output")
        shown = what if len(what) <= LONGEST_PATH else what[:LONGEST_PATH] + "…"
        typer.echo(f"triage: {shown} cannot be used ({error.strerror}); choose another file or make room", err=True)
        raise SystemExit(1) from None
