"""Newsletters of one installation ask a feed once and embed a text once."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import numpy as np
import pytest

from models.embedding import HashingEmbedder
from pipeline.pull import pull_feeds
from pipeline.sharing import SharedEmbedder
from pipeline.workspace import Workspace

FEED = b"<rss version='2.0'><channel><title>F</title><item><title>A story</title><link>https://a.example/1</link></item></channel></rss>"


@pytest.fixture
def feed():
    """A feed on loopback that counts who asks."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("ETag", '"1"')
            self.send_header("Content-Length", str(len(FEED)))
            self.end_headers()
            self.wfile.write(FEED)

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/feed", asked
        server.shutdown()


def newsletter(folder, url):
    Workspace.create(folder, folder.name, "blank")
    file = folder / "newsletter.toml"
    text = file.read_text().replace("feeds = []", f'feeds = ["{url}"]').replace('# share = "', 'share = "')
    file.write_text(text.replace("allow_hosts = []", 'allow_hosts = ["127.0.0.1"]'))
    return Workspace.open(folder)


def test_feed_of_three_newsletters_is_asked_once(tmp_path, feed):
    """All three get the story, and a second pull of the first is told that nothing changed."""
    url, asked = feed
    letters = [newsletter(tmp_path / name, url) for name in ("a", "b", "c")]
    reports = [pull_feeds(w.database, w.newsletter, w.moment) for w in (*letters, letters[0])]
    assert len(asked) == 1
    assert [r.details["articles"] for r in reports] == [1, 1, 1, 0]
    assert reports[3].details["feeds"][0]["status"] == 304


class Counting(HashingEmbedder):
    """Counts the texts it is given."""

    def __init__(self):
        super().__init__()
        self.seen: list[str] = []

    def embed(self, texts, progress=None):
        self.seen += texts
        return super().embed(texts, progress)


def test_text_of_two_newsletters_is_embedded_once(tmp_path, workspace):
    """The second newsletter gets the very vectors of the first."""
    first, second = Counting(), Counting()
    ours = SharedEmbedder(first, tmp_path / "common", workspace.moment.night).embed(["x", "y", "x"])
    theirs = SharedEmbedder(second, tmp_path / "common", workspace.moment.night).embed(["y", "z"])
    assert (first.seen, second.seen) == (["x", "y"], ["z"])
    assert np.array_equal(ours[1], theirs[0])
    assert np.array_equal(ours, HashingEmbedder().embed(["x", "y", "x"]))
