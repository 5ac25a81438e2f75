"""Guess missing dates from neighbours in the series, the newest dated link or the file; report each guess."""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from pipeline.archive.document import Document
from pipeline.archive.metadata.name_dates import PLAIN_YEAR, link_date

MOST_WEEKS = 2_000


@dataclass(frozen=True)
class Facts:
    """What identifies an issue, and what had to be guessed."""

    number: int | None
    day: date | None
    title: str
    subtitle: str
    guessed: str = ""  # a sentence; "" if nothing was


def with_dates(facts: Sequence[Facts], documents: Sequence[Document]) -> list[Facts]:
    """Fill in missing dates: from neighbours by number, the newest link, neighbours that were guessed, the file."""
    filled = _from_neighbours(facts)
    filled = [_from_links(fact, document) for fact, document in zip(filled, documents, strict=True)]
    filled = _from_folders(filled, documents)
    filled = _from_neighbours(filled)
    missing = [f.number for f in filled if f.day is None and f.number is not None]
    newest = max(missing, default=0)
    return [_from_file(fact, document, newest) for fact, document in zip(filled, documents, strict=True)]


def _from_neighbours(facts: Sequence[Facts]) -> list[Facts]:
    known = sorted({f.number: f.day for f in facts if f.number is not None and f.day}.items())
    filled = []
    for fact in facts:
        if fact.day is None and fact.number is not None and len(known) > 1 and (day := _between(fact.number, known)):
            fact = replace(fact, day=day, guessed=f"its date was taken from its neighbours in the series, {day}")
        filled.append(fact)
    return filled


def _from_links(fact: Facts, document: Document) -> Facts:
    if fact.day is not None:
        return fact
    linked = [found for block in document.blocks for link in block.links if (found := link_date(link.url or ""))]
    return (
        replace(fact, day=max(linked), guessed=f"its date was taken from its newest link, {max(linked)}")
        if linked
        else fact
    )


def _from_folders(facts: Sequence[Facts], documents: Sequence[Document]) -> list[Facts]:
    """Spread numbered issues that lie in the folder of a year over that year."""
    years = [_year_of(document) if fact.day is None else None for fact, document in zip(facts, documents, strict=True)]
    in_year: dict[int, list[int]] = {}
    for year, fact in zip(years, facts, strict=True):
        if year is not None and fact.number is not None:
            in_year.setdefault(year, []).append(fact.number)
    filled = []
    for year, fact in zip(years, facts, strict=True):
        if year is not None and fact.number is not None:
            others = sorted(in_year[year])
            day = date(year, 1, 1) + timedelta(days=365 * others.index(fact.number) // len(others))
            fact = replace(fact, day=day, guessed=f"its date was guessed from its folder and its number, {day}")
        filled.append(fact)
    return filled


def _year_of(document: Document) -> int | None:
    year = next((part for part in reversed(document.folder_path.parts) if PLAIN_YEAR.fullmatch(part)), None)
    return int(year) if year else None


def _from_file(fact: Facts, document: Document, newest: int) -> Facts:
    """Date the newest issue by its file, the others a week apart before it."""
    if fact.day is not None or fact.number is None or document.modified is None:
        return fact
    day = document.modified - timedelta(weeks=min(newest - fact.number, MOST_WEEKS))
    return replace(fact, day=day, guessed=f"its date was guessed from its file and its number, {day}")


def _between(number: int, known: Sequence[tuple[int, date | None]]) -> date | None:
    """Place an issue between, before or after dated ones by its number."""
    dated = [(n, day) for n, day in known if day is not None]
    at = bisect([n for n, _ in dated], number)
    steps = [(b - a).days / (m - n) for (n, a), (m, b) in pairwise(dated) if m > n]
    low, high = dated[max(0, at - 1)], dated[min(at, len(dated) - 1)]
    if low[0] < number < high[0]:
        return low[1] + timedelta(days=round((high[1] - low[1]).days * (number - low[0]) / (high[0] - low[0])))
    nearest = low if abs(number - low[0]) <= abs(number - high[0]) else high
    try:
        return nearest[1] + timedelta(days=round(median(steps) * (number - nearest[0])))
    except OverflowError:
        return None
