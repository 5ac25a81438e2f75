"""Build the HTTP client from the limits in newsletter.toml."""

from pathlib import Path
from typing import Any

from pipeline.core.config import Newsletter
from pipeline.feeds.fetch import Client
from pipeline.feeds.response_cache import CachingClient


def guarded_client(newsletter: Newsletter) -> Client:
    """Return the client of a workspace; it caches responses where several newsletters share a folder."""
    limits = newsletter.limits
    given: dict[str, Any] = {
        "allow_hosts": newsletter.allow_hosts,
        "connections": limits.connections,
        "per_host": limits.connections_per_host,
        "timeout_s": limits.timeout_seconds,
        "max_bytes": limits.max_megabytes * 1_000_000,
        "contact": newsletter.url,
    }
    return CachingClient(Path(newsletter.share) / "feeds", **given) if newsletter.share else Client(**given)
