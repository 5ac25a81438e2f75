"""Stop following a feed, in the database and in newsletter.toml, and bring it back."""

from dataclasses import dataclass

from pipeline.core.config import FILE_NAME, Newsletter
from pipeline.core.types import Feed
from pipeline.ops.newsletter_file import remove_feed_entries, restore_feed_entries
from pipeline.ops.workspace import Workspace
from pipeline.steps.subscribe import remove_feed, restore_feed


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
    if not any(feed.url in removed.addresses for feed in workspace.newsletter.feeds):
        return removed
    file = workspace.folder / FILE_NAME
    before = file.read_text("utf-8-sig")
    newsletter = remove_feed_entries(file, removed.addresses)
    return RemovedFeed(removed.feed, newsletter, before, file.read_text("utf-8-sig"))


def follow_again(workspace: Workspace, removed: RemovedFeed) -> Newsletter:
    """Bring a removed feed back with its state, and its entry in newsletter.toml. Returns the newsletter with it."""
    newsletter = workspace.newsletter
    if removed.before and not any(feed.url in removed.addresses for feed in newsletter.feeds):
        file = workspace.folder / FILE_NAME
        newsletter = restore_feed_entries(file, removed.before, removed.after, removed.addresses)
    restore_feed(workspace.database, removed.feed)
    return newsletter
