"""Propose a newsletter.toml from past issues: name, address, issue day, time zone, and the sections.

Records in, text out. What is proposed is the editor's to change.
"""

import json
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import chain, count, pairwise
from statistics import median
from zoneinfo import ZoneInfo

from dateutil import parser as dates
from slugify import slugify

from pipeline.archive.metadata.date_keys import given_dates
from pipeline.archive.metadata.numbers import ISSUE_WORDS
from pipeline.archive.proposal.found_issue_days import find_issue_days
from pipeline.archive.proposal.language import language_of
from pipeline.archive.proposal.proposed_sections import LAST, ProposedSection, letters, propose_sections
from pipeline.archive.proposal.section_switches import set_switches
from pipeline.archive.reading import ReadIssue
from pipeline.core.config import render_template
from pipeline.core.counted import counted
from pipeline.core.types import Issue
from pipeline.core.urls import canonical_url, host_of

NO_SECTION = "Links"  # name of the section of an archive without headings
NAME_KEYS = ("newsletter", "publication", "newsletter_name", "publication_name", "site_name", "series")
ISSUE_OF = re.compile(
    r"\b(?:issue|edition) of (?:the )?[*_]*((?:[A-Z][\w’']*)(?: (?:in|of|the|and|for|&|[A-Z][\w’']*))*)"
)
NUMBER_MARK = re.compile(
    rf"[\s,.:–—|-]*(?:\bn\.?[°º]|№|#|\bnr\.?|\bno\.?|\bvol\.?|第|\b(?:issue|edition|{ISSUE_WORDS}))?[\s#]*$",
    re.IGNORECASE,
)
DULL_NAMES = {
    "issue", "edition", "newsletter", "week", "weekly", "digest", "post", "update", "ausgabe", "index", "draft", "the",
}  # fmt: skip
# hosts of many newsletters: links there may be picks
PLATFORMS = {
    "buttondown.com", "buttondown.email", "substack.com", "medium.com", "github.com", "mailchi.mp", "linkedin.com",
    "tinyletter.com", "getrevue.co", "ghost.io", "wordpress.com", "campaign-archive.com", "beehiiv.com",
}  # fmt: skip
SHORTEST_NAME = 5  # letters of a name that is taken from file names
MOST = 0.5  # share of the issues that must agree on a name, an address, a day
# zones whose offsets are compared with those of the issues' times; of several that agree the first is proposed
ZONES = (
    "Europe/London", "Europe/Berlin", "Europe/Helsinki", "America/New_York", "America/Chicago", "America/Denver",
    "America/Los_Angeles", "America/Sao_Paulo", "Europe/Moscow", "Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo",
    "Australia/Sydney", "Pacific/Auckland",
)  # fmt: skip


def propose(
    issues: Sequence[Issue], name: str | None, fallback: str, examples: Sequence[ReadIssue] = ()
) -> tuple[str, list[ProposedSection]]:
    """Return the text of newsletter.toml and the sections in it.

    Parameters
    ----------
    issues : sequence of Issue
        In any order; at least one with a pick.
    name : str, optional
        Of the newsletter; default: what its front matter, titles, opening or files call it.
    fallback : str
        Name where they do not.
    examples : sequence of ReadIssue
        Some of the issues as they were read.
    """
    issues = sorted(issues, key=lambda issue: issue.date)
    sections = propose_sections(issues)
    set_switches(sections, issues, examples)
    name = name or find_name(issues, examples)
    text = render_template("blank", name or fallback)
    head = text[: text.index("[[sections]]")]
    day, share = find_issue_days([issue.date for issue in issues[-3 * LAST :]])
    n_guessed = sum(bool(one.facts.guessed) for one in examples)
    is_guess = n_guessed > MOST * len(examples)
    why = "a guess: most issues do not say their day" if is_guess else f"{share:.0%} of the last issues went out then"
    head = _set(head, "issue_day", day, why)
    if address := find_address(examples):
        head = _set(head, "url", address)
    if zone := find_zone(examples):
        head = _set(head, "timezone", zone, "as the times of your issues; change it if yours is another")
    language = language_of(own_words(examples)) or language_of([p.title for issue in issues for p in issue.picks])
    if language:
        head = _set(head, "language", language.code, f"{language.name}, as the issues; drafts write the day in it")
    comment = f"# From {counted(len(issues), 'past issue')}, {rhythm(issues)}: {issues[0].date} to {issues[-1].date}.\n"
    comment += "" if name else "# Its name is the folder's, as the issues say none.\n"
    ended = [section for section in sections if section.span[1] < len(issues) - LAST]
    if ended:
        names = ", ".join(map(_name_of, ended))
        comment += f"# Not in the last {LAST} issues, so perhaps to be removed or made aliases of others: {names}.\n"
    tables = [_section_toml(section, key, issues) for section, key in zip(sections, _keys(sections), strict=True)]
    return head + comment + "\n" + "\n".join(tables), sections


def _set(text: str, key: str, value: str, comment: str = "") -> str:
    """Set a key at the head of the file; a comment replaces the one that is there."""

    def line(match: re.Match[str]) -> str:
        there = f"{key} = {_quoted(value)}"
        return f"{there:<29} # {comment or match[1]}"

    return re.sub(rf"^{key} = \"[^\"]*\"\s*# (.*)$", line, text, count=1, flags=re.MULTILINE)


def find_name(issues: Sequence[Issue], examples: Sequence[ReadIssue]) -> str:
    """Return what the newsletter calls itself: in front matter, in titles, in its opening, in its files' names."""
    given = [str(one.document.meta.get(key)) for one in examples for key in NAME_KEYS if one.document.meta.get(key)]
    return (
        _agreed(given, len(examples))
        or common_title(issues)
        or _agreed([_called(one) for one in examples], len(examples))
        or _from_files([one.document.stem for one in examples])
    )


def common_title(issues: Sequence[Issue]) -> str:
    """Return the words that most titles begin with, without number and date; "" if there are none."""
    beginnings: list[str] = []
    for issue in issues:
        words = re.split(
            r"[#\d|:：–—(（]|\s-\s|\b(?:issue|edition|no\.)", issue.title, maxsplit=1, flags=re.IGNORECASE
        )[0]
        beginnings.append(NUMBER_MARK.sub("", " ".join(words.split())).strip(" ,.-'\""))
    return _agreed(beginnings, len(issues))


def _agreed(names: Sequence[str], of: int) -> str:
    name, n = Counter(filter(None, names)).most_common(1)[0] if any(names) else ("", 0)
    is_telling = letters(name) and letters(name) not in DULL_NAMES
    return name if is_telling and n >= max(2, MOST * of) else ""


def _called(issue: ReadIssue) -> str:
    """Return the name in "another issue of NAME"."""
    for block in issue.document.blocks[:6]:
        if match := ISSUE_OF.search(block.text):
            return match[1].strip()
    return ""


def _from_files(stems: Sequence[str]) -> str:
    """Return the words that all files' names have beside numbers and days: lathe-letter-31 is Lathe Letter."""
    words = [" ".join(re.findall(r"[^\W\d_]+", re.sub(r"第?\s*\d+\s*[期号回]?", " ", stem))) for stem in stems]
    name = _agreed(words, len(stems))
    if name.isascii() and len(letters(name)) < SHORTEST_NAME:
        return ""
    return name.title() if name.isascii() and name.islower() else name


def find_address(examples: Sequence[ReadIssue]) -> str:
    """Return where the issues are published, where their own addresses agree on a host."""
    hosts = [host_of(canonical_url(str(one.document.meta.get(key) or ""))) for one in examples
             for key in ("url", "canonical_url", "absolute_url")]  # fmt: skip
    host = _agreed(hosts, len(examples))
    return f"https://{host}/" if host and host not in PLATFORMS else ""


def find_zone(examples: Sequence[ReadIssue]) -> str:
    """Return a time zone whose offsets are those of the issues' times; "" where they have none, or are in UTC."""
    times = [time for one in examples if (time := _time(one)) is not None]
    if not times or not any(time.utcoffset() for time in times):
        return ""
    for zone in ZONES:
        if all(time.utcoffset() == time.astimezone(ZoneInfo(zone)).utcoffset() for time in times):
            return zone
    return ""


def _time(issue: ReadIssue) -> datetime | None:
    for value in given_dates(issue.document.meta):
        if isinstance(value, str) and re.search(r"\d:\d\d(?::\d\d)?(?:\.\d+)?\s*[+-]\d\d:?\d\d\s*$", value):
            try:
                value = dates.parse(value)
            except (ValueError, OverflowError):
                continue
        if isinstance(value, datetime) and value.tzinfo is not None:
            return value
    return None


def own_words(examples: Sequence[ReadIssue]) -> list[str]:
    """Return the text of each block outside its links, whose titles may be in the languages of other sites.

    What is the same but for its digits, such as the heading of a section, comes once.
    """
    blocks = [block for one in examples for block in one.document.blocks]
    texts = [" ".join(span.text for line in block.lines for span in line if not span.url) for block in blocks]
    return list({letters(text): text for text in texts if letters(text)}.values())


def rhythm(issues: Sequence[Issue]) -> str:
    """Describe how often issues went out."""
    days = [(b.date - a.date).days for a, b in pairwise(issues)]
    return f"one every {counted(round(median(days)), 'day')}" if days else "one issue"


def _keys(sections: Sequence[ProposedSection]) -> list[str]:
    """Return a key for each section, its name in letters from a to z; of equal ones the later get a number."""
    keys: list[str] = []
    for section in sections:
        slug = slugify(_name_of(section)) or "section"
        keys.append(next(key for key in chain([slug], (f"{slug}-{n}" for n in count(2))) if key not in keys))
    return keys


def _name_of(section: ProposedSection) -> str:
    return section.name.strip() or NO_SECTION


def _section_toml(section: ProposedSection, key: str, issues: Sequence[Issue]) -> str:
    name = _name_of(section)
    lines = [
        "[[sections]]",
        f"key = {_quoted(key)}",
        f"name = {_quoted(name)}",
        f"instructions = {_quoted(_instructions(section, name))}",
    ]
    if section.aliases or not section.name.strip():
        renamed = f"  # it seems to go on from: {', '.join(map(_one_line, section.renamed))}" if section.renamed else ""
        lines.append(f"aliases = {json.dumps(_aliases(section, name), ensure_ascii=False)}{renamed}")
    if section.quota:
        lines.append(f"quota = {section.quota}")
    lines += [f"{switch} = true" for switch in section.switches]
    first, last = (issues[nth].date for nth in section.span)
    amount = f"{counted(len(section.picks), 'pick')} in {counted(section.n_issues, 'issue')}"
    lines.append(f"# {amount}, {first} to {last}\n")
    return "\n".join(lines)


def _instructions(section: ProposedSection, name: str) -> str:
    """Describe a section by the words of its picks and two of their titles."""
    words = f": {', '.join(section.words)}" if section.words else ""
    titles = f" For example: {'; '.join(f'“{title}”' for title in section.typical)}." if section.typical else ""
    return f"{name}{words}.{titles}"


def _aliases(section: ProposedSection, name: str) -> list[str]:
    given = [alias for alias in dict.fromkeys(section.aliases) if alias != name]
    return [*given, ""] if not section.name.strip() and "" not in given else given


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _quoted(text: str) -> str:
    return json.dumps(_one_line(text), ensure_ascii=False)
