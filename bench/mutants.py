"""Read seeded mutants of real feeds and count what breaks the reader: python bench/mutants.py FOLDER [--count N].

FOLDER holds feeds, gzipped or not. A mutant is a feed's head and some of its entries, cut to --cut bytes and changed:
bytes flipped, deleted, doubled, moved, reversed, repeated; tokens put in; tags swapped; a piece of another feed put in;
another encoding declared or used. An input that breaks the reader, or takes it two seconds of processor time, is
written to --keep, to be made small and kept as a test. The count so far is printed after every 5,000, so that a run
that is ended early has a figure too.
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
ENCODED = 0.15  # of the mutants
DEADLINE_S = 2.0  # of processor time
ENTRY = re.compile(rb"<(?:\w{1,20}:)?(?:item|entry)(?=[\s>])|(?<=[\[,])\s{0,20}\{")
TAG = re.compile(rb"<(/?)([A-Za-z][\w:.-]{0,30})")
ENCODINGS = (
    "utf-8", "utf-16", "utf-16-be", "utf-32", "utf-7", "windows-1251", "windows-1252", "iso-8859-1", "iso-8859-15",
    "shift_jis", "gb2312", "big5", "euc-kr", "koi8-r", "ascii", "no-such",
)  # fmt: skip
REPEATS = (3, 20, 200)
SEEN_AT = datetime(2026, 11, 20, tzinfo=UTC)
TOKENS = (
    b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"&#0;", b"&#xD800;",
    b"<item>", b"</item>", b"<entry>", b"<title type='xhtml'>", b"<link href='http://[::1'/>", b"xml:base='http://[x'",
    b"<pubDate>0000-00-00T99:99:99+99:99</pubDate>", b"<updated>99999-13-45</updated>",
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf",
    b"encoding='utf-16'", b"encoding='utf-7'", b"<georss:polygon>1 2 x</georss:polygon>", b"<gml:pos>nan</gml:pos>",
    b"<media:rating/>", b"<itunes:keywords>", b"<category term=''/>", b"<enclosure/>", b"<script>", b"javascript:",
    b"\\ud800", b'"items": 3', b"null", b"1e999", b"[" * 60, b"<div>" * 60,
    b"&nbsp;", b"&amp;lt;", b"&#150;", b"&bogus;", b"&#x110000;", b"xmlns='http://www.w3.org/2005/Atom'", b"xmlns:a=''",
    b"<a:item xmlns:a='http://purl.org/rss/1.0/'>", b"isPermaLink='false'", b"rdf:about='http://a.example/ /'",
    b"xml:lang='\xff'", b"<content type='text/html' mode='base64'>", b"\x1f\x8b\x08", b"\xed\xa0\x80", b"\xf0\x9f",
    b"\xc3\x28", b"\x96",
    b"http://[::1]:x/", b"http://\xef\xbc\xbb/", b"//", b"?utm_source=%ff&token=%00", b"mailto:@", b"tag:a,2026:",
)  # fmt: skip


def mutants(feeds: list[bytes], seed: int, count: int, cut: int = CUT) -> Iterator[bytes]:
    """Yield mutants, the same ones for the same seed."""
    chance = random.Random(seed)
    starts = [[found.start() for found in ENTRY.finditer(feed)] for feed in feeds]
    for _ in range(count):
        which = chance.randrange(len(feeds))
        body = bytearray(_sample(feeds[which], starts[which], cut, chance))
        for _ in range(chance.randint(1, 6)):
            _mutate(body, chance.choice(feeds), chance)
        yield _encode(bytes(body[:cut]), chance) if chance.random() < ENCODED else bytes(body[:cut])


def _sample(feed: bytes, starts: list[int], cut: int, chance: random.Random) -> bytes:
    """Return the head of a feed and the entries from a random one on, cut."""
    if not starts:
        return feed[:cut]
    start = chance.choice(starts)
    return (feed[: min(starts[0], MAX_HEAD)] + feed[start : start + cut])[:cut]


def _mutate(body: bytearray, other: bytes, chance: random.Random) -> None:
    at, length = chance.randrange(len(body) + 1), chance.choice((1, 2, 8, 64, 512))
    match chance.randrange(10):
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
        case 5:
            body[at:at] = body[at : at + length] * chance.choice(REPEATS)
        case 6:
            start = chance.randrange(len(other) + 1)
            body[at : at + length] = other[start : start + length]
        case 7:
            _swap_tags(body, chance)
        case 8 if body:
            body[at - 1] ^= 1 << chance.randrange(8)
        case _:
            body[at : at + length] = body[at : at + length][::-1]


def _swap_tags(body: bytearray, chance: random.Random) -> None:
    """Give one tag the name of another."""
    tags = list(TAG.finditer(body))
    if len(tags) > 1:
        one, another = chance.sample(tags, 2)
        name = another[2]
        body[one.start(2) : one.end(2)] = name


def _encode(body: bytes, chance: random.Random) -> bytes:
    """Declare an encoding, and half the time also use one."""
    declared, used = chance.choice(ENCODINGS), chance.choice(ENCODINGS[:-1])
    text = re.sub(rb"encoding=(['\"])[\w-]{0,20}\1", f"encoding='{declared}'".encode(), body, count=1)
    return text if chance.random() < 0.5 else text.decode("utf-8", "replace").encode(used, "replace")


def read_share(share: tuple[list[bytes], int, int, int]) -> tuple[Counter[str], float, int, list[tuple[str, bytes]]]:
    """Read one process's share. Returns failures by place, the slowest reading, entries read, and failing inputs."""
    broken, slowest, entries, failing = Counter[str](), 0.0, 0, []
    signal.signal(signal.SIGPROF, _too_late)
    for body in mutants(*share):
        started = time.process_time()  # of this process alone: other work on the machine does not count
        signal.setitimer(signal.ITIMER_PROF, DEADLINE_S)
        try:
            entries += len(parse_feed(body, "https://a.example/feed", "", SEEN_AT).articles)
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{type(error).__name__} in {Path(frame.filename).name}:{frame.name}"
            broken[place] += 1
            if broken[place] <= 2:
                failing.append((place, body))
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
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
