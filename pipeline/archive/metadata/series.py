"""Number issues by weak signs only where the whole archive agrees on them: digits of a name, the first sentence.

One name that happens to end with a number says nothing; a number in most names, which grows with the date, is the
issue's.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

FEW_ISSUES = 3  # with fewer there is no series, and each number counts by itself
COVERAGE = 0.6  # share of the issues without a stated number that a source must number
DISTINCT = 0.9  # share of its numbers that must differ
AGREEING = 0.5  # share of the numbers that are known otherwise which a source must give too
STRAYS = 0.2  # share of the issues up to which their titles may claim numbers that are another's
GROWING = 0.75  # share of the steps from one day to the next at which the number must grow


def agreed_numbers(
    candidates: Sequence[Sequence[int | None]],
    stated: Sequence[int | None],
    days: Sequence[date | None],
    originals: Sequence[int] = (),
) -> list[int | None]:
    """Choose for each issue the number of the first source that numbers the series.

    Parameters
    ----------
    candidates : sequence of sequences
        For each source, in order of trust, its number for each issue.
    stated : sequence of int or None
        Numbers that front matter or titles give; these stay.
    days : sequence of date or None
        Of the issues, where they are known.
    originals : sequence of int
        For each issue the place of the one that it is a copy of, else its own; copies may have its number.

    Returns
    -------
    list of int or None
        One for each issue.
    """
    numbers = list(stated)
    for source in candidates:
        if is_series(source, numbers, days, originals):
            numbers = [own if own is not None else found for own, found in zip(numbers, source, strict=True)]
    return numbers


def with_undated(
    numbers: Sequence[int | None],
    candidates: Sequence[Sequence[int | None]],
    days: Sequence[date | None],
    folders: Sequence[str],
) -> list[int | None]:
    """Number the issues of a folder that have neither number nor day, where one source numbers them as a series.

    Where the other issues are known by their days, they say nothing of these: `2018-03-05.md`, `2023/phase-1.md`.
    """
    numbers = list(numbers)
    lacking: dict[str, list[int]] = {}
    for nth, (number, day, folder) in enumerate(zip(numbers, days, folders, strict=True)):
        if number is None and day is None:
            lacking.setdefault(folder, []).append(nth)
    for places in lacking.values():
        if len(places) < FEW_ISSUES:
            continue
        none = [None] * len(places)
        own = agreed_numbers([[source[nth] for nth in places] for source in candidates], none, none)
        for nth, number in zip(places, own, strict=True):
            numbers[nth] = number
    return numbers


def without_strays(
    claimed: Sequence[int | None], source: Sequence[int | None], days: Sequence[date | None]
) -> list[int | None]:
    """Drop the numbers that a few titles claim where a source numbers the whole series otherwise: "After #490"."""
    n_claims = sum(number is not None for number in claimed)
    if not 0 < n_claims <= STRAYS * len(claimed) or not is_series(source, [None] * len(source), days):
        return list(claimed)
    return [own if found is None or own == found else None for own, found in zip(claimed, source, strict=True)]


def is_series(
    found: Sequence[int | None],
    known: Sequence[int | None],
    days: Sequence[date | None],
    originals: Sequence[int] = (),
) -> bool:
    """Does a source number most issues that have no number yet, each but copies differently, and later ones higher?"""
    if not _agrees(found, known):
        return False
    missing = [(day, number) for day, number, own in zip(days, found, known, strict=True) if own is None]
    numbers = [number for _, number in missing if number is not None]
    if len(missing) < FEW_ISSUES:
        return bool(numbers)
    places = originals or range(len(found))
    apart = {(place, n) for place, n, own in zip(places, found, known, strict=True) if own is None and n is not None}
    if len(numbers) < COVERAGE * len(missing) or len(set(numbers)) < DISTINCT * len(apart):
        return False
    dated = sorted((day, number) for day, number in missing if day is not None and number is not None)
    steps = [b > a for (_, a), (_, b) in pairwise(dated)]
    return sum(steps) >= GROWING * len(steps)


def _agrees(found: Sequence[int | None], known: Sequence[int | None]) -> bool:
    """Does a source give most issues that have a number that very number?"""
    both = [(a, b) for a, b in zip(found, known, strict=True) if a is not None and b is not None]
    return sum(a == b for a, b in both) >= AGREEING * len(both)
