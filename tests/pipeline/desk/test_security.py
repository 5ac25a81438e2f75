"""Strangers cannot make the desk do or show anything."""

import pytest
from starlette.testclient import TestClient

from pipeline.desk.security import SecurityMiddleware
from pipeline.desk.sync import JournalSync
from pipeline.desk.web import build

PICK = {"verdict": "pick"}


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "", "[::1"])
def test_foreign_host_is_refused(client, host):
    """A name that was rebound to this machine gets nothing."""
    assert client.get("/", headers={"host": host}).status_code == 403


@pytest.mark.parametrize("host", ["localhost:8765", "127.0.0.1", "[::1]:8765", "LOCALHOST"])
def test_own_names_are_known(client, host):
    """The desk answers to all names of this machine."""
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/decide", "/api/decisions", "/night"])
def test_foreign_page_cannot_decide(client, desk, ids, headers, path):
    """A request that changes something is heard from our own pages only."""
    assert client.post(path, data={"id": ids[0], **PICK}, headers=headers).status_code == 403
    assert desk.workspace.journal.read() == []


@pytest.mark.parametrize(
    "headers", [{"origin": "http://127.0.0.1:8765"}, {"origin": "null", "sec-fetch-site": "same-origin"}, {}]
)
def test_own_page_and_programs_can(client, desk, ids, headers):
    """Our own forms are heard (under no-referrer they come with Origin: null), and so is curl."""
    client.post("/decide", data={"id": ids[0], **PICK}, headers=headers)
    assert len(desk.workspace.journal.read()) == 1


def test_every_answer_is_fenced(client, ids):
    """Pages, problems, files and JSON all carry the same fence: no inline script or style, no frame, no sniffing."""
    for path in ("/", "/nosuchpage", "/static/desk.css", "/api/stories", "/openapi.json"):
        headers = client.get(path).headers
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


def test_every_page_is_fenced_and_compressed(client, app):
    """Whatever answers GET has the fence, and comes compressed where it is longer than a packet."""
    pages = [r.path for r in app.routes if "GET" in (getattr(r, "methods", None) or ()) and "{" not in r.path]
    assert len(pages) > 25
    for path in pages:
        answer = client.get(path)
        assert "default-src 'none'" in answer.headers["content-security-policy"], path
        if len(answer.content) > 1500:
            assert answer.headers["content-encoding"] == "gzip", path


def test_too_much_is_not_read(client):
    """A body beyond a megabyte is refused, whether or not its length was announced."""
    assert client.post("/note", content=b"x" * 1_000_001).status_code == 413
    assert client.post("/note", content=(b"x" * 100_000 for _ in range(11))).status_code == 413


def test_others_need_the_token(desk):
    """Reachable from elsewhere, nothing is shown or done without the token; cookies are kept from other sites."""
    app = build(desk, JournalSync(desk, lambda desk: None), "ann", None, "correct horse")
    with TestClient(app, base_url="http://desk.example:8765") as visitor:
        assert visitor.get("/").url.path == "/login"
        assert visitor.get("/api/stories").status_code == 401
        assert visitor.post("/login", data={"token": "wrong"}).status_code == 401
        answer = visitor.post("/login", data={"token": "correct horse", "back": "/status"}, follow_redirects=False)
        assert "HttpOnly" in answer.headers["set-cookie"]
        assert "samesite=lax" in answer.headers["set-cookie"].lower()
        assert visitor.get("/").status_code == 200
    with TestClient(app, base_url="http://desk.example:8765") as program:
        answer = program.get("/api/stories", headers={"authorization": "Bearer correct horse"})
        assert answer.status_code == 200


def test_open_desk_without_token_is_not_built():
    """Nobody can forget the token."""
    with pytest.raises(ValueError, match="token"):
        SecurityMiddleware(None, hosts=None)  # type: ignore[arg-type]
