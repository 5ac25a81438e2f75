"""Two nights may share a folder of cached responses."""

from pathlib import Path

import pytest

from pipeline.core.types import Fetched
from pipeline.feeds import response_cache
from pipeline.feeds.response_cache import ResponseCache


def test_a_file_deleted_by_another_night_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening the cache survives a file that goes between its listing and its check."""
    gone = tmp_path / "expired"
    gone.write_bytes(b"")
    is_fresh = response_cache._is_fresh

    def is_fresh_after_deletion(file: Path) -> bool:
        file.unlink(missing_ok=True)
        return is_fresh(file)

    monkeypatch.setattr(response_cache, "_is_fresh", is_fresh_after_deletion)
    cache = ResponseCache(tmp_path)
    fetched = Fetched("https://a.example/f", "https://a.example/f", 200, b"body")
    cache.put(fetched)
    monkeypatch.undo()
    assert cache.get("https://a.example/f") == fetched
