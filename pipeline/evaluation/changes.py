"""What changed in the latest issues: number of picks, sections, words of titles, sources. Fits and stores nothing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from models.features import title_words
from pipeline.core.issue_number import issue_name
from pipeline.ranking.candidates import already_published
from pipeline.ranking.snapshot import PublishedPick, Snapshot

LATEST = 8  # issues, compared with
BEFORE = 40  # the issues before them
MIN_BEFORE = 8
Z = 3.5  # standard errors of a reported difference: a few hundred words are compared
MIN_PICKS = 5  # of a word, in the period in which it is more frequent
Z_SOURCE = 3.0  # standard errors, for sources: some dozens are compared
MIN_JUDGED = 5  # articles of a source in each period
NAMED = 3  # words and sections named of each kind


@dataclass(frozen=True, slots=True)
class Share:
    """How many picks of a period have some property."""

    name: str
    latest: int
    before: int
    z: float  # difference of the two shares in standard errors; above 0: more of late


def describe_changes(snapshot: Snapshot) -> str:
    """Say in a sentence, with counts, how the latest issues differ from those before them; "" if nothing stands out."""
    issues = snapshot.issues[-LATEST - BEFORE :]
    if len(issues) < LATEST + MIN_BEFORE:
        return ""
    first = issues[-LATEST]
    numbers = [{issue.number for issue in part} for part in (issues[-LATEST:], issues[:-LATEST])]
    latest, before = ([p for p in snapshot.picks if p.issue.number in part] for part in numbers)
    if not latest or not before:
        return ""
    names = {section.key: section.name for section in snapshot.newsletter.sections}
    found = [*_size(latest, before, len(numbers[0]), len(numbers[1]))]
    found += _named(shares(map(_section, latest), map(_section, before)), latest, before, names)
    found += _named(shares(map(_words, latest), map(_words, before)), latest, before, {})
    found += _sources(snapshot, issues[0].date, first.date)
    return f"since {issue_name(first.number)}: {'; '.join(found)}" if found else ""


def shares(latest: Iterable[set[str]], before: Iterable[set[str]]) -> list[Share]:
    """Compare how often each property occurs in two periods, one set of properties a pick.

    Returns
    -------
    list of Share
        Those that differ by at least `Z` standard errors of a pooled two-proportion test, largest difference first.
    """
    one, other = list(latest), list(before)
    counts = [Counter(name for names in period for name in names) for period in (one, other)]
    found = [
        Share(name, counts[0][name], counts[1][name], _z(counts[0][name], len(one), counts[1][name], len(other)))
        for name in sorted(counts[0] | counts[1])
        if max(counts[0][name], counts[1][name]) >= MIN_PICKS
    ]
    return sorted((share for share in found if abs(share.z) >= Z), key=lambda share: -abs(share.z))


def _z(k: int, n: int, other_k: int, other_n: int) -> float:
    pooled = (k + other_k) / (n + other_n)
    error = np.sqrt(max(pooled * (1 - pooled), 1e-9) * (1 / n + 1 / other_n))
    return float((k / n - other_k / other_n) / error)


def _size(latest: Sequence[PublishedPick], before: Sequence[PublishedPick], n: int, other_n: int) -> list[str]:
    """Compare the numbers of picks an issue; their spread between issues is estimated from both periods."""
    per_issue = [list(Counter(p.issue.number for p in period).values()) for period in (latest, before)]
    means = [len(latest) / n, len(before) / other_n]
    error = np.sqrt(sum(np.var(counts, ddof=1) / len(counts) if len(counts) > 1 else np.inf for counts in per_issue))
    if abs(means[0] - means[1]) < Z * max(error, 1e-9):
        return []
    word = "fewer" if means[0] < means[1] else "more"
    return [f"{word} links, {means[0]:.0f} an issue (before: {means[1]:.0f})"]


def _named(
    found: Sequence[Share], latest: Sequence[PublishedPick], before: Sequence[PublishedPick], names: dict[str, str]
) -> list[str]:
    """Name the largest differences, more first, with the counts of both periods."""
    parts = []
    for word, sign in (("more", 1), ("less", -1)):
        chosen = [share for share in found if share.z * sign > 0][:NAMED]
        counted = [
            f"{names.get(s.name, f'“{s.name}”')} "
            f"({s.latest} of {len(latest)} links, before {s.before} of {len(before)})"
            for s in chosen
        ]
        parts += [f"{word} {' and '.join(counted)}"] if counted else []
    return parts


def _sources(snapshot: Snapshot, since: date, turn: date) -> list[str]:
    """Name the sources of which another share of the articles is picked than before, the largest differences first.

    An article belongs to the issue that it was a candidate for; those of the time after the last issue are left out.
    """
    published, latest_start = already_published(snapshot), _day_before_window(snapshot, turn)
    counts: dict[str, list[int]] = {}  # picked, judged of late; the same before
    for row, (article, source) in enumerate(zip(snapshot.articles, snapshot.article_examples.sources, strict=True)):
        day = article.first_seen_at.date()
        if since < day <= snapshot.issues[-1].date:
            of_source = counts.setdefault(source, [0, 0, 0, 0])
            n = 0 if day > latest_start else 2
            of_source[n] += row in published
            of_source[n + 1] += 1
    found = [
        (_z(*of_source), source, of_source)
        for source, of_source in counts.items()
        if of_source[1] >= MIN_JUDGED and of_source[3] >= MIN_JUDGED and of_source[0] + of_source[2] >= MIN_PICKS
    ]
    found = sorted((one for one in found if abs(one[0]) >= Z_SOURCE), key=lambda one: (-abs(one[0]), one[1]))
    return [
        f"{'more' if z > 0 else 'less'} of {source} ({of[0]} of its {of[1]} articles run, before {of[2]} of {of[3]})"
        for z, source, of in found[:NAMED]
    ]


def _day_before_window(snapshot: Snapshot, turn: date) -> date:
    """Return the date of the issue before the one of `turn`: articles seen later were candidates for it."""
    return max((issue.date for issue in snapshot.issues if issue.date < turn), default=turn)


def _section(published: PublishedPick) -> set[str]:
    return {published.pick.section} if published.pick.section else set()


def _words(published: PublishedPick) -> set[str]:
    words = title_words(published.pick.title.lower())
    return {word for word in words if word not in ENGLISH_STOP_WORDS and not word[0].isdigit()}
