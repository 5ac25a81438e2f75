"""What changed in the latest issues: number of picks, sections, themes, sources. Fits and stores nothing."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from scipy.stats import hypergeom

from models.themes import Key, Phrase, phrases
from pipeline.core.issue_number import in_issue, issue_name
from pipeline.ranking.candidates import already_published
from pipeline.ranking.snapshot import PublishedPick, Snapshot

LATEST = 8  # issues, compared with
BEFORE = 40  # the issues before them
MIN_BEFORE = 8
ALPHA = 0.05  # probability that chance alone names anything of a kind: sections, themes, sources (Bonferroni)
Z = 3.5  # standard errors of a reported difference in the number of links
MIN_PICKS = 5  # of a section or phrase, in the period in which it is more frequent
MIN_ISSUES = 3  # of that period: so many have a phrase that is named, since one issue about it is no change
MOST = 2 / 3  # a phrase is named by a longer one if so many of its picks have that
MIN_JUDGED = 5  # articles of a source in each period
NAMED = 3  # themes and sections named of each kind


@dataclass(frozen=True, slots=True)
class Share:
    """How many picks of a period have some property."""

    name: Any  # a section, a phrase's key, a source, or how it is called
    latest: int
    before: int
    p: float  # probability of so large a difference by chance
    is_more: bool  # of late


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
    sections = shares(map(_section, latest), map(_section, before))
    found += _named([replace(share, name=names.get(share.name, share.name)) for share in sections], latest, before)
    found += _named(_themes(latest, before), latest, before)
    found += _sources(snapshot, issues[0].date, first.date)
    return f"since {issue_name(first.number)}: {'; '.join(found)}" if found else ""


def shares(latest: Iterable[Collection[Any]], before: Iterable[Collection[Any]]) -> list[Share]:
    """Compare how often each property occurs in two periods, one set of properties a pick.

    Returns
    -------
    list of Share
        Those that chance does not explain, the least probable first.
    """
    one, other = list(latest), list(before)
    counts = [Counter(name for names in period for name in names) for period in (one, other)]
    compared = [name for name in sorted(counts[0] | counts[1]) if max(counts[0][name], counts[1][name]) >= MIN_PICKS]
    found = [_share(name, counts[0][name], len(one), counts[1][name], len(other)) for name in compared]
    return _beyond_chance(found)


def _share(name: Any, k: int, n: int, other_k: int, other_n: int) -> Share:
    """Compare two shares by Fisher's exact test: many of the counts are small."""
    by_chance = hypergeom(n + other_n, k + other_k, n)
    return Share(
        name, k, other_k, min(1.0, 2 * float(min(by_chance.cdf(k), by_chance.sf(k - 1)))), k * other_n > other_k * n
    )


def _beyond_chance(compared: Sequence[Share]) -> list[Share]:
    return sorted((share for share in compared if share.p < ALPHA / len(compared)), key=lambda share: share.p)


def _size(latest: Sequence[PublishedPick], before: Sequence[PublishedPick], n: int, other_n: int) -> list[str]:
    """Compare the numbers of picks an issue; their spread between issues is estimated from both periods."""
    per_issue = [list(Counter(p.issue.number for p in period).values()) for period in (latest, before)]
    means = [len(latest) / n, len(before) / other_n]
    error = np.sqrt(sum(np.var(counts, ddof=1) / len(counts) if len(counts) > 1 else np.inf for counts in per_issue))
    if abs(means[0] - means[1]) < Z * max(error, 1e-9):
        return []
    word = "fewer" if means[0] < means[1] else "more"
    return [f"{word} links, {means[0]:.0f} an issue (before: {means[1]:.0f})"]


def _named(found: Sequence[Share], latest: Sequence[PublishedPick], before: Sequence[PublishedPick]) -> list[str]:
    """Name the largest differences, more first, with the counts of both periods."""
    parts = []
    for word, is_more in (("more", True), ("less", False)):
        counted = [
            f"{share.name} ({share.latest} of {len(latest)} links, before {share.before} of {len(before)})"
            for share in [share for share in found if share.is_more == is_more][:NAMED]
        ]
        parts += [f"{word} {' and '.join(counted)}"] if counted else []
    return parts


def _themes(latest: Sequence[PublishedPick], before: Sequence[PublishedPick]) -> list[Share]:
    """Return the phrases of titles that differ, each called by its latest pick of the period that has more of it."""
    of_latest, of_before = ([_phrases(p) for p in period] for period in (latest, before))
    themes: dict[str, Share] = {}  # one of the picks that it is named by
    for share in shares(of_latest, of_before):
        picks, of_picks = (latest, of_latest) if share.is_more else (before, of_before)
        having = [(pick, of) for pick, of in zip(picks, of_picks, strict=True) if share.name in of]
        if len({pick.issue.number for pick, _ in having}) >= MIN_ISSUES:
            key = _longest_shared([of for _, of in having], share.name)
            pick, of = next((pick, of) for pick, of in having[::-1] if key in of)
            called = f"“{of[key].text}” as in “{pick.pick.title}” {in_issue(pick.issue.number)}"
            counts = [sum(key in of for of in period) for period in (of_latest, of_before)]
            themes.setdefault(pick.pick.title, replace(share, name=called, latest=counts[0], before=counts[1]))
    return list(themes.values())


def _longest_shared(of_picks: Sequence[Collection[Key]], key: Key) -> Key:
    """Return the longest phrase that most of these picks have and that holds the one that all of them have."""
    counts = Counter(other for of in of_picks for other in of if _holds(other, key))
    return max(
        (other for other in counts if counts[other] >= MOST * len(of_picks)), key=lambda k: (len(k), counts[k], k)
    )


def _holds(longer: Key, key: Key) -> bool:
    return any(longer[at : at + len(key)] == key for at in range(len(longer) - len(key) + 1))


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
    compared = [
        _share(source, picked, judged, picked_before, judged_before)
        for source, (picked, judged, picked_before, judged_before) in sorted(counts.items())
        if min(judged, judged_before) >= MIN_JUDGED and picked + picked_before >= MIN_PICKS
    ]
    return [
        f"{'more' if share.is_more else 'less'} of {share.name} ({share.latest} of its {counts[share.name][1]} "
        f"articles run, before {share.before} of {counts[share.name][3]})"
        for share in _beyond_chance(compared)[:NAMED]
    ]


def _day_before_window(snapshot: Snapshot, turn: date) -> date:
    """Return the date of the issue before the one of `turn`: articles seen later were candidates for it."""
    return max((issue.date for issue in snapshot.issues if issue.date < turn), default=turn)


def _section(published: PublishedPick) -> set[str]:
    return {published.pick.section} if published.pick.section else set()


def _phrases(published: PublishedPick) -> dict[Key, Phrase]:
    return {phrase.key: phrase for phrase in phrases(published.pick.title)}
