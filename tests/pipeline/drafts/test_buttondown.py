"""A draft at Buttondown: made once, brought up to date, never sent twice. The stand-in follows its documentation."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from pipeline.core.errors import InputError
from pipeline.drafts.buttondown import send_draft

KEY = "secret-key"


class StandIn(BaseHTTPRequestHandler):
    """Emails listed in pages of one, created, changed; every request needs the key."""

    emails: list[dict[str, Any]]

    def _answer(self, status: int, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _handle(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "{}")
        if self.headers.get("Authorization") != f"Token {KEY}":
            self._answer(401, {"detail": "Invalid token."})
        elif self.command == "GET":
            page = int(self.path.rpartition("page=")[2])
            more = "next page" if page < len(self.emails) else None
            self._answer(200, {"results": self.emails[page - 1 : page], "next": more, "count": len(self.emails)})
        elif self.command == "POST":
            self.emails.append({"id": f"email-{len(self.emails)}", **sent})
            self._answer(201, self.emails[-1])
        else:
            email = next(e for e in self.emails if self.path.endswith(e["id"]))
            email.update(sent)
            self._answer(200, email)

    do_GET = do_POST = do_PATCH = _handle

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def emails(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """The emails of a stand-in on loopback."""
    kept: list[dict[str, Any]] = [{"id": "old", "subject": "#1", "body": "", "status": "sent"}]
    handler = type("Handler", (StandIn,), {"emails": kept})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("BUTTONDOWN_API", f"http://127.0.0.1:{server.server_port}/v1")
    monkeypatch.setenv("BUTTONDOWN_API_KEY", KEY)
    yield kept
    server.shutdown()
    server.server_close()


def test_twice_leaves_one_draft(emails: list[dict[str, Any]]) -> None:
    """The second time changes the first draft; nothing is sent."""
    first, second = send_draft("#2", "One"), send_draft("#2", "Two")
    assert first == second
    assert emails[1:] == [{"id": first, "subject": "#2", "body": "Two", "status": "draft"}]


def test_what_has_gone_out_is_left_alone(emails: list[dict[str, Any]]) -> None:
    """An issue is not drafted again after it was sent."""
    with pytest.raises(InputError, match="is sent at Buttondown already"):
        send_draft("#1", "Again")
    assert len(emails) == 1


def test_without_or_with_a_wrong_key(emails: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence, and the key is not in it."""
    monkeypatch.setenv("BUTTONDOWN_API_KEY", "wrong")
    with pytest.raises(InputError, match="HTTP 401") as refused:
        send_draft("#2", "One")
    assert "wrong" not in str(refused.value)
    monkeypatch.delenv("BUTTONDOWN_API_KEY")
    with pytest.raises(InputError, match="set BUTTONDOWN_API_KEY"):
        send_draft("#2", "One")


def test_no_answer_is_one_sentence(emails: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens there."""
    monkeypatch.setenv("BUTTONDOWN_API", "http://127.0.0.1:9/v1")
    with pytest.raises(InputError, match="nothing was sent"):
        send_draft("#2", "One")
