"""`triage feeds`: add, suggest, remove and list feeds."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import JsonOption, WorkspaceOption, open_workspace, print_json, print_table
from pipeline.core.counted import counted

if TYPE_CHECKING:
    from pipeline.ops.workspace import Workspace

COLUMNS = {  # heads of the desk's page, in lines that leave most of 80 characters to address and error
    "url": "feed", "last_success_on": "last answer", "failures": "fails", "entries_per_week": "articles\na week",
    "picks_per_100": "picks\nper 100", "last_error": "last error",
}  # fmt: skip


def _open(folder: Path | None) -> "Workspace":
    """Open the workspace, with the feeds that newsletter.toml names, also before a night has read them."""
    from pipeline.steps.subscribe import follow_written

    opened = open_workspace(folder)
    follow_written(opened.database, opened.newsletter)
    return opened


def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="A feed, or a page of the site.")],
    secret: Annotated[
        str,
        typer.Option(metavar="VARIABLE", help="Environment variable with a secret part of URL; write $VARIABLE there."),
    ] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Subscribe to a feed, or to the feed that a page names. Passwords and tokens of URL are shown nowhere.

    Example: triage feeds add https://example.org/blog

    With a secret part: triage feeds add 'https://example.org/f/$KEY/rss' --secret KEY
    """
    from pipeline.steps.subscribe import add_feed, fill_in_secret

    opened = _open(workspace)
    url, marked = fill_in_secret(url, secret, os.environ) if secret else (url, "")
    feed, is_new = add_feed(opened.database, opened.newsletter, opened.as_of, url, marked)
    if as_json:
        print_json({"url": feed.url, "title": feed.title, "new": is_new})
        return
    typer.echo(f"{'subscribed to' if is_new else 'already subscribed to'} {feed.title or feed.url}  {feed.url}")


def suggest(
    add: Annotated[bool, typer.Option("--add", help="Subscribe to them.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many sites to look at.")] = 20,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Suggest feeds of sites that past issues picked from. Sites that a subscribed feed covers are left out.

    Example: triage feeds suggest --add
    """
    from pipeline.steps.subscribe import follow_suggestions, suggest_feeds

    opened = _open(workspace)
    suggestions = suggest_feeds(opened.database, opened.newsletter, opened.as_of, limit)
    added = follow_suggestions(opened.database, suggestions) if add else []
    rows = [{"host": s.host, "picks": s.picks, "feed": s.feed, "problem": s.problem} for s in suggestions]
    if as_json:
        print_json([{**row, "added": row["feed"] in added} for row in rows])
        return
    if not rows:
        typer.echo("nothing to suggest: past issues picked from no site without a subscribed feed")
        return
    print_table(rows)
    if add:
        typer.echo(f"{counted(len(added), 'feed')} added")
    elif any(row["feed"] for row in rows):
        typer.echo("subscribe to those that have a feed: triage feeds suggest --add")
    else:
        typer.echo(f"no feed found at {counted(len(rows), 'site')}; if none could be reached, is this machine online?")


def remove(
    url: Annotated[str, typer.Argument(metavar="URL", help="As shown by: triage feeds list")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Stop following a feed, in newsletter.toml too. Its articles stay.

    Example: triage feeds remove https://example.org/feed.xml
    """
    from pipeline.core.secret_urls import split_address
    from pipeline.ops.feed_removal import remove_followed

    url = split_address(url)[0] or url
    removed = remove_followed(_open(workspace), url)
    if as_json:
        print_json({"removed": sorted(removed.addresses)})
    else:
        typer.echo(f"{url} is no longer followed; its articles stay. Undo it with: triage feeds undo")


def undo(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Follow the feed again that was removed last.

    Its state comes back too, and its entry in newsletter.toml.

    Example: triage feeds undo
    """
    from pipeline.ops.feed_removal import follow_again, last_removed

    opened = _open(workspace)
    removed = last_removed(opened)
    follow_again(opened, removed)
    if as_json:
        print_json({"url": removed.feed.url, "title": removed.feed.title})
    else:
        typer.echo(f"{removed.feed.title or removed.feed.url} is followed again")


def retry(
    url: Annotated[str, typer.Argument(metavar="URL", help="As shown by: triage feeds list")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask a feed again in the next run. It may wait after failures, or be retired.

    Example: triage feeds retry https://example.org/feed.xml
    """
    from pipeline.core.secret_urls import split_address
    from pipeline.steps.subscribe import retry_feed

    url = split_address(url)[0] or url
    retry_feed(_open(workspace).database, url)
    if as_json:
        print_json({"retry": url})
    else:
        typer.echo(f"the next run asks {url} again; or now: triage pull")


def list_feeds(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the feeds. Shows which of them fail, and how many picks they brought.

    Example: triage feeds list
    """
    from pipeline.steps.subscribe import followed

    opened = _open(workspace)
    rows = followed(opened.database, opened.as_of)
    if not rows and not as_json:
        typer.echo("no feed yet; add one with: triage feeds add URL, or: triage import feeds FILE.opml")
        return
    print_json(rows) if as_json else print_table({short: row[name] for name, short in COLUMNS.items()} for row in rows)
