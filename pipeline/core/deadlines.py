"""Find deadlines and event dates in a call's text, with time zone and confidence. Pure functions."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from pipeline.core.plain_text import ascii_digits
from pipeline.core.written_days import day_pattern, days_of, is_english_month

Kind = Literal["due", "event"]

# the words for a deadline and for "until" in other big languages: CLDR has the months, not these
DEADLINE_ABROAD = (
    r"prazos?|plazos?|fecha l[íi]mite|dates? limites?|échéances?|clôture|(?:einsende|anmelde|bewerbungs|abgabe)schluss|"
    r"scadenz[ae]|sluitingsdatum|uiterlijk|termin (?:składania|zgłosz\w+)|uzávěrka|сроки?|son başvuru|"
    r"sista ansökningsdag|hakuaika|προθεσμία|آخر موعد|الموعد النهائي"
)
DEADLINE_ENDINGS = r"frist(?:en)?\b|截止|締切|締め切り|마감"  # what may have letters before it
UNTIL_ABROAD = r"\b(?:até|hasta|jusqu['’]au|entro|fino al|bis|senast|до|kadar)\b|まで|까지"
# words that make a date a deadline, and words that make it the date of an event
SURELY_DUE = re.compile(
    rf"\b(due|deadlines?|clos(?:e|es|ing)|extended|{DEADLINE_ABROAD})\b|{DEADLINE_ENDINGS}", re.IGNORECASE
)
DUE = re.compile(
    r"\b(due|deadlines?|clos(?:e|es|ing)|submi\w+|submission|abstracts?|papers?|proposals?|applications?|apply|"
    rf"nominations?|manuscripts?|letters? of intent|lois?|extended|until|by)\b|{UNTIL_ABROAD}",
    re.IGNORECASE,
)
EVENT = re.compile(
    r"\b(events?|workshop|conference|webinar|meeting|virtual|online|held|takes? place|hybrid|in person|"
    r"registration opens|notification|notified)\b",
    re.IGNORECASE,
)
# English words that say something else in Italian ("two"), French ("laws"), Danish ("town") or Dutch ("hero")
FALSE_FRIENDS = re.compile(r"\b(?:due|lois?|by|held)\b", re.IGNORECASE)
DIGIT = re.compile(r"\d")
ZONE = re.compile(
    r"\b(AoE|anywhere on earth|UTC|GMT|CES?T|BST|E[SD]?T|C[SD]T|M[SD]T|P[SD]?T|AEST|JST)\b", re.IGNORECASE
)
CLAUSE = re.compile(r"[;()\n，、；。]|:(?!\d)|,(?!\s*20\d\d)|\.\s+(?=[A-Z])|\s[-–—]\s+(?=[A-Za-z])")
CALL = re.compile(  # in small letters: a third of the time of re.IGNORECASE, over all titles of a night
    r"\b(?:calls? for\b|cfp\b|deadline|due\b|(?:applications?|submissions?) (?:open|close)|"
    rf"(?:{DEADLINE_ABROAD})\b)|{DEADLINE_ENDINGS}"
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
    if not DIGIT.search(text):  # saves loading the names of the months
        return ()
    matches = list(day_pattern().finditer(ascii_digits(text)))
    if not matches:
        return ()
    zone = _zone(text)
    shown = text
    if not _is_english(matches):  # of the same length, so that days stay where they are
        text = FALSE_FRIENDS.sub(lambda word: "x" * len(word[0]), text)
    found: list[Deadline] = []
    carried: Kind | None = None  # "Submission 14 Sept for talks, 1 Oct for papers": the second is due too
    for start, end in _clauses(text, [match.span() for match in matches]):
        clause, spans = text[start:end], [match for match in matches if start <= match.start() < end]
        for nth, match in enumerate(spans):
            words = text[spans[nth - 1].end() if nth else start : match.start()] + " " + text[match.end() : end]
            several, days = days_of(match, reference)
            kind, confidence = _kind(words, several, carried if nth or match.start() < start + NEAR else None)
            found += [
                Deadline(kind, first, last, _zone(clause) or zone, confidence, shown[start:end].strip())
                for first, last in days
            ]
            carried = kind
        carried = carried if spans else ("due" if SURELY_DUE.search(clause) else None)
    return tuple(_once(_settle(found)))


def names_deadline(heading: str) -> bool:
    """Does the heading of a section say that what stands there has a deadline?"""
    return SURELY_DUE.search(heading) is not None


def lapsed(deadlines: Sequence[Deadline], on: date) -> bool:
    """Has every deadline passed? False where there is none."""
    due = [deadline.last_day for deadline in deadlines if deadline.is_due]
    return bool(due) and max(due) < on


def closed_call(title: str, summary: str, seen_on: date, on: date) -> date | None:
    """Return the day on which a call closed, if its headline says that it is one and every deadline has passed."""
    words = title.casefold()
    if not CALL.search(words):
        return None
    text = f"{title}. {summary[:SUMMARY_CHARS]}"
    deadlines = find_deadlines(text, seen_on)
    if not lapsed(deadlines, on):
        return None
    if not CALL.search(FALSE_FRIENDS.sub("", words)) and not _is_english(day_pattern().finditer(ascii_digits(text))):
        return None
    return max(deadline.last_day for deadline in deadlines if deadline.is_due)


def closes_before(deadlines: Sequence[Deadline], on: date, following: date) -> list[Deadline]:
    """Return the deadlines from one issue's day up to, but not on, the following issue's."""
    return [deadline for deadline in deadlines if deadline.is_due and on <= deadline.last_day < following]


def _is_english(days: Iterable[re.Match[str]]) -> bool:
    """Is a month written as in English, or none in words? Otherwise the text is in another language."""
    months = [name for day in days for name in day.group("am", "bm", "cm", "dm") if name]
    return not months or any(is_english_month(name) for name in months)


def _clauses(text: str, days: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield where each clause of a text starts and ends, never inside a day."""
    start = 0
    for match in CLAUSE.finditer(text):
        if not any(low < match.end() and match.start() < high for low, high in days):
            yield start, match.start()
            start = match.end()
    yield start, len(text)


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
