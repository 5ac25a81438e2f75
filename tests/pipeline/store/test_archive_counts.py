"""What is known of past issues is counted, and said where it is too little."""

from dataclasses import replace

import pytest

from pipeline.core.types import Feed
from pipeline.core.urls import url_key
from pipeline.store.archive_counts import FEW_ISSUES, FEW_PICKS, ArchiveCounts, count_coverage
from pipeline.store.articles import add_articles
from pipeline.store.database import Database
from pipeline.store.feeds import follow
from pipeline.store.issues import add_issues
from world import FIRST, article, issue


@pytest.mark.parametrize(
    ("issues", "picks", "is_few"),
    [(FEW_ISSUES, FEW_PICKS, False), (FEW_ISSUES - 1, FEW_PICKS, True), (FEW_ISSUES, FEW_PICKS - 1, True)],
)
def test_ten_issues_with_fifty_picks_are_enough(issues: int, picks: int, is_few: bool) -> None:
    """One issue or one pick less is too few, and the sentence says how many there are."""
    counts = ArchiveCounts(issues, picks, 5)
    assert counts.is_few is is_few
    assert (f"Only {picks} picks of {issues} past issues are known" in counts.sentence) is is_few


def test_coverage_counts_what_feeds_could_have_carried(database: Database) -> None:
    """Picks of followed publications, and those that any feed brought, are covered; of a retired feed they are not."""
    carried = article("Brought", FIRST, "https://arxiv.org/abs/1")
    urls = ["https://often.example/1", "https://github.com/ann/a", "https://github.com/bob/c", "https://gone.example/1"]
    picks = [("a" if n else "b", f"T{n}", url) for n, url in enumerate([*urls, carried.url, None])]
    feeds = [Feed(url) for url in ("https://often.example/feed", "https://github.com/ann.atom")]
    with database.writing() as connection:
        add_issues(connection, [issue(1, picks)])
        follow(connection, [*feeds, replace(Feed("https://gone.example/feed"), retired_on=FIRST)])
        add_articles(connection, [carried])
        for feed in feeds:
            connection.execute(
                "INSERT INTO article_feeds VALUES (?, ?, 'id', ?, 'brought')",
                [carried.id, feed.url, url_key(carried.url)],
            )
    with database.reading() as connection:
        counts, left = count_coverage(connection)
    assert counts == ArchiveCounts(1, 6, 2, 3, 5)
    assert dict(left) == {"github.com/bob": 1, "gone.example": 1}
    assert counts.sentence.startswith("Only 6 picks of 1 past issue are")
