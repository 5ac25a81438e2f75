"""What of a block repeats from issue to issue: its sentences, and the addresses of its links. Records in, text out."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from pipeline.archive.pieces import alike
from pipeline.drafts.past_issues import REPEATS, Past

ADDRESS = re.compile(
    r"\[(?P<words>(?:[^\[\]]|\[[^\[\]]*\]){0,300})\]\((?P<linked><[^<>\n]*>|[^\s()]*)[^\n()]*\)"
    r"|(?P<bare>https?://[^\s<>()\"']+)"
)
PART_END = re.compile(r"(?<=[.!?…؟])[\"”’»)*_]*\s+|(?<=[。！？])[」』）]?\s*|\s+[|·•]\s+|(?:  |\\|<br */?>)\n")
WRAPPED = re.compile(r"(?P<mark>[*_]{1,3})(?P<body>.+)(?P=mark)", re.DOTALL)  # all of it is emphasised
EMPHASIS = re.compile(r"\*+|(?<!\w)_+|_+(?!\w)")
VARIANTS = 0.5  # of the issues that have a sentence: with more variants, a part of it is new each time
LONGEST_GAP = 2  # words that differ, in one place
FEWEST_WORDS = 6  # around them that are the same
LEAD_ENDS = (":", "：", "?", "？", "؟")
SEPARATORS = " \t|·•"  # what stands between the links of a row


class RepeatingText:
    """Sentences of past issues, by which is known what of the text of one more repeats."""

    def __init__(self, others: Sequence[tuple[Past, Iterable[str]]]) -> None:
        self.fewest = max(1, REPEATS * len(others))
        self.issues = [  # of each issue: what is read → how it is written
            {_read(text): text for block in blocks for one in parts(block) for text in (one, past.general(one))}
            for past, blocks in others
        ]

    def of(self, block: str, past: Past, is_whole: bool = False) -> str:
        """Return the sentences of a block that repeat, with names for its issue's number and day; "" where none does.

        Where `is_whole`, all of them or none, and no gap in them.
        """
        wrapped = WRAPPED.fullmatch(block)
        mark, body = (wrapped["mark"], wrapped["body"]) if wrapped else ("", block)
        found = without_leads([self._repeating(part, past.general(part), not is_whole) for part in parts(body)])
        kept = "".join(found).strip() if all(found) else "".join(found).strip(SEPARATORS + "\n")
        has_text = any(unicodedata.category(char)[0] in "LNS" for char in kept)
        is_broken = not all(found) and (is_whole or len(EMPHASIS.findall(kept)) % 2 == 1)
        return "" if is_broken or not has_text else f"{mark}{kept}{mark}"

    def _repeating(self, part: str, general: str, may_have_gap: bool) -> str:
        """Return a part that most issues have, but for a word or two: "…" where these are new each time."""
        for text in (part, general):
            is_in_most = sum(_read(text) in issue for issue in self.issues) >= self.fewest
            if is_in_most and self._has_shared_addresses(text):
                return text
        near = [other for issue in self.issues if (other := _near(general, issue))]
        times = Counter(map(_read, near))
        if len(near) < self.fewest:
            return ""
        if len(times) > max(1, VARIANTS * len(near)):
            text = _with_gap(general, near) if may_have_gap else ""
            return text if all(any(url in _addresses(other) for other in near) for url in _addresses(text)) else ""
        variants = [general] if _read(general) in times else [text for text in near[::-1] if times[_read(text)] > 1]
        return next(filter(self._has_shared_addresses, variants), "")

    def _has_shared_addresses(self, text: str) -> bool:
        """Are its links in another issue, too? One that counts clicks, or leads to the issue, is of one."""
        others = [_addresses(issue[read]) for issue in self.issues if (read := _read(text)) in issue]
        own = enumerate(_addresses(text))
        return all(any(url in addresses[n : n + 1] for addresses in others) for n, url in own)


def without_leads(texts: Sequence[str]) -> list[str]:
    """Leave out what leads in to a text that was left out: "To read on:", "Was this forwarded to you?"."""
    kept: list[str] = []
    for text in reversed(texts):
        is_lead = bool(kept) and not kept[-1] and text.rstrip("*_ \n").endswith(LEAD_ENDS)
        kept.append("" if is_lead else text)
    return kept[::-1]


def parts(block: str) -> Iterator[str]:
    """Divide a block at the ends of sentences, lines and links of a row; white space stays behind each."""
    links = [match.span() for match in ADDRESS.finditer(block)]
    start = 0
    for match in PART_END.finditer(block):
        following = block[match.end() : match.end() + 1]
        goes_on = set(match[0]) == {" "} and (following.islower() or following.isdecimal())  # "No. 7"
        is_within = any(first < match.end() < last for first, last in links)
        if match.end() > start and not is_within and not goes_on:
            yield block[start : match.end()]
            start = match.end()
    if block[start:].strip():
        yield block[start:]


def _near(text: str, issue: dict[str, str]) -> str:
    """Return the text of an issue that is the same but for a word or two."""
    return next((other for other in issue.values() if alike(text, other) or _gap(text, other)), "")


def _gap(text: str, other: str) -> slice | None:
    """Return which words of a text another has otherwise, where all before and behind them is the same."""
    mine, theirs = text.split(), other.split()
    before = _n_same(mine, theirs)
    behind = _n_same(mine[before:][::-1], theirs[before:][::-1])
    longest = max(len(mine), len(theirs)) - before - behind
    return slice(before, len(mine) - behind) if longest <= LONGEST_GAP and before + behind >= FEWEST_WORDS else None


def _n_same(words: Sequence[str], others: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(words, others, strict=False)))


def _with_gap(text: str, near: Sequence[str]) -> str:
    """Write "…" for the words that differ from issue to issue; "" where these are at several places, or a link."""
    gaps = [gap for other in near if other.split() != text.split() and (gap := _gap(text, other))]
    if len(gaps) < REPEATS * len(near):
        return ""
    words = re.findall(r"\S+\s*", text)
    first, end = min(gap.start for gap in gaps), max(gap.stop for gap in gaps)
    own = "".join(words[first:end])
    if end - first > LONGEST_GAP or ADDRESS.search(own) or "[" in own or "]" in own:
        return ""
    space = own[len(own.rstrip()) :]
    return f"{''.join(words[:first])}…{space}{''.join(words[end:])}"


def _read(text: str) -> str:
    """Return what is read of a part: not the addresses of its links, or what parts it from the next."""
    bare = ADDRESS.sub(lambda match: "<>" if match["bare"] else f"[{match['words']}]", text)
    return " ".join(bare.split()).strip("*_|·• ")


def _addresses(text: str) -> list[str]:
    return [_address(match) for match in ADDRESS.finditer(text)]


def _address(match: re.Match[str]) -> str:
    return match["bare"] or match["linked"]
