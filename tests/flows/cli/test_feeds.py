"""The commands that bring feeds and links in say what they did, and refuse nonsense whole."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from loopback import Answer, Loopback, item, rss
from typer.testing import CliRunner

from flows.cli.app import app
from invented import lay_stories
from pipeline.core.config_reader import read_newsletter
from pipeline.core.errors import InputError, NewsletterError, NotFoundError
from pipeline.core.secret_urls import split_address
from pipeline.core.types import Feed
from pipeline.ops.feed_removal import KEPT
from pipeline.ops.workspace import Workspace
from pipeline.store.database import Database
from pipeline.store.feeds import all_feeds, save_feeds, sync_file


def run(workspace: Workspace, *words: str) -> Any:
    """Run a command with --json and return what it printed."""
    result = CliRunner().invoke(app, [*words, "--workspace", str(workspace.folder), "--json"], catch_exceptions=False)
    if result.exception is not None:
        raise result.exception
    return json.loads(result.stdout)


def count(database: Database, table: str) -> int:
    """Count the rows of a table."""
    with database.reading() as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def allow_loopback(workspace: Workspace) -> None:
    """Let the workspace reach the test's server."""
    file = workspace.folder / "newsletter.toml"
    file.write_text(file.read_text().replace("allow_hosts = []", 'allow_hosts = ["127.0.0.1"]'))


def test_articles_come_in_by_the_line(workspace: Workspace, tmp_path: Path) -> None:
    """Importing twice changes nothing; `published` counts as first seen."""
    line = {"url": "https://a.example/1?utm_source=x", "title": "One &amp; two", "published": "2022-01-01"}
    file = tmp_path / "stream.jsonl"
    file.write_text(json.dumps(line) + "\n\n")
    assert run(workspace, "import", "articles", str(file)) == {"articles": 1, "new": 1, "skipped": []}
    assert run(workspace, "import", "articles", str(file)) == {"articles": 1, "new": 0, "skipped": []}
    with workspace.database.reading() as connection:
        rows = connection.execute("SELECT title, first_seen_at::DATE::VARCHAR FROM articles").fetchall()
    assert rows == [("One & two", "2022-01-01")]


def test_feeds_of_the_file_are_there_when_the_desk_opens(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """What newsletter.toml names is on the desk's page of the feeds, though no night has read it."""
    file = workspace.folder / "newsletter.toml"
    file.write_text(file.read_text().replace("feeds = []", 'feeds = ["https://named.example/feed"]'))
    monkeypatch.setattr("flows.cli.review._serve", lambda _, listener, __: listener.close())
    assert "url" in run(workspace, "review", "--port", "0")
    with workspace.database.reading() as connection:
        assert [feed.url for feed in all_feeds(connection)] == ["https://named.example/feed"]


@pytest.mark.parametrize(
    "bad",
    ["nope", "[]", '{"url": "ftp://a.example", "title": "t", "published": "2022-01-01"}',
     '{"url": "https://a.example", "title": "t", "published": "yesterday"}',
     '{"url": "https://a.example", "title": "t", "published": "2199-01-01"}'],
)  # fmt: skip
def test_bad_line_is_skipped_and_named(workspace: Workspace, tmp_path: Path, bad: str) -> None:
    """The good lines are stored; `--strict` stores none."""
    good = '{"url": "https://a.example/1", "title": "t", "published": "2022-01-01"}'
    (tmp_path / "s.jsonl").write_text(f"{good}\n{bad}\n")
    with pytest.raises(InputError, match=r"line 2.*nothing was imported"):
        run(workspace, "import", "articles", str(tmp_path / "s.jsonl"), "--strict")
    assert count(workspace.database, "articles") == 0
    imported = run(workspace, "import", "articles", str(tmp_path / "s.jsonl"))
    assert (imported["articles"], len(imported["skipped"])) == (1, 1)
    assert "line 2" in imported["skipped"][0]
    assert count(workspace.database, "articles") == 1


def test_opml_is_followed_and_its_nonsense_is_named(workspace: Workspace, tmp_path: Path) -> None:
    """Nested groups are read; what is no address is refused by name; a file without feeds is an error."""
    file = tmp_path / "s.opml"
    file.write_text(
        '<opml version="2.0"><body><outline text="A &amp; B" xmlUrl="https://a.example/feed"/><outline text="group">'
        '<outline title="t" xmlUrl="nonsense"/></outline>'
        '<outline title="f" xmlUrl="feed://b.example/feed"/><outline title="g" xmlUrl="feed:https://c.example/feed"/></body></opml>'
    )
    assert run(workspace, "import", "feeds", str(file)) == {"feeds": 3, "new": 3, "refused": ["nonsense"]}
    assert {f["title"] for f in run(workspace, "feeds", "list")} == {"A & B", "f", "g"}
    file.write_text("this is < no OPML")
    with pytest.raises(InputError, match="names no feed"):
        run(workspace, "import", "feeds", str(file))


def test_found_link_is_stored_with_what_its_page_says(workspace: Workspace) -> None:
    """Title and author come from the page, the section from the editor."""
    allow_loopback(workspace)
    page = (
        '<html lang="en-GB"><head><title>On teams</title><meta name="author" content="Ann Author"></head><body>'
        "<article><h1>On teams</h1>"
        f"{'<p>Teams are made of people who talk to each other a lot.</p>' * 8}</article></body>"
    )
    with Loopback({"/read": Answer(page, headers={"Content-Type": "text/html"})}) as web:
        output = run(workspace, "add", web.url("/read"), "--section", "teams")
    assert (output["title"], output["error"]) == ("On teams", None)
    with workspace.database.reading() as connection:
        stored = connection.execute("SELECT origin, author, language, text <> '' FROM articles").fetchall()
        placed = connection.execute("SELECT verdict, section FROM decisions").fetchall()
    assert (stored, placed) == ([("editor", "Ann Author", "en", True)], [("section", "teams")])


def test_found_link_is_stored_though_its_page_cannot_be_read(workspace: Workspace) -> None:
    """Without network the address itself serves; a wrong section is refused before anything is stored."""
    with pytest.raises(NewsletterError, match="no section 'nope'"):
        run(workspace, "add", "http://127.0.0.1:9/x", "--section", "nope")
    output = run(workspace, "add", "http://127.0.0.1:9/x")
    assert (output["title"], "no public address" in output["error"]) == ("http://127.0.0.1:9/x", True)
    assert run(workspace, "add", "http://127.0.0.1:9/x")["id"] == output["id"]
    assert count(workspace.database, "articles") == 1


def test_feed_is_found_behind_a_page(workspace: Workspace) -> None:
    """Following twice changes nothing."""
    allow_loopback(workspace)
    link = '<html><head><link rel="alternate" type="application/rss+xml" href="/blog.xml"></head></html>'
    with Loopback({"/": Answer(link), "/blog.xml": Answer(rss(item(1), title="Blog"))}) as web:
        output = run(workspace, "feeds", "add", web.url("/"))
        assert output == {"url": web.url("/blog.xml"), "title": "Blog", "new": True}
        assert run(workspace, "feeds", "add", web.url("/"))["new"] is False
        command = ["feeds", "add", web.url("/blog.xml"), "--workspace", str(workspace.folder)]
        assert CliRunner().invoke(app, command).stdout.startswith("already subscribed to Blog")
        assert run(workspace, "pull")["articles"] == 1


def test_feeds_of_the_settings_are_followed_before_the_first_night(workspace: Workspace) -> None:
    """What newsletter.toml names is listed, exported and removed; what is gone from it is not."""
    file = workspace.folder / "newsletter.toml"
    text = file.read_text()
    file.write_text(text.replace("feeds = []", 'feeds = ["https://a.example/f", "https://b.example/f"]'))
    assert [row["url"] for row in run(workspace, "feeds", "list")] == ["https://a.example/f", "https://b.example/f"]
    assert len(run(workspace, "export", "feeds")) == 2
    assert run(workspace, "feeds", "remove", "https://a.example/f") == {"removed": ["https://a.example/f"]}
    assert "a.example" not in file.read_text()
    file.write_text(text)
    assert run(workspace, "feeds", "list") == []


def test_suggestions_are_counted_from_one(workspace: Workspace) -> None:
    """No site at all, and all but the last few, are no number of sites."""
    for limit in ("0", "-3"):
        words = ["feeds", "suggest", "--limit", limit, "--workspace", str(workspace.folder)]
        assert CliRunner().invoke(app, words).exit_code == 2


def test_mute_goes_to_the_journal(workspace: Workspace) -> None:
    """It can be undone, and nothing is forgotten."""
    run(workspace, "mute", "phrase", "  best   of ")
    run(workspace, "mute", "phrase", "best of", "--undo")
    said = [(d.verdict, d.text) for d in workspace.journal.read()]
    assert said == [("mute", "phrase:best of"), ("unmute", "phrase:best of")]


def test_mute_says_how_many_stories_it_matches(workspace: Workspace) -> None:
    """A mute with a typo matches none, and unmuting what is not muted names what is."""
    lay_stories(workspace, 14)
    assert run(workspace, "mute", "source", "https://source3.example/")["stories"] == 2
    assert run(workspace, "mute", "source", "sorce3.example")["stories"] == 0
    with pytest.raises(
        NotFoundError, match=r"'source source4\.example' is not muted; muted is: source https://source3"
    ):
        run(workspace, "mute", "source", "source4.example", "--undo")
    assert len(workspace.journal.read()) == 2


def test_found_link_that_is_old_is_brought_forward(workspace: Workspace, tmp_path: Path) -> None:
    """The editor found it anew: it is a candidate from today on, as the same article."""
    old = {"url": "http://www.a.example/1/", "title": "An old one", "published": "2020-01-01"}
    (tmp_path / "s.jsonl").write_text(json.dumps(old))
    run(workspace, "import", "articles", str(tmp_path / "s.jsonl"))
    output = run(workspace, "add", "https://a.example/1", "--as-of", "2026-11-20")
    with workspace.database.reading() as connection:
        rows = connection.execute("SELECT id, title, origin, first_seen_at::DATE::VARCHAR FROM articles").fetchall()
    assert rows == [(output["id"], "An old one", "editor", "2026-11-19")]


def test_a_query_without_rows_says_so(workspace: Workspace) -> None:
    """Nothing found is not nothing said."""
    query = ["sql", "select number, issue_date from issues where false", "--workspace", str(workspace.folder)]
    assert CliRunner().invoke(app, query).output == "no row; the columns are: number, issue_date\n"


def test_one_is_no_plural(workspace: Workspace, tmp_path: Path) -> None:
    """Sentences about one feed and one article speak of one."""
    (tmp_path / "one.opml").write_text('<opml><body><outline xmlUrl="https://a.example/feed"/></body></opml>')
    (tmp_path / "one.jsonl").write_text('{"url": "https://a.example/1", "title": "t", "published": "2022-01-01"}')
    words = (("feeds", tmp_path / "one.opml", "1 feed in"), ("articles", tmp_path / "one.jsonl", "1 article in"))
    for kind, file, sentence in words:
        shown = CliRunner().invoke(app, ["import", kind, str(file), "--workspace", str(workspace.folder)])
        assert shown.stdout.startswith(sentence)


def test_file_of_no_article_is_an_error(workspace: Workspace, tmp_path: Path) -> None:
    """A script that sends the wrong file learns it from the exit code."""
    (tmp_path / "feeds.opml").write_text("<opml/>")
    words = ["import", "articles", str(tmp_path / "feeds.opml"), "--workspace", str(workspace.folder)]
    assert CliRunner().invoke(app, words).exit_code == 1


def test_workspace_is_created_once(tmp_path: Path) -> None:
    """A second `init` of a folder says that it changed nothing."""
    said = [CliRunner().invoke(app, ["init", str(tmp_path / "pier")]).stdout.split("\n")[0] for _ in range(2)]
    assert [said[0].split()[0], said[1].partition(",")[0]] == ["created", "Pier is there already"]


def test_feeds_that_fail_alike_are_told_once(workspace: Workspace, tmp_path: Path) -> None:
    """Five feeds with one problem are one line, and no line of the list is longer than 80 characters."""
    feeds = "".join(f'<outline xmlUrl="http://127.0.0.1:9/{n}"/>' for n in range(5))
    (tmp_path / "many.opml").write_text(f"<opml><body>{feeds}</body></opml>")
    words = ["--workspace", str(workspace.folder)]
    CliRunner().invoke(app, ["import", "feeds", str(tmp_path / "many.opml"), *words])
    said = " ".join(CliRunner().invoke(app, ["pull", *words]).stdout.split())
    assert said.count("no public address") == 1
    assert "and 4 more" in said
    listed = CliRunner(env={"COLUMNS": "80"}).invoke(app, ["feeds", "list", *words]).stdout.splitlines()
    heads = " ".join(listed[0].split() + listed[1].split())
    assert heads == "articles picks feed last answer fails a week per 100 last error"
    assert max(map(len, listed)) <= 80


def test_removed_feed_stays_away_though_newsletter_toml_named_it(workspace: Workspace) -> None:
    """Also one that has moved: the file names its old address, the list of feeds the new one."""
    file = workspace.folder / "newsletter.toml"
    named = 'feeds = ["https://old.example/feed", "https://other.example/feed"]'
    text = re.sub(r"^feeds = \[.*?\]", named, file.read_text("utf-8"), count=1, flags=re.M | re.S)
    file.write_text(text, "utf-8")
    moved = Feed("https://new.example/feed", moved_from="https://old.example/feed", in_file=True)
    with workspace.database.writing() as connection:
        save_feeds(connection, [moved, Feed("https://other.example/feed", in_file=True)])
    assert run(workspace, "feeds", "remove", "https://new.example/feed")["removed"] == [moved.url, moved.moved_from]
    with workspace.database.writing() as connection:
        sync_file(connection, read_newsletter(file).feeds)
        assert [feed.url for feed in all_feeds(connection)] == ["https://other.example/feed"]


def test_removed_feed_is_brought_back(workspace: Workspace) -> None:
    """With its state, its private address and its entry and comment in newsletter.toml; once."""
    file = workspace.folder / "newsletter.toml"
    text = file.read_text("utf-8").replace("feeds = []", 'feeds = [\n  "https://a.example/feed", # mine\n]')
    file.write_text(text, "utf-8")
    known = Feed("https://a.example/feed", "A blog", in_file=True, failures=2, last_success_on=date(2026, 1, 2))
    private = Feed("https://b.example/$KEY", address="https://b.example/s3cret")
    with workspace.database.writing() as connection:
        save_feeds(connection, [known, private])
    for url in (known.url, private.url):
        run(workspace, "feeds", "remove", url)
        assert (workspace.folder / KEPT).stat().st_mode & 0o777 == 0o600
        assert run(workspace, "feeds", "undo")["url"] == url
        with pytest.raises(NotFoundError, match="no feed was removed"):
            run(workspace, "feeds", "undo")
    assert file.read_text("utf-8") == text
    with workspace.database.reading() as connection:
        assert sorted(all_feeds(connection), key=lambda feed: feed.url) == [known, private]


def test_feed_is_asked_again(workspace: Workspace) -> None:
    """A retired feed is due in the next run; one that is not followed is named."""
    with workspace.database.writing() as connection:
        save_feeds(connection, [Feed("https://a.example/feed", retired_on=date(2026, 1, 2), failures=9)])
    run(workspace, "feeds", "retry", "https://a.example/feed?utm_source=x")
    with workspace.database.reading() as connection:
        assert [(feed.retired_on, feed.failures) for feed in all_feeds(connection)] == [(None, 0)]
    for command in ("retry", "remove"):
        with pytest.raises(NotFoundError, match="triage feeds list"):
            run(workspace, "feeds", command, "https://b.example/feed")


def test_secret_of_a_feed_is_given_by_the_name_of_a_variable(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that no history of a shell holds it, and what is printed neither."""
    allow_loopback(workspace)
    monkeypatch.setenv("LETTER_KEY", "k7x2p9")
    with Loopback({"/f/k7x2p9/rss": Answer(rss(item(1)))}) as web:
        added = run(workspace, "feeds", "add", web.url("/f/$LETTER_KEY/rss"), "--secret", "LETTER_KEY")
    assert added["new"]
    assert "k7x2p9" not in json.dumps(added) + json.dumps(run(workspace, "feeds", "list"))
    with pytest.raises(InputError, match="its name, not its value"):
        run(workspace, "feeds", "add", "https://a.example/f/k7x2p9/rss", "--secret", "k7x2p9")


def test_secret_of_a_feed_is_not_repeated_by_a_command_about_it(workspace: Workspace) -> None:
    """Given the whole address, remove and retry say the public one."""
    secret, words = "hunter2secret77", ("--workspace", str(workspace.folder))
    address = f"https://a.example/feed?token={secret}"
    with workspace.database.writing() as connection:
        save_feeds(connection, [Feed(split_address(address)[0], address=address)])
    for command in ("retry", "remove"):
        said = CliRunner().invoke(app, ["feeds", command, address, *words])
        assert (said.exit_code, secret in said.output, "https://a.example/feed?token=hidden-" in said.output) == (
            0,
            False,
            True,
        )
