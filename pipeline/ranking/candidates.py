"""Say which stories stand for the next issue at a moment, and which are kept out, and why. Pure: a History in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from pipeline.core.deadlines import closed_call
from pipeline.core.types import Article, Decision
from pipeline.core.urls import host_of
from pipeline.feeds.dedupe import group_stories
from pipeline.ranking.snapshot import BEGINNING, History, RanPick
from pipeline.store.decisions import states
from pipeline.store.review import KeptOut
from pipeline.store.shortlist import Story

# a title of fewer words may well be used twice: "Release notes", "Call for papers"
SURE_WORDS = 6


@dataclass(frozen=True, eq=False)
class Shortlisted:
    """The candidates of a moment, as rows of its History."""

    rows: np.ndarray  # (n,) int: the article that stands for each story
    also: Sequence[tuple[int, ...]]  # the other articles that tell the same story
    kept_out: Sequence[KeptOut]

    @property
    def all_rows(self) -> list[int]:
        """The articles that stand for the stories, then the others that tell them."""
        return [*map(int, self.rows), *(n for also in self.also for n in also)]


def shortlisted(history: History) -> Shortlisted:
    """Choose the candidates for the issue that follows a history's last one.

    They are the articles first seen since that issue's day, at most `candidate_days` long, and those the editor put
    off or picked and has not run yet. One row a story; none that an earlier issue ran or that the editor muted.
    """
    opens_at = window_opens_at(history)
    state = states(history.decisions)
    held = _held_over(history, state)
    fresh = [n for n, a in enumerate(history.articles) if a.first_seen_at >= opens_at or a.id in held]
    ran, muted = runs_of(history), muter(history.decisions)
    kept_out, rows = [], []
    for n in fresh:
        left = _left_out(history.articles[n], ran.get(n), muted, history.moment.issues_before)
        if left is None:
            rows.append(n)
        else:
            kept_out.append(left)
    kept_out += _lapsed(history, opens_at, state, held, ran)
    return _one_row_a_story(history, rows, kept_out, state)


def window_opens_at(history: History) -> datetime:
    """Return the first instant whose articles are candidates: the day after the last issue, or the longest wait."""
    longest = history.moment.articles_until - timedelta(days=history.newsletter.limits.candidate_days)
    if not history.issues:
        return longest
    after_last = datetime.combine(history.issues[-1].date, time.min, BEGINNING.tzinfo) + timedelta(days=1)
    return max(after_last, longest)


def runs_of(history: History) -> dict[int, RanPick]:
    """Find the articles that a known issue ran: row of the article → the first pick that ran it.

    A story is known by its address, or by its whole title where that is long enough to be sure.
    """
    by_key: dict[str, RanPick] = {}
    by_name: dict[str, RanPick] = {}
    for ran in history.picks:
        if ran.url_key:
            by_key.setdefault(ran.url_key, ran)
        if ran.name.count(" ") + 1 >= SURE_WORDS:
            by_name.setdefault(ran.name, ran)
    found = {}
    for n, (key, name) in enumerate(zip(history.article_keys, history.article_names, strict=True)):
        ran_as = by_key.get(key) or by_name.get(name)
        if ran_as:
            found[n] = ran_as
    return found


def _held_over(history: History, state: Mapping[str, str]) -> set[str]:
    """Ids of articles put off, or picked and not yet run, within the longest wait."""
    since = history.moment.articles_until - timedelta(days=history.newsletter.limits.candidate_days)
    recent = {d.article_id for d in history.decisions if d.decided_at >= since}
    return {id for id, said in state.items() if said in ("later", "picked") and id in recent}


def _left_out(
    article: Article, ran: RanPick | None, muted: Callable[[Article], str | None], on: date
) -> KeptOut | None:
    if ran:
        return KeptOut(article.id, "ran", f"ran in #{ran.issue.number}", ran.issue.number, ran.pick.url)
    if why := muted(article):
        return KeptOut(article.id, "muted", f"muted {why}")
    closed = closed_call(article.title, article.summary, article.first_seen_at.date(), on)
    return KeptOut(article.id, "lapsed", f"closed on {closed}") if closed else None


def _lapsed(
    history: History, opens_at: datetime, state: Mapping[str, str], held: set[str], ran: Mapping[int, RanPick]
) -> list[KeptOut]:
    """Name what arrived since the last issue but waited too long, and what was put off too long ago."""
    days = history.newsletter.limits.candidate_days
    last = history.issues[-1].date if history.issues else BEGINNING.date()
    return [
        KeptOut(article.id, "lapsed", f"not decided within {days} days")
        for n, article in enumerate(history.articles)
        if article.first_seen_at < opens_at
        and n not in ran
        and article.id not in held
        and (article.first_seen_at.date() > last or state.get(article.id) == "later")
    ]


def muter(decisions: Sequence[Decision]) -> Callable[[Article | Story], str | None]:
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
    history: History, rows: Sequence[int], kept_out: Sequence[KeptOut], state: Mapping[str, str]
) -> Shortlisted:
    """Let one article stand for each story: one the editor spoke about, else the first seen."""
    if not rows:
        return Shortlisted(np.zeros(0, dtype=np.intp), [], kept_out)
    stories: dict[int, list[int]] = {}
    vectors = history.article_examples.vectors[rows].astype(np.float32, copy=False)
    for row, story in zip(rows, group_stories([history.articles[n] for n in rows], vectors), strict=True):
        stories.setdefault(story, []).append(row)
    told = [sorted(members, key=lambda n: (history.articles[n].id not in state, n)) for members in stories.values()]
    return Shortlisted(np.array([first for first, *_ in told]), [tuple(rest) for _, *rest in told], kept_out)
