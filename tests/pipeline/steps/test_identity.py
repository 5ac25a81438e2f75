"""An article stays one article, and decisions stay attached, whatever its feed does from night to night."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from loopback import Answer, Loopback, item, rss

from helpers import NOW
from pipeline.core.as_of import AsOf
from pipeline.core.config import FeedEntry, Newsletter
from pipeline.core.types import Decision, Section
from pipeline.ops.workspace import Workspace
from pipeline.steps.pull import pull_feeds
from pipeline.store import decisions

PLAIN = rss(item(1), item(2), item(3))
CHANGES: dict[str, Callable[[str], str]] = {
    "guids vanish": lambda feed: feed.replace("<guid isPermaLink='false'>", "<x>").replace("</guid>", "</x>"),
    "guids change": lambda feed: feed.replace(">g", ">new-g"),
    "one guid for all": lambda feed: feed.replace(">g1<", ">g<").replace(">g2<", ">g<").replace(">g3<", ">g<"),
    "https turns http": lambda feed: feed.replace("https://stories", "http://stories"),
    "www comes": lambda feed: feed.replace("https://stories", "https://www.stories"),
    "tracking comes": lambda feed: feed.replace("</link>", "?utm_source=rss&amp;fbclid=x</link>"),
    "a slash comes": lambda feed: feed.replace("</link>", "/</link>"),
    "addresses move": lambda feed: feed.replace("stories.example/", "stories.example/2026/11/"),
    "order turns": lambda feed: rss(item(3), item(2), item(1)),
    "entries repeat": lambda feed: rss(item(1), item(2), item(1), item(3), item(2)),
    "titles are corrected": lambda feed: feed.replace("has a title", "has a titel, corrected"),
    "dates change": lambda feed: feed.replace("16 Nov", "17 Nov"),
    "text churns": lambda feed: feed.replace("is about.", "is about, as of 12:01:33."),
    "it becomes Atom": lambda feed: (
        '<feed xmlns="http://www.w3.org/2005/Atom">'
        + "".join(
            f"<entry><id>g{n}</id><title>Story number {n} has a title</title><link href='https://stories.example/{n}'/></entry>"
            for n in (1, 2, 3)
        )
        + "</feed>"
    ),
}


@pytest.fixture
def web() -> Iterator[Loopback]:
    """A server with one feed of three entries."""
    with Loopback({"/feed": Answer(PLAIN)}) as server:
        yield server


def test_no_change_of_a_feed_makes_a_second_article(web: Loopback, workspace: Workspace) -> None:
    """One change a night, and back again; the pick of the first evening still stands on its article."""
    letter = Newsletter("L", (Section("s", "S"),), allow_hosts=("127.0.0.1",), feeds=(FeedEntry(web.url("/feed")),))
    pull_feeds(workspace.database, letter, AsOf.now(NOW))
    with workspace.database.reading() as connection:
        ids = {id for (id,) in connection.execute("SELECT id FROM articles").fetchall()}
    decisions.record(workspace.journal, workspace.database, [Decision(min(ids), "pick", "ann", NOW)])
    made = {}
    for night, (name, change) in enumerate(CHANGES.items(), 1):
        for hours, body in ((0, change(PLAIN)), (12, PLAIN)):
            web.answers["/feed"] = Answer(body)
            as_of = AsOf.now(NOW + timedelta(days=night, hours=hours))
            made[name] = pull_feeds(workspace.database, letter, as_of).details["articles"]
            assert made[name] == 0, name
    with workspace.database.reading() as connection:
        attached = connection.execute("SELECT count(*) FROM decisions JOIN articles ON article_id = id").fetchall()
        assert attached == [(1,)]
        assert {id for (id,) in connection.execute("SELECT id FROM articles").fetchall()} == ids


def entry(n: int, link: str = "https://news.example/all", *, title: str = "", guid: str = "", day: int = 0) -> str:
    """Write an item whose address says little."""
    guid = f"<guid isPermaLink='false'>{guid}</guid>" if guid else ""
    return (
        f"<item><title>{title or f'The {n}th announcement of something'}</title><link>{link}</link>{guid}"
        f"<description>About {n}.</description><pubDate>{day or n} Nov 2026 10:00:00 GMT</pubDate></item>"
    )


def nights(web: Loopback, workspace: Workspace, *bodies: str) -> list[int]:
    """Pull one body a night; return how many articles each brought, all distinguished by id, address and title."""
    letter = Newsletter("L", (Section("s", "S"),), allow_hosts=("127.0.0.1",), feeds=(FeedEntry(web.url("/feed")),))
    counts, titles = [], {}
    for night, body in enumerate(bodies):
        web.answers["/feed"] = Answer(body)
        report = pull_feeds(workspace.database, letter, AsOf.now(NOW + timedelta(days=night)))
        counts.append(report.details["articles"])
        assert report.details["feeds"][0]["new"] == counts[-1]
        with workspace.database.reading() as connection:
            rows = dict(connection.execute("SELECT id, title FROM articles").fetchall())
        assert {id: rows[id] for id in titles} == titles, "an old row was renamed"
        titles = rows
        assert len(rows) == sum(counts)
    return counts


@pytest.mark.parametrize(
    "link",
    ["https://news.example/all", "https://news.example/", "{base}", ""],
    ids=["one page", "a home page", "the site's home page", "no link"],
)
@pytest.mark.parametrize("with_guid", [False, True])
def test_entries_of_one_page_stay_apart_night_after_night(
    web: Loopback, workspace: Workspace, link: str, with_guid: bool
) -> None:
    """The window of a feed moves on, down to one entry and up again: the new ones come in, no old one is renamed."""
    link = link.replace("{base}", web.url("/"))
    feeds = [
        rss(*(entry(n, link, guid=f"g{n}" if with_guid else "") for n in numbers))
        for numbers in (range(6, 3, -1), range(9, 4, -1), [9], [10], [11, 10], range(12, 8, -1))
    ]
    assert nights(web, workspace, *feeds) == [3, 3, 0, 1, 1, 1]


def test_fragments_and_dates_tell_equal_titles_apart(web: Loopback, workspace: Workspace) -> None:
    """An archive page whose entries have one title, and differ in the fragment or only in the date."""
    page, same = "https://letter.example/entries.php", "Our newsletter"
    anchors = [rss(*(entry(n, f"{page}#{n}", title=same) for n in ns)) for ns in ([3, 2, 1], [5, 4, 3, 2])]
    assert nights(web, workspace, *anchors) == [3, 2]
    dates = [rss(*(entry(n, "https://b.example/log", title=same) for n in ns)) for ns in ([3, 2, 1], [5, 4, 3, 2])]
    web.answers["/feed"] = Answer(dates[0])
    with workspace.database.writing() as connection:
        connection.execute("DELETE FROM article_feeds")
        connection.execute("DELETE FROM articles")
    assert nights(web, workspace, *dates) == [3, 2]


def test_anchors_that_are_counted_from_the_top_rename_nothing(web: Loopback, workspace: Workspace) -> None:
    """Each night's newest entry takes the anchor of the last one's."""
    feeds = [
        rss(*(entry(n, f"https://news.example/all#{i}", guid=guid and f"g{n}") for i, n in enumerate(numbers)))
        for guid in ("", "g")
        for numbers in ((13, 12), (14, 13, 12), (15, 14, 13))
    ]
    assert nights(web, workspace, *feeds) == [2, 1, 1, 0, 0, 0]


def test_title_that_returns_with_another_date_is_another_story(web: Loopback, workspace: Workspace) -> None:
    """Beside another entry on the page; its address was that of the first, and the night broke off."""
    feeds = [
        rss(entry(1, title="Weather report", day=day), entry(2, title="Ferries today")) for day in (10, 11, 12, 12)
    ]
    assert nights(web, workspace, *feeds) == [2, 1, 1, 0]


def test_guids_tell_equal_titles_apart(web: Loopback, workspace: Workspace) -> None:
    """Jobs of one title on one page, with one date or none: each night's new ones come in."""
    feeds = [
        rss(*(entry(n, title="Software engineer", guid=f"g{n}", day=9) for n in ns)) for ns in ([2, 1], [4, 3, 2], [5])
    ]
    undated = [
        re.sub("<pubDate>.*?</pubDate>", "", feed.replace("/all", "/jobs").replace(">g", ">j")) for feed in feeds
    ]
    assert nights(web, workspace, *feeds, *undated) == [2, 2, 1, 2, 2, 1]


def test_window_of_one_entry_renames_nothing(web: Loopback, workspace: Workspace) -> None:
    """A feed of the newest release alone, whose titles differ in a number."""
    feeds = [rss(entry(n, f"https://p.example/log#v{n}", title=f"Release 1.{n}.0", guid=f"v{n}")) for n in (2, 3, 4)]
    assert nights(web, workspace, *feeds) == [1, 1, 1]


def test_corrected_title_on_a_page_of_its_own_is_the_same_story(web: Loopback, workspace: Workspace) -> None:
    """Without a guid the address identifies: the title changes, the date does not."""
    letter = Newsletter("L", (Section("s", "S"),), allow_hosts=("127.0.0.1",), feeds=(FeedEntry(web.url("/feed")),))
    for night, title in enumerate(("Bridge closed for repairs", "Council shuts the old crossing")):
        web.answers["/feed"] = Answer(rss(entry(1, "https://news.example/bridge", title=title)))
        pull_feeds(workspace.database, letter, AsOf.now(NOW + timedelta(days=night)))
    with workspace.database.reading() as connection:
        rows = connection.execute("SELECT title FROM articles").fetchall()
    assert rows == [("Council shuts the old crossing",)]


def test_site_that_moves_with_new_guids_brings_nothing_back(web: Loopback, workspace: Workspace) -> None:
    """Another host, another path, other guids: title and date are the same."""
    old = rss(*(entry(n, f"https://old.example/{n}", guid=f"old{n}") for n in (3, 2, 1)))
    new = rss(*(entry(n, f"https://new.example/posts/{n}", guid=f"new{n}") for n in (4, 3, 2, 1)))
    assert nights(web, workspace, old, new) == [3, 1]


def test_short_titles_move_with_their_site(web: Loopback, workspace: Workspace) -> None:
    """Five characters are a headline in Chinese; a title as short in another place or of another day is another."""
    titles = ("图书馆开放", "Welcome", "SSH Login")

    def site(host: str, folder: str = "", day: int = 0) -> str:
        return rss(
            *(
                entry(n, f"https://{host}{folder}/{n}/", title=title, guid=f"{host}{folder}{n}", day=day)
                for n, title in enumerate(titles, 1)
            )
        )

    moved = [site("old.example"), site("new.example"), site("new.example", "/2027"), site("other.example", day=9)]
    assert nights(web, workspace, *moved) == [3, 0, 3, 3]
