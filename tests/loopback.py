"""A web server on loopback that answers what a test tells it to, faults included, and notes what it was asked."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from ssl import SSLContext
from types import TracebackType
from typing import Self


@dataclass
class Answer:
    """What a path answers with."""

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: str | None = None  # answered with 304 where the client sends it back


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    path: str
    headers: dict[str, str]


Fault = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Loopback:
    """Serves `answers` by path on a free port of 127.0.0.1; unknown paths are 404.

    A path may also answer by a coroutine function that writes to the connection as it likes.
    """

    def __init__(self, answers: dict[str, Answer | Fault] | None = None, ssl: SSLContext | None = None) -> None:
        self.answers: dict[str, Answer | Fault] = answers or {}
        self.asked: list[Asked] = []
        self.body_bytes = 0
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._ssl = ssl
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """Return the address of a path."""
        return f"http{'s' if self._ssl else ''}://{host}:{self.port}{path}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _start(self) -> asyncio.Server:
        return await asyncio.start_server(self._connected, "127.0.0.1", 0)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # at once and not in the task, which may be cancelled before it begins
        self._writers.append(writer)
        self._tasks.add(self._loop.create_task(self._serve(reader, writer)))

    async def _stop(self) -> None:
        """Close every connection: one left to the garbage collector fails whichever test runs then."""
        self._server.close()
        for _ in range(3):
            await asyncio.sleep(0)  # what is accepted already becomes a connection
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()
        closed = (asyncio.wait_for(writer.wait_closed(), 2) for writer in self._writers)
        await asyncio.gather(*closed, return_exceptions=True)  # a transport closes its socket in a later turn
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self._ssl:  # here and not in start_server, which keeps connections that fail the handshake to itself
                await writer.start_tls(self._ssl)
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (h.partition(":") for h in head[1:]) if name}
            asked = Asked(head[0].split(" ")[1], headers)
            self.asked.append(asked)
            answer = self.answers.get(asked.path, Answer(status=404))
            await (self._answer(answer, asked, writer) if isinstance(answer, Answer) else answer(writer))
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _answer(self, answer: Answer, asked: Asked, writer: asyncio.StreamWriter) -> None:
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        status, headers = answer.status, {"Content-Length": str(len(body)), "Connection": "close", **answer.headers}
        if answer.etag:
            headers["ETag"] = answer.etag
            if asked.headers.get("if-none-match") == answer.etag:
                status, body, headers["Content-Length"] = 304, b"", "0"
        lines = [f"HTTP/1.1 {status} Told", *(f"{name}: {value}" for name, value in headers.items())]
        writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
        self.body_bytes += len(body)
        await writer.drain()


def rss(*items: str, title: str = "A feed") -> str:
    """Write an RSS feed around its items."""
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{"".join(items)}</channel></rss>'


def item(n: int, *, link: str | None = None, title: str | None = None, more: str = "") -> str:
    """Write the nth item of an RSS feed."""
    link = link or f"https://stories.example/{n}"
    title = title or f"Story number {n} has a title"
    return (
        f"<item><title>{title}</title><link>{link}</link><guid isPermaLink='false'>g{n}</guid>"
        f"<description>What story {n} is about.</description><pubDate>Mon, 16 Nov 2026 10:0{n % 10}:00 GMT</pubDate>"
        f"{more}</item>"
    )
