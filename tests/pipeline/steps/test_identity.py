"""An article stays one article, and decisions stay attached, whatever its feed does from night to night."""

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
