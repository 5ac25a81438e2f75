"""Two nights may share a folder of cached responses."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
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


def test_many_nights_open_one_folder_at_once(tmp_path: Path) -> None:
    """Each deletes what is too old while the others list, read and write it; none meets an error or half a file."""
    fetched = Fetched("https://a.example/f", "https://a.example/f", 200, b"body" * 5000)

    def night(number: int) -> list[Fetched | None]:
        found = []
        for n in range(40):
            for name in range(8):
                old = tmp_path / f"{name:064d}"
                old.write_bytes(b"")
                with suppress(FileNotFoundError):  # another night was quicker
                    os.utime(old, (0, 0))
            cache = ResponseCache(tmp_path)
            if (n + number) % 3 == 0:
                cache.put(fetched)
            found.append(cache.get(fetched.url))
        return found

    with ThreadPoolExecutor(6) as pool:
        found = [answer for answers in pool.map(night, range(6)) for answer in answers]
    assert {answer for answer in found if answer is not None} == {fetched}


def test_what_a_killed_night_was_writing_is_removed(tmp_path: Path) -> None:
    """Not while it may still be writing."""
    folder = tmp_path / ".unfinished"
    folder.mkdir()
    (folder / "half").write_bytes(b"half")
    ResponseCache(tmp_path)
    assert folder.exists()
    os.utime(folder, (0, 0))
    ResponseCache(tmp_path)
    assert not folder.exists()
