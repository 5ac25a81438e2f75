"""The page of the feeds: health, adding, removing, asking again, OPML in and out, suggestions."""

from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from pipeline.core.errors import InputError, NotFoundError
from pipeline.core.urls import host_of
from pipeline.desk.actions import form_action
from pipeline.desk.rendering import back_to, desk_of, render
from pipeline.desk.requests import MAX_URL, Form, field_of
from pipeline.desk.security import MAX_BODY
from pipeline.desk.session import Desk
from pipeline.desk.uploads import read_upload
from pipeline.feeds.file_imports import parse_opml
from pipeline.ops.feed_removal import RemovedFeed, follow_again, remove_followed
from pipeline.steps.subscribe import Suggestion, add_feed, followed, retry_feed, suggest_feeds
from pipeline.store.export import as_opml
from pipeline.store.feeds import all_feeds, follow


def feeds(request: Request) -> Response:
    """Show the feeds, the best ones first; `suggest` in the query looks for more, which asks the network.

    What was found stays on the page until it is followed, so that each takes one click.
    """
    desk = desk_of(request)
    workspace = desk.workspace
    rows = followed(workspace.database, desk.as_of)
    with workspace.database.reading() as connection:
        private = {feed.url for feed in all_feeds(connection) if feed.address}
    private |= {feed.url for feed in workspace.newsletter.feeds if feed.address}
    rows.sort(key=lambda row: (row["failures"] == 0, row["retired_on"] is not None, -(row["picks_per_100"] or 0)))
    if "suggest" in request.query_params:
        request.app.state.suggestions = suggest_feeds(workspace.database, workspace.newsletter, desk.as_of)
    kept: list[Suggestion] | None = getattr(request.app.state, "suggestions", None)
    known = {row["url"] for row in rows}
    suggestions = kept and [suggestion for suggestion in kept if suggestion.feed not in known]
    muted = {text.partition(":")[2] for text in desk.muted() if text.startswith("source:")}
    gone = [removed.feed for removed in removed_at(request) if removed.feed.url not in known]
    return render(
        request, "feeds.html", feeds=rows, suggestions=suggestions, muted=muted, private=private, host=host_of,
        removed=gone[-1] if gone else None,
    )  # fmt: skip


def removed_at(request: Request) -> list[RemovedFeed]:
    """Return the feeds that were removed since this desk was started and not brought back, the last at the end."""
    removed: list[RemovedFeed] = request.app.state.removed_feeds
    return removed


def download(request: Request) -> Response:
    """Return the feeds as OPML."""
    desk = desk_of(request)
    rows = followed(desk.workspace.database, desk.as_of)
    headers = {"content-disposition": 'attachment; filename="feeds.opml"'}
    return Response(as_opml(desk.workspace.newsletter.name, rows), headers=headers, media_type="text/x-opml")


@form_action
def add(request: Request, form: Form) -> str:
    """Follow a feed, or the one that a page names."""
    desk, url = desk_of(request), field_of(form, "url")[:MAX_URL]
    feed, is_new = add_feed(desk.workspace.database, desk.workspace.newsletter, desk.as_of, url)
    name = feed.title or feed.url
    return f"The next night asks {name}, too." if is_new else f"{name} is followed already."


@form_action
def remove(request: Request, form: Form) -> None:
    """Stop following a feed, in newsletter.toml too. Until the desk ends, its page offers to undo it."""
    desk, url = desk_of(request), field_of(form, "url")
    gone = remove_followed(desk.workspace, url)
    if gone.newsletter != desk.workspace.newsletter:
        desk.use_newsletter(gone.newsletter)
    removed_at(request).append(gone)


@form_action
def undo_removal(request: Request, form: Form) -> str:
    """Bring back a feed that was removed since the desk was started."""
    desk, removed = desk_of(request), removed_at(request)
    gone = next((gone for gone in reversed(removed) if gone.feed.url == field_of(form, "url")), None)
    if gone is None:
        raise NotFoundError("this feed was not removed since the desk was started; follow it again by its address")
    newsletter = follow_again(desk.workspace, gone)
    removed.remove(gone)
    if newsletter != desk.workspace.newsletter:
        desk.use_newsletter(newsletter)
    return f"{gone.feed.title or gone.feed.url} is followed again."


@form_action
def retry(request: Request, form: Form) -> str:
    """Ask a feed again in the next night."""
    retry_feed(desk_of(request).workspace.database, field_of(form, "url"))
    return f"The next night asks {field_of(form, 'url')} again."


async def import_opml(request: Request) -> Response:
    """Follow the feeds of an OPML file."""
    form = await read_upload(request, MAX_BODY)
    return back_to("/feeds", await run_in_threadpool(_follow_all, desk_of(request), form.files))


def _follow_all(desk: Desk, files: Sequence[tuple[str, bytes]]) -> str:
    feeds, refused = parse_opml(*files[0]) if files else ([], [])
    if not feeds:
        raise InputError("no file was chosen; choose the OPML file that another reader exported")
    with desk.workspace.database.writing() as connection:
        new = follow(connection, feeds)
    left_out = f"; {len(refused)} left out, which name no web address" if refused else ""
    return f"New feeds: {len(new)} of {len(feeds)}{left_out}."
