"""Tell two readings of one issue, and its parts, from two issues of one day."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from pipeline.core.issue_number import MOST_OF_A_DAY, day_number, is_day_number
from pipeline.core.types import Issue, Pick

ALL_PICKS = 0.9  # share of the picks of an issue without number that another of its day must have
OTHER_PICKS = 0.1  # share of the picks of one file that another of its number and day may have, and be its other part
FULLER = 4 / 3  # times as many picks as an earlier reading of an issue, from which a later one that has its picks stays
FEWEST_SHARED = 3  # picks of two issues of different days that are the same
SAME_PICKS = 0.5  # share of the picks of one issue that another must have too to be the same issue
Places = Mapping[tuple[int, date], Issue]


def with_parts_joined(issues: Sequence[Issue]) -> tuple[list[Issue], list[tuple[str, str]]]:
    """Join what one newsletter sent on one day under one number, with different picks: one issue in several files.

    Returns
    -------
    issues : list of Issue
        Each part with the first one.
    parts : list of (path, why)
        Files that were joined with another.
    """
    joined: dict[tuple[int, date], Issue] = {}
    others: list[Issue] = []
    parts: list[tuple[str, str]] = []
    for issue in issues:
        first = joined.setdefault((issue.number, issue.date), issue)
        if first is not issue and _are_parts(first, issue):
            joined[issue.number, issue.date] = replace(first, picks=(*first.picks, *_below(first, issue)))
            parts.append((str(issue.path), f"it is read as a part of issue {issue.number}, with {first.path}"))
        elif first is not issue:
            others.append(issue)
    return [*joined.values(), *others], parts


def _are_parts(first: Issue, second: Issue) -> bool:
    """Have both picks with addresses, and hardly one in common?"""
    mine, theirs = ({pick.url for pick in each.picks if pick.url} for each in (first, second))
    is_numbered = not is_day_number(first.number, first.date)
    return is_numbered and bool(mine and theirs) and len(mine & theirs) <= OTHER_PICKS * min(len(mine), len(theirs))


def _below(first: Issue, second: Issue) -> list[Pick]:
    """Number the picks of the second part on from those of the first."""
    n, n_entries = len(first.picks), max(pick.entry for pick in first.picks)
    return [replace(pick, position=n + pick.position, entry=n_entries + pick.entry) for pick in second.picks]


def without_material(series: Sequence[Sequence[Issue]]) -> tuple[list[Issue], list[tuple[str, str]]]:
    """Leave out the folders whose issues another folder has too, among more or in fewer files: logs, raw data.

    Returns
    -------
    issues : list of Issue
        Of the other folders, in order.
    left : list of (path, why)
        Those of the folders that were left out.
    """
    places = [{(issue.number, issue.date): issue for issue in issues} for issues in series]
    kept: list[Issue] = []
    left: list[tuple[str, str]] = []
    for own, issues in zip(places, series, strict=True):
        main = next((o for o, others in zip(places, series, strict=True) if _is_material(own, issues, o, others)), None)
        if main is None:
            kept += issues
        else:
            left += [(str(i.path), f"it lies beside issue {i.number}, {main[i.number, i.date].path}") for i in issues]
    return kept, left


def _is_material(own: Places, issues: Sequence[Issue], main: Places, others: Sequence[Issue]) -> bool:
    """Has the other folder all issues of this one, and more of them, or fewer readings of each?"""
    is_less = len(own) < len(main) or (len(own) == len(main) and len(issues) > len(others))
    return is_less and own.keys() <= main.keys() and all(_share_picks(own[key], main[key]) for key in own)


def one_of_each(
    readings: Sequence[Issue], guessed_days: Collection[tuple[int, date]] = ()
) -> tuple[list[Issue], list[tuple[str, str]]]:
    """Keep one reading of each issue, the one with addresses, else the first or one that is clearly fuller.

    Returns
    -------
    issues : list of Issue
        By number; one whose day is among `guessed_days` has that of a reading which is left, if that is known.
    again : list of (path, why)
        Readings of issues that were read before, both with addresses.
    """
    issues: dict[int, Issue] = {}
    again: list[tuple[str, str]] = []
    for issue in readings:
        if is_day_number(issue.number, issue.date):
            issue = _numbered_apart(issue, issues)
        elif _is_of_another_series(issue, issues.get(issue.number), guessed_days):
            issue = _numbered_apart(replace(issue, number=day_number(issue.date)), issues)
        known = issues.setdefault(issue.number, issue)
        if known is issue or not any(pick.url for pick in issue.picks):
            continue
        if any(pick.url for pick in known.picks):
            kept, left = (issue, known) if _is_fuller(issue, known) else (known, issue)
            why = f"issue {issue.number} was read from {kept.path} already; number them apart in their front matter"
            again.append((str(left.path), why))
            if (kept.number, kept.date) in guessed_days and (left.number, left.date) not in guessed_days:
                kept = replace(kept, date=left.date)
            issues[issue.number] = kept
        else:
            issues[issue.number] = issue
    again += _twins(issues)
    return [issues[number] for number in sorted(issues)], again


def _is_of_another_series(issue: Issue, known: Issue | None, guessed_days: Collection[tuple[int, date]]) -> bool:
    """Has an issue other picks than one of its number, and another day, or both have none? Numbers restart."""
    if known is None or _share_picks(issue, known):
        return False
    guesses = [(each.number, each.date) in guessed_days for each in (issue, known)]
    return all(guesses) or (not any(guesses) and issue.date != known.date)


def _is_fuller(issue: Issue, known: Issue) -> bool:
    """Does a reading have the picks of an earlier one, and many more? That was a draft of it."""
    mine, theirs = ({pick.url for pick in each.picks if pick.url} for each in (issue, known))
    return len(mine) >= FULLER * len(theirs) and len(mine & theirs) >= ALL_PICKS * len(theirs)


def _twins(issues: dict[int, Issue]) -> list[tuple[str, str]]:
    """Take out the issues without number whose picks a numbered one has: a table's rows as pages, data beside pages.

    A single story or two may come again; those of one day are the same.
    """
    numbered: dict[str, list[Issue]] = {}
    for issue in issues.values():
        for url in {pick.url for pick in issue.picks if pick.url and not is_day_number(issue.number, issue.date)}:
            numbered.setdefault(url, []).append(issue)
    again = []
    for issue in [issue for issue in issues.values() if is_day_number(issue.number, issue.date)]:
        mine = {pick.url for pick in issue.picks if pick.url}
        shared = Counter(other.number for url in mine for other in numbered.get(url, ()))
        number, n_shared = max(shared.items(), key=lambda item: item[1], default=(0, 0))
        is_same = n_shared >= ALL_PICKS * len(mine) > 0
        if is_same and (len(mine) >= FEWEST_SHARED or issues[number].date == issue.date):
            del issues[issue.number]
            why = f"its picks were read as issue {number} from {issues[number].path} already"
            again.append((str(issue.path), why))
    return again


def _numbered_apart(issue: Issue, others: Mapping[int, Issue]) -> Issue:
    """Number an issue without number apart from another of its day, unless both are readings of one issue."""
    number = issue.number
    for nth in range(2, MOST_OF_A_DAY):
        if number not in others or _share_picks(issue, others[number]):
            break
        number = day_number(issue.date) * MOST_OF_A_DAY + nth
    return replace(issue, number=number)


def _share_picks(issue: Issue, other: Issue) -> bool:
    """Do two readings have most stories in common, by address or by title?"""
    mine, theirs = ({pick.url or pick.title for pick in each.picks} for each in (issue, other))
    titles, others = ({pick.title for pick in each.picks} for each in (issue, other))
    fewest = min(len(mine), len(theirs))
    return max(len(mine & theirs), len(titles & others)) >= SAME_PICKS * fewest
