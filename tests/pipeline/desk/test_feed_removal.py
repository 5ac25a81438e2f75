"""A feed is removed, in newsletter.toml too, and brought back with all that was known of it."""

from datetime import date

import pytest

from pipeline.core.config_reader import read_newsletter
from pipeline.core.types import Feed
from pipeline.store.feeds import all_feeds, follow

FEEDS = """feeds = [
  "https://b.example/feed", # the second
  { url = "https://a.example/feed", fulltext = "always" }, # mine
  # and one more
  "https://c.example/feed",
]"""
STATE = {"etag": "1", "failures": 3, "last_error": "timed out", "last_success_on": date(2026, 1, 2)}


def feeds(workspace) -> list[Feed]:
    with workspace.database.reading() as connection:
        return all_feeds(connection)


@pytest.fixture
def in_file(client, desk, workspace):
    """Its file of settings, which names three feeds; the state of the one in the middle is known."""
    file = workspace.folder / "newsletter.toml"
    file.write_text(file.read_text().replace("feeds = []", FEEDS))
    desk.use_newsletter(read_newsletter(file))
    with workspace.database.writing() as connection:
        follow(connection, [Feed("https://a.example/feed", "A blog", "always", in_file=True, **STATE)])
    return file


def test_removed_feed_is_brought_back(client, desk, workspace, in_file):
    """Undo brings back its state and its entry, place and comments included; once, then the page offers no more."""
    text = in_file.read_text()
    before = feeds(workspace)
    page = client.post("/feeds/remove", data={"url": "https://a.example/feed", "back": "/feeds"}).text
    assert "Removed “<bdi>A blog</bdi>”" in page
    assert feeds(workspace) == []
    page = client.post("/feeds/undo", data={"url": "https://a.example/feed", "back": "/feeds"}).text
    assert "A blog is followed again." in page
    assert "Removed “" not in page
    assert feeds(workspace) == before
    assert in_file.read_text() == text
    assert desk.workspace.newsletter == read_newsletter(in_file)
    assert client.post("/feeds/undo", data={"url": "https://a.example/feed"}).status_code == 404


def test_removals_are_undone_one_after_the_other(client, workspace, in_file):
    """The last one first, each to the letter."""
    with workspace.database.writing() as connection:
        follow(connection, [Feed("https://c.example/feed", in_file=True)])
        follow(connection, [Feed("https://d.example/feed", address="https://d.example/feed?token=hush")])
    kept = feeds(workspace)
    text = in_file.read_text()
    for name in "acd":
        client.post("/feeds/remove", data={"url": f"https://{name}.example/feed"})
    for name in "dca":
        page = client.get("/feeds").text
        assert f'name="url" value="https://{name}.example/feed"><p role="status">Removed' in page
        client.post("/feeds/undo", data={"url": f"https://{name}.example/feed"})
    assert in_file.read_text() == text
    assert feeds(workspace) == kept


@pytest.mark.parametrize("form", ["list", "tables"])
def test_removal_is_undone_in_a_file_that_was_changed_since(client, desk, workspace, in_file, form):
    """What was changed meanwhile stays, and the entry comes back to its place with its options."""
    if form == "tables":
        text = in_file.read_text().replace(FEEDS, "")
        tables = "\n".join(
            f'[[feeds]] # {name}\nurl = "https://{name}.example/feed"\nfulltext = "always"' for name in "bac"
        )
        in_file.write_text(f"{text}\n{tables}\n")
        desk.use_newsletter(read_newsletter(in_file))
    client.post("/feeds/remove", data={"url": "https://a.example/feed"})
    in_file.write_text(in_file.read_text().replace('name = "Letter"', 'name = "Other" # changed'))
    desk.use_newsletter(read_newsletter(in_file))
    client.post("/feeds/undo", data={"url": "https://a.example/feed"})
    now = read_newsletter(in_file)
    assert now.name == "Other"
    assert [feed.url[8] for feed in now.feeds] == ["b", "a", "c"]
    assert now.feeds[1].fulltext == "always"
    assert "# changed" in in_file.read_text()
    assert desk.workspace.newsletter == now
