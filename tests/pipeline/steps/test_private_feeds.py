"""A private feed is read with its secret, and the secret is in nothing that is stored, shown or exported."""

import base64
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from loopback import Answer, Loopback, item, rss

from helpers import NOW
from pipeline.core.as_of import AsOf
from pipeline.core.config import FeedEntry, Limits, Newsletter
from pipeline.core.config_reader import read_newsletter
from pipeline.core.errors import InputError, NewsletterError
from pipeline.core.secret_urls import split_address
from pipeline.core.types import Feed, Section, StepReport
from pipeline.feeds.file_imports import read_opml
from pipeline.ops.newsletter_file import remove_feed_entries
from pipeline.ops.workspace import Workspace
from pipeline.steps.pull import pull_feeds
from pipeline.steps.subscribe import add_feed, fill_in_secret, followed
from pipeline.store.database import Database
from pipeline.store.export import as_opml, read_rows
from pipeline.store.feeds import all_feeds, follow, save_feeds

SECRET = "hunter2secret77"
LETTER = Newsletter(
    "Letter", (Section("s", "S"),), allow_hosts=("127.0.0.1", "localhost"), limits=Limits(timeout_seconds=30)
)


@pytest.fixture
def web() -> Iterator[Loopback]:
    """A server with a private feed that repeats its token in a link, a guid and a text, and links to itself."""
    with Loopback() as server:
        echo = server.url(f"/feed?token={SECRET}")
        body = rss(
            item(1, link=server.url(f"/read/1?u=7&amp;t={SECRET}")),
            f"<item><title>No link, with {SECRET}</title><guid>{echo}#2</guid>"
            f"<description>See {echo}</description></item>",
            "<item><title>A place on the page</title><link>#three</link></item>",
        )
        server.answers |= {f"/feed?token={SECRET}": Answer(body), "/basic": Answer(rss(item(4)))}
        yield server


def letter(*addresses: str, **more: object) -> Newsletter:
    """Write a newsletter with private feeds."""
    entries = [(split_address(address)) for address in addresses]
    feeds = tuple(FeedEntry(url, address=address, **more) for url, address in entries)  # type: ignore[arg-type]
    return replace(LETTER, feeds=feeds)


def everything(database: Database, report: StepReport | None = None) -> str:
    """Write out what a pull leaves and tells: all tables but the column for the client, health, exports."""
    with database.reading() as connection:
        names = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        tables = {n: connection.execute(f"FROM {n}").fetchall() for n in names if n != "feeds"}
    _, rows = read_rows(database, "feeds")
    return str((tables, rows, as_opml("L", rows), followed(database, AsOf.now(NOW)), report and report.details))


def test_token_stands_nowhere(web: Loopback, database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """Not in an address made of the feed's, nor where the feed repeats it, nor in the second night's tables."""
    caplog.set_level(logging.DEBUG)
    private = letter(web.url(f"/feed?token={SECRET}"))
    for _ in range(2):
        report = pull_feeds(database, private, AsOf.now(NOW))
    assert [feed["entries"] for feed in report.details["feeds"]] == [3]
    assert SECRET not in everything(database, report) + caplog.text + repr(private)
    assert web.asked[-1].path == f"/feed?token={SECRET}"


def test_credentials_are_sent_as_basic_and_to_no_other_server(web: Loopback, database: Database) -> None:
    """Nor are they in the error of a server that refuses them."""
    address = web.url("/basic").replace("://", f"://ann:{SECRET}@")
    private = letter(address, address.replace("/basic", "/missing"), address.replace("/basic", "/away"))
    web.answers["/away"] = Answer(status=302, headers={"Location": web.url("/other", host="localhost")})
    report = pull_feeds(database, private, AsOf.now(NOW))
    sent = {request.path: request.headers.get("authorization") for request in web.asked}
    assert sent["/basic"] == "Basic " + base64.b64encode(f"ann:{SECRET}".encode()).decode()
    assert sent["/away"]
    assert sent["/other"] is None
    assert (report.details["articles"], report.failed) == (1, 2)
    assert SECRET not in everything(database, report)


def test_header_comes_from_the_environment(web: Loopback, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is not set is named, and the feed is not asked without it."""
    private = letter(web.url("/basic"), headers=(("Cookie", "LETTER_COOKIE"),))
    report = pull_feeds(database, private, AsOf.now(NOW))
    assert "LETTER_COOKIE" in report.details["feeds"][0]["error"]
    assert (report.details["feeds"][0]["reason"], web.asked) == ("no_secret", [])
    monkeypatch.setenv("LETTER_COOKIE", f"sid={SECRET}")
    report = pull_feeds(database, private, AsOf.now(NOW))
    assert web.asked[-1].headers["cookie"] == f"sid={SECRET}"
    assert (report.details["articles"], SECRET in everything(database, report)) == (1, False)


@pytest.mark.parametrize("written", ["sid={}; theme=dark", "Bearer {}", "Basic {basic}", "{}"])
def test_header_that_a_feed_repeats_stands_nowhere(
    written: str, web: Loopback, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token, the cookie or the password in it; words such as a cookie's name stay."""
    basic = base64.b64encode(f"ann:{SECRET}".encode()).decode()
    monkeypatch.setenv("LETTER_HEADER", written.format(SECRET, basic=basic))
    web.answers["/echo"] = Answer(rss(item(1, title=f"A dark theme for {SECRET}", link=f"https://a.example/{SECRET}")))
    report = pull_feeds(database, letter(web.url("/echo"), headers=(("X-Key", "LETTER_HEADER"),)), AsOf.now(NOW))
    stored = everything(database, report)
    assert ("A dark theme for …" in stored, SECRET in stored, basic in stored) == (True, False, False)


def test_added_and_imported_feeds_keep_their_secret_for_the_client(
    web: Loopback, database: Database, tmp_path: object
) -> None:
    """The address shown is the public one, also in the sentence about an address where no feed is."""
    feed, _ = add_feed(database, LETTER, AsOf.now(NOW), web.url(f"/feed?token={SECRET}"))
    assert SECRET not in feed.url + repr(feed)
    with pytest.raises(InputError) as error:
        add_feed(database, LETTER, AsOf.now(NOW), web.url("/nothing").replace("://", f"://u:{SECRET}@"))
    assert SECRET not in str(error.value)
    opml = tmp_path / "f.opml"  # type: ignore[operator]
    opml.write_text(f"<opml version='1.0'><body><outline xmlUrl='{web.url('/basic?key=' + SECRET)}'/></body></opml>")
    (imported,), _ = read_opml(opml)
    with database.writing() as connection:
        follow(connection, [imported])
    pull_feeds(database, LETTER, AsOf.now(NOW))
    assert {f"/feed?token={SECRET}", f"/basic?key={SECRET}"} <= {request.path for request in web.asked}
    assert SECRET not in everything(database) + json.dumps(imported.url)


@pytest.mark.parametrize("written", ["/f/$LETTER_KEY/rss", "/f/${LETTER_KEY}/rss", "/f/k7x2p9/rss"])
def test_variable_marks_a_secret_that_does_not_look_like_one(web: Loopback, database: Database, written: str) -> None:
    """Its value is asked for and hidden, in the entries too, also where the shell has filled it in."""
    web.answers["/f/k7x2p9/rss"] = Answer(rss("<item><title>One</title><link>/f/k7x2p9/1</link></item>"))
    address, marked = fill_in_secret(web.url(written), "LETTER_KEY", {"LETTER_KEY": "k7x2p9"})
    feed, _ = add_feed(database, LETTER, AsOf.now(NOW), address, marked)
    report = pull_feeds(database, LETTER, AsOf.now(NOW))
    assert {request.path for request in web.asked} == {"/f/k7x2p9/rss"}
    assert "k7x2p9" not in everything(database, report) + feed.url
    with pytest.raises(InputError) as error:
        add_feed(database, LETTER, AsOf.now(NOW), web.url("/gone/k7x2p9"), marked)
    assert "k7x2p9" not in str(error.value)


@pytest.mark.parametrize(
    ("variable", "said"),
    [("k7x2p9", "name an environment variable"), ("SHORT", "has 3 characters"), ("OTHER", r"\$OTHER")],
)
def test_variable_that_marks_nothing_is_refused(variable: str, said: str) -> None:
    """Its name may be the secret by mistake, and is then not repeated."""
    with pytest.raises(InputError, match=said) as error:
        fill_in_secret("https://a.example/f/x", variable, {"SHORT": "abc", "OTHER": "s3cr3t"})
    assert "k7x2p9" not in str(error.value)


def test_addresses_of_an_older_version_are_hidden_with_their_history(web: Loopback, database: Database) -> None:
    """A feed stored with its token gets its public address, and its entries stay known."""
    address = web.url(f"/feed?token={SECRET}")
    with database.writing() as connection:
        save_feeds(connection, [Feed(address, "Mine", last_error=f"answers 500 at {address}")])
    pull_feeds(database, LETTER, AsOf.now(NOW))
    with database.reading() as connection:
        (feed,) = all_feeds(connection)
    assert (feed.url, feed.address) == split_address(address)
    assert SECRET not in everything(database)


def test_private_feed_does_not_move(web: Loopback, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A permanent redirect is followed every night: moved, it would lose its password or give its cookie away."""
    monkeypatch.setenv("LETTER_COOKIE", f"sid={SECRET}")
    web.answers["/old"] = Answer(status=301, headers={"Location": web.url("/new", host="localhost")})
    web.answers["/new"] = Answer(rss(item(1)))
    account, cookie = web.url("/old").replace("://", f"://ann:{SECRET}@"), web.url("/old")
    private = replace(
        letter(account), feeds=(*letter(account).feeds, FeedEntry(cookie, headers=(("Cookie", "LETTER_COOKIE"),)))
    )
    for days in range(5):
        report = pull_feeds(database, private, AsOf.now(NOW + timedelta(days=days)))
        assert (report.seen, report.failed) == (2, 0)
    assert {request.headers.get("cookie") for request in web.asked if request.path == "/new"} == {None}
    assert {request.headers.get("authorization") for request in web.asked if request.path == "/new"} == {None}
    with database.reading() as connection:
        assert {feed.url for feed in all_feeds(connection)} == {feed.url for feed in private.feeds}


def test_marked_secret_is_read_and_its_feed_removed(workspace: Workspace) -> None:
    """newsletter.toml marks it; a part that is not in the address is refused without being told."""
    file = workspace.folder / "newsletter.toml"
    plain, accounts = file.read_text(), [f"https://{user}:{SECRET}@a.example/feed" for user in ("ann", "bob")]
    marked = f'{{ url = "https://a.example/f/k7x2p9/rss", secret = "k7x2p9" }}, "{accounts[0]}", "{accounts[1]}"'
    file.write_text(plain.replace("\nfeeds = []", f"\nfeeds = [{marked}]"))
    first, second, third = read_newsletter(file).feeds
    assert (first.address, "k7x2p9" in first.url) == ("https://a.example/f/k7x2p9/rss", False)
    assert remove_feed_entries(file, {second.url}).feeds == (first, third)
    assert remove_feed_entries(file, {first.url}).feeds == (third,)
    file.write_text(plain.replace("\nfeeds = []", f'\nfeeds = [{{ url = "https://a.example/", secret = "{SECRET}" }}]'))
    with pytest.raises(NewsletterError, match="secret must be a part of its url") as error:
        read_newsletter(file)
    assert SECRET not in str(error.value)
