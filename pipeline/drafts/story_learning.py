"""Learn how a newsletter writes its stories: the commonest of its entries' patterns, and that of each section."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.archive.pieces import Entry
from pipeline.core.draft_form import names
from pipeline.drafts.entry_patterns import pattern_of

SAME_WORDS = 0.5  # share of the links beside titles that may have the same words where these name the outlets
OUTLETS = 3  # different words at least
SELDOM = 0.1  # share of the entries from which a byline or a blurb belongs to the pattern
USUAL_WORDS = 0.5  # share of the entries that must have the words before a title for these to be of the form
OWN_BLOCK = 0.3  # share of the entries whose text must be a block of its own
FEWEST = 2  # stories by which a pattern is known
TITLE_AND_LINK = {"title", "url"}
FAR_MORE = 0.1  # share of the entries that a second pattern must fit beyond those that one fits
MOST_LEADS = 3  # first stories of a section that may be written otherwise
OF_SECTION = 0.6  # share of a section's entries that must have its own pattern
BLURB_GROUP = re.compile(
    r"\{\?[^{}]*\{blurb\}[^{}]*\}|(?<!\n)\n++[^\n{}]*+\{blurb\}(?=\n|$)|(?<![ \t])[ \t]*+\{blurb\}"
)
BYLINE_GROUP = re.compile(r"\{\?[^{}]*\{(?:byline|author|host)\}[^{}]*\}")
NUMBER = re.compile(r"\W*(\d{1,3})\b")  # that a story begins with
OUTLET_GROUP = re.compile(r"\{\?[^{}]*\{source\}[^{}]*\}")
TITLE_TOKEN = re.compile(r"\[[^\[\]]*\{title\}[^\[\]]*\]\(\{url\}\)[*_”\"»]*|\{title\}[*_”\"»]*")
ANCHOR = re.compile(r"\[(?![^\[\]]*\{title\})(?P<words>[^\[\]]*)\]\(\{url\}\)")
LEAD_IN = re.compile(
    r"^(?P<mark>[ \t]*+(?:(?:#{1,6}|[-*+>])[ \t]++)*+(?:\{n(?:th)?\}\W*+)?+)(?P<words>[^\[\]{}\n]+?)"
    r"(?=[*_\"“«]*\[?[*_\"“«]*\{title\})"
)
TOKENS = re.compile(
    r"^[^\S\n]*+(?:#{1,6}|[-*+](?=\s)|\{n(?:th)?\}|>|\|)|\*\*|__|\[…\]\(\{url\}\)|\[?\W?\{title\}|\{url\}|^[-=]{3,}",
    re.MULTILINE,
)
DEFAULT_BLURB = "\n\n{blurb}"
DEFAULT_ITEM_BLURB = "{?: {blurb}}"


@dataclass(frozen=True)
class Written:
    """How a past story is written, and where it stood."""

    heading: str
    place: int  # in its section, from 1
    pattern: str

    @property
    def has_text(self) -> bool:
        return "{blurb}" in self.pattern


@dataclass(frozen=True)
class Forms:
    """The patterns of the stories of a section."""

    story: str
    lead: str = ""  # of the first `leads`; "" where these are written like the others
    leads: int = 1
    short: str = ""  # of those without a text

    def pattern(self, written: Written) -> str:
        if self.lead and written.place <= self.leads:
            return self.lead
        return self.short if self.short and not written.has_text else self.story

    @property
    def skeletons(self) -> tuple[str, str, str]:
        return skeleton(self.story), skeleton(self.lead), skeleton(self.short)

    def agreed(self, found: Iterable[Written]) -> int:
        """Count the stories that have the skeleton of their pattern."""
        return sum(skeleton(written.pattern) == skeleton(self.pattern(written)) for written in found)


@dataclass(frozen=True)
class Learned:
    """The patterns of a newsletter's stories."""

    forms: Forms
    forms_in: dict[str, Forms]  # heading → forms, where a section has its own
    agreed: float  # share of the entries whose skeleton the patterns have


def learn_stories(issues: Sequence[Sequence[Entry]]) -> Learned | None:
    """Choose the patterns of most sections, and of each section that has others.

    A section counts once, so that a long one of one-liners does not decide how the stories of others are written.
    """
    number = "{nth}" if _numbers_go_on(issues) else "{n}"
    every = [written for entries in issues for written in _written(entries, number)]
    if not every:
        return None
    found: dict[str, list[Written]] = {}
    for written in every:
        found.setdefault(written.heading, []).append(written)
    found = {heading: _without_lead_ins(of) for heading, of in found.items()}
    leads = max(range(MOST_LEADS + 1), key=lambda n: sum(_forms(of, n).agreed(of) for of in found.values()))
    own = {
        heading: forms
        for heading, of in found.items()
        if len(of) > 1 and (forms := _forms(of, leads)).agreed(of) >= OF_SECTION * len(of)
    }
    forms = _forms([written for heading in _most_alike(found, own) for written in found[heading]], leads)
    own = {heading: each for heading, each in own.items() if each.skeletons != forms.skeletons}
    agreed = sum(own.get(heading, forms).agreed(of) for heading, of in found.items())
    return Learned(forms, own, agreed / len(every))


def _numbers_go_on(issues: Sequence[Sequence[Entry]]) -> bool:
    """Is a story numbered in its issue, not in its section?"""
    at_sections = [
        int(second[1]) == int(first[1]) + 1
        for entries in issues
        for before, entry in pairwise(entries)
        if before.section != entry.section
        and (first := NUMBER.match(before.head.text))
        and (second := NUMBER.match(entry.head.text))
    ]
    return sum(at_sections) > len(at_sections) / 2


def _written(entries: Sequence[Entry], number: str) -> list[Written]:
    """Write the entries of one issue as patterns, with a name for their numbers."""
    places: Counter[str] = Counter()
    found = []
    for entry in entries:
        places[entry.section] += 1
        found.append(Written(entry.section, places[entry.section], pattern_of(entry).replace("{n}", number)))
    return found


def _forms(found: Sequence[Written], leads: int) -> Forms:
    """Choose one pattern; another for the first ones, or for those without a text, where far more agree then."""
    best = Forms(choose(each.pattern for each in found), leads=max(leads, 1))
    is_first, is_short = [each.place <= leads for each in found], [not each.has_text for each in found]
    for name, is_other in (("lead", is_first), ("short", is_short)):
        forms = _parted(found, is_other, name, best.leads)
        if forms and forms.agreed(found) >= best.agreed(found) + FAR_MORE * len(found):
            best = forms
    return best


def _parted(found: Sequence[Written], is_other: Sequence[bool], name: str, leads: int) -> Forms | None:
    """Choose two patterns, where either group has one: the other prints title and link, or all is text."""
    groups = [[each for each, other in zip(found, is_other, strict=True) if other is which] for which in (False, True)]
    if min(map(len, groups)) < FEWEST:
        return None
    story, other = (choose(each.pattern for each in group) for group in groups)
    forms = Forms(**{"story": story, name: other}, leads=leads)
    missing, also_missing = TITLE_AND_LINK - names(other), TITLE_AND_LINK - names(story)
    is_complete = not missing or missing == also_missing == TITLE_AND_LINK
    are_alike = all(forms.agreed(group) >= OF_SECTION * len(group) for group in groups)
    return forms if is_complete and are_alike else None


def _most_alike(found: Mapping[str, Sequence[Written]], own: Mapping[str, Forms]) -> Iterable[str]:
    """Return the headings whose sections have the skeletons of most of them; of as many, of most entries."""
    votes = Counter(forms.skeletons for forms in own.values())
    if not votes:
        return found
    sizes = Counter({each: sum(len(found[h]) for h, forms in own.items() if forms.skeletons == each) for each in votes})
    usual = max(votes, key=lambda each: (votes[each], sizes[each]))
    return [heading for heading, forms in own.items() if forms.skeletons == usual]


def choose(patterns: Iterable[str]) -> str:
    """Choose the commonest pattern: first its skeleton, then with the byline and the blurb that some entries have."""
    patterns = list(patterns)
    best = Counter(map(skeleton, patterns)).most_common(1)[0][0]
    group = [pattern for pattern in patterns if skeleton(pattern) == best]
    bylines = [match[0] for pattern in group if (match := BYLINE_GROUP.search(pattern))]
    group = list(_with_outlets(_with_own_block(group)))
    story = _commonest(group, re.compile(r"\{title\}.*\{blurb\}|^\W*\{blurb\}$", re.DOTALL), SELDOM * len(group))
    if len(bylines) >= SELDOM * len(group) and not BYLINE_GROUP.search(story):
        story = TITLE_TOKEN.sub(lambda token: token[0] + Counter(bylines).most_common(1)[0][0], story, count=1)
    if "{blurb}" not in story:
        story += DEFAULT_ITEM_BLURB if re.match(r"\s*(?:[-*+|]|\{n(?:th)?\})", story) else DEFAULT_BLURB
    return story


def skeleton(pattern: str) -> str:
    """Return where title and link stand in a pattern, without byline, blurb, punctuation and words of links."""
    bare = OUTLET_GROUP.sub("", BYLINE_GROUP.sub("", BLURB_GROUP.sub("", pattern)))
    bare = ANCHOR.sub("[…]({url})", bare)
    return " ".join(TOKENS.findall(bare)).replace("+", "-").replace("*", "-").replace("__", "--") or pattern


def _with_own_block(group: Sequence[str]) -> Sequence[str]:
    """Return the patterns whose blurb is a block of its own, where that is usual."""
    blocks = [pattern for pattern in group if re.search(r"\n\n[^\n{}]*\{blurb\}", pattern)]
    return blocks if blocks and len(blocks) >= OWN_BLOCK * len(group) else group


def _with_outlets(group: Sequence[str]) -> Sequence[str]:
    """Write {source} for the words of links that differ from story to story, as names of papers do."""
    words = [match["words"] for pattern in group if (match := ANCHOR.search(pattern)) and "{" not in match["words"]]
    if not words or Counter(words).most_common(1)[0][1] > SAME_WORDS * len(words) or len(set(words)) < OUTLETS:
        return group
    return [ANCHOR.sub(lambda m: m[0] if "{" in m["words"] else "[{source}]({url})", pattern) for pattern in group]


def _without_lead_ins(found: Sequence[Written]) -> list[Written]:
    """Drop what leads in to the titles of a few stories of a section: words, a day, a sign."""
    words = Counter(match["words"] for each in found if (match := LEAD_IN.match(each.pattern)))
    rare = {each for each, n in words.items() if n < USUAL_WORDS * len(found)}

    def bare(match: re.Match[str]) -> str:
        return match["mark"] + "**" * (match["words"].count("**") % 2) if match["words"] in rare else match[0]

    return [replace(each, pattern=LEAD_IN.sub(bare, each.pattern, count=1)) for each in found]


def _commonest(group: Sequence[str], wanted: re.Pattern[str], fewest: float) -> str:
    """Return the commonest pattern, of several the newest one's."""
    group = group[::-1]
    having = [pattern for pattern in group if wanted.search(pattern)]
    return Counter(having if len(having) >= max(fewest, 1) else group).most_common(1)[0][0]
