"""Find a newsletter's sections in past issues: merge spellings and renamed headings, leave out one-offs, order them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from statistics import mean, median

from pipeline.core.types import Issue, Pick
from pipeline.core.urls import host_of

SIMILAR = 0.85  # ratio of two headings' letters from which they name one section
RARE = 0.08  # share of the issues a section must occur in; at least two
MANY_NUMBERED = 2  # spellings of a heading that differ in a number alone
LAST = 20  # issues whose picks give the quota
# an emoji is part of the name; of ASCII signs those that stand apart, as "#python" and "C++" are names
SIGNS = re.compile(r"^(?:[•‣⁃∙·・※§¶†‐-―←-⇿①-⓿─-◿★☆➔-➿]\s*|[-*#>=~|+]+\s+)+|[\s:：]+$|(?:\s[•·・─-◿★☆=~|*#-]+)+\s*$")
WORDS_SHOWN = 8
SHORTEST_WORD = 4
LIFT = 2.0  # so many times more often a telling word stands in titles of its section than in all
FEWEST_ISSUES = 3  # of a heading that was renamed, and of its new name
REGULAR = 0.5  # share of the issues between its first and last in which a heading must occur
GAP = 2  # issues between the last of the old name and the first of the new one
SAME_PLACE = 0.2  # of the issue's length, between the mean places of old and new name
SAME_SIZE = 3.0  # times as many picks an issue as the other at most
ALIKE = 0.3  # cosine of words and sites of the picks from which likeness counts instead of place and size


@dataclass
class ProposedSection:
    """A section found in past issues."""

    name: str
    aliases: list[str] = field(default_factory=list)
    picks: list[tuple[int, Pick]] = field(default_factory=list)  # place of its issue in the series, pick
    words: list[str] = field(default_factory=list)
    quota: int = 0
    typical: list[str] = field(default_factory=list)  # titles with many of the words
    renamed: list[str] = field(default_factory=list)  # older names that no issue has beside the present one
    switches: list[str] = field(default_factory=list)  # keys of newsletter.toml that are true: deadlines, one_liners, …

    @property
    def span(self) -> tuple[int, int]:
        """Places in the series of the first and the last issue it occurs in."""
        places = [nth for nth, _ in self.picks]
        return min(places), max(places)

    @property
    def n_issues(self) -> int:
        """In how many issues it occurs."""
        return len({nth for nth, _ in self.picks})


def propose_sections(issues: Sequence[Issue]) -> list[ProposedSection]:
    """Merge headings that are nearly equal, leave out one-offs, and put the sections in the order of the issues."""
    found = _by_heading(issues)
    merged = _join_renamed(_merge(found), issues)
    fewest = max(2, RARE * len(issues)) if len(issues) > 1 else 1
    kept = [section for section in merged if section.n_issues >= fewest] or merged[:1]
    kept.sort(key=lambda section: mean(_places(section, issues)))
    everywhere = Counter(word for section in kept for _, pick in section.picks for word in set(_words(pick.title)))
    n_titles = sum(len(section.picks) for section in kept)
    for section in kept:
        if (plain := plain_name(section.name)) != section.name:
            section.name, section.aliases = plain, [section.name, *section.aliases]
        section.words = _telling_words(section, everywhere, n_titles)
        section.typical = _typical(section)
        recent = Counter(nth for nth, _ in section.picks if nth >= len(issues) - LAST)
        section.quota = round(median(recent.values())) if recent else 0
    return kept


def _by_heading(issues: Sequence[Issue]) -> list[ProposedSection]:
    sections: dict[str, ProposedSection] = {}
    spellings: dict[str, dict[str, date]] = {}
    for nth, issue in enumerate(issues):
        for pick in issue.picks:
            key = letters(pick.section_name)
            sections.setdefault(key, ProposedSection(pick.section_name)).picks.append((nth, pick))
            spellings.setdefault(key, {})[pick.section_name] = issue.date
    for key, section in sections.items():
        names = sorted(spellings[key], key=lambda spelling: spellings[key][spelling])
        section.name, section.aliases = names[-1], names[:-1]
        plain = [_without_number(name) for name in names]
        if len(names) > MANY_NUMBERED and len(set(plain)) == 1 and plain[0]:  # "News (2018-07-26)" in each issue
            section.name, section.aliases = plain[0], []
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
    a, b = letters(known.name), letters(other.name)
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


def _without_number(name: str) -> str:
    """Return a heading without the number or day that changes from issue to issue."""
    return " ".join(re.sub(r"[(\[（【]?\s*[\d][\d./\-: ]*[)\]）】]?", " ", name).split())


def plain_name(heading: str) -> str:
    """Return a heading without the signs of a list before it and the colon behind: "■ News:" is News."""
    return SIGNS.sub("", heading).strip() or heading


def letters(text: str) -> str:
    """Return what tells names apart: letters, and the signs of C++ and C#."""
    return "".join(re.findall(r"[^\W\d_][+#]*", unicodedata.normalize("NFKC", text).casefold()))


def _words(text: str, shortest: int = SHORTEST_WORD) -> list[str]:
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return [word for word in words if len(word) >= (shortest if word < "\u3000" else min(shortest, 2))]


def _telling_words(section: ProposedSection, everywhere: Counter[str], n_titles: int) -> list[str]:
    """Return the words that titles of this section have more often than those of the others, without "with", "what"."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS  # takes a second to import

    here = Counter(word for _, pick in section.picks for word in set(_words(pick.title)))
    share = len(section.picks) / n_titles
    is_alone = share > 1 / LIFT
    weight = {
        word: n * n / everywhere[word]
        for word, n in here.items()
        if n > 1 and word not in ENGLISH_STOP_WORDS and (is_alone or n >= LIFT * share * everywhere[word])
    }
    return sorted(weight, key=lambda word: (-weight[word], word))[:WORDS_SHOWN]


def _typical(section: ProposedSection) -> list[str]:
    """Return two titles with many of the telling words, of the newer ones."""
    titles = list(dict.fromkeys(pick.title for _, pick in sorted(section.picks, key=lambda each: -each[0])))
    telling = set(section.words)
    best = sorted(titles[:60], key=lambda title: -len(telling & set(_words(title))) / (3 + len(title.split())))
    return [" ".join(title.split()) for title in best if 10 <= len(title) <= 90][:2]


def _join_renamed(sections: list[ProposedSection], issues: Sequence[Issue]) -> list[ProposedSection]:
    """Join a section that ends where another begins, at its place and of its size or with picks alike."""
    left = [section for section in sections if section.n_issues >= FEWEST_ISSUES and letters(section.name)]
    pairs = [(_likeness(old, new, issues), old, new) for old in left for new in left if _follows(old, new)]
    pairs.sort(key=lambda pair: -pair[0])
    gone: dict[int, ProposedSection] = {}
    taken: set[int] = set()
    for likeness, old, new in pairs:
        if likeness <= 0 or id(old) in gone or id(new) in taken:
            continue
        gone[id(old)] = new
        taken.add(id(new))
    for section in sections:
        present = section
        while id(present) in gone:
            present = gone[id(present)]
        if present is not section:
            present.renamed.append(section.name)
            present.aliases += [section.name, *section.aliases]
            present.picks += section.picks
    return [section for section in sections if id(section) not in gone]


def _follows(old: ProposedSection, new: ProposedSection) -> bool:
    """Does one section begin where the other ends, both regular?"""
    (first, last), (start, end) = old.span, new.span
    if old is new or not 0 < start - last <= GAP + 1:
        return False
    return old.n_issues >= REGULAR * (last - first + 1) and new.n_issues >= REGULAR * (end - start + 1)


def _likeness(old: ProposedSection, new: ProposedSection, issues: Sequence[Issue]) -> float:
    """Return how alike two sections are: 0 if neither place and size nor picks are."""
    apart = abs(mean(_places(old, issues)) - mean(_places(new, issues)))
    sizes = sorted(len(section.picks) / section.n_issues for section in (old, new))
    cosine = _cosine(_features(old), _features(new))
    if cosine < ALIKE and (apart > SAME_PLACE or sizes[1] > SAME_SIZE * sizes[0]):
        return 0.0
    return cosine + 1 - apart


def _features(section: ProposedSection) -> Counter[str]:
    """Count the words of the titles and the sites of the picks."""
    counts: Counter[str] = Counter()
    for _, pick in section.picks:
        counts.update(set(_words(pick.title)))
        counts[host_of(pick.url) if pick.url else ""] += 1
    return counts


def _cosine(a: Counter[str], b: Counter[str]) -> float:
    norm = sum(n * n for n in a.values()) ** 0.5 * sum(n * n for n in b.values()) ** 0.5
    return sum(n * b[word] for word, n in a.items()) / norm if norm else 0.0
