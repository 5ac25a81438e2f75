"""Stop following a feed, in the database and in newsletter.toml, and bring it back.

The feed removed last is kept in a file of the workspace, so that a later command can bring it back.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.core.atomic_write import write_atomically
from pipeline.core.config import FILE_NAME, Newsletter
from pipeline.core.errors import NotFoundError
from pipeline.core.json_text import to_json
from pipeline.core.types import Feed
from pipeline.ops.newsletter_file import remove_feed_entries, restore_feed_entries
from pipeline.ops.workspace import Workspace
from pipeline.steps.subscribe import remove_feed, restore_feed

KEPT = ".removed-feed.json"


@dataclass(frozen=True, slots=True)
class RemovedFeed:
    """A feed that is followed no more, and all that brings it back."""

    feed: Feed
    newsletter: Newsletter  # without it
    before: str = ""  # text of newsletter.toml, which named it; empty where it did not
    after: str = ""  # the same after the removal

    @property
    def addresses(self) -> set[str]:
        """By which newsletter.toml may name it: its own and the one it moved from."""
        return {address for address in (self.feed.url, self.feed.moved_from) if address}


def remove_followed(workspace: Workspace, url: str) -> RemovedFeed:
    """Stop following a feed; its articles stay. Raises NotFoundError if it is not followed."""
    removed = RemovedFeed(remove_feed(workspace.database, url), workspace.newsletter)
    if any(feed.url in removed.addresses for feed in workspace.newsletter.feeds):
        file = workspace.folder / FILE_NAME
        before = file.read_text("utf-8-sig")
        newsletter = remove_feed_entries(file, removed.addresses)
        removed = RemovedFeed(removed.feed, newsletter, before, file.read_text("utf-8-sig"))
    _keep(workspace.folder / KEPT, removed)
    return removed


def last_removed(workspace: Workspace) -> RemovedFeed:
    """Return the feed that was removed last, by any command or page. Raises NotFoundError if there is none to undo."""
    from pydantic import TypeAdapter

    file = workspace.folder / KEPT
    if not file.exists():
        raise NotFoundError("no feed was removed; list those that are followed with: triage feeds list")
    kept = json.loads(file.read_text("utf-8"))
    feed = TypeAdapter(Feed).validate_python(kept["feed"])
    return RemovedFeed(feed, workspace.newsletter, kept["before"], kept["after"])


def follow_again(workspace: Workspace, removed: RemovedFeed) -> Newsletter:
    """Bring a removed feed back with its state, and its entry in newsletter.toml. Returns the newsletter with it."""
    newsletter = workspace.newsletter
    if removed.before and not any(feed.url in removed.addresses for feed in newsletter.feeds):
        file = workspace.folder / FILE_NAME
        newsletter = restore_feed_entries(file, removed.before, removed.after, removed.addresses)
    restore_feed(workspace.database, removed.feed)
    (workspace.folder / KEPT).unlink(missing_ok=True)
    return newsletter


def _keep(file: Path, removed: RemovedFeed) -> None:
    file.touch(mode=0o600)  # the address of a private feed is for its owner's eyes only
    file.chmod(0o600)
    write_atomically(file, to_json({"feed": asdict(removed.feed), "before": removed.before, "after": removed.after}))
