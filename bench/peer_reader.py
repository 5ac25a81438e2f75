"""lemon24/reader over the same feeds. Runs in its own virtual environment: python peer_reader.py WORKERS URL..."""

import sys
import tempfile
import time
from pathlib import Path

from reader import make_reader

with tempfile.TemporaryDirectory() as folder:
    reader = make_reader(str(Path(folder) / "reader.sqlite"))
    for url in sys.argv[2:]:
        reader.add_feed(url)
    started = time.perf_counter()
    reader.update_feeds(workers=int(sys.argv[1]))
    print(time.perf_counter() - started, reader.get_entry_counts().total)
    reader.close()
