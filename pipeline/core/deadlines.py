"""Find deadlines and event dates in a call's text, with time zone and confidence. Pure functions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from dateutil import parser as dates

Kind = Literal["due", "event"]

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|(?-i:May|MAY)|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b\.?"
)
DAY = r"\d{1,2}(?:st|nd|rd|th)?"
YEAR = r"(?:,?\s+(?P<year{n}>20\d{{2}})\b)?"
TO = r"\s*(?:-|–|—|\bto\b|\bthrough\b)\s*"
OR = r"\s*(?:,|/|&|\bor\b|\band\b)\s*(?:and\s+|or\s+)?"
DATES = re.compile(
    rf"\b(?P<iso>20\d{{2}}-\d{{2}}-\d{{2}})\b"
    rf"|\b(?P<a>{DAY})\s+(?P<am>{MONTH}){YEAR.format(n=1)}{TO}(?P<b>{DAY})\s+(?P<bm>{MONTH}){YEAR.format(n=2)}"
    rf"|\b(?P<c>{DAY}(?:(?:{TO}|{OR}){DAY}){{0,5}})\s+(?:of\s+)?(?P<cm>{MONTH}){YEAR.format(n=3)}"
    rf"|\b(?P<dm>{MONTH})\s+(?P<d>{DAY}(?:(?:{TO}|{OR}){DAY}(?!\d|:)){{0,5}})(?!\d|:){YEAR.format(n=4)}",
    re.IGNORECASE,
)
# words that make a date a deadline, and words that make it the date of an event
DUE = re.compile(
    r"\b(due|deadlines?|clos(?:e|es|ing)|submi\w+|submission|abstracts?|papers?|proposals?|applications?|apply|"
    r"nominations?|manuscripts?|letters? of intent|lois?|extended|until|by)\b",
    re.IGNORECASE,
)
SURELY_DUE = re.compile(r"\b(due|deadlines?|clos(?:e|es|ing)|extended)\b", re.IGNORECASE)
EVENT = re.compile(
    r"\b(events?|workshop|conference|webinar|meeting|virtual|online|held|takes? place|hybrid|in person|"
    r"registration opens|notification|notified)\b",
    re.IGNORECASE,
)
ZONE = re.compile(
    r"\b(AoE|anywhere on earth|UTC|GMT|CES?T|BST|E[SD]?T|C[SD]T|M[SD]T|P[SD]?T|AEST|JST)\b", re.IGNORECASE
)
CLAUSE = re.compile(r"[;()\n]|:(?!\d)|,(?!\s*20\d\d)|\.\s+(?=[A-Z])|\s[-–—]\s+(?=[A-Za-z])")
YEARLESS_GRACE = timedelta(days=14)  # a day without a year may have passed so recently, else it is next year's
CALL = re.compile(
    r"\bcalls? for\b|\bCFP\b|\bdeadline|\bdue\b|\b(applications?|submissions?) (open|close)", re.IGNORECASE
)
SUMMARY_CHARS = 600  # characters of a summary that are searched for dates
NEAR = 6  # characters between the start of a clause and its day, for the day to go on from the clause before
LONGEST_TEXT = 2000  # characters that are read: bounds the time spent on hostile pages
LONGEST_BRIEF = 60  # characters
ANYWHERE_ON_EARTH = "AoE"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that a call names."""

    kind: Kind
    day: date  # first day, where there are several
    until: date | None = None  # last day, where there are several
    zone: str = ""  # "AoE" (anywhere on Earth: the day ends at UTC-12), "UTC", …; "" where none is named
    confidence: float = 1.0  # 0 to 1
    text: str = ""  # the words around it

    @property
    def is_due(self) -> bool:
        """Is it a deadline?"""
        return self.kind == "due"

    @property
    def brief(self) -> str:
        """The words around it, if they are few, else the day alone."""
        if len(self.text) <= LONGEST_BRIEF:
            return self.text
        days = f"{self.day.day} {self.day:%b}" + (f" - {self.until.day} {self.until:%b}" if self.until else "")
        return f"due {days}" if self.is_due else days

    @property
    def last_day(self) -> date:
        """The last day on which it is open, in its own time zone."""
        return self.until or self.day


def find_deadlines(text: str, reference: date) -> tuple[Deadline, ...]:
    """Find the deadlines and event dates in a text.

    Parameters
    ----------
    text : str
        A call's byline, title or summary.
    reference : date
        The issue's date (or the article's): a day without a year is read as the next such day after it, or the last
        if that is not yet two weeks gone.

    Returns
    -------
    tuple of Deadline
        In the order of the text, each day and kind once.
    """
    text = " ".join(text[:LONGEST_TEXT].split())
    zone = _zone(text)
    found: list[Deadline] = []
    carried: Kind | None = None  # "Submission 14 Sept for talks, 1 Oct for papers": the second is due too
    for clause in _clauses(text):
        spans = list(DATES.finditer(clause))
        for nth, match in enumerate(spans):
            words = clause[spans[nth - 1].end() if nth else 0 : match.start()] + " " + clause[match.end() :]
            several, days = _days(match, reference)
            kind, confidence = _kind(words, several, carried if nth or match.start() < NEAR else None)
            found += [
                Deadline(kind, first, last, _zone(clause) or zone, confidence, clause.strip()) for first, last in days
            ]
            carried = kind
        carried = carried if spans else ("due" if SURELY_DUE.search(clause) else None)
    return tuple(_once(_settle(found)))


def lapsed(deadlines: Sequence[Deadline], on: date) -> bool:
    """Has every deadline passed? False where there is none."""
    due = [deadline.last_day for deadline in deadlines if deadline.is_due]
    return bool(due) and max(due) < on


def closed_call(title: str, summary: str, seen_on: date, on: date) -> date | None:
    """Return the day on which a call closed, if its headline says that it is one and every deadline has passed."""
    if not CALL.search(title):
        return None
    deadlines = find_deadlines(f"{title}. {summary[:SUMMARY_CHARS]}", seen_on)
    if not lapsed(deadlines, on):
        return None
    return max(deadline.last_day for deadline in deadlines if deadline.is_due)


def closes_before(deadlines: Sequence[Deadline], on: date, following: date) -> list[Deadline]:
    """Return the deadlines from one issue's day up to, but not on, the following issue's."""
    return [deadline for deadline in deadlines if deadline.is_due and on <= deadline.last_day < following]


def _clauses(text: str) -> Iterator[str]:
    """Cut a text where a clause ends, never inside a date."""
    protected = [match.span() for match in DATES.finditer(text)]
    start = 0
    for match in CLAUSE.finditer(text):
        if not any(low < match.end() and match.start() < high for low, high in protected):
            yield text[start : match.start()]
            start = match.end()
    yield text[start:]


def _days(match: re.Match[str], reference: date) -> tuple[bool, list[tuple[date, date | None]]]:
    """Return whether it is a span of days, and the days."""
    try:
        if match["iso"]:
            return False, [(date.fromisoformat(match["iso"]), None)]
        if match["a"]:
            last = _day(match["b"], match["bm"], match["year2"], reference)
            first = _day(match["a"], match["am"], match["year1"] or str(last.year), reference)
            return True, [(first if first <= last else first.replace(year=first.year - 1), last)]
        days, month, year = match["c"] or match["d"], match["cm"] or match["dm"], match["year3"] or match["year4"]
        numbers = re.findall(r"\d+", days)
        if len(numbers) == 2 and re.search(TO, re.sub(r"\d+(st|nd|rd|th)?", "", days)):
            last = _day(numbers[1], month, year, reference)
            first = last.replace(day=int(numbers[0]))
            return True, [(first, last)] if first < last else []
        return False, [(_day(number, month, year, reference), None) for number in numbers]
    except ValueError:  # 31 June
        return False, []


def _day(number: str, month: str, year: str | None, reference: date) -> date:
    nominal = f"{re.sub(r'[^0-9]', '', number)} {month.strip('.')[:3]}"
    if year:
        return dates.parse(f"{nominal} {year}").date()
    candidates = []
    for nth in (reference.year - 1, reference.year, reference.year + 1):
        try:
            candidates.append(dates.parse(f"{nominal} {nth}", default=datetime(nth, 1, 1)).date())
        except ValueError:  # 29 February
            continue
    coming = [day for day in candidates if day >= reference - YEARLESS_GRACE]
    if not coming:
        raise ValueError(f"no {nominal} near {reference}")
    return coming[0]


def _kind(words: str, several: bool, carried: Kind | None) -> tuple[Kind, float]:
    if SURELY_DUE.search(words):
        return "due", 0.95
    if EVENT.search(words):
        return "event", 0.9
    if DUE.search(words):
        return "due", 0.85
    if several:
        return "event", 0.9
    if carried == "due":
        return "due", 0.7
    return "event", 0.5


def _settle(found: Sequence[Deadline]) -> list[Deadline]:
    """Take the only day of a call as its deadline when nothing around it says otherwise."""
    if len(found) == 1 and found[0].confidence == 0.5:
        return [replace(found[0], kind="due", confidence=0.6)]
    return list(found)


def _once(found: Sequence[Deadline]) -> Iterator[Deadline]:
    seen = set()
    for deadline in found:
        if (deadline.kind, deadline.day, deadline.until) not in seen:
            seen.add((deadline.kind, deadline.day, deadline.until))
            yield deadline


def _zone(text: str) -> str:
    match = ZONE.search(text)
    if not match:
        return ""
    return ANYWHERE_ON_EARTH if match[1].lower() in ("aoe", "anywhere on earth") else match[1].upper()
