"""Learn what stands around a newsletter's stories: opening and closing, headings and rules."""

import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.archive.pieces import Entry, Piece
from pipeline.archive.proposal.proposed_sections import plain_name
from pipeline.drafts.past_issues import REPEATS, Past
from pipeline.drafts.repeating_text import RepeatingText, without_leads
from pipeline.drafts.title_learning import common_start, highlights

TITLE = re.compile(r"^(\s*(?:#\s+|title:\s*|subject:\s*)?[\"'\[]?)", re.IGNORECASE)


def learn_opening(past: Sequence[Past]) -> str:
    """Return what repeats above the first section; the title, of which the beginning repeats."""
    openings = [one.pieces.opening for one in past]
    pieces = openings[-1]
    texts = _repeated(openings, past)
    n_with_rule = sum(any(map(_is_rule, opening)) for opening in openings[:-1])
    if n_with_rule < REPEATS * (len(past) - 1):
        texts = ["" if _is_rule(piece) else text for piece, text in zip(pieces, texts, strict=True)]
    if pieces and pieces[0].block.kind == "heading" and not texts[0]:
        others = [one.general(opening[0].text) for one, opening in zip(past, openings[:-1], strict=False) if opening]
        texts[0] = _title(past[-1].general(pieces[0].text), others, highlights(past))
    return _joined(_without_bare_headings(pieces, texts))


def _repeated(parts: Sequence[Sequence[Piece]], past: Sequence[Past]) -> list[str]:
    """Return of each piece of the last issue's part what repeats in those of the others; rules stay."""
    others = zip(past, parts[:-1], strict=False)
    repeating = RepeatingText([(one, [piece.text for piece in part]) for one, part in others])
    texts = [p.text if _is_rule(p) else repeating.of(p.text, past[-1], _is_whole(p)) for p in parts[-1]]
    return without_leads(texts)


def _title(text: str, others: Sequence[str], placeholder: str) -> str:
    """Return a title of which a part varies; its underline stays."""
    first, _, below = text.partition("\n")
    match = TITLE.match(first)
    mark = match[1] if match else ""
    start = common_start([other.partition("\n")[0][len(mark) :] for other in [*others, first]])
    link = re.search(r"\]\([^()]*\)$", first)
    if link and "[" in mark and not any(link[0] in other for other in others):  # an address of this issue
        mark, link = mark.replace("[", ""), None
    return f"{mark}{start}{{{placeholder}}}{link[0] if link and '[' in mark else ''}" + (f"\n{below}" if below else "")


def learn_closing(past: Sequence[Past]) -> str:
    """Return what repeats below the last story."""
    tails = [_tail(one) for one in past]
    kept = _without_bare_headings(tails[-1], _repeated(tails, past))
    while kept and re.fullmatch(r"[-*_ ]*", kept[-1]):
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


def _is_rule(piece: Piece) -> bool:
    return piece.block.kind == "rule"


def _is_whole(piece: Piece) -> bool:
    """Does it fall apart where a part is left out?"""
    return piece.block.kind == "heading" or piece.text.startswith(("<", "|"))


def _without_bare_headings(pieces: Sequence[Piece], texts: Sequence[str]) -> list[str]:
    """Leave out a heading, not the first, below which nothing of what stood there repeats."""
    kept: list[str] = []
    below = "all"  # what the next block became
    for nth in reversed(range(len(pieces))):
        is_bare = nth > 0 and pieces[nth].block.kind == "heading" and not below
        kept.append("" if is_bare else texts[nth])
        if not pieces[nth].is_blank:
            below = "" if _is_rule(pieces[nth]) else kept[-1]
    return kept[::-1]


def _joined(texts: Sequence[str]) -> str:
    """Join blocks; rules do not follow one another."""
    kept: list[str] = []
    for text in filter(None, texts):
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
            pattern = _heading_pattern(piece, entry.section, bool(one.issue.document.source)) if piece else ""
            found[(pattern + _table_head(one, entry)).strip("\n")] += 1
    return found.most_common(1)[0][0] if found else ""


def _heading_pattern(piece: Piece, name: str, has_source: bool) -> str:
    words = re.escape(plain_name(name)).replace(r"\ ", r"\s+")
    text, n = re.subn(words, "{section}", piece.text, count=1)
    if not n or "<" in text:
        text = f"{'#' * min(piece.block.level, 6)} {{section}}" if piece.block.kind == "heading" else "**{section}**"
    if text == "{section}" and not has_source:  # a line of a page, which looks like a heading there
        text = "## {section}"
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
    """Do items follow one another without an empty line? Where there are none, do stories? Items of HTML do."""
    gaps: dict[bool, list[bool]] = {True: [], False: []}
    for one in past:
        lines = one.issue.document.source.splitlines()
        for entry, after in pairwise(one.pieces.entries):
            kinds = {entry.head.block.kind, after.head.block.kind}
            if entry.section == after.section and len(kinds) == 1:
                line = lines[after.head.block.line - 2 : after.head.block.line - 1]
                is_item = kinds == {"item"}
                gaps[is_item].append(bool(line and line[0].strip()) if lines else is_item)
    found = gaps[True] or gaps[False]
    return sum(found) > len(found) / 2


def _usual(texts: Sequence[str]) -> str:
    text, n = Counter(texts).most_common(1)[0] if texts else ("", 0)
    return text if n >= REPEATS * len(texts) else ""
