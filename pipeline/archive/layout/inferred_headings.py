"""Find what serves as a heading without being marked as one: lines in bold, short lines and list items that recur."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.archive.blocks import Block, Span
from pipeline.archive.layout.furniture import recurring
from pipeline.archive.layout.paid import is_paid_heading, names_many_offers, offer_beside

BOLD_LEVEL = 7  # of a line in bold that serves as a heading: below all others
LONGEST_HEADING = 80  # characters of a paragraph that serves as a heading
SHARE_OF_SHORT_LINES = 0.2  # of the issues in which a short line must recur, and at least in two
SHARE_BESIDE_MARKED = 0.5  # where so many issues have the same marked headings, and of short lines beside them
FEWEST_MARKED = 2
SHARE_OF_LIST_HEADINGS = 0.1
KICKERS = 0.5  # share of the titles that must have a short line above them
FEWEST_KICKERS = 2  # in an issue, of those above headings
WORDS_OF_TITLE = 3
REPEATED = 0.3  # of its issues in which a line occurs more than once, from which it names no section
SENTENCE_END = (".", "!", "?", ",", ";", "。", "！", "？")
ONE_OFF = 0.4  # share of the rarer short lines that must occur once for the others to recur by chance
COLONS = (":", "：")


def heading_key(block: Block) -> str:
    """Return the letters of a heading, which stay when emoji, digits and marks change; of a linked one all words."""
    return "".join(re.findall(r"\w+" if block.links else r"[^\W\d_]+", block.text.casefold()))


def with_inferred_headings(issues: Sequence[Sequence[Block]]) -> list[list[Block]]:
    """Turn list items with a list below, lines in bold, and short lines that recur above links, into headings."""
    issues = [list(map(_without_place, blocks)) for blocks in issues]
    if parents := {_label(b, after) for blocks in issues for b, after in _pairs(blocks) if not b.links} - {""}:
        in_lists = parents & _often(
            [[_label(b, after) for b, after in _pairs(blocks)] for blocks in issues], SHARE_OF_LIST_HEADINGS
        )
        issues = [list(_without_labels(blocks, in_lists)) for blocks in issues]
    issues = _without_kickers_of_headings(_without_kickers(issues))
    is_marked = _has_marked_headings(issues)
    short = _often(
        [[heading_key(b) for b, after in _pairs(blocks) if may_head(b, after)] for blocks in issues],
        SHARE_BESIDE_MARKED if is_marked else SHARE_OF_SHORT_LINES,
    )
    labels = _repeated_lines(issues)
    return [[_as_heading(block, after, short, labels) for block, after in _pairs(blocks)] for blocks in issues]


def _without_place(block: Block) -> Block:
    """Drop the link of a line that leads to a place of the issue itself, as to its contents."""
    if block.kind != "paragraph" or len(block.lines) != 1 or not block.links:
        return block
    if not all((link.url or "").startswith("#") for link in block.links):
        return block
    return replace(block, lines=(tuple(span._replace(url=None) for span in block.lines[0]),))


def _without_kickers(issues: Sequence[Sequence[Block]]) -> Sequence[Sequence[Block]]:
    """Drop the lines above titles, such as site or topic, where most titles have one: they are no sections.

    A section stands above such a line, while it stands below the author of the story before.
    """
    titles = sum(_is_title(block) for blocks in issues for block in blocks)
    if not titles:
        return issues
    kickers = [[heading_key(b) for b, after in _pairs(blocks) if _is_kicker(b, after)] for blocks in issues]
    if sum(map(len, kickers)) < KICKERS * titles:
        return issues
    n_issues = recurring([heading_key(block) for block in blocks if is_short_line(block)] for blocks in issues)
    votes = 0
    for above, block, after in (
        each for blocks in issues for each in zip(blocks, blocks[1:], blocks[2:], strict=False)
    ):
        if is_short_line(above) and _is_kicker(block, after):
            upper, lower = n_issues[heading_key(above)], n_issues[heading_key(block)]
            votes += (upper > lower) - (upper < lower)
    if votes <= 0:
        return issues
    return [[b for b, after in _pairs(blocks) if not _is_kicker(b, after)] for blocks in issues]


def _without_kickers_of_headings(issues: Sequence[Sequence[Block]]) -> Sequence[Sequence[Block]]:
    """Drop the short lines above headings that are rare, where most have one and other headings are the sections."""
    if not _has_marked_headings(issues):
        return issues
    n_issues = recurring([heading_key(block) for block in blocks if block.kind == "heading"] for blocks in issues)

    def is_title(block: Block | None) -> bool:
        if block is None or block.kind != "heading":
            return False
        return n_issues[heading_key(block)] < SHARE_BESIDE_MARKED * len(issues)

    titles = sum(is_title(block) for blocks in issues for block in blocks)
    kickers = sum(is_title(after) and may_head(block, after) for blocks in issues for block, after in _pairs(blocks))
    if kickers < max(KICKERS * titles, FEWEST_KICKERS * len(issues)):
        return issues
    return [[b for b, after in _pairs(blocks) if not (is_title(after) and may_head(b, after))] for blocks in issues]


def _is_kicker(block: Block, after: Block | None) -> bool:
    return after is not None and _is_title(after) and may_head(block, after)


def _is_title(block: Block) -> bool:
    """Is it a paragraph that begins with a link of several words?"""
    first = block.lines[0][0] if block.kind == "paragraph" and block.lines and block.lines[0] else None
    return first is not None and bool(first.url) and len(first.text.split()) >= WORDS_OF_TITLE


def _repeated_lines(issues: Sequence[Sequence[Block]]) -> frozenset[str]:
    """Return the bold lines that recur within issues: they name a part of each story, as "Details:" does."""
    keys = [
        [heading_key(b) for b in blocks if _is_bold_heading(b) and not is_paid_heading(b.text)] for blocks in issues
    ]
    n_issues, repeated = recurring(keys), recurring(map(_repeated, keys))
    return frozenset(key for key, n in repeated.items() if n >= min(2, len(issues)) and n > REPEATED * n_issues[key])


def _has_marked_headings(issues: Sequence[Sequence[Block]]) -> bool:
    """Do several marked headings recur in most issues? Then short lines that recur less are names of authors."""
    keys = [[heading_key(b) for b in blocks if b.kind == "heading" or _is_bold_heading(b)] for blocks in issues]
    return len(_often(keys, SHARE_BESIDE_MARKED)) >= FEWEST_MARKED


def _often(keys_of_issues: Sequence[Sequence[str]], share: float) -> frozenset[str]:
    """Return the keys that recur, but not those that occur several times in one issue: a section is printed once."""
    n_issues = recurring(keys_of_issues)
    repeated = recurring(_repeated(keys) for keys in keys_of_issues)
    if share < SHARE_BESIDE_MARKED and _recur_by_chance(n_issues, len(keys_of_issues)):
        share = SHARE_BESIDE_MARKED
    fewest = max(2, math.ceil(share * len(keys_of_issues)))
    return frozenset(key for key, n in n_issues.items() if n >= fewest and repeated[key] <= REPEATED * n)


def _recur_by_chance(n_issues: Counter[str], n_all: int) -> bool:
    """Do some lines recur in most issues, and of the others many not at all? Then those are names, which may recur."""
    rare = [n for n in n_issues.values() if n < SHARE_BESIDE_MARKED * n_all]
    return len(n_issues) - len(rare) >= FEWEST_MARKED and rare.count(1) >= ONE_OFF * len(rare) > 0


def _repeated(keys: Sequence[str]) -> Iterable[str]:
    return (key for key, n in Counter(keys).items() if n > 1)


def _pairs(blocks: Sequence[Block]) -> Iterator[tuple[Block, Block | None]]:
    return zip(blocks, [*blocks[1:], None], strict=False)


def _label(block: Block, after: Block | None) -> str:
    """Return the key of a list item that names the list below it, or of the words before the link of an item."""
    if block.kind != "item" or block.level != 1:
        return ""
    if not block.links:
        is_parent = after is not None and after.kind == "item" and after.level > 1
        return heading_key(block) if is_parent and len(block.text) <= LONGEST_HEADING else ""
    first = block.lines[0][0] if block.lines and block.lines[0] else None
    is_label = first is not None and first.url is None and first.text.rstrip().endswith(COLONS)
    return "".join(re.findall(r"[^\W\d_]+", first.text.casefold())) if first and is_label else ""


def _without_labels(blocks: Sequence[Block], headings: frozenset[str] | set[str]) -> Iterator[Block]:
    """Put a heading in the place of each item that names a list; take `Name: ` from an item with a link."""
    is_below = False
    for block, after in _pairs(blocks):
        if block.level <= 1:
            is_below = False
        if is_below:
            yield replace(block, level=block.level - 1)
        elif (key := _label(block, after)) and key in headings:
            first = block.lines[0][0]
            yield Block("heading", block.line, ((Span(first.text.strip(" :：")),),), BOLD_LEVEL)
            is_below = not block.links
            if block.links:
                yield replace(block, lines=(block.lines[0][1:], *block.lines[1:]))
        else:
            yield block


def may_head(block: Block, after: Block | None) -> bool:
    """Is it a short line without link, above a link or a title? Not one that marks a single entry as paid for."""
    leads_in = after is not None and (bool(after.links) or after.kind == "heading" or _is_bold_heading(after))
    return leads_in and is_short_line(block) and not _is_paid_mark(block)


def _is_paid_mark(block: Block) -> bool:
    is_paid = is_paid_heading(block.text) and not names_many_offers(block.text)
    return is_paid or offer_beside(block) is not None


def is_short_line(block: Block) -> bool:
    """Is it a paragraph of one short line without link, digits and the end of a sentence?"""
    if block.kind != "paragraph" or block.level or len(block.lines) != 1 or block.links:
        return False
    text = block.text.strip()
    is_short = 0 < len(text) <= LONGEST_HEADING and not text.endswith(SENTENCE_END)
    return is_short and not re.search(r"\d", text)


def _as_heading(block: Block, after: Block | None, recurring_lines: frozenset[str], labels: frozenset[str]) -> Block:
    if _is_bold_heading(block):
        is_heading = heading_key(block) not in labels
    else:
        is_heading = may_head(block, after) and heading_key(block) in recurring_lines
    return replace(block, kind="heading", level=BOLD_LEVEL) if is_heading else block


def _is_bold_heading(block: Block) -> bool:
    return block.kind == "paragraph" and not block.level and _is_bold_line(block)


def _is_bold_line(block: Block) -> bool:
    spans = [span for line in block.lines for span in line if span.text.strip(" :：​")]
    return (
        len(block.lines) == 1
        and bool(spans)
        and all(span.is_bold and span.url is None for span in spans)
        and len(block.text) <= LONGEST_HEADING
    )
