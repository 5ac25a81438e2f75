"""Learn what stands around a newsletter's stories: front matter, opening and closing, headings and rules."""

import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

from pipeline.archive.extraction import day_number
from pipeline.archive.format_markdown import BARE_MATTER, FRONT_MATTER, TOML_MATTER
from pipeline.archive.importer import ReadIssue
from pipeline.archive.pieces import Entry, Piece, Pieces, alike
from pipeline.archive.proposed_sections import plain_name
from pipeline.drafts.patterns import format_day

REPEATS = 0.5  # share of the other issues in which a block, a key or a rule must be the same
DAYS = (
    "%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%-d.%-m.%Y", "%-m/%-d/%Y", "%m/%d/%Y",
    "%G-W%V", "%-d %B %Y", "%B %-d, %Y", "%d %B %Y", "%B %d, %Y", "%B %o, %Y", "%o %B %Y", "%-d %b %Y", "%b %-d, %Y",
    "%b %d %Y", "%b %-d %Y", "%d %b %Y", "%Y年%-m月%-d日", "%Y%m%d", "%B %-d", "%-d %B", "%Y-%m", "%B %Y", "%b %Y",
)  # fmt: skip
LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "ru", "pl", "uk", "ja", "ko", "zh", "sv", "da", "nb", "fi", "cs", "tr")
TITLE = re.compile(r"^(\s*(?:#\s+|title:\s*|subject:\s*)?[\"'\[]?)", re.IGNORECASE)
TITLES = ("title", "subject", "subtitle", "description", "summary", "excerpt")
FEW_HIGHLIGHTS = 3
START = re.compile(r"\{(?:number|date)|[:：|–—-]\s*$")  # a beginning that titles share names the issue
PLAIN_MATTER = '---\ntitle: "{newsletter} {date}"\ndate: {date}\n---'


@dataclass(frozen=True)
class Past:
    """A past issue in pieces."""

    issue: ReadIssue
    pieces: Pieces

    def general(self, text: str) -> str:
        """Return a text with names for this issue's number and day."""
        return generalise(text, self.issue.facts.number, self.issue.facts.day)


def generalise(text: str, number: int | None, day: date | None) -> str:
    """Write {number} and {date:…} for an issue's number and day, in the usual spellings."""
    if day is not None:
        for how in (*DAYS, *(f"{language}{length}" for language in LANGUAGES for length in (" full", ""))):
            written = format_day(day, how)
            if written in text:
                text = re.sub(rf"(?<![\w{{])(?<!\d[-./]){re.escape(written)}(?!\d|[-./]\d)", f"{{date:{how}}}", text)
    if number is not None and (day is None or number != day_number(day)):
        text = re.sub(rf"(?<![\d:%{{])(0*){number}(?!\d)", lambda m: _number(m[1], number), text)
    return text


def _number(zeros: str, number: int) -> str:
    return f"{{number:0{len(zeros) + len(str(number))}d}}" if zeros else "{number}"


def learn_front_matter(past: Sequence[Past]) -> str:
    """Return the front matter of the last issue with names for what varies; of an archive without, a plain one."""
    matters = [_matter(one.issue.document.source) for one in past]
    last = matters[-1]
    if not last:
        return "" if past[-1].issue.document.source else PLAIN_MATTER
    fence, lines = last
    learned = []
    for key, block in _keys(lines):
        others = [
            one.general(text)
            for one, matter in zip(past, matters, strict=True)
            if matter
            for name, text in _keys(matter[1])
            if name == key
        ]
        if line := _common_key(key, block, others, past):
            learned.append(line)
    return "\n".join(filter(None, [fence, *learned, fence]))


def _matter(source: str) -> tuple[str, list[str]] | None:
    for expression, fence in ((FRONT_MATTER, "---"), (TOML_MATTER, "+++")):
        if match := expression.match(source):
            return fence, match[1].splitlines()
    match = BARE_MATTER.match(source)
    return ("", match[0].splitlines()) if match else None


def _keys(lines: Sequence[str]) -> list[tuple[str, str]]:
    """Split front matter at its keys; lines below one belong to it."""
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        match = re.match(r"([\w-]+)\s*[:=]", line)
        if match:
            found.append((match[1], [line]))
        elif found and line.strip():
            found[-1][1].append(line)
    return [(key, "\n".join(block)) for key, block in found]


def _common_key(key: str, block: str, others: Sequence[str], past: Sequence[Past]) -> str:
    """Return a key as most issues have it: whole, or what its values begin with and the highlights."""
    text, n = Counter(others).most_common(1)[0]
    if n >= max(2, REPEATS * len(others)):
        return text
    match = re.match(r"([\w-]+[ \t]*[:=][ \t]*)(![ \t]*)?([\"']?)", block)
    head, quote = (match[1], match[3]) if match else ("", "")
    if key.lower() in TITLES:
        start = _common_start([_value(text) for text in others])
        return f'{head}"{start}{{{_highlights(past, key)}}}"'
    if "\n" in block:
        return ""  # a list or a text of its own
    days = [match[0] for text in others if (match := re.search(r"\{date[^}]*\}", text))]
    if len(days) >= REPEATS * len(others):
        return f"{head}{quote}{Counter(days).most_common(1)[0][0]}{quote}"
    return f'{head}""' if len(others) >= REPEATS * 2 else ""


def _highlights(past: Sequence[Past], key: str = "title") -> str:
    """Return the name of the placeholder that titles of issues are made of: the first story, or several of them."""
    texts = [_first(one.issue.document.meta.get(key) or one.issue.facts.title) for one in past]
    parts = [len(re.split(r"[;,，、]|\s&\s|\sand\s", text)) for text in texts if text]
    n = round(median(parts)) if parts else 1
    leads = sum(one.pieces.entries[0].stories[0].link.text[:20] in text for one, text in zip(past, texts, strict=True))
    return "lead" if n < FEW_HIGHLIGHTS and (n == 1 or leads >= REPEATS * len(past)) else f"highlights:{min(n, 8)}"


def _first(value: object) -> str:
    return " ".join(str(value or "").split())


def _value(text: str) -> str:
    value = re.sub(r"^[\w-]+\s*[:=]\s*(?:!\s*)?", "", text)
    return " ".join(value.split()).strip("\"'")


def _common_start(texts: Sequence[str]) -> str:
    """Return the words that most texts begin with, names of number and day among them."""
    starts: Counter[str] = Counter()
    for text in texts:
        words = re.split(r"(?<=\s)", text)
        starts.update({"".join(words[:n]) for n in range(1, len(words))})
    shared = [start for start, n in starts.items() if n >= max(2, REPEATS * len(texts)) and START.search(start)]
    start = max(shared, key=len, default="")
    return start.replace('"', "'")


def learn_opening(past: Sequence[Past]) -> str:
    """Return what repeats above the first section; the title, of which the beginning repeats."""
    last = past[-1]
    others = [[one.general(piece.text) for piece in one.pieces.opening] for one in past[:-1]]
    kept = []
    for nth, piece in enumerate(last.pieces.opening):
        text = last.general(piece.text)
        if _repeats(text, others):
            kept.append(text)
        elif piece.block.kind == "heading" and nth == 0:
            kept.append(_title(text, [opening[0] for opening in others if opening], _highlights(past)))
    return _joined(kept)


def _title(text: str, others: Sequence[str], placeholder: str) -> str:
    """Return a title of which a part varies; its underline stays."""
    first, _, below = text.partition("\n")
    match = TITLE.match(first)
    mark = match[1] if match else ""
    start = _common_start([other.partition("\n")[0][len(mark) :] for other in [*others, first]])
    link = re.search(r"\]\([^()]*\)$", first)
    return f"{mark}{start}{{{placeholder}}}{link[0] if link and '[' in mark else ''}" + (f"\n{below}" if below else "")


def learn_closing(past: Sequence[Past]) -> str:
    """Return what repeats below the last story."""
    last = past[-1]
    others = [[one.general(piece.text) for piece in one.pieces.all] for one in past[:-1]]
    tail = _tail(last)
    kept = [text for piece in tail if _repeats(text := last.general(piece.text), others) or piece.block.kind == "rule"]
    while kept and re.fullmatch(r"[-*_ ]+", kept[-1]):
        kept.pop()
    return _joined(kept) if any(re.search(r"\w", text) for text in kept) else ""


def _tail(past: Past) -> list[Piece]:
    """Return the pieces below the last story; its own text may be followed by what repeats."""
    entries = past.pieces.entries
    if not entries:
        return []
    own = {story.link.url for story in entries[-1].stories}
    at = past.pieces.all.index(entries[-1].head)
    return [p for p in past.pieces.all[at + 1 :] if not own & {link.url for link in p.block.links}]


def _repeats(text: str, others: Sequence[Sequence[str]]) -> bool:
    """Does a block stand in the other issues, but for a word or two?"""
    return bool(text.strip()) and sum(_is_in(text, other) for other in others) >= max(1, REPEATS * len(others))


def _is_in(text: str, others: Sequence[str]) -> bool:
    return text in others or any(alike(text, other) for other in others)


def _joined(texts: Sequence[str]) -> str:
    """Join blocks; rules do not follow one another."""
    kept: list[str] = []
    for text in texts:
        is_rule = re.fullmatch(r"[-*_ ]+", text) is not None
        if not (is_rule and kept and re.fullmatch(r"[-*_ ]+", kept[-1])):
            kept.append(text)
    return "\n\n".join(kept)


def _table_head(past: Past, entry: Entry) -> str:
    """Return the head of the table that a story is a row of."""
    if not entry.head.text.startswith("|"):
        return ""
    at = past.pieces.all.index(entry.head)
    above = past.pieces.all[at - 1].text if at else ""
    return f"\n\n{above}" if re.search(r"^\|[-|: ]+$", above, re.MULTILINE) else ""


def learn_heading(past: Sequence[Past]) -> str:
    """Return how a section's heading is written; "" where stories have none."""
    found: Counter[str] = Counter()
    for one in past:
        for entry in {entry.section: entry for entry in reversed(one.pieces.entries)}.values():  # the first of each
            piece = one.pieces.heading_of(entry)
            pattern = _heading_pattern(piece, entry.section) if piece else ""
            found[(pattern + _table_head(one, entry)).strip("\n")] += 1
    return found.most_common(1)[0][0] if found else ""


def _heading_pattern(piece: Piece, name: str) -> str:
    words = re.escape(plain_name(name)).replace(r"\ ", r"\s+")
    text, n = re.subn(words, "{section}", piece.text, count=1)
    if not n or "<" in text:
        text = f"{'#' * min(piece.block.level, 6)} {{section}}" if piece.block.kind == "heading" else "**{section}**"
    text = re.sub(r"\n([-=])[-=]+$", r"\n\1\1\1\1\1\1\1\1\1\1", text)
    return re.sub(
        r"\{section\}[^\n{}]*(?=\n|$)",
        lambda m: m[0] if re.match(r"\{section\}[*_:#\s：]*$", m[0]) else "{section}",
        text,
    )


@dataclass(frozen=True)
class RulesBetween:
    """What stands between two stories or sections: a line of dashes, or nothing."""

    stories: str
    stories_in: dict[str, str]  # heading → the same in a section that has another
    sections: str


def learn_rules(past: Sequence[Past], own: Container[str]) -> RulesBetween:
    """Learn the rules; the headings in `own` are of sections whose stories have a form of their own."""
    within: dict[str, list[str]] = {}
    between: list[str] = []
    for one in past:
        for entry, after in pairwise(one.pieces.entries):
            start = one.pieces.all.index(entry.pieces[-1]) + 1
            gap = one.pieces.all[start : one.pieces.all.index(after.head)]
            rule = next((piece.text for piece in gap if piece.block.kind == "rule"), "")
            (within.setdefault(entry.section, []) if entry.section == after.section else between).append(rule)
    usual = _usual([rule for heading, rules in within.items() if heading not in own for rule in rules])
    others = {heading: rule for heading in within if heading in own and (rule := _usual(within[heading])) != usual}
    return RulesBetween(usual, others, _usual(between))


def learn_tightness(past: Sequence[Past]) -> bool:
    """Do stories follow one another without an empty line?"""
    gaps = []
    for one in past:
        lines = one.issue.document.source.splitlines()
        for entry, after in pairwise(one.pieces.entries):
            line = after.head.block.line
            if entry.section == after.section and entry.head.block.kind == after.head.block.kind and lines:
                gaps.append(bool(lines[line - 2 : line - 1]) and bool(lines[line - 2].strip()))
    return sum(gaps) > len(gaps) / 2


def _usual(texts: Sequence[str]) -> str:
    text, n = Counter(texts).most_common(1)[0] if texts else ("", 0)
    return text if n >= REPEATS * len(texts) else ""
