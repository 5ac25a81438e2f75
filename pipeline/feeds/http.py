"""The one client through which a workspace fetches anything, made by its own limits."""

from pathlib import Path
from typing import Any

from pipeline.core.config import Newsletter
from pipeline.feeds.fetch import Client
from pipeline.feeds.response_cache import SharedClient


def guarded_client(newsletter: Newsletter) -> Client:
    """Return the one client through which a workspace fetches anything."""
    limits = newsletter.limits
    given: dict[str, Any] = {
        "allow_hosts": newsletter.allow_hosts,
        "connections": limits.connections,
        "per_host": limits.connections_per_host,
        "timeout_s": limits.timeout_seconds,
        "max_bytes": limits.max_megabytes * 1_000_000,
        "contact": newsletter.url,
    }
    return SharedClient(Path(newsletter.share) / "feeds", **given) if newsletter.share else Client(**given)
