"""Read seeded mutants of real feeds and count what breaks the reader: python bench/mutants.py FOLDER [--count N].

FOLDER holds feeds, gzipped or not. A mutant is a feed's head and some of its entries, cut to --cut bytes. An input that
breaks or outlasts the reader is written to --keep, to be made small and kept as a test. The count so far is printed
after every 5,000, so that a run that is ended early has a figure too.
"""

import argparse
import gzip
import hashlib
import random
import re
import signal
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from pipeline.feeds.parse import parse_feed

CUT = 2048
MAX_HEAD = 800  # bytes kept of what stands before the first entry
DEADLINE_S = 10.0
ENTRY = re.compile(rb"<(?:\w{1,20}:)?(?:item|entry)(?=[\s>])|(?<=[\[,])\s{0,20}\{")
SEEN_AT = datetime(2026, 11, 20, tzinfo=UTC)
TOKENS = (
    b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"&#0;", b"&#xD800;",
    b"<item>", b"</item>", b"<entry>", b"<title type='xhtml'>", b"<link href='http://[::1'/>", b"xml:base='http://[x'",
    b"<pubDate>0000-00-00T99:99:99+99:99</pubDate>", b"<updated>99999-13-45</updated>",
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf",
    b"encoding='utf-16'", b"encoding='utf-7'", b"<georss:polygon>1 2 x</georss:polygon>", b"<gml:pos>nan</gml:pos>",
    b"<media:rating/>", b"<itunes:keywords>", b"<category term=''/>", b"<enclosure/>", b"<script>", b"javascript:",
    b"\\ud800", b'"items": 3', b"null", b"1e999", b"[" * 60, b"<div>" * 60,
)  # fmt: skip


def mutants(feeds: list[bytes], seed: int, count: int, cut: int = CUT) -> Iterator[bytes]:
    """Yield mutants, the same ones for the same seed."""
    chance = random.Random(seed)
    starts = [[found.start() for found in ENTRY.finditer(feed)] for feed in feeds]
    for _ in range(count):
        which = chance.randrange(len(feeds))
        body = bytearray(_sample(feeds[which], starts[which], cut, chance))
        for _ in range(chance.randint(1, 6)):
            _mutate(body, chance)
        yield bytes(body[:cut])


def _sample(feed: bytes, starts: list[int], cut: int, chance: random.Random) -> bytes:
    """Return the head of a feed and the entries from a random one on, cut."""
    if not starts:
        return feed[:cut]
    start = chance.choice(starts)
    return (feed[: min(starts[0], MAX_HEAD)] + feed[start : start + cut])[:cut]


def _mutate(body: bytearray, chance: random.Random) -> None:
    at, length = chance.randrange(len(body) + 1), chance.choice((1, 2, 8, 64, 512))
    match chance.randrange(6):
        case 0:
            body[at : at + 1] = bytes([chance.randrange(256)])
        case 1:
            del body[at : at + length]
        case 2:
            body[at:at] = chance.choice(TOKENS)
        case 3:
            body[at:at] = body[at : at + length]
        case 4:
            start = chance.randrange(len(body) + 1)
            body[at : at + length] = body[start : start + length]
        case _:
            body[at : at + length] = body[at : at + length][::-1]


def read_share(share: tuple[list[bytes], int, int, int]) -> tuple[Counter[str], float, int, list[tuple[str, bytes]]]:
    """Read one process's share. Returns failures by place, the slowest reading, entries read, and failing inputs."""
    broken, slowest, entries, failing = Counter[str](), 0.0, 0, []
    signal.signal(signal.SIGALRM, _too_late)
    for body in mutants(*share):
        started = time.process_time()  # of this process alone: other work on the machine does not count
        signal.setitimer(signal.ITIMER_REAL, DEADLINE_S)
        try:
            entries += len(parse_feed(body, "https://a.example/feed", "", SEEN_AT).articles)
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{type(error).__name__} in {Path(frame.filename).name}:{frame.name}"
            broken[place] += 1
            if broken[place] <= 2:
                failing.append((place, body))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        slowest = max(slowest, time.process_time() - started)
    return broken, slowest, entries, failing


def _too_late(*_: object) -> None:
    raise TimeoutError("over the deadline")


def main() -> None:
    """Run, print the figures, keep failing inputs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--cut", type=int, default=CUT)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    files = sorted(file for file in given.folder.iterdir() if file.is_file())
    feeds = [gzip.decompress(f.read_bytes()) if f.suffix == ".gz" else f.read_bytes() for f in files]
    chunks = max(given.processes, given.count // 5000)
    shares = [(feeds, given.seed * 1_000_000 + n, given.count // chunks, given.cut) for n in range(chunks)]
    started, broken, slowest, entries, done = time.monotonic(), Counter[str](), 0.0, 0, 0
    with get_context("fork").Pool(given.processes) as pool:
        for places, slow, read, failing in pool.imap_unordered(read_share, shares):
            broken, slowest, entries = broken + places, max(slowest, slow), entries + read
            for place, body in failing if given.keep else ():
                name = hashlib.sha256(body).hexdigest()[:12]
                given.keep.mkdir(parents=True, exist_ok=True)
                (given.keep / name).write_bytes(body)
                print(f"  {name}  {place}", flush=True)
            done += shares[0][2]
            print(
                f"  {done} read, {broken.total()} broke the reader, {entries} entries, slowest {slowest:.2f} s",
                flush=True,
            )
    print(f"{done} mutants of {len(feeds)} feeds, seed {given.seed}: {broken.total()} broke the reader, "
          f"{entries} entries read, slowest {slowest:.2f} s of processor time, "
          f"{time.monotonic() - started:.0f} s in all")  # fmt: skip
    for place, times in broken.most_common():
        print(f"  {times:6}  {place}")


if __name__ == "__main__":
    main()
