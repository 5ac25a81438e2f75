"""The morning message tells what the night brought, in plain text, and its failure fails nothing."""

import json
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from helpers import NOW
from invented import lay_stories
from pipeline.core.as_of import AsOf
from pipeline.core.errors import InputError
from pipeline.core.types import Feed, StepReport
from pipeline.ops.notify import Closing, Message, read_morning, send_message, write_message
from pipeline.store.feeds import save_feeds
from pipeline.store.runs import record_run

# Apprise looks for a module that Python 3.13 no longer has
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")
NIGHT = StepReport("nightly", 3, 40, 1, 12.5, {"date": "2026-11-20", "new_articles": 7, "missed": 2})


def test_message_tells_the_night(workspace):
    """New articles, the top ten, failing feeds and the nights made up for all stand in it."""
    lay_stories(workspace, 12)
    record_run(workspace.database, NIGHT, workspace.as_of)
    with workspace.database.writing() as connection:
        save_feeds(connection, [Feed("https://bad.example/f", "Bad", failures=2, last_error="answered 500")])
    message = write_message(read_morning(workspace.database, workspace.newsletter, AsOf.now()))
    assert message.title == "Letter: 7 new, 12 to decide"
    assert message.body.count("How we run incident reviews without blame (0)") == 1
    assert "\n10. " in message.body
    assert "\n11. " not in message.body
    assert any(f"· {section.name}\n" in message.body for section in workspace.newsletter.sections)  # not its key
    assert "Bad: failed 2 nights in a row: answered 500" in message.body
    assert "2 missed runs were caught up." in message.body


def test_calls_that_close_soon_are_told(workspace):
    """A call whose deadline is next week stands in the message; two months earlier it did not yet."""
    lay_stories(workspace, 1, title="CFP: small clusters. Submissions due 27 November 2026")
    found = read_morning(workspace.database, workspace.newsletter, AsOf.now(NOW)).closing
    assert [(c.day, c.title) for c in found] == [
        (date(2026, 11, 27), "CFP: small clusters. Submissions due 27 November 2026")
    ]
    assert read_morning(workspace.database, workspace.newsletter, AsOf.now(NOW - timedelta(days=60))).closing == ()
    assert isinstance(found[0], Closing)


@pytest.fixture
def hook():
    """A service on loopback that takes messages."""
    got: list[dict] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200 if self.path == "/ok" else 500)
            self.end_headers()

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"json://127.0.0.1:{server.server_port}", got
        server.shutdown()


def test_message_is_sent(hook):
    """Apprise brings title and body to the address as they are."""
    address, got = hook
    send_message([f"{address}/ok"], Message("Letter: 7 new", "<b>not markup</b>"))
    assert (got[0]["title"], got[0]["message"]) == ("Letter: 7 new", "<b>not markup</b>")


@pytest.mark.parametrize("url", ["nonsense", "slack://secret"])
def test_wrong_address_is_named_without_its_secret(url):
    """The complaint says which address, and keeps its secret."""
    with pytest.raises(InputError, match="address 1") as caught:
        send_message([url], Message("a", "b"))
    assert "secret" not in str(caught.value)


def test_refused_message_is_told(hook):
    """A service that answers 500 is named."""
    with pytest.raises(InputError, match="json refused the message"):
        send_message([f"{hook[0]}/no"], Message("a", "b"))
