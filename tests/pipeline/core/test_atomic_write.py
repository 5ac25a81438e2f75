"""A file is written whole or not at all."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline.core.atomic_write import replacing, write_atomically


def test_old_file_stays_when_writing_fails(tmp_path: Path) -> None:
    """A fault in the middle leaves what was there and nothing beside it."""
    file = tmp_path / "a.txt"
    write_atomically(file, "old")
    with suppress(RuntimeError), replacing(file) as unfinished:
        unfinished.write_text("half")
        raise RuntimeError
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_program_that_ends_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C ends a night whose step writes in a thread: that thread gets no chance to tidy up."""
    script = """
import sys, threading, time
from pathlib import Path
from pipeline.core.atomic_write import replacing
begun = threading.Event()
def write():
    with replacing(Path(sys.argv[1])) as unfinished:
        unfinished.write_text("half")
        begun.set()
        time.sleep(600)
threading.Thread(target=write, daemon=True).start()
begun.wait()
"""
    subprocess.run([sys.executable, "-c", script, tmp_path / "a.txt"], check=True, timeout=60)
    assert list(tmp_path.iterdir()) == []


def test_file_and_folder_are_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file before it takes its place, the folder after, as a crash may come between; a cache needs neither."""
    synced: list[tuple[int, bool]] = []
    file = tmp_path / "a.txt"
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append((os.fstat(handle).st_ino, file.exists())))
    write_atomically(tmp_path / "cached", b"again", durable=False)
    assert synced == []
    write_atomically(file, "text")
    assert synced == [(file.stat().st_ino, False), (tmp_path.stat().st_ino, True)]


def test_mode_and_symlink_are_kept(tmp_path: Path) -> None:
    """A newsletter.toml with a mail password stays its owner's, wherever it really is."""
    file, link = tmp_path / "real.toml", tmp_path / "newsletter.toml"
    file.write_text("old")
    file.chmod(0o600)
    link.symlink_to(file)
    write_atomically(link, "naïve\r\n")
    assert link.is_symlink()
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == ("naïve\r\n".encode(), 0o600)
