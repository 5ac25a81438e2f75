"""The page of the feeds: health, adding, removing, asking again, OPML in and out, suggestions."""

from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.requests import Request
from starlette.responses import Response

from pipeline.core.config import FILE_NAME
from pipeline.core.types import Feed
from pipeline.core.urls import host_of
from pipeline.desk.actions import form_action
from pipeline.desk.rendering import desk_of, render
from pipeline.desk.requests import MAX_URL, Form, field_of
from pipeline.feeds.file_imports import read_opml
from pipeline.ops.newsletter_file import remove_feed_entry
from pipeline.steps.subscribe import Suggestion, add_feed, followed, remove_feed, retry_feed, suggest_feeds
from pipeline.store.export import as_opml
from pipeline.store.feeds import follow


def feeds(request: Request) -> Response:
    """Show the feeds, the best ones first; `suggest` in the query looks for more, which asks the network."""
    desk = desk_of(request)
    workspace = desk.workspace
    rows = followed(workspace.database, desk.as_of)
    rows.sort(key=lambda row: (row["failures"] == 0, row["retired_on"] is not None, -(row["picks_per_100"] or 0)))
    suggestions: list[Suggestion] | None = None
    if "suggest" in request.query_params:
        suggestions = suggest_feeds(workspace.database, workspace.newsletter, desk.as_of)
    muted = {text.partition(":")[2] for text in desk.muted() if text.startswith("source:")}
    return render(request, "feeds.html", feeds=rows, suggestions=suggestions, muted=muted, host=host_of)


def download(request: Request) -> Response:
    """Return the feeds as OPML."""
    desk = desk_of(request)
    rows = followed(desk.workspace.database, desk.as_of)
    headers = {"content-disposition": 'attachment; filename="feeds.opml"'}
    return Response(as_opml(desk.workspace.newsletter.name, rows), headers=headers, media_type="text/x-opml")


@form_action
def add(request: Request, form: Form) -> None:
    """Follow a feed, or the one that a page names."""
    desk = desk_of(request)
    add_feed(desk.workspace.database, desk.workspace.newsletter, desk.as_of, field_of(form, "url")[:MAX_URL])


@form_action
def remove(request: Request, form: Form) -> None:
    """Stop following a feed, in newsletter.toml too."""
    desk, url = desk_of(request), field_of(form, "url")
    remove_feed(desk.workspace.database, url)
    if any(feed.url == url for feed in desk.workspace.newsletter.feeds):
        desk.use_newsletter(remove_feed_entry(desk.workspace.folder / FILE_NAME, url))


@form_action
def retry(request: Request, form: Form) -> None:
    """Ask a feed again in the next night."""
    retry_feed(desk_of(request).workspace.database, field_of(form, "url"))


@form_action
def import_opml(request: Request, form: Form) -> None:
    """Follow the feeds of an OPML text."""
    found, _ = _with_file(field_of(form, "opml"))
    with desk_of(request).workspace.database.writing() as connection:
        follow(connection, found)


def _with_file(text: str) -> tuple[list[Feed], list[str]]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "feeds.opml"
        file.write_text(text, "utf-8")
        return read_opml(file)
