"""Write a file whole or not at all: no reader sees half of one, and a crash leaves the old one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


def write_atomically(path: Path, data: bytes | str, *, durable: bool = True) -> None:
    """Write a file in one step; text as UTF-8, line ends as given. Parameters as for `replacing`."""
    with replacing(path, durable=durable) as unfinished:
        unfinished.write_bytes(data.encode() if isinstance(data, str) else data)


@contextmanager
def replacing(path: Path, *, durable: bool = True) -> Iterator[Path]:
    """Lend the path of a new file that takes the place of `path` when the block ends without an error.

    Parameters
    ----------
    path : Path
        A symlink is followed. What is there stays until the new file is whole.
    durable : bool
        Fsync the file before and its folder after the replacement. False for what can be made again, such as a cache.
    """
    path = path.resolve()
    # a folder, because Python removes it also at the end of a program that stops the writing thread
    with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.", ignore_cleanup_errors=True) as folder:
        unfinished = Path(folder) / path.name
        yield unfinished
        if path.exists():  # newsletter.toml may be for its owner's eyes only
            unfinished.chmod(path.stat().st_mode & 0o7777)
        if durable:
            fsync(unfinished)
        unfinished.replace(path)
        if durable:
            fsync(path.parent)


def fsync(path: Path) -> None:
    """Bring a file, or a folder's list of names, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
