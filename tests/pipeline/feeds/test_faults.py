"""The catalogue of faults in one night: each is reported, the healthy feeds beside them are whole, the night ends.

One server, one path a fault.
"""

import asyncio
import gzip
from collections.abc import Iterator
from datetime import timedelta

import pytest
from loopback import Answer, Fault, Loopback, item, rss

from helpers import NOW
from pipeline.core.as_of import AsOf
from pipeline.core.config import FeedEntry, Limits, Newsletter
from pipeline.core.types import Section, StepReport
from pipeline.steps.pull import pull_feeds
from pipeline.store.database import Database

HEALTHY = 30
DEADLINE_S = 10  # two seconds are not enough for healthy feeds on a busy machine


def say(raw: bytes, every_s: float | None = None) -> Fault:
    """Build an answer of these bytes, and then one byte after the other."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()
        while every_s is not None:
            await asyncio.sleep(every_s)
            writer.write(b"x")
            await writer.drain()

    return answer


def slow(n: int) -> Fault:
    """Build a healthy answer of two entries that takes its time."""
    body = rss(item(n * 10), item(n * 10 + 1)).encode()

    async def answer(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.5)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()

    return answer


async def endless(writer: asyncio.StreamWriter) -> None:
    """Send chunks for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"ffff\r\n" + b"x" * 0xFFFF + b"\r\n")
        await writer.drain()


def to(target: str, status: int = 302) -> Answer:
    """Build a redirect."""
    return Answer(status=status, headers={"Location": target})


LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
LAUGHS = f"<!DOCTYPE rss [<!ENTITY l0 'ha'>{LAUGHS}]>"
XXE = "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'><!ENTITY % y SYSTEM 'http://127.0.0.1:9/'>%y;]>"
EXPECTED: dict[str, tuple[Answer | Fault, str | None]] = {  # path: what it answers, and what is reported
    "/missing": (Answer(status=404), "answers 404"),
    "/broken": (Answer(status=500), "answers 500"),
    "/gone": (Answer(status=410), "answers 410"),
    "/busy": (Answer(status=429, headers={"Retry-After": "60"}), "answers 429"),
    "/away": (Answer(status=503, headers={"Retry-After": "Fri, 20 Nov 9999 00:00:00 GMT"}), "answers 503"),
    "/loop": (to("/loop"), "redirects more than 5 times"),
    "/file": (to("file:///etc/passwd"), "no web address"),
    "/metadata": (to("http://169.254.169.254/latest/meta-data/"), "refused"),
    "/inside": (to("http://localhost:9/"), "refused"),
    "/nowhere": (to("http://does-not-exist.invalid/"), "cannot be reached"),
    "/slow-head": (say(b"HTTP/1.1 200 OK\r\n", 0.2), "did not finish"),
    "/slow-body": (say(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", 0.2), "did not finish"),
    "/silent": (say(b"", 60), "did not finish"),
    "/drops": (say(b""), "broke off"),
    "/short": (say(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<rss>"), "broke off"),
    "/no-http": (say(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), "broke off"),
    "/endless": (endless, "is larger than 1 MB"),
    "/bomb": (Answer(gzip.compress(bytes(100_000_000)), headers={"Content-Encoding": "gzip"}), "is larger than 1 MB"),
    "/empty": (Answer(b""), "is empty"),
    "/page": (Answer("<!doctype html><title>Just a moment...</title><item>"), "is a web page"),
    "/picture": (Answer(b"\x89PNG\r\n\x1a\n" + bytes(500)), "is not a feed"),
    "/deep": (Answer("<rss><channel><item>" + "<div>" * 5_000), None),
    "/laughs": (Answer(rss(item(9001, title="&l11;")).replace("<rss", LAUGHS + "<rss", 1)), None),
    "/entity": (Answer(rss(item(9002, title="a&x;b")).replace("<rss", XXE + "<rss", 1)), None),
    "/author": (Answer(rss(item(9003, more=f"<author>{'a' * 16_000}@{'b' * 16_000}</author>"))), None),
    "/garbled": (Answer(rss(item(9004)).encode() + b"\xff\xfe\x00" * 99), None),
    "/hostile": (Answer(rss(item(9005, title="<![CDATA[<script>alert(1)</script>x]]>", link="javascript:a(1)"))), None),
}  # fmt: skip


@pytest.fixture
def web() -> Iterator[Loopback]:
    """One server with everything on it."""
    answers = {path: answer for path, (answer, _) in EXPECTED.items()} | {
        f"/healthy/{n}": slow(n) for n in range(HEALTHY)
    }
    with Loopback(dict(answers)) as server:
        yield server


def pull(database: Database, web: Loopback, paths: list[str], days: float = 0) -> StepReport:
    """Pull these paths."""
    limits = Limits(connections=8, connections_per_host=8, timeout_seconds=DEADLINE_S, max_megabytes=1)
    feeds = tuple(FeedEntry(web.url(path)) for path in paths)
    letter = Newsletter("L", (Section("s", "S"),), allow_hosts=("127.0.0.1",), feeds=feeds, limits=limits)
    return pull_feeds(database, letter, AsOf.now(NOW + timedelta(days=days)))


def test_every_fault_is_told_and_the_healthy_feeds_are_whole(web: Loopback, database: Database) -> None:
    """One night with all of them; then nothing hostile stands in any table."""
    healthy = [f"/healthy/{n}" for n in range(HEALTHY)]
    report = pull(database, web, [*healthy, *EXPECTED])
    result = {"/" + f["url"].split("/", 3)[3]: f for f in report.details["feeds"]}
    wrong = {p: result[p]["error"] for p, (_, e) in EXPECTED.items() if (e is None) != (result[p]["error"] is None)}
    wrong |= {
        p: result[p]["error"] for p, (_, e) in EXPECTED.items() if e is not None and e not in (result[p]["error"] or "")
    }
    assert wrong == {}
    assert [result[path]["entries"] for path in healthy] == [2] * HEALTHY
    with database.reading() as connection:
        rows = repr(connection.execute("SELECT * FROM articles").fetchall()).lower()
    assert all(word not in rows for word in ("root:", "<script", "javascript:", "haha" * 100))


def test_feeds_that_keep_silent_are_waited_for_side_by_side(web: Loopback, database: Database) -> None:
    """So they cost a night one deadline: here none answers before all are asked."""
    paths = [f"/waiting/{n}" for n in range(4)]

    def answer_last(n: int) -> Fault:
        async def answer(writer: asyncio.StreamWriter) -> None:
            while not set(paths) <= {request.path for request in web.asked}:
                await asyncio.sleep(0.05)
            await slow(n)(writer)

        return answer

    web.answers |= {path: answer_last(n) for n, path in enumerate(paths)}
    report = pull(database, web, paths)
    assert [feed["entries"] for feed in report.details["feeds"]] == [2] * len(paths)
