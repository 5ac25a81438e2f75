"""Find each issue's number, date, title and subtitle; missing dates are taken from neighbours in the series."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta, tzinfo
from typing import Any

from pipeline.archive.blocks import Block, plain
from pipeline.archive.document import Document
from pipeline.archive.metadata.copies import originals
from pipeline.archive.metadata.date_conventions import (
    has_year_last,
    months_come_first,
    most_years_are_short,
    numbers_are_days,
    plain_name,
    six_digits_are_days,
    years_are_short,
    years_count_weeks,
)
from pipeline.archive.metadata.date_keys import given_dates
from pipeline.archive.metadata.missing_dates import Facts, with_dates
from pipeline.archive.metadata.name_dates import is_day_of_folders, link_date, name_date, name_month, short_year_day
from pipeline.archive.metadata.numbers import (
    address_number,
    given_number,
    name_number,
    text_number,
    title_number,
    weak_name_number,
    weak_title_number,
    weakest_name_number,
)
from pipeline.archive.metadata.series import FEW_ISSUES, agreed_numbers, with_undated, without_strays
from pipeline.archive.metadata.value_dates import given_date
from pipeline.archive.metadata.written_dates import (
    WORD,
    YEAR_FIRST,
    day_of,
    in_words,
    numeric_date,
    written_date,
    written_month,
)
from pipeline.core.issue_number import day_number

DAY_IN_WORDS = re.compile(rf"\b{WORD}\.? \d{{1,2}}(?:st|nd|rd|th)?\b|\b\d{{1,2}}(?:st|nd|rd|th|\.)? {WORD}\b")
LONGEST_TOP = 200  # characters of a line that may say the day
TEXT_LINES = 3  # blocks at the top that may hold the date
DAY_ALONE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ][\d:.+Z -]+)?|\d{1,2}([-./])\d{1,2}\1\d{4}")
TITLE_KEYS = ("title", "subject", "name")
ADDRESS_KEYS = ("url", "canonical_url", "permalink", "link")
RESTARTS = 0.1  # share of the issues that repeat a number from which numbering is taken to restart


def find_all_facts(documents: Sequence[Document], zone: tzinfo | None = None) -> list[Facts]:
    """Find what identifies the issues of one newsletter.

    Front matter wins over the title, the title over file name and path, these over the text. Missing dates are taken
    from neighbours in the series, then from the newest dated link, then from the file; these are reported as guesses,
    as is the day where only the month is known.
    """
    titles = [_first(document.meta, *TITLE_KEYS) or _heading(document.blocks) for document in documents]
    habits = _habits(documents, titles)
    own_days = [_own_day(document, title, zone, habits) for document, title in zip(documents, titles, strict=True)]
    days = [day for day, _ in own_days]
    numbers = _numbers(documents, titles, days)
    own = [
        Facts(number, day, title, _first(document.meta, "subtitle", "description"))
        for document, title, day, number in zip(documents, titles, days, numbers, strict=True)
    ]
    found = _with_numbers(with_dates(own, documents))
    return [
        replace(fact, guessed="only the month is known, so its first day is the date") if is_month else fact
        for fact, (_, is_month) in zip(found, own_days, strict=True)
    ]


@dataclass(frozen=True)
class Habits:
    """How the archive as a whole writes its dates."""

    is_day: bool  # `Dec-15` is the 15th
    month_first: bool  # 05-03-2024 is in May
    has_short_years: bool  # 240503 is a day
    years_are_short: bool  # 05-03-24 is a day of 2024 in names
    has_short_tops: bool  # and at the top of the text
    has_weeks: bool  # 2024-25 is a week


def _habits(documents: Sequence[Document], titles: Sequence[str]) -> Habits:
    """Find what is a day, a month or a year in dates of digits, from where they stand in all issues."""
    names = [plain_name(document.stem) for document in documents]
    are_short = years_are_short(names)
    names = [plain_name(name, short_years=are_short) for name in names]
    given = [str(value) for document in documents for value in given_dates(document.meta) or document.meta.values()]
    by_issue = [[title, *_top(document)] for title, document in zip(titles, documents, strict=True)]
    are_tops_short = most_years_are_short(list(map(" ".join, by_issue)))
    tops = [plain_name(text, short_years=are_tops_short) for texts in by_issue for text in texts[1:]]
    titles = [plain_name(title, short_years=are_tops_short) for title in titles]
    order = next((found for texts in (given, names, titles, tops) if (found := has_year_last(texts))), [])
    return Habits(
        numbers_are_days(names),
        months_come_first(order),
        six_digits_are_days(names),
        are_short,
        are_tops_short,
        years_count_weeks(names),
    )


def _numbers(documents: Sequence[Document], titles: Sequence[str], days: Sequence[date | None]) -> list[int | None]:
    """Return the numbers that are stated, then those on which the archive agrees."""
    sources = [
        [None if is_day_of_folders(d.path) else weak_name_number(d.stem) for d in documents],
        list(map(weak_title_number, titles)),
        [address_number(_first(document.meta, *ADDRESS_KEYS)) for document in documents],
    ]
    if len(documents) >= FEW_ISSUES:  # one text that names a number may speak of another's issue
        sources.insert(2, [text_number(_top(document)) for document in documents])
        sources.append([weakest_name_number(d.stem) for d in documents])
    claimed = without_strays(list(map(title_number, titles)), sources[0], days)
    stated = [_stated_number(document, number) for document, number in zip(documents, claimed, strict=True)]
    return with_undated(
        agreed_numbers(sources, stated, days, originals(documents)), sources, days, [d.folder for d in documents]
    )


def _stated_number(document: Document, claimed: int | None) -> int | None:
    found = (given_number(document.meta), claimed, name_number(document.stem))
    return next((number for number in found if number is not None), None)


def _top(document: Document) -> list[str]:
    """Return the lines of the first blocks."""
    return [plain(line) for block in document.blocks[:TEXT_LINES] for line in block.lines]


def _first(meta: Mapping[str, Any], *keys: str) -> str:
    values = [meta.get(key) for key in keys]
    return next((" ".join(str(value).split()) for value in values if value), "")


def _heading(blocks: Sequence[Block]) -> str:
    return next((b.text for b in blocks[:TEXT_LINES] if b.kind == "heading" and b.level == 1), "")


def _own_day(document: Document, title: str, zone: tzinfo | None, habits: Habits) -> tuple[date | None, bool]:
    """Return the day of an issue, or the first of its month where no more is said; and whether it is that."""
    stem = plain_name(document.stem, short_years=habits.years_are_short, weeks=habits.has_weeks)
    for value in given_dates(document.meta):
        if day := given_date(value, zone, month_first=habits.month_first):
            return _in_year_of_name(day, stem), False
    if day := written_date(title):
        return day, False
    if habits.has_short_years and (day := short_year_day(stem)):
        return day, False
    folders = document.path.split("/")[:-1]
    texts = [plain_name(text, short_years=habits.has_short_tops) for text in (title, *_top(document))]
    if day := name_date(stem, folders, month_first=habits.month_first):
        return _as_written(day, texts), False
    month = name_month(stem, folders, is_day=habits.is_day)
    for day in _days_inside(document, texts, zone, month_first=habits.month_first):
        if month is None or day.replace(day=1) == month:
            return day, False
    month = month or next((day for text in texts if (day := written_month(text))), None)
    return month, month is not None


def _days_inside(document: Document, texts: Sequence[str], zone: tzinfo | None, *, month_first: bool) -> Iterator[date]:
    """Yield the days in front matter, the top of the text and the address, the likeliest first."""
    found = [_only_day(document.meta, zone, month_first=month_first)]
    found += [written_date(text) or numeric_date(text, month_first=month_first) for text in texts]
    found.append(link_date(_first(document.meta, *ADDRESS_KEYS, "slug")))
    yield from filter(None, found)


def _in_year_of_name(day: date, stem: str) -> date:
    """Return the day with the year of the file's name, if that has the same day of another year: a slip of January."""
    named = YEAR_FIRST.search(stem)
    own = day_of(named[1], named[3], named[4]) if named else None
    return own if own and own.year != day.year and own == day_of(own.year, day.month, day.day) else day


def _as_written(day: date, texts: Sequence[str]) -> date:
    """Return the day with day and month changed, where the text at the top writes that: "August 1st" of 08-01."""
    other = day_of(day.year, day.day, day.month)
    if other is None or other == day:
        return day
    written = {found for text in texts for match in DAY_IN_WORDS.finditer(text[:LONGEST_TOP])
               if (found := in_words(f"{match[0]} {day.year}"))}  # fmt: skip
    return other if other in written and day not in written else day


def _only_day(meta: Mapping[str, Any], zone: tzinfo | None, *, month_first: bool) -> date | None:
    """Return the only value of front matter that is a day, whatever its key is called in the editor's language."""
    values = [value for value in meta.values() if isinstance(value, date) or DAY_ALONE.fullmatch(str(value))]
    return given_date(values[0], zone, month_first=month_first) if len(values) == 1 else None


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
            guessed = fact.guessed
            if fact.number is not None:
                guessed = "; ".join(
                    filter(None, [guessed, f"its number {fact.number} is another issue's, so its date numbers it"])
                )
            day = _free_day(fact.day, taken) if fact.guessed else fact.day
            fact = replace(fact, day=day, number=day_number(day), guessed=guessed)
        taken[fact.number or 0] += 1
        numbered.append(fact)
    return numbered
