"""Choose how a newsletter's issues are read: as title lines with bylines, or by the form inferred from them."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.archive.blocks import Block, Line, plain
from pipeline.archive.extraction import Found, Rules
from pipeline.archive.layout.form import Form
from pipeline.archive.layout.layout_inferred import read_inferred
from pipeline.archive.layout.layout_titles import BYLINE, NAME, is_title_line, read_titles
from pipeline.archive.layout.long_blocks import split_long_block
from pipeline.archive.layout.paid import is_paid
from pipeline.core.counted import counted
from pipeline.core.errors import InputError

DASHED = re.compile(r"\W{0,2}(?:\([^()]*\))?\s*[-–—]")
SENTENCE = re.compile(r"\w{3}[.!?。！？][\"”’)]*(?:\s|$)")  # ends a sentence; an initial or "Dr." does not
FEW_ISSUES = 3
TITLES_SHARE = 0.5  # of the leading links that must be title lines with a byline
FORMS: dict[str, Form] = {
    "bullets": Form(frozenset({"item"})),
    "headings": Form(frozenset({"heading", "below heading"})),
    "paragraphs": Form(frozenset({"title line", "closing"})),
    "bold": Form(frozenset({"bold lead"})),
    "prose": Form(frozenset(), is_prose=True),
}


@dataclass
class Layout:
    """How a newsletter was read."""

    name: str
    found: Iterator[Found]  # of each issue, in order; it is read when it is asked for


def read_layout(
    issues: Sequence[Sequence[Block]],
    rules: Sequence[Rules],
    pinned: str,
    *,
    is_draft: bool = False,
    step: Callable[[], None] = lambda: None,
) -> Layout:
    """Read the issues of one newsletter, in the order of publication.

    Parameters
    ----------
    pinned : str
        `layout` of newsletter.toml: auto, titles, or one or several of bullets, headings, paragraphs, bold and prose,
        joined by "+".
    is_draft : bool
        It is written in the newsletter's form: its sections are those of newsletter.toml.
    step : callable
        Is called after each issue that was looked at, before any is read.

    Raises
    ------
    InputError
        If there is no such layout.
    """
    issues = [[part for block in blocks for part in split_long_block(block)] for blocks in issues]
    if pinned == "titles" or (pinned == "auto" and _has_title_lines(issues, rules)):
        return Layout(NAME, (_read_titles(i, r) for i, r in zip(issues, rules, strict=True)))
    inferred = read_inferred(issues, rules, _pinned_form(pinned), is_draft=is_draft, step=step)
    names = list(dict.fromkeys(form.name for form in inferred.forms))
    if len(names) > 1:
        counts = {name: sum(form.name == name for form in inferred.forms) for name in names}
        names = [f"{name} ({counted(counts[name], 'issue')})" for name in sorted(names, key=lambda name: -counts[name])]
    return Layout(", ".join(names), inferred.found)


def _pinned_form(pinned: str) -> Form | None:
    if pinned == "auto":
        return None
    parts = pinned.split("+")
    unknown = [part for part in parts if part not in FORMS]
    if unknown:
        raise InputError(
            f"no layout {unknown[0]!r}; newsletter.toml may say: auto, titles, {', '.join(FORMS)}, or several with +"
        )
    positions = frozenset().union(*(FORMS[part].positions for part in parts))
    return Form(positions, "prose" in parts)


def _has_title_lines(issues: Sequence[Sequence[Block]], rules: Sequence[Rules]) -> bool:
    """Do most leading links stand in lines `[Title](url) - Author` above a comment?

    One or two issues below sections of newsletter.toml are read so without bylines too: drafts are written in it.
    """
    is_few = len(issues) < FEW_ISSUES
    titles = others = 0
    below_heading = is_known = False
    for block in (block for blocks in issues for block in (None, *blocks)):
        if block is None or block.kind == "heading":
            below_heading = block is not None
            is_known = is_few and block is not None and rules[0].section_for(block.text) is not None
        if block is None:
            continue
        if block.kind == "paragraph" and block.lines and not block.level:
            lines = [line for line in block.lines if is_title_line(line)]
            dashed = [line for line in lines if is_known or _has_byline(line)]
            titles += len(dashed) if below_heading else 0
            others += len(lines) - (len(dashed) if below_heading else 0)
        elif block.kind in ("item", "heading") and block.links:
            others += 1
    return titles > 0 and titles >= TITLES_SHARE * (titles + others)


def _has_byline(line: Line) -> bool:
    """Does a dash and a name follow the link, not a sentence?"""
    rest = plain(line[1:])
    match = BYLINE.match(rest) if DASHED.match(rest) else None
    return match is not None and not SENTENCE.search(match["byline"])


def _read_titles(blocks: Sequence[Block], rules: Rules) -> Found:
    paid = [block for block in blocks if block.links and is_paid(block)]
    found = read_titles([block for block in blocks if block not in paid], rules)
    found.set_aside(paid, "an advertisement")
    return replace(found)
