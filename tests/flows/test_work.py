"""A night's work grows with what is new. Counted in bytes, texts, fits and queries, never in seconds."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import duckdb
import pytest
from loopback import Answer, Loopback, item, rss

from models.embedder import HashingEmbedder
from models.relevance import RelevanceRanker
from models.sections import SectionClassifier
from pipeline.core.as_of import AsOf
from pipeline.core.config import FeedEntry, Limits
from pipeline.ops import runner
from pipeline.ops.workspace import Workspace
from world import FIRST, lay_world

ISSUES = 6


class CountingConnection:
    """A connection that counts the queries put to it."""

    def __init__(self, connection: Any, counted: Counter[str]) -> None:
        self._connection, self._counted = connection, counted

    def execute(self, *query: Any) -> Any:
        """Count and pass on."""
        self._counted["queries"] += 1
        return self._connection.execute(*query)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """What is embedded, fitted and asked of the database from now on."""
    counts: Counter[str] = Counter()
    connect, embed = duckdb.connect, HashingEmbedder.embed

    def count_texts(self: HashingEmbedder, texts: list[str], *result: Any) -> Any:
        counts["texts"] += len(texts)
        return embed(self, texts, *result)

    for learner in (RelevanceRanker, SectionClassifier):
        monkeypatch.setattr(learner, "fit", _counting(learner.fit, counts, "fits"))
    monkeypatch.setattr(HashingEmbedder, "embed", count_texts)
    monkeypatch.setattr(duckdb, "connect", lambda *a, **kw: CountingConnection(connect(*a, **kw), counts))
    return counts


@pytest.fixture
def web() -> Iterator[Loopback]:
    """A loopback server."""
    with Loopback() as server:
        yield server


def _counting(function: Any, counts: Counter[str], what: str) -> Any:
    def counted(*args: Any, **kwargs: Any) -> Any:
        counts[what] += 1
        return function(*args, **kwargs)

    return counted


def night(workspace: Workspace, web: Loopback, counted: Counter[str], *, entries: int, days: int = 0) -> Counter[str]:
    """Run the four steps over a feed of so many entries, and return what they cost."""
    web.answers["/feed"] = Answer(rss(*map(item, range(entries))), etag=f'"{entries}"')
    newsletter = replace(
        workspace.newsletter,
        embedding_model="hashing",
        feeds=(FeedEntry(web.url("/feed")),),
        allow_hosts=("127.0.0.1",),
        limits=Limits(connections_per_host=16),
    )
    as_of = AsOf.before_issue(FIRST + timedelta(weeks=ISSUES, days=days))
    context = replace(workspace, newsletter=newsletter, as_of=as_of)
    counted.clear()
    web.body_bytes = 0
    for step in (runner.pull, runner.embed, runner.classify, runner.rank):
        step(context)
    return Counter(counted, bytes=web.body_bytes)


def test_night_with_nothing_new_moves_no_byte_embeds_no_text_and_fits_no_model(workspace, web, counted):
    """What was fetched, embedded and judged once is not again."""
    lay_world(workspace.database, ISSUES)
    first = night(workspace, web, counted, entries=10)
    second = night(workspace, web, counted, entries=10)
    assert first["bytes"] > 0
    assert first["texts"] > 20
    assert first["fits"] > 0
    assert (second["bytes"], second["texts"], second["fits"]) == (0, 0, 0)


def test_three_more_entries_are_three_more_titles_and_summaries(workspace, web, counted):
    """The second night embeds two views of each new article, and nothing of the old ones."""
    lay_world(workspace.database, ISSUES)
    night(workspace, web, counted, entries=10)
    assert night(workspace, web, counted, entries=13)["texts"] == 6


def test_queries_and_fits_do_not_grow_with_the_articles(workspace, web, counted):
    """Forty times the entries are no more queries and no more fits: everything goes through in sets."""
    lay_world(workspace.database, ISSUES)
    night(workspace, web, counted, entries=5)
    few = night(workspace, web, counted, entries=10)
    many = night(workspace, web, counted, entries=400)
    assert many["queries"] <= few["queries"]
    assert many["fits"] == few["fits"] <= 3
