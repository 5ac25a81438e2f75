"""The one client through which a workspace fetches anything, made by its own limits."""

from pipeline.feeds.fetch import Client
from pipeline.newsletter import Newsletter


def guarded_client(newsletter: Newsletter) -> Client:
    """Return the one client through which a workspace fetches anything."""
    limits = newsletter.limits
    return Client(
        allow_hosts=newsletter.allow_hosts,
        connections=limits.connections,
        per_host=limits.connections_per_host,
        timeout_s=limits.timeout_seconds,
        max_bytes=limits.max_megabytes * 1_000_000,
        contact=newsletter.url,
    )
