"""Tell two readings of one issue from two issues of one day."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.archive.extraction import MOST_OF_A_DAY, day_number, is_day_number
from pipeline.core.types import Issue

SAME_PICKS = 0.5  # share of the picks of one issue that another must have too to be the same issue


def one_of_each(readings: Sequence[Issue]) -> tuple[list[Issue], list[tuple[str, str]]]:
    """Keep one reading of each issue, the one with addresses, else the first.

    Returns
    -------
    issues : list of Issue
        By number.
    again : list of (path, why)
        Readings of issues that were read before, both with addresses.
    """
    issues: dict[int, Issue] = {}
    again: list[tuple[str, str]] = []
    for issue in readings:
        if is_day_number(issue.number, issue.date):
            issue = _numbered_apart(issue, issues)
        known = issues.setdefault(issue.number, issue)
        if known is issue or not any(pick.url for pick in issue.picks):
            continue
        if any(pick.url for pick in known.picks):
            why = f"issue {issue.number} was read from {known.path} already; number them apart in their front matter"
            again.append((str(issue.path), why))
        else:
            issues[issue.number] = issue
    return [issues[number] for number in sorted(issues)], again


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
