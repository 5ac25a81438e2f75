"""Newsletters of one installation ask a feed once and embed a text once."""

from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import numpy as np
import pytest

from models.embedder import HashingEmbedder
from pipeline.core.embedding_text import title_text
from pipeline.core.errors import WorkspaceError
from pipeline.ops.shared_embeddings import SharedEmbedder
from pipeline.ops.workspace import Workspace
from pipeline.steps.embed import embed_articles
from pipeline.steps.pull import pull_feeds

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
    reports = [pull_feeds(w.database, w.newsletter, w.as_of) for w in (*letters, letters[0])]
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
    ours = SharedEmbedder(first, tmp_path / "common", workspace.as_of.run_date).embed(["x", "y", "x"])
    theirs = SharedEmbedder(second, tmp_path / "common", workspace.as_of.run_date).embed(["y", "z"])
    assert (first.seen, second.seen) == (["x", "y"], ["z"])
    assert np.array_equal(ours[1], theirs[0])
    assert np.array_equal(ours, HashingEmbedder().embed(["x", "y", "x"]))


def test_newsletters_that_share_a_folder_share_vectors(tmp_path, feed, monkeypatch):
    """A night of the second newsletter embeds nothing that the first one had embedded."""
    url, _ = feed
    counting = Counting()
    monkeypatch.setattr("models.embedder.load_embedder", lambda model: counting)
    for name in ("a", "b"):
        opened = newsletter(tmp_path / name, url)
        pull_feeds(opened.database, opened.newsletter, opened.as_of)
        embed_articles(opened.database, opened.embedder, opened.as_of)
        assert counting.seen.count(title_text("A story")) == 1


def test_a_shared_folder_that_cannot_be_made_is_named(tmp_path, feed):
    """The sentence says which folder, and where it is set."""
    url, _ = feed
    opened = newsletter(tmp_path / "a", url)
    (tmp_path / "file").write_text("in the way")
    blocked = replace(opened, newsletter=replace(opened.newsletter, share=str(tmp_path / "file")))
    with pytest.raises(WorkspaceError, match="under share in newsletter"):
        _ = blocked.embedder
