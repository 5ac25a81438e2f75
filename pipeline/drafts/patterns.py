"""Fill the patterns of [draft] in newsletter.toml: names in braces, parts that may be left out, lines of a blurb."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from babel import UnknownLocaleError
from babel.dates import format_date

from pipeline.core.draft_form import NAME, OPTIONAL, names
from pipeline.core.errors import InputError
from pipeline.core.languages import locale_of

BLURB_LINE = re.compile(r"(?P<prefix>[ \t]*(?:>[ \t]?|[-*+][ \t]+)*)\{blurb\}(?P<suffix>[ \t]*)")
ITEM = re.compile(r"[ \t]*(?:[-*+]|\{n(?:th)?\}[.)])[ \t]+")
SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？")
ORDINALS = {1: "st", 2: "nd", 3: "rd"}

Values = Mapping[str, str | int | date]


def fill(pattern: str, values: Values) -> str:
    """Fill a pattern.

    Parameters
    ----------
    pattern : str
        Names that are not in `values` stay as they are.
    values : mapping
        Name → text, number or day. A number takes a format such as {number:03d}, a day one of strftime with %o for
        1st, 2nd, or a language: {date:de}, {date:fr full}.

    Returns
    -------
    str
        A line of which every name is empty is left out.
    """
    pattern = OPTIONAL.sub(lambda part: part[1] if _is_full(part[1], values) else "", pattern)
    lines: list[str] = []
    for line in pattern.split("\n"):
        names = [match[1] for match in NAME.finditer(line) if match[1] in values]
        if names and not any(str(values[name]) for name in names) and not _has_words(line):
            while lines and not lines[-1].strip():
                lines.pop()
            continue
        blurb = BLURB_LINE.fullmatch(line)
        if blurb and "blurb" in values:
            lines.append(_blurb(blurb["prefix"], str(values["blurb"])))
        else:
            lines.append(_fill(line, values))
    return "\n".join(lines)


@lru_cache(10_000)
def format_day(day: date, how: str) -> str:
    """Format a day by strftime, with %o for the ordinal, or in a language: "de", "fr full"."""
    if not how:
        return day.isoformat()
    if "%" not in how:
        language, _, length = how.partition(" ")
        try:
            return str(
                format_date(day, length if length in ("full", "medium", "short") else "long", locale_of(language))
            )
        except (UnknownLocaleError, ValueError):
            return day.isoformat()
    ordinal = f"{day.day}{'th' if 10 <= day.day % 100 <= 20 else ORDINALS.get(day.day % 10, 'th')}"
    how = how.replace("%o", ordinal).replace("%-d", str(day.day)).replace("%-m", str(day.month))
    return day.strftime(how)


def _is_full(part: str, values: Values) -> bool:
    return all(str(values.get(name, "")) for name in names(part))


def _has_words(line: str) -> bool:
    return re.search(r"\w", NAME.sub("", line)) is not None


def _blurb(prefix: str, text: str) -> str:
    """Write a text with a prefix before each line; of an item, with an indent before all but the first."""
    if text.lstrip().startswith(">"):
        prefix = prefix.replace(">", "").rstrip() if ">" in prefix else prefix
    elif re.match(r"[-*+][ \t]", text.lstrip()):  # the editor's own list
        prefix = re.sub(r"[-*+][ \t]+$", "", prefix)
    later = re.sub(r"[-*+]", " ", prefix)
    first, *rest = text.split("\n")
    return "\n".join([f"{prefix}{first}", *(f"{later}{line}".rstrip() for line in rest)])


def _fill(line: str, values: Values) -> str:
    item = ITEM.match(line)
    indent = " " * len(item[0]) if item else ""

    def value(match: re.Match[str]) -> str:
        name, how = match[1], match[2] or ""
        if name not in values:
            return match[0]
        found = values[name]
        if isinstance(found, date):
            return format_day(found, how)
        if isinstance(found, int):
            return _format(found, how)
        if how.isdecimal():  # the first of several highlights
            return "; ".join(found.split("; ")[: int(how)])
        if line.startswith("|"):  # a row of a table
            return " ".join(found.split()).replace("|", "\\|")
        return re.sub(r"\n(?=[^\n])", f"\n{indent}", found)  # what follows in an item belongs to it

    text = NAME.sub(value, line)
    title = str(values.get("title", ""))
    return text.replace(f"{title}.", title, 1) if title.endswith(SENTENCE_ENDS) else text


def _format(number: int, how: str) -> str:
    try:
        return format(number, how)
    except ValueError as error:
        raise InputError(f"newsletter.toml, [draft]: {{…:{how}}} is no format of a number; write e.g. :03d") from error
