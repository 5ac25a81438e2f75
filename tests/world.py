"""A small invented world for tests of ranking: one editor, weekly issues, and a stream she picks from."""

from datetime import UTC, date, datetime, time, timedelta

from pipeline.core.types import Article, Decision, Issue, Pick
from pipeline.core.urls import article_id, host_of
from pipeline.store.articles import add_articles
from pipeline.store.database import Database
from pipeline.store.issues import add_issues

FIRST = date(2026, 1, 9)
LIKED = {
    "teams": ("coaching engineers through honest feedback", "running better one to one meetings"),
    "software": ("testing numerical code with properties", "refactoring a fortran solver step by step"),
}
IGNORED = ("celebrity gossip roundup", "football transfer rumours", "holiday recipes for the grill", "stock tips today")


def article(title: str, seen: date, url: str = "", **fields: object) -> Article:
    """An article first seen at noon of a day."""
    url = url or "https://stream.example/" + title.replace(" ", "-")
    at = datetime.combine(seen, time(12), UTC)
    return Article(article_id(url), url, title, host_of(url), at, **fields)  # type: ignore[arg-type]


def issue(number: int, picks: list[tuple[str, str, str | None]]) -> Issue:
    """Issue `number`, a week after the one before, of (section, title, url)."""
    laid = tuple(
        Pick(section.title(), title, url, position, position, section)
        for position, (section, title, url) in enumerate(picks, 1)
    )
    return Issue(number, FIRST + timedelta(weeks=number - 1), picks=laid)


def lay_world(database: Database, n_issues: int = 6, *, stream: bool = True) -> tuple[list[Issue], list[Article]]:
    """Store weekly issues of four picks, and where asked the stream of twelve articles a week that carried them.

    Three of the four picks were carried; the stream goes on a week beyond the last issue.
    """
    issues, articles = [], []
    for number in range(1, n_issues + 2):
        day = FIRST + timedelta(weeks=number - 1)
        liked = [(s, f"{t}, part {number}") for s, titles in LIKED.items() for t in titles]
        carried = [article(title, day - timedelta(days=n)) for n, (_, title) in enumerate(liked[:3])]
        others = [
            article(f"{title} number {number} {part}", day - timedelta(days=n))
            for n, title in enumerate(IGNORED)
            for part in ("a", "b")
        ]
        articles += [*carried, *others]
        if number <= n_issues:
            urls: list[str | None] = [*(a.url for a in carried), "https://elsewhere.example/" + str(number)]
            issues.append(issue(number, [(s, t, u) for (s, t), u in zip(liked, urls, strict=True)]))
    with database.writing() as connection:
        add_issues(connection, issues)
        if stream:
            add_articles(connection, articles)
    return issues, articles


def decision(article: Article, verdict: str, at: datetime, seq: int = 0, **fields: object) -> Decision:
    """A decision on an article."""
    return Decision(article.id, verdict, "Ed", at, seq=seq, **fields)  # type: ignore[arg-type]
