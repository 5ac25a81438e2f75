"""The state of the workspace while the desk is open, for its pages, its alerts and monitors."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.core.config import FILE_NAME, Newsletter
from pipeline.core.config_reader import read_newsletter
from pipeline.core.errors import NewsletterError
from pipeline.desk.session import Desk
from pipeline.ops.status import Status, read_status

if TYPE_CHECKING:
    from models.embedder import Embedder


def current_status(desk: Desk, embedder: "Embedder | None" = None) -> Status:
    """Read the status with today's newsletter.toml, as nights do: its feeds and schedule may have changed.

    A file that is wrong at the moment leaves the newsletter as the desk opened it.
    """
    workspace = desk.workspace
    file = workspace.folder / FILE_NAME
    try:
        newsletter = _newsletter(file, file.stat().st_mtime_ns)
    except (NewsletterError, OSError):
        newsletter = workspace.newsletter
    return read_status(workspace.database, newsletter, desk.as_of, embedder)


@lru_cache(maxsize=1)
def _newsletter(file: Path, changed_ns: int) -> Newsletter:
    """Read the file where it has changed: alerts are looked for every five seconds."""
    return read_newsletter(file)
