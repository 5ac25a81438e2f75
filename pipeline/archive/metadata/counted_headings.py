"""Headings that count the issues of one file: weeks or days of the year it names, or rounds of any word."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from statistics import median
from typing import Any

from pipeline.archive.blocks import Block
from pipeline.archive.document import Document
from pipeline.archive.metadata.name_dates import week_day
from pipeline.core.plain_text import ascii_digits

LONGEST_NAME = 60  # characters of a heading that counts
COUNTED = 0.9  # share of a level's headings that must count on
FEWEST_LINKS = 3  # below half of the headings, for rounds of a word that is no week
YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?=(?:0[1-9]|1[0-2])?(?!\d))")  # also of a month: "202409"
DAY = re.compile(r"(?<!\d)(0[1-9]|1[0-2])[-./]?([0-2]\d|3[01])(?!\d)")  # "0901-0907"
WEEK_WORDS = (
    "week|weeks|wk|kw|kalenderwoche|woche|semaine|semana|setmana|settimana|săptămâna|неделя|тиждень|седмица|недеља|"
    "tydzień|týden|týždeň|teden|tjedan|hafta|vecka|uge|uke|viikko|hét|nädal|savaitė|nedēļa|εβδομάδα|minggu|tuần|"
    "주차|주|週目|週|周|שבוע|الأسبوع|أسبوع|هفته|सप्ताह|สัปดาห์"
)
WEEK = re.compile(
    rf"(?<![^\W\d_])(?:{WEEK_WORDS})[\s.#№]*(\d{{1,2}})(?!\d)|(?<!\d)(\d{{1,2}})\.?\s*(?:{WEEK_WORDS})(?![^\W\d_])",
    re.I,
)
COUNT = re.compile(r"(\D*)(\d{1,4})(\D*)")
Meta = Mapping[str, Any]


def counted_issues(document: Document, level: int) -> dict[int, Meta]:
    """Return what the headings of a level say of the issues below them: a `date` and `title`, or a `number`.

    Returns
    -------
    dict
        By the place of the heading among the blocks; empty if the headings count no issues.
    """
    places = [nth for nth, block in enumerate(document.blocks) if block.kind == "heading" and block.level == level]
    texts = [ascii_digits(document.blocks[nth].text[: LONGEST_NAME + 1]).strip() for nth in places]
    years = _years(document, places)
    days = [_day(year, text) for year, text in zip(years, texts, strict=True)]
    if _are_most(days) and _are_in_order([day for day in days if day]):
        return {nth: {"date": day, "title": text} for nth, day, text in zip(places, days, texts, strict=True) if day}
    weeks = [week_day(year, week) for year, week in zip(years, map(_week, texts), strict=True)]
    if _are_most(weeks):  # the year in the title tells weeks of one number apart
        titles = [text if year in text else f"{text}, {year}" for text, year in zip(texts, years, strict=True)]
        found = zip(places, weeks, titles, strict=True)
        return {nth: {"date": day, "title": title} for nth, day, title in found if day}
    counts = _counts(texts)
    if not _are_most(counts) or not _count_on(counts) or median(_links_below(document.blocks, places)) < FEWEST_LINKS:
        return {}
    return {nth: {"number": count} for nth, count in zip(places, counts, strict=True) if count is not None}


def _are_most(found: Sequence[Any]) -> bool:
    return len({each for each in found if each is not None}) >= COUNTED * len(found)


def _count_on(counts: Sequence[int | None]) -> bool:
    """Do they go up by one or down by one, but for a few that are missing?"""
    steps = Counter(b - a for a, b in pairwise(count for count in counts if count is not None))
    return max(steps[1], steps[-1]) >= COUNTED * sum(steps.values())


def _day(year: str, text: str) -> date | None:
    """Return the last day that a heading names by month and day alone."""
    found = DAY.findall(text) if year and len(text) <= LONGEST_NAME else []
    try:
        return date(int(year), int(found[-1][0]), int(found[-1][1])) if found else None
    except ValueError:
        return None


def _are_in_order(days: Sequence[date]) -> bool:
    return list(days) in (sorted(days), sorted(days, reverse=True))


def _week(text: str) -> str:
    match = WEEK.search(text) if len(text) <= LONGEST_NAME else None
    return (match[1] or match[2]) if match else ""


def _years(document: Document, places: Sequence[int]) -> list[str]:
    """Return the year of each heading: its own, of headings above it, or of the file or folder."""
    folder = document.folder_path.name
    named = YEAR.findall(document.stem) or YEAR.findall(folder)
    year = named[0] if len(named) == 1 else ""
    years: dict[int, str] = {}
    wanted = set(places)
    for nth, block in enumerate(document.blocks):
        if block.kind != "heading":
            continue
        found = YEAR.search(ascii_digits(block.text[:LONGEST_NAME]))
        if nth in wanted:
            years[nth] = found[0] if found else year
        elif found and block.level < document.blocks[places[0]].level:
            year = found[0]
    return [years[nth] for nth in places]


def _counts(texts: Sequence[str]) -> list[int | None]:
    """Return the number of each heading that has the words of most of them around it."""
    matches = [COUNT.fullmatch(text) for text in texts]
    words = [(match[1].strip().casefold(), match[3].strip().casefold()) if match else None for match in matches]
    usual, _ = Counter(words).most_common(1)[0]
    if usual is None or not any(map(str.isalpha, "".join(usual))):
        return [None] * len(texts)
    return [int(match[2]) if match and word == usual else None for match, word in zip(matches, words, strict=True)]


def _links_below(blocks: Sequence[Block], places: Sequence[int]) -> list[int]:
    """Return how many links stand below each heading, down to the next of its level or above."""
    level = blocks[places[0]].level
    wanted = set(places)
    n_links: dict[int, int] = {}
    open_at: int | None = None
    for nth, block in enumerate(blocks):
        if block.kind == "heading" and block.level <= level:
            open_at = nth if nth in wanted else None
        if open_at is not None:
            n_links[open_at] = n_links.get(open_at, 0) + (len(block.links) if nth != open_at else 0)
    return [n_links[nth] for nth in places]
