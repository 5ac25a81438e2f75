"""Say which stories stand for the next issue at a moment, and which are kept out, and why. Pure: a History in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from pipeline.core.deadlines import closed_call
from pipeline.core.types import Article, Decision
from pipeline.core.urls import host_of
from pipeline.feeds.dedupe import group_stories
from pipeline.ranking.snapshot import BEGINNING, PublishedPick, Snapshot
from pipeline.store.decisions import states
from pipeline.store.review import Exclusion
from pipeline.store.shortlist import Story

# a title of fewer words may well be used twice: "Release notes", "Call for papers"
SURE_WORDS = 6


@dataclass(frozen=True, eq=False)
class CandidateSet:
    """The candidates of a moment, as rows of its History."""

    rows: np.ndarray  # (n,) int: the article that stands for each story
    duplicates: Sequence[tuple[int, ...]]  # the other articles that tell the same story
    exclusions: Sequence[Exclusion]

    @property
    def all_rows(self) -> list[int]:
        """The articles that stand for the stories, then the others that tell them."""
        return [*map(int, self.rows), *(n for rows in self.duplicates for n in rows)]


def select_candidates(snapshot: Snapshot) -> CandidateSet:
    """Choose the candidates for the issue that follows a history's last one.

    They are the articles first seen since that issue's day, at most `candidate_days` long, and those the editor put
    off or picked and has not run yet. One row a story; none that an earlier issue ran or that the editor muted.
    """
    opens_at = window_opens_at(snapshot)
    state = states(snapshot.decisions)
    held = _held_over(snapshot, state)
    fresh = [n for n, a in enumerate(snapshot.articles) if a.first_seen_at >= opens_at or a.id in held]
    ran, muted = already_published(snapshot), mute_filter(snapshot.decisions)
    exclusions, rows = [], []
    for n in fresh:
        left = _left_out(snapshot.articles[n], ran.get(n), muted, snapshot.as_of.issues_before)
        if left is None:
            rows.append(n)
        else:
            exclusions.append(left)
    exclusions += _lapsed(snapshot, opens_at, state, held, ran)
    return _one_row_a_story(snapshot, rows, exclusions, state)


def window_opens_at(snapshot: Snapshot) -> datetime:
    """Return the first instant whose articles are candidates: the day after the last issue, or the longest wait."""
    longest = snapshot.as_of.articles_until - timedelta(days=snapshot.newsletter.limits.candidate_days)
    if not snapshot.issues:
        return longest
    after_last = datetime.combine(snapshot.issues[-1].date, time.min, BEGINNING.tzinfo) + timedelta(days=1)
    return max(after_last, longest)


def already_published(snapshot: Snapshot) -> dict[int, PublishedPick]:
    """Find the articles that a known issue ran: row of the article → the first pick that ran it.

    A story is known by its address, or by its whole title where that is long enough to be sure.
    """
    by_key: dict[str, PublishedPick] = {}
    by_name: dict[str, PublishedPick] = {}
    for ran in snapshot.picks:
        if ran.url_key:
            by_key.setdefault(ran.url_key, ran)
        if ran.name.count(" ") + 1 >= SURE_WORDS:
            by_name.setdefault(ran.name, ran)
    found = {}
    for n, (key, name) in enumerate(zip(snapshot.article_keys, snapshot.article_names, strict=True)):
        ran_as = by_key.get(key) or by_name.get(name)
        if ran_as:
            found[n] = ran_as
    return found


def _held_over(snapshot: Snapshot, state: Mapping[str, str]) -> set[str]:
    """Ids of articles put off, or picked and not yet run, within the longest wait."""
    since = snapshot.as_of.articles_until - timedelta(days=snapshot.newsletter.limits.candidate_days)
    recent = {d.article_id for d in snapshot.decisions if d.decided_at >= since}
    return {id for id, said in state.items() if said in ("later", "picked") and id in recent}


def _left_out(
    article: Article, ran: PublishedPick | None, muted: Callable[[Article], str | None], on: date
) -> Exclusion | None:
    if ran:
        return Exclusion(article.id, "ran", f"ran in #{ran.issue.number}", ran.issue.number, ran.pick.url)
    if why := muted(article):
        return Exclusion(article.id, "muted", f"muted {why}")
    closed = closed_call(article.title, article.summary, article.first_seen_at.date(), on)
    return Exclusion(article.id, "lapsed", f"closed on {closed}") if closed else None


def _lapsed(
    snapshot: Snapshot, opens_at: datetime, state: Mapping[str, str], held: set[str], ran: Mapping[int, PublishedPick]
) -> list[Exclusion]:
    """Name what arrived since the last issue but waited too long, and what was put off too long ago."""
    days = snapshot.newsletter.limits.candidate_days
    last = snapshot.issues[-1].date if snapshot.issues else BEGINNING.date()
    return [
        Exclusion(article.id, "lapsed", f"not decided within {days} days")
        for n, article in enumerate(snapshot.articles)
        if article.first_seen_at < opens_at
        and n not in ran
        and article.id not in held
        and (article.first_seen_at.date() > last or state.get(article.id) == "later")
    ]


def mute_filter(decisions: Sequence[Decision]) -> Callable[[Article | Story], str | None]:
    """Return a function that names the mute an article falls under, None if none."""
    muted: dict[str, bool] = {}
    for decision in decisions:
        if decision.verdict in ("mute", "unmute") and decision.text:
            muted[decision.text] = decision.verdict == "mute"
    standing = [tuple(text.split(":", 1)) for text, is_muted in muted.items() if is_muted]

    def falls_under(article: Article | Story) -> str | None:
        fields = {
            "source": {article.source.casefold(), host_of(article.url)},
            "author": {(article.author or "").casefold()},
        }
        for kind, value in standing:
            wanted = value.casefold()
            if kind == "phrase":
                hit = wanted in f"{article.title} {article.summary}".casefold()
            else:
                hit = wanted in fields.get(kind, ())
            if hit:
                return f"{kind} {value}"
        return None

    return falls_under


def _one_row_a_story(
    snapshot: Snapshot, rows: Sequence[int], exclusions: Sequence[Exclusion], state: Mapping[str, str]
) -> CandidateSet:
    """Let one article stand for each story: one the editor spoke about, else the first seen."""
    if not rows:
        return CandidateSet(np.zeros(0, dtype=np.intp), [], exclusions)
    stories: dict[int, list[int]] = {}
    vectors = snapshot.article_examples.vectors[rows].astype(np.float32, copy=False)
    for row, story in zip(rows, group_stories([snapshot.articles[n] for n in rows], vectors), strict=True):
        stories.setdefault(story, []).append(row)
    told = [sorted(members, key=lambda n: (snapshot.articles[n].id not in state, n)) for members in stories.values()]
    return CandidateSet(np.array([first for first, *_ in told]), [tuple(rest) for _, *rest in told], exclusions)
