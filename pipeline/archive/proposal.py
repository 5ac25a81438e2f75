"""Propose a newsletter.toml from past issues: name, issue day, sections with aliases, order, quota and instructions.

Records in, text out. What is proposed is the editor's to change.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from itertools import pairwise
from statistics import mean, median

from pipeline.core.config import WEEKDAYS, render_template
from pipeline.core.types import Issue, Pick

SIMILAR = 0.85  # ratio of two headings' letters from which they name one section
RARE = 0.08  # share of the issues a section must occur in; at least two
LAST = 20  # issues whose picks give the quota
WORDS_SHOWN = 8
SHORTEST_WORD = 4
NO_SECTION = "Links"  # name of the section of an archive without headings


@dataclass
class ProposedSection:
    """A section found in past issues."""

    name: str
    aliases: list[str] = field(default_factory=list)
    picks: list[tuple[int, Pick]] = field(default_factory=list)  # place of its issue in the series, pick
    words: list[str] = field(default_factory=list)
    quota: int = 0

    @property
    def n_issues(self) -> int:
        """In how many issues it occurs."""
        return len({nth for nth, _ in self.picks})


def propose(issues: Sequence[Issue], name: str | None, fallback: str) -> tuple[str, list[ProposedSection]]:
    """Return the text of newsletter.toml and the sections in it.

    Parameters
    ----------
    issues : sequence of Issue
        In any order; at least one with a pick.
    name : str, optional
        Of the newsletter; default: the words that its titles begin with.
    fallback : str
        Name where the titles have none.
    """
    issues = sorted(issues, key=lambda issue: issue.date)
    sections = propose_sections(issues)
    text = render_template("blank", name or common_title(issues) or fallback)
    head = text[: text.index("[[sections]]")]
    head = re.sub(r'issue_day = "\w+"', f'issue_day = "{issue_day(issues)}"', head, count=1)
    told = f"# From {len(issues)} past issues, {rhythm(issues)}: {issues[0].date} to {issues[-1].date}.\n\n"
    return head + told + "\n".join(_section_toml(section) for section in sections), sections


def common_title(issues: Sequence[Issue]) -> str:
    """Return the words that most titles begin with, without number and date; "" if there are none."""
    beginnings: Counter[str] = Counter()
    for issue in issues:
        words = re.split(
            r"[#\d|:：–—(（]|\s-\s|\b(?:issue|edition|no\.)", issue.title, maxsplit=1, flags=re.IGNORECASE
        )[0]
        beginnings[" ".join(words.strip(" ,.-'\"").split())] += 1
    words, n = beginnings.most_common(1)[0] if beginnings else ("", 0)
    return words if n >= max(2, len(issues) / 2) else ""


def issue_day(issues: Sequence[Issue]) -> str:
    """Return the weekday that most of the last issues went out."""
    return WEEKDAYS[Counter(issue.date.weekday() for issue in issues[-3 * LAST :]).most_common(1)[0][0]]


def rhythm(issues: Sequence[Issue]) -> str:
    """Describe how often issues went out."""
    days = [(b.date - a.date).days for a, b in pairwise(issues)]
    return f"one every {median(days):.0f} days" if days else "one issue"


def propose_sections(issues: Sequence[Issue]) -> list[ProposedSection]:
    """Merge headings that are nearly equal, leave out one-offs, and put the sections in the order of the issues."""
    found = _by_heading(issues)
    merged = _merge(found)
    fewest = max(2, RARE * len(issues)) if len(issues) > 1 else 1
    kept = [section for section in merged if section.n_issues >= fewest] or merged[:1]
    kept.sort(key=lambda section: mean(_places(section, issues)))
    everywhere = Counter(word for section in kept for _, pick in section.picks for word in _words(pick.title))
    for section in kept:
        section.words = _telling_words(section, everywhere)
        recent = Counter(nth for nth, _ in section.picks if nth >= len(issues) - LAST)
        section.quota = round(median(recent.values())) if recent else 0
    return kept


def _by_heading(issues: Sequence[Issue]) -> list[ProposedSection]:
    sections: dict[str, ProposedSection] = {}
    spellings: dict[str, dict[str, date]] = {}
    for nth, issue in enumerate(issues):
        for pick in issue.picks:
            key = _letters(pick.section_name)
            sections.setdefault(key, ProposedSection(pick.section_name)).picks.append((nth, pick))
            spellings.setdefault(key, {})[pick.section_name] = issue.date
    for key, section in sections.items():
        names = sorted(spellings[key], key=lambda spelling: spellings[key][spelling])
        section.name, section.aliases = names[-1], names[:-1]
    return list(sections.values())


def _merge(sections: list[ProposedSection]) -> list[ProposedSection]:
    """Join each section to a more frequent one whose words are nearly the same or are part of its own."""
    merged: list[ProposedSection] = []
    for section in sorted(sections, key=lambda each: -len(each.picks)):
        twin = next((each for each in merged if _is_same(each, section)), None)
        if twin is None:
            merged.append(section)
            continue
        twin.aliases += [section.name, *section.aliases]
        twin.picks += section.picks
    return merged


def _is_same(known: ProposedSection, other: ProposedSection) -> bool:
    a, b = _letters(known.name), _letters(other.name)
    if not a or not b:
        return a == b
    if SequenceMatcher(None, a, b, autojunk=False).ratio() >= SIMILAR:
        return True
    mine, theirs = set(_words(known.name, 1)), set(_words(other.name, 1))
    smaller, larger = sorted((mine, theirs), key=len)
    together = {nth for nth, _ in known.picks} & {nth for nth, _ in other.picks}
    return len(smaller) > 0 and smaller < larger and len(together) <= 0.2 * other.n_issues


def _places(section: ProposedSection, issues: Sequence[Issue]) -> list[float]:
    return [pick.position / len(issues[nth].picks) for nth, pick in section.picks]


def _letters(text: str) -> str:
    return "".join(re.findall(r"[^\W\d_]", unicodedata.normalize("NFKC", text).casefold()))


def _words(text: str, shortest: int = SHORTEST_WORD) -> list[str]:
    return [word for word in re.findall(r"[^\W\d_]+", text.casefold()) if len(word) >= shortest]


def _telling_words(section: ProposedSection, everywhere: Counter[str]) -> list[str]:
    """Return the words that titles of this section have more often than those of the others."""
    here = Counter(word for _, pick in section.picks for word in set(_words(pick.title)))
    weight = {word: n * n / everywhere[word] for word, n in here.items() if n > 1}
    return sorted(weight, key=lambda word: (-weight[word], word))[:WORDS_SHOWN]


def _section_toml(section: ProposedSection) -> str:
    name = section.name.strip() or NO_SECTION
    words = f" Their titles speak of: {', '.join(section.words)}." if section.words else ""
    instructions = f"What past issues had under {name}.{words}"
    lines = [
        "[[sections]]",
        f"key = {_quoted(_slug(name))}",
        f"name = {_quoted(name)}",
        f"instructions = {_quoted(instructions)}",
    ]
    if section.aliases or not section.name.strip():
        lines.append(f"aliases = {json.dumps(_aliases(section, name), ensure_ascii=False)}")
    if section.quota:
        lines.append(f"quota = {section.quota}")
    lines.append(f"# {len(section.picks)} picks in {section.n_issues} issues\n")
    return "\n".join(lines)


def _aliases(section: ProposedSection, name: str) -> list[str]:
    given = [alias for alias in dict.fromkeys(section.aliases) if alias != name]
    return [*given, ""] if not section.name.strip() and "" not in given else given


def _quoted(text: str) -> str:
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return slug or "section-" + "-".join(f"{ord(char):x}" for char in _letters(name)[:4])
