"""Find each issue's number, date, title and subtitle; missing dates are taken from neighbours in the series."""

from bisect import bisect
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta, tzinfo
from itertools import pairwise
from statistics import median
from typing import Any

from pipeline.archive.blocks import Block
from pipeline.archive.documents import Document
from pipeline.archive.extraction import day_number
from pipeline.archive.issue_dates import (
    given_date,
    link_date,
    months_come_first,
    name_date,
    numbers_are_days,
    written_date,
    written_month,
)
from pipeline.archive.numbers import address_number, given_number, name_number, title_number, weak_title_number

TEXT_LINES = 3  # blocks at the top that may hold the date
DATE_KEYS = (
    "date", "publish_date", "publishdate", "published_at", "post_date", "published", "pubdate", "sent_at", "send_date",
    "send_time", "email_sent_at", "sent", "created_at", "created", "created_date",
)  # fmt: skip
MOST_WEEKS = 2_000
RESTARTS = 0.1  # share of the issues that repeat a number from which numbering is taken to restart


@dataclass(frozen=True)
class Facts:
    """What identifies an issue, and what had to be guessed."""

    number: int | None
    day: date | None
    title: str
    subtitle: str
    guessed: str = ""  # a sentence; "" if nothing was


def find_facts(document: Document, zone: tzinfo | None = None) -> Facts:
    """Find what identifies one issue by itself."""
    return find_all_facts([document], zone)[0]


def find_all_facts(documents: Sequence[Document], zone: tzinfo | None = None) -> list[Facts]:
    """Find what identifies the issues of one newsletter.

    Front matter wins over the title, the title over file name and path, these over the text. Missing dates are taken
    from neighbours in the series, then from the newest dated link, then from the file; these are told as guesses.
    """
    names = [document.stem for document in documents]
    is_day, month_first = numbers_are_days(names), months_come_first(names)
    own = [_own_facts(document, zone, is_day, month_first) for document in documents]
    return _with_numbers(_with_dates(own, documents))


def _own_facts(document: Document, zone: tzinfo | None, is_day: bool, month_first: bool) -> Facts:
    meta = document.meta
    title = _first(meta, "title", "subject", "name") or _heading(document.blocks)
    subtitle = _first(meta, "subtitle", "description")
    day = _own_day(document, title, zone, is_day, month_first)
    return Facts(_own_number(document, title), day, title, subtitle)


def _first(meta: Mapping[str, Any], *keys: str) -> str:
    values = [meta.get(key) for key in keys]
    return next((" ".join(str(value).split()) for value in values if value), "")


def _heading(blocks: Sequence[Block]) -> str:
    return next((b.text for b in blocks[:TEXT_LINES] if b.kind == "heading" and b.level == 1), "")


def _own_number(document: Document, title: str) -> int | None:
    number = given_number(document.meta)
    if number is not None:
        return number
    for found in (title_number(title), name_number(document.stem)):
        if found is not None:
            return found
    number = weak_title_number(title)
    return (
        number
        if number is not None
        else address_number(_first(document.meta, "url", "canonical_url", "permalink", "link"))
    )


def _own_day(document: Document, title: str, zone: tzinfo | None, is_day: bool, month_first: bool) -> date | None:
    for key in DATE_KEYS:
        if day := given_date(document.meta.get(key), zone):
            return day
    if day := written_date(title):
        return day
    folders = document.path.replace("\\", "/").split("/")[:-1]
    if day := name_date(document.stem, folders, is_day=is_day, month_first=month_first):
        return day
    top = [block.text for block in document.blocks[:TEXT_LINES]]
    for text in top:
        if day := written_date(text):
            return day
    url = _first(document.meta, "url", "canonical_url", "permalink", "link", "slug")
    return link_date(url) or next((day for text in (title, *top) if (day := written_month(text))), None)


def _with_dates(facts: Sequence[Facts], documents: Sequence[Document]) -> list[Facts]:
    """Fill in missing dates: from neighbours by number, the newest link, neighbours that were guessed, the file."""
    filled = _from_neighbours(facts)
    filled = [_from_links(fact, document) for fact, document in zip(filled, documents, strict=True)]
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


def _free_day(day: date, taken: Counter[int]) -> date:
    """Move a guessed day on until no other issue has its number: a guess must not drop an issue."""
    while taken[day_number(day)]:
        day += timedelta(days=1)
    return day


def _with_numbers(facts: Sequence[Facts]) -> list[Facts]:
    """Number by its day what has no number; where numbering restarts, the date is the identity of all."""
    days: dict[int, set[date]] = {}
    for fact in facts:
        if fact.number is not None and fact.day is not None:
            days.setdefault(fact.number, set()).add(fact.day)
    repeated = sum(len(several) - 1 for several in days.values())
    restarts = repeated > 0 and repeated >= RESTARTS * len(facts)
    taken: Counter[int] = Counter()
    numbered = []
    for fact in facts:
        is_again = fact.number is not None and len(days.get(fact.number, ())) > 1
        if fact.day is not None and (fact.number is None or restarts or (is_again and taken[fact.number])):
            told = fact.guessed
            if fact.number is not None:
                told = "; ".join(
                    filter(None, [told, f"its number {fact.number} is another issue's, so its date numbers it"])
                )
            day = _free_day(fact.day, taken) if fact.guessed else fact.day
            fact = replace(fact, day=day, number=day_number(day), guessed=told)
        taken[fact.number or 0] += 1
        numbered.append(fact)
    return numbered
