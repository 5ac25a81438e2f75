"""Find days with the month in words, or as 12月26日, in the text of the big languages. Pure functions."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from babel import Locale

# of two with one name for two months the first wins
LANGUAGES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "ru", "uk", "pl", "cs", "sk", "sv", "da", "nb", "fi", "hu", "ro", "tr",
    "el", "id", "ca", "bg", "he", "ar",
)  # fmt: skip
ENGLISH_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|(?-i:May|MAY)|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b\.?"
)
# words between the first and the last day; a Romance "a" alone, as it is "and" in Czech
UNTIL = (
    r"to|through|(?:fins\s+)?al|au|ao|até|hasta(?:\s+el)?|bis(?:\s+zum)?|tot(?:\s+en\s+met)?|t/m|till|до|по|do|"
    r"a(?=\s+\d{1,2}\s+de\b)"
)
TO = rf"\s*(?:[-–—~]|\b(?:{UNTIL})\b)\s*"
# a year of another century is no year of a call, and the day beside it none of the coming year
YEAR = r"(?:,?\s+(?:del?\s+)?(?P<year{n}>20\d{{2}})\b)?(?!,?\s+(?:del?\s+)?1\d{{3}}\b)"
EAST_ASIAN_DAY = r"(?<![\d年년])(?<![年년]\s)(?:(?P<year{n}>(?:20)?\d\d)\s*[年년]\s*)?(?P<{m}>\d{{1,2}})\s*[月월]\s*"
YEARLESS_GRACE = timedelta(days=14)  # a day without a year may have passed so recently, else it is next year's


class Names(NamedTuple):
    """What CLDR says of LANGUAGES."""

    months: dict[str, int]  # name or abbreviation, in small letters → 1 to 12
    full: set[str]  # names that are not abbreviated, as they are spelled in languages other than English
    only_english: set[str]
    conjunctions: set[str]  # the words for "and"


@cache
def names() -> Names:
    """Return the names of the months. Takes a quarter of a second, once."""
    months: dict[str, int] = {}
    full: dict[str, set[str]] = {}
    conjunctions = set()
    for language in LANGUAGES:
        locale = Locale.parse(language)
        full[language] = set()
        for forms in (locale.months["format"], locale.months["stand-alone"]):
            for width in ("wide", "abbreviated"):
                spelled = {name.rstrip("."): number for number, name in forms[width].items()}
                spelled = {name: number for name, number in spelled.items() if name.isalpha()}
                full[language] |= spelled.keys() if width == "wide" else set()
                for name, number in spelled.items():
                    months.setdefault(name.casefold(), number)
        conjunctions.add(re.sub(r"\{\d\}", "", locale.list_patterns["standard"]["2"]).strip())
    english = full.pop("en")
    others = set.union(*full.values())
    return Names(months, others, english - {name.title() for name in others}, conjunctions)


@cache
def day_pattern() -> re.Pattern[str]:
    """Return the pattern of a day, of several days and of a span of days.

    A month that is no English word of its own, such as "out" or "Mars", counts beside a year, after "de", or in full
    and in the case that its language writes.
    """
    months, full, only_english, conjunctions = names()
    every = "|".join(map(re.escape, months))
    month = (
        rf"(?:{ENGLISH_MONTH}|(?:(?:de\s+|d['’])(?:{every})|(?-i:{'|'.join(full)})|"
        rf"(?:{every})(?=\.?,?\s+(?:del?\s+)?20\d\d\b))\b\.?)"
    )
    # the dot of "26. Dezember", not of a sentence that ends before an English month
    dot = rf"\.(?!\s+(?:(?:{'|'.join(only_english)})\b|{ENGLISH_MONTH}\s+\d{{1,2}}\b))"
    day = rf"\d{{1,2}}(?:st|nd|rd|th|er|\.?[º°ª]|{dot})?"
    also = rf"\s*(?:,|/|&|\bor\b|\b(?:{'|'.join(conjunctions)})\b)\s*(?:and\s+|or\s+)?"
    year = [YEAR.format(n=n) for n in range(5)]
    east_asian_to = r"\s*(?:[-–—~〜～至到]|から|부터)\s*"
    return re.compile(
        rf"\b(?P<iso>20\d{{2}}-\d{{2}}-\d{{2}})\b"
        rf"|\b(?<!\d\.)(?P<a>{day})\s+(?P<am>{month}){year[1]}{TO}(?P<b>{day})\s+(?P<bm>{month}){year[2]}"
        rf"|\b(?<!\d\.)(?P<c>{day}(?:(?:{TO}|{also}){day}){{0,5}})\s+(?:of\s+)?(?P<cm>{month}){year[3]}"
        rf"|\b(?P<dm>{ENGLISH_MONTH})\s+(?P<d>{day}(?:(?:{TO}|{also}){day}(?!\d|:)){{0,5}})(?!\d|:){year[4]}"
        rf"|{EAST_ASIAN_DAY.format(n=5, m='em')}(?P<e>\d{{1,2}})"
        rf"(?:\s*(?:[日일号號](?:\s*[(（]\w{{1,3}}[)）])?)?{east_asian_to}(?:{EAST_ASIAN_DAY.format(n=6, m='fm')})?"
        r"(?P<f>\d{1,2})\s*[日일号號](?:まで|까지)?|\s*[日일号號])",
        re.IGNORECASE,
    )


def days_of(match: re.Match[str], reference: date) -> tuple[bool, list[tuple[date, date | None]]]:
    """Return whether a match of `day_pattern` is a span of days, and the days; none that the calendar lacks.

    Without a year it is the next such day after the reference, or the last if that is not yet two weeks gone.
    """

    def day(number: str, month: str, year: str | None) -> date:
        return _day(int(re.sub(r"\D", "", number)), _month(month), int(year) if year else None, reference)

    try:
        if match["iso"]:
            return False, [(date.fromisoformat(match["iso"]), None)]
        if match["a"] or match["f"]:
            return True, [_span(match, day)]
        days = match["c"] or match["d"] or match["e"]
        month = match["cm"] or match["dm"] or match["em"]
        year = match["year3"] or match["year4"] or match["year5"]
        numbers = re.findall(r"\d+", days)
        if len(numbers) == 2 and re.search(TO, f"{days} {month}", re.IGNORECASE):
            last = day(numbers[1], month, year)
            first = last.replace(day=int(numbers[0]))
            return True, [(first, last)] if first < last else []
        return False, [(day(number, month, year), None) for number in numbers]
    except ValueError:  # 31 June
        return False, []


def is_english_month(name: str) -> bool:
    """Is the month of a match of `day_pattern` spelled as in English, perhaps among other languages?"""
    return re.fullmatch(ENGLISH_MONTH, name, re.IGNORECASE) is not None


def _span(match: re.Match[str], day: Callable[[str, str, str | None], date]) -> tuple[date, date]:
    """Return the first and the last day of a span, each with a month; a year stands with either."""
    if match["a"]:
        last = day(match["b"], match["bm"], match["year2"])
        first = day(match["a"], match["am"], match["year1"] or str(last.year))
    elif match["year5"] and not match["year6"]:  # 2027年3月30日至4月2日
        first = day(match["e"], match["em"], match["year5"])
        last = day(match["f"], match["fm"] or match["em"], match["year5"])
        last = last if first <= last else last.replace(year=last.year + 1)
    else:
        last = day(match["f"], match["fm"] or match["em"], match["year6"])
        first = day(match["e"], match["em"], match["year5"] or str(last.year))
    return (first if first <= last else first.replace(year=first.year - 1)), last


def _month(name: str) -> int:
    return int(name) if name.isdecimal() else names().months[re.split(r"[\s'’]", name.strip(". "))[-1].casefold()]


def _day(number: int, month: int, year: int | None, reference: date) -> date:
    if year:
        return date(2000 + year % 100, month, number)
    for nth in (reference.year - 1, reference.year, reference.year + 1):
        try:
            day = date(nth, month, number)
        except ValueError:  # 29 February
            continue
        if day >= reference - YEARLESS_GRACE:
            return day
    raise ValueError(f"no {number}.{month}. near {reference}")
