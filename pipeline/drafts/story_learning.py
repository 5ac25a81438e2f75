"""Learn how a newsletter writes its stories: the commonest of its entries' patterns, and that of each section."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.archive.pieces import Entry
from pipeline.drafts.entry_patterns import pattern_of

SAME_WORDS = 0.5  # share of the links beside titles that may have the same words where these name the outlets
OUTLETS = 3  # different words at least
SELDOM = 0.1  # share of the entries from which a byline or a blurb belongs to the pattern
USUAL_WORDS = 0.5  # share of the entries that must have the words before a title for these to be of the form
OWN_BLOCK = 0.3  # share of the entries whose text must be a block of its own
OF_SECTION = 0.6  # share of a section's entries that must have its own pattern
BLURB_GROUP = re.compile(
    r"\{\?[^{}]*\{blurb\}[^{}]*\}|(?<!\n)\n++[^\n{}]*+\{blurb\}(?=\n|$)|(?<![ \t])[ \t]*+\{blurb\}"
)
BYLINE_GROUP = re.compile(r"\{\?[^{}]*\{(?:byline|author|host)\}[^{}]*\}")
TITLE_TOKEN = re.compile(r"\[[^\[\]]*\{title\}[^\[\]]*\]\(\{url\}\)[*_”\"»]*|\{title\}[*_”\"»]*")
ANCHOR = re.compile(r"\[(?![^\[\]]*\{title\})(?P<words>[^\[\]]*)\]\(\{url\}\)")
LEAD_IN = re.compile(r"(?P<mark>\W*(?:\{n\}\W*)?)(?P<words>[^\W\d_][^\[\]{}*\n]*)(?=[\[*_\"“«]*\{title\})")
TOKENS = re.compile(
    r"^[^\S\n]*+(?:#{1,6}|[-*+](?=\s)|\{n\}|>|\|)|\*\*|__|\[…\]\(\{url\}\)|\[?\W?\{title\}|\{url\}|^[-=]{3,}",
    re.MULTILINE,
)
DEFAULT_BLURB = "\n\n{blurb}"
DEFAULT_ITEM_BLURB = "{?: {blurb}}"


@dataclass(frozen=True)
class Learned:
    """The patterns of a newsletter's stories."""

    story: str
    story_in: dict[str, str]  # heading → pattern, where a section has its own
    agreed: float  # share of the entries whose skeleton the patterns have


def learn_stories(entries: Sequence[Entry]) -> Learned | None:
    """Choose the pattern of most sections, and of each section that has another one.

    A section counts once, so that a long one of one-liners does not decide how the stories of others are written.
    """
    patterns: dict[str, list[str]] = {}
    for entry in entries:
        patterns.setdefault(entry.section, []).append(pattern_of(entry))
    if not patterns:
        return None
    own = {heading: best for heading, found in patterns.items() if (best := _own_pattern(found))}
    every = [pattern for found in patterns.values() for pattern in found]
    story = choose(_of_most_sections(every, own.values()))
    own = {heading: best for heading, best in own.items() if skeleton(best) != skeleton(story)}
    agreed = sum(
        skeleton(pattern) == skeleton(own.get(heading, story))
        for heading, found in patterns.items()
        for pattern in found
    )
    return Learned(story, own, agreed / len(every))


def _own_pattern(patterns: Sequence[str]) -> str | None:
    """Return the pattern in which most entries of a section are written; None where they differ."""
    best = choose(patterns)
    same = sum(skeleton(pattern) == skeleton(best) for pattern in patterns)
    return best if len(patterns) > 1 and same >= OF_SECTION * len(patterns) else None


def _of_most_sections(every: Sequence[str], own: Iterable[str]) -> Sequence[str]:
    """Return the patterns that have the skeleton of most sections; of as many, of most entries."""
    votes, entries = Counter(map(skeleton, own)), Counter(map(skeleton, every))
    if not votes:
        return every
    usual = max(votes, key=lambda each: (votes[each], entries[each]))
    return [pattern for pattern in every if skeleton(pattern) == usual]


def choose(patterns: Iterable[str]) -> str:
    """Choose the commonest pattern: first its skeleton, then with the byline and the blurb that some entries have."""
    patterns = list(patterns)
    best = Counter(map(skeleton, patterns)).most_common(1)[0][0]
    group = [pattern for pattern in patterns if skeleton(pattern) == best]
    bylines = [match[0] for pattern in group if (match := BYLINE_GROUP.search(pattern))]
    group = list(_without_lead_ins(_with_outlets(_with_own_block(group))))
    story = _commonest(group, re.compile(r"\{title\}.*\{blurb\}|^\W*\{blurb\}$", re.DOTALL), SELDOM * len(group))
    if len(bylines) >= SELDOM * len(group) and not BYLINE_GROUP.search(story):
        story = TITLE_TOKEN.sub(lambda token: token[0] + Counter(bylines).most_common(1)[0][0], story, count=1)
    if "{blurb}" not in story:
        story += DEFAULT_ITEM_BLURB if re.match(r"\s*(?:[-*+|]|\{n\})", story) else DEFAULT_BLURB
    return story


def skeleton(pattern: str) -> str:
    """Return where title and link stand in a pattern, without byline, blurb, punctuation and words of links."""
    bare = BYLINE_GROUP.sub("", BLURB_GROUP.sub("", pattern))
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


def _without_lead_ins(group: Sequence[str]) -> Sequence[str]:
    """Drop the words with which a few entries lead in to their titles."""
    words = Counter(match["words"] for pattern in group if (match := LEAD_IN.match(pattern)))
    rare = {each for each, n in words.items() if n < USUAL_WORDS * len(group)}
    return [
        match["mark"] + pattern[match.end() :]
        if (match := LEAD_IN.match(pattern)) and match["words"] in rare
        else pattern
        for pattern in group
    ]


def _commonest(group: Sequence[str], wanted: re.Pattern[str], fewest: float) -> str:
    having = [pattern for pattern in group if wanted.search(pattern)]
    return Counter(having if len(having) >= max(fewest, 1) else group).most_common(1)[0][0]
