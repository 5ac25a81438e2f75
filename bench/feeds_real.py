"""Pull a folder of real feeds from loopback in one night: python bench/feeds_real.py FOLDER.

Compares, feed by feed, the entries stored with those a strict count finds: elements `item` and `entry` (or JSON
items) with an id or address of their own, counted by lxml without any of our code.
"""

import argparse
import gzip
import json
import re
import tempfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from lxml import etree

from pipeline.core.as_of import AsOf
from pipeline.core.config import FeedEntry, Limits, Newsletter
from pipeline.core.types import Section
from pipeline.steps.pull import pull_feeds
from pipeline.store.database import Database


def strict_count(body: bytes) -> int:
    """Count the entries that have an id or address of their own."""
    if body.lstrip()[:1] == b"{":
        return len({item.get("id") for item in json.loads(body)["items"]})
    body = re.sub(rb'encoding="utf-16"', b'encoding="utf-8"', body.replace(b"rss:", b""))
    tree = etree.fromstring(body.lstrip(), etree.XMLParser(recover=True, huge_tree=True))
    entries = [] if tree is None else [*tree.iter("{*}item", "{*}entry")]
    if not entries:  # too broken even for lxml
        return len(set(re.findall(rb"<guid[^>]*>([^<]+)", body)))
    return len({_own(entry) for entry in entries})


def _own(entry: etree._Element) -> str:
    said = {etree.QName(e).localname: e.text or e.get("href") or "" for e in entry if isinstance(e.tag, str)}
    return said.get("guid") or said.get("id") or said.get("link") or str(sorted(said.items()))


class Quiet(SimpleHTTPRequestHandler):
    """Serve files; log nothing."""

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def main() -> None:
    """Serve, pull twice, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    with tempfile.TemporaryDirectory() as temporary:
        served = Path(temporary, "www")
        served.mkdir()
        bodies = {file.stem: gzip.decompress(file.read_bytes()) for file in sorted(folder.glob("*.gz"))}
        for name, body in bodies.items():
            (served / name).write_bytes(body)
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=served))
        Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}/"
        letter = Newsletter(
            "Real", (Section("all", "All"),), allow_hosts=("127.0.0.1",),
            feeds=tuple(FeedEntry(base + name) for name in bodies), limits=Limits(connections_per_host=16),
        )  # fmt: skip
        database = Database.create(Path(temporary, "real.duckdb"))
        report, again = (pull_feeds(database, letter, AsOf.now()) for _ in range(2))
        with database.reading() as connection:
            stored = dict(
                connection.execute("SELECT feed_url, count(*) FROM article_feeds GROUP BY feed_url").fetchall()
            )
            articles = connection.execute("SELECT count(*) FROM articles").fetchall()[0][0]
        server.shutdown()
    counts = {name: strict_count(body) for name, body in bodies.items()}
    for name, count in counts.items():
        if stored.get(base + name, 0) != count:
            print(f"  {name}: {stored.get(base + name, 0)} stored, {count} counted")
    slowest = max(report.details["feeds"], key=lambda feed: feed["seconds"])
    print(
        f"{report.seen} feeds, {report.failed} failed: {sum(stored.values())} entries stored, {sum(counts.values())} "
        f"counted, {articles} articles; {report.seconds:.1f} s, slowest feed {slowest['seconds']:.2f} s "
        f"({slowest['url'].rpartition('/')[2]}); second night {again.seconds:.1f} s, {again.details['articles']} new"
    )


if __name__ == "__main__":
    main()
