"""Manners and faults over HTTP: whatever a server does, the client comes back in time and says what happened."""

import asyncio
import gzip
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli
import pytest
import trustme
from backports import zstd
from loopback import Answer, Fault, Loopback

from pipeline.core.types import Fetched
from pipeline.feeds.fetch import MAX_RETRY_AFTER_S, Client, parse_retry_after
from pipeline.feeds.ssrf import Guard

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def web() -> Iterator[Loopback]:
    """A loopback server with nothing on it."""
    with Loopback() as server:
        yield server


def get(*urls: str, **options: object) -> list[Fetched]:
    """Fetch addresses side by side with one client."""
    given: dict[str, object] = {"allow_hosts": ["127.0.0.1"], "timeout_s": 2.0, "per_host": 8, "max_bytes": 100_000}

    async def ask() -> list[Fetched]:
        async with Client(**(given | options)) as client:  # type: ignore[arg-type]
            return list(await asyncio.gather(*(client.get(url) for url in urls)))

    return asyncio.run(ask())


def drip(first: bytes, every_s: float = 0.2) -> Fault:
    """Build an answer that never ends, a byte at a time."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        for _ in range(100):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(every_s)

    return answer


def say(raw: bytes) -> Fault:
    """Build an answer of exactly these bytes."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()

    return answer


def endless(writer: asyncio.StreamWriter) -> object:
    """Send chunks for ever."""

    async def send() -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"ffff\r\n" + b"x" * 0xFFFF + b"\r\n")
            await writer.drain()

    return send()


def test_answer_comes_with_its_validators(web: Loopback) -> None:
    """Headers, body and an honest name."""
    modified = "Tue, 03 Mar 2020 08:00:00 GMT"
    web.answers["/"] = Answer("body", headers={"Last-Modified": modified, "Content-Type": "text/xml"}, etag='"1"')
    (fetched,) = get(web.url())
    assert (fetched.status, fetched.body, fetched.content_type) == (200, b"body", "text/xml")
    assert (fetched.etag, fetched.last_modified, fetched.error) == ('"1"', modified, None)
    assert web.asked[0].headers["user-agent"].startswith("Triage/")


def test_validator_from_the_future_is_not_kept(web: Loopback) -> None:
    """Sent back for ever it would hide every new entry."""
    web.answers["/"] = Answer("body", headers={"Last-Modified": "Tue, 03 Mar 2099 08:00:00 GMT"})
    assert get(web.url())[0].last_modified is None


@pytest.mark.parametrize(("name", "pack"), [("gzip", gzip.compress), ("br", brotli.compress), ("zstd", zstd.compress)])
def test_packed_body_is_unpacked(web: Loopback, name: str, pack: Callable[[bytes], bytes]) -> None:
    """And the cap counts what comes out: a bomb is a reported failure."""
    web.answers["/"] = Answer(pack(b"body"), headers={"Content-Encoding": name})
    web.answers["/bomb"] = Answer(pack(bytes(50_000_000)), headers={"Content-Encoding": name})
    plain, bomb = get(web.url(), web.url("/bomb"), timeout_s=10)
    assert plain.body == b"body"
    assert (bomb.error, bomb.body) == ("is larger than 0.1 MB", b"")


@pytest.mark.parametrize(
    ("fault", "result"),
    [
        (drip(b"HTTP/1.1 200 OK\r\n"), "did not finish within 5 seconds"),
        (drip(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"), "did not finish within 5 seconds"),
        (endless, "is larger than 0.1 MB"),
        (say(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nshort"), "broke off"),
        (
            say(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 500\r\n\r\n" + b"nogzip" * 83 + b".."),
            "broke off",
        ),
        (say(b"no http at all\r\n\r\n"), "broke off"),
        (say(b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"y" * 400_000 + b"\r\n\r\n"), "header"),
        (say(b""), "broke off"),
    ],
)
def test_fault_is_told_and_harms_nobody(web: Loopback, fault: Fault, result: str) -> None:
    """A healthy feed beside it is fetched as ever."""
    web.answers |= {"/fault": fault, "/healthy": Answer("body")}
    timeout_s = 5.0 if "finish" in result else 60.0
    broken, healthy = get(web.url("/fault"), web.url("/healthy"), timeout_s=timeout_s)
    assert result in (broken.error or "")
    assert healthy.body == b"body"


def test_long_header_line_is_read(web: Loopback) -> None:
    """A Content-Security-Policy of 100 kB, as curl reads it."""
    web.answers["/"] = Answer("body", headers={"Content-Security-Policy": "x" * 100_000})
    assert get(web.url())[0].body == b"body"


def test_connection_refused_is_tried_again_and_told() -> None:
    """Nobody listens on port 9."""
    (fetched,) = get("http://127.0.0.1:9/", timeout_s=5)
    assert fetched.error == "cannot be reached (Connection refused)"


def test_passing_trouble_is_over_with_the_second_try(web: Loopback) -> None:
    """A connection that is dropped once is made again."""

    async def drop_once(writer: asyncio.StreamWriter) -> None:
        web.answers["/"] = Answer("body")

    web.answers["/"] = drop_once
    assert get(web.url(), timeout_s=5)[0].body == b"body"
    assert len(web.asked) == 2


@pytest.mark.parametrize(("status", "moved"), [(301, True), (308, True), (302, False), (307, False), (303, False)])
def test_only_permanent_redirects_move_an_address(web: Loopback, status: int, moved: bool) -> None:
    """The body comes either way."""
    web.answers |= {"/old": Answer(status=status, headers={"Location": "/new"}), "/new": Answer("body")}
    (fetched,) = get(web.url("/old"))
    assert (fetched.body, fetched.final_url) == (b"body", web.url("/new"))
    assert fetched.moved_to == (web.url("/new") if moved else None)


def test_redirects_end_after_five_hops(web: Loopback) -> None:
    """Five are followed, six are not, and a loop ends."""
    for n in range(8):
        web.answers[f"/{n}"] = Answer(status=301, headers={"Location": f"/{n - 1}"})
    web.answers |= {"/0": Answer("body"), "/loop": Answer(status=302, headers={"Location": "/loop"})}
    five, six, loop = get(web.url("/5"), web.url("/6"), web.url("/loop"))
    assert five.body == b"body"
    assert (six.error, loop.error) == ("redirects more than 5 times",) * 2


def test_one_host_is_asked_one_at_a_time(web: Loopback) -> None:
    """Waiting for its turn does not count against a feed's deadline."""
    busy, most = 0, 0

    async def slow(writer: asyncio.StreamWriter) -> None:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await asyncio.sleep(0.3)
        busy -= 1
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    web.answers |= {f"/{n}": slow for n in range(5)}
    fetched = get(*(web.url(f"/{n}") for n in range(5)), per_host=1)
    assert ([f.error for f in fetched], most) == ([None] * 5, 1)


@pytest.mark.parametrize(("value", "seconds"),
    [("42", 42), (" 7 ", 7), ("99999999999", MAX_RETRY_AFTER_S), ("-5", None), ("soon", None), (None, None), ("", None),
     ("Fri, 20 Nov 2026 00:01:00 GMT", 60), ("Fri, 20 Nov 2020 00:00:00 GMT", 0), 
     ("Fri, 20 Nov 9999 00:00:00 GMT", MAX_RETRY_AFTER_S)],
)  # fmt: skip
def test_retry_after_is_read_within_sense(value: str | None, seconds: float | None) -> None:
    """Seconds or a date, capped, never negative; garbage is none."""
    assert parse_retry_after(value, NOW) == seconds


def test_certificates_are_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A known authority passes; expired, unknown and misnamed ones fail, unless the feed opts out."""
    known, unknown = trustme.CA(), trustme.CA()
    known.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    certificates = {
        "good": known.issue_cert("127.0.0.1"),
        "expired": known.issue_cert("127.0.0.1", not_after=datetime.now(UTC) - timedelta(days=1)),
        "unknown": unknown.issue_cert("127.0.0.1"),
        "misnamed": known.issue_cert("other.example"),
    }
    errors = {}
    for name, certificate in certificates.items():
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        with Loopback({"/": Answer("body")}, ssl=context) as web:
            errors[name] = get(web.url(), timeout_s=30.0)[0].error
    assert errors.pop("good") is None
    assert all("TLS certificate is not valid" in (error or "") for error in errors.values())


def test_feed_may_opt_out_of_certificates() -> None:
    """Only where the editor said so."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)

    async def ask(url: str) -> Fetched:
        async with Client(allow_hosts=["127.0.0.1"]) as client:
            return await client.get(url, verify_tls=False)

    with Loopback({"/": Answer("body")}, ssl=context) as web:
        assert asyncio.run(ask(web.url())).body == b"body"


def test_no_connection_outlives_the_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even one whose server says no farewell after a TLS answer: the garbage collector would find it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    made, make = [], Guard.make_socket
    monkeypatch.setattr(Guard, "make_socket", lambda *address: made.append(make(*address)) or made[-1])

    async def linger(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody")
        await writer.drain()
        await asyncio.sleep(30)

    async def ask(url: str) -> tuple[bytes, list[int]]:
        async with Client(allow_hosts=["127.0.0.1"]) as client:
            fetched = await client.get(url, verify_tls=False)
        return fetched.body, [each.fileno() for each in made]

    with Loopback({"/": linger}, ssl=context) as web:
        assert asyncio.run(ask(web.url())) == (b"body", [-1])


def test_cookie_wall_is_called_one(web: Loopback) -> None:
    """A page that redirects to itself until its cookie is sent; other loops are loops."""
    web.answers["/wall"] = Answer(status=302, headers={"Location": "/wall", "Set-Cookie": "seen=1"})
    web.answers["/loop"] = Answer(status=302, headers={"Location": "/loop"})
    wall, loop = get(web.url("/wall"), web.url("/loop"))
    assert ("cookie wall" in (wall.error or ""), wall.reason) == (True, "cookie_wall")
    assert loop.reason == "redirects"
