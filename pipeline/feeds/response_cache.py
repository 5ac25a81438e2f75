"""On-disk cache of HTTP responses, shared by several newsletters: a feed that three of them follow is fetched once."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from shutil import rmtree
from typing import Any

from pipeline.core.atomic_write import write_atomically
from pipeline.core.secret_urls import has_secret
from pipeline.core.types import Fetched
from pipeline.feeds.fetch import ACCEPT_FEED, Client

FRESH_S = 2 * 3600.0  # covers runs of one installation one after another, not a pull at noon


class ResponseCache:
    """A folder with one file a response: a line of JSON, then the body."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for file in folder.iterdir():
            if _is_fresh(file):
                continue
            if file.is_dir():  # a night was killed in the middle of a write
                rmtree(file, ignore_errors=True)
            else:
                file.unlink(missing_ok=True)

    def get(self, url: str) -> Fetched | None:
        """Return a fresh response for an address, or None."""
        file = self._file(url)
        try:
            if not _is_fresh(file):
                return None
            head, _, body = file.read_bytes().partition(b"\n")
            return Fetched(**json.loads(head), body=body)
        except (OSError, ValueError, TypeError):
            return None

    def put(self, fetched: Fetched) -> None:
        """Store a response."""
        record = {name: value for name, value in asdict(fetched).items() if name != "body"}
        file = self._file(fetched.url)
        write_atomically(file, json.dumps(record).encode() + b"\n" + fetched.body, durable=False)

    def _file(self, url: str) -> Path:
        return self.folder / hashlib.sha256(url.encode()).hexdigest()


class CachingClient(Client):
    """A client that looks in the cache before it requests."""

    def __init__(self, folder: Path, **limits: Any) -> None:
        super().__init__(**limits)
        self._cache = ResponseCache(folder)

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        verify_tls: bool = True,
        accept: str = ACCEPT_FEED,
        headers: Mapping[str, str] | None = None,
    ) -> Fetched:
        """Fetch one address, or answer from the cache as the server would have: the body or 304.

        A private feed is in no cache.
        """
        is_shared = accept == ACCEPT_FEED and verify_tls and not headers and not has_secret(url)
        kept = self._cache.get(url) if is_shared else None
        if kept:
            same = kept.etag == etag if etag else bool(last_modified) and kept.last_modified == last_modified
            return replace(kept, status=304, body=b"") if same else kept
        fetched = await super().get(
            url, etag=etag, last_modified=last_modified, verify_tls=verify_tls, accept=accept, headers=headers
        )
        if fetched.status == 200 and fetched.error is None and is_shared and not has_secret(fetched.final_url):
            self._cache.put(fetched)
        return fetched


def _is_fresh(file: Path) -> bool:
    try:
        return 0 <= time.time() - file.stat().st_mtime < FRESH_S
    except FileNotFoundError:  # deleted by another night between listing and here
        return False
