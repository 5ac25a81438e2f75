"""Select the candidates for the next issue from a snapshot, and name what is excluded and why. Pure functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from pipeline.core.as_of import start_of_day
from pipeline.core.deadlines import closed_call
from pipeline.core.issue_number import in_issue
from pipeline.core.types import Article
from pipeline.feeds.dedupe import group_stories
from pipeline.ranking.mutes import mute_filter
from pipeline.ranking.snapshot import PublishedPick, Snapshot
from pipeline.store.decisions import states
from pipeline.store.review import Exclusion

# a shorter title may be used by two stories: "Release notes", "Call for papers"
MIN_TITLE_WORDS = 6

LATE = timedelta(days=3)  # an entry seen so long after it was published is no history: its feed was slow


@dataclass(frozen=True, eq=False)
class CandidateSet:
    """The candidates for an issue, as rows of the articles of a snapshot."""

    rows: np.ndarray  # (n,) int: one article a story
    duplicates: Sequence[tuple[int, ...]]  # rows of the other articles of the same story
    exclusions: Sequence[Exclusion]

    @property
    def all_rows(self) -> list[int]:
        """Rows of the candidates, then of their duplicates."""
        return [*map(int, self.rows), *(n for rows in self.duplicates for n in rows)]


def select_candidates(snapshot: Snapshot) -> CandidateSet:
    """Select the candidates for the issue after the last one of a snapshot.

    They are the articles first seen after that issue's day and at most `candidate_days` ago, and those that the editor
    picked or put off and no issue has published yet. Duplicates are grouped into one row a story. Excluded are
    published stories, what the editor muted, and calls that have closed.
    """
    window_opens = window_start(snapshot)
    state = states(snapshot.decisions)
    held = _carried_over(snapshot, state)
    fresh = [n for n, a in enumerate(snapshot.articles) if a.first_seen_at >= window_opens or a.id in held]
    published, muted = already_published(snapshot), mute_filter(snapshot.decisions)
    exclusions, rows = [], []
    for n in fresh:
        exclusion = _exclusion(snapshot.articles[n], published.get(n), muted, snapshot.as_of.issues_before)
        if exclusion is not None:
            exclusions.append(exclusion)
        elif snapshot.articles[n].id in held or not _is_history(snapshot.articles[n], window_opens):
            rows.append(n)
    exclusions += _lapsed_exclusions(snapshot, window_opens, state, held, published)
    return _group_duplicates(snapshot, rows, exclusions, state)


def _is_history(article: Article, window_opens: datetime) -> bool:
    """Return whether a feed brought an entry published before the window, as a new feed brings all its past."""
    if article.origin != "feed" or article.published_at is None:
        return False
    return article.published_at < min(window_opens, article.first_seen_at - LATE)


def window_start(snapshot: Snapshot) -> datetime:
    """Return from when on articles are candidates: the day after the last issue, at most `candidate_days` ago."""
    earliest = snapshot.as_of.articles_until - timedelta(days=snapshot.newsletter.limits.candidate_days)
    if not snapshot.issues:
        return earliest
    return max(start_of_day(snapshot.issues[-1].date) + timedelta(days=1), earliest)


def already_published(snapshot: Snapshot) -> dict[int, PublishedPick]:
    """Return the articles that a known issue published: row of the article → its first pick.

    They are matched by address, or by the whole title where it has at least `MIN_TITLE_WORDS` words.
    """
    by_key: dict[str, PublishedPick] = {}
    by_title: dict[str, PublishedPick] = {}
    for published in snapshot.picks:
        if published.url_key:
            by_key.setdefault(published.url_key, published)
        if published.title_key.count(" ") + 1 >= MIN_TITLE_WORDS:
            by_title.setdefault(published.title_key, published)
    found = {}
    for n, (key, title_key) in enumerate(zip(snapshot.url_keys, snapshot.title_keys, strict=True)):
        published_as = by_key.get(key) or by_title.get(title_key)
        if published_as:
            found[n] = published_as
    return found


def _carried_over(snapshot: Snapshot, state: Mapping[str, str]) -> set[str]:
    """Return ids of articles put off or picked, by decisions at most `candidate_days` old."""
    since = snapshot.as_of.articles_until - timedelta(days=snapshot.newsletter.limits.candidate_days)
    recent = {d.article_id for d in snapshot.decisions if d.decided_at >= since}
    return {id for id, value in state.items() if value in ("later", "picked") and id in recent}


def _exclusion(
    article: Article, published: PublishedPick | None, muted: Callable[[Article], str | None], on: date
) -> Exclusion | None:
    if published:
        number = published.issue.number
        return Exclusion(article.id, "ran", f"ran {in_issue(number)}", number, published.pick.url)
    if why := muted(article):
        return Exclusion(article.id, "muted", f"muted {why}")
    closed = closed_call(article.title, article.summary, article.first_seen_at.date(), on)
    return Exclusion(article.id, "lapsed", f"closed on {closed}") if closed else None


def _lapsed_exclusions(
    snapshot: Snapshot,
    window_opens: datetime,
    state: Mapping[str, str],
    held: set[str],
    published: Mapping[int, PublishedPick],
) -> list[Exclusion]:
    """List what arrived since the last issue but is older than `candidate_days`, and what was put off longer ago."""
    days = snapshot.newsletter.limits.candidate_days
    last = snapshot.issues[-1].date if snapshot.issues else date.min
    return [
        Exclusion(article.id, "lapsed", f"not decided within {days} days")
        for n, article in enumerate(snapshot.articles)
        if article.first_seen_at < window_opens
        and n not in published
        and article.id not in held
        and (article.first_seen_at.date() > last or state.get(article.id) == "later")
    ]


def _group_duplicates(
    snapshot: Snapshot, rows: Sequence[int], exclusions: Sequence[Exclusion], state: Mapping[str, str]
) -> CandidateSet:
    """Keep one article of each story: one with a decision, else the first seen."""
    if not rows:
        return CandidateSet(np.zeros(0, dtype=np.intp), [], exclusions)
    stories: dict[int, list[int]] = {}
    for row, story in zip(rows, group_stories([snapshot.articles[n] for n in rows]), strict=True):
        stories.setdefault(story, []).append(row)
    groups = [sorted(members, key=lambda n: (snapshot.articles[n].id not in state, n)) for members in stories.values()]
    return CandidateSet(np.array([first for first, *_ in groups]), [tuple(rest) for _, *rest in groups], exclusions)
