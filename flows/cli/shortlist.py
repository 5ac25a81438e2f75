"""`triage shortlist`: the ranked candidates, in the terminal."""

from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import (
    NO_FEED,
    AsOfOption,
    EditorOption,
    JsonOption,
    WorkspaceOption,
    open_workspace,
    print_json,
)
from pipeline.core.counted import counted
from pipeline.core.plain_text import one_line

if TYPE_CHECKING:
    from datetime import datetime

    from rich.table import Table

    from pipeline.core.config import Newsletter
    from pipeline.ops.workspace import Workspace
    from pipeline.store.shortlist import Story

STATES = ("new", "picked", "skipped", "later", "ran")
ROWS = 25  # printed by default
UNCALIBRATED = (
    "The articles of past weeks are not known, so no percentages are shown; "
    "they come with the next issues, or with: triage import articles FILE.jsonl"
)


def shortlist(
    section: Annotated[str | None, typer.Option("--section", metavar="KEY", help="Only this section.")] = None,
    state: Annotated[str | None, typer.Option("--state", help="new, picked, skipped, later or ran.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help=f"How many; in the terminal {ROWS}.")] = None,
    interactive: Annotated[
        bool, typer.Option("--interactive", help="Decide one by one, with the desk's keys.")
    ] = False,
    editor: EditorOption = "editor",
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the ranked candidates for the next issue.

    In the terminal those left to decide, the others counted below; --state prints the others, --json all.

    Example: triage shortlist --section teams --limit 10
    """
    if state is not None and state not in STATES:
        raise typer.BadParameter(f"use one of: {', '.join(STATES)}", param_hint="--state")
    opened = open_workspace(workspace, as_of)
    if section is not None:
        opened.newsletter.section(section)
    if interactive:
        _step_through(opened, editor, section, is_past=as_of is not None)
        return
    rows = _load(opened, section, state, warn=as_of is not None)
    guess = _guess(opened)
    if as_json:
        from pipeline.desk.listing import as_record

        print_json([{**as_record(story), "is_guess": bool(guess)} for story in rows[:limit]])
        return
    shown = rows if state else [story for story in rows if story.state == "new"]
    if shown:
        if guess:
            typer.echo(guess, err=True)
        _print(shown[: limit or ROWS], rows, opened.newsletter, opened.as_of.time, is_sure=not guess)
    if rows:
        _print_rest(len(shown) - (limit or ROWS), rows, shown)


def _guess(opened: "Workspace") -> str:
    """Say why no percentages are shown; "" where they can be."""
    from pipeline.store.archive_counts import count_archive
    from pipeline.store.shortlist import is_calibrated

    with opened.database.reading() as connection:
        if is_calibrated(connection):
            return ""
        return count_archive(connection).sentence or UNCALIBRATED


def _step_through(opened: "Workspace", editor: str, section: str | None, *, is_past: bool) -> None:
    """Decide story by story, with the desk's live ranking."""
    from flows.cli.interactive import step_through
    from pipeline.desk.session import Desk
    from pipeline.desk.sync import JournalSync

    desk = Desk(opened, is_past=is_past)
    with JournalSync(desk):
        step_through(desk, editor, section)


def _load(opened: "Workspace", section: str | None, state: str | None, warn: bool) -> "list[Story]":
    """Read the selected rows; warn on stderr if the shortlist is empty or of another date."""
    from pipeline.desk.listing import choose
    from pipeline.store import shortlist
    from pipeline.store.feeds import all_feeds

    with opened.database.reading() as connection:
        everything = shortlist.shortlist(connection)
        rows = [*everything, *(shortlist.ran_before(connection) if state == "ran" else ())]
        ranked_for = shortlist.ranked_for(connection)
        follows_any = bool(opened.newsletter.feeds or all_feeds(connection))
    if not everything:
        typer.echo(f"The shortlist is empty; {'fill it with: triage nightly' if follows_any else NO_FEED}", err=True)
    elif warn and ranked_for != str(opened.as_of.run_date):
        typer.echo(f"This shortlist was ranked for {ranked_for}; for another: triage rank --as-of DATE", err=True)
    chosen = choose(rows, section, state)
    if everything and not chosen:
        wanted = " and ".join(f"{name} {value}" for name, value in (("state", state), ("section", section)) if value)
        typer.echo(f"0 of {counted(len(everything), 'story', 'stories')} on the shortlist have {wanted}", err=True)
    return chosen


def _print(
    rows: "list[Story]", everything: "list[Story]", newsletter: "Newsletter", now: "datetime", is_sure: bool = True
) -> None:
    from rich.console import Console
    from rich.table import Table

    from pipeline.desk.listing import short_ids

    short = short_ids(everything)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column("rank", justify="right", style="dim", no_wrap=True)
    table.add_column("story", ratio=1, overflow="fold")
    table.add_column("relevance", justify="right", no_wrap=True)
    table.add_column("id", style="cyan", no_wrap=True)
    for story in rows:
        _add_row(table, story, newsletter, now, short[story.id], is_sure)
    Console().print(table)


def _print_rest(n_more: int, rows: "list[Story]", shown: "list[Story]") -> None:
    """Count what is not printed, with the option that prints it."""
    from collections import Counter

    from rich.console import Console

    others: Counter[str] = Counter(story.state for story in rows)
    others.subtract(story.state for story in shown)
    counts = ", ".join(f"{others[state]} {state}" for state in STATES if others[state])
    lines = [
        f"{n_more} more: --limit N." if n_more > 0 else "",
        f"Decided: {counts}; see them with --state STATE." if counts else "",
        "Decide with: triage decide ID... pick|skip|later" if shown else "None is left to decide.",
    ]
    Console().print(" ".join(filter(None, lines)), style="dim", highlight=False)


def _add_row(
    table: "Table", story: "Story", newsletter: "Newsletter", now: "datetime", short: str, is_sure: bool
) -> None:
    """Add a row: title, source and age, first reason; shares of a guess are not shown."""
    from rich.text import Text

    from pipeline.desk.listing import age

    names = {section.key: section.name for section in newsletter.sections}
    facts = [story.source, age(story, now)]
    if story.section:
        sure = (
            f" {story.section_probability:.0%}"
            if is_sure and story.section_probability and story.state == "new"
            else ""
        )
        facts.append(names.get(story.section, story.section) + sure)
    if story.state != "new":
        facts.append(story.state)
    lines = Text(one_line(story.title), style="bold")
    lines.append("\n" + one_line(" · ".join(facts)), style="not bold dim")
    if story.reasons:
        lines.append("\n" + one_line(story.reasons[0].text), style="not bold italic dim")
    relevance = "" if story.relevance is None or not is_sure else f"{story.relevance:.0%}"
    rank = "" if story.rank is None or story.state != "new" else str(story.rank)  # the others keep an older one
    table.add_row(rank, lines, relevance, short)
