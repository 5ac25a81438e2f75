"""Say of some issues what was read as what: title, link, text, section, paid, furniture. Records in, records out.

`explanation_page` writes them as HTML, the command as lines.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.archive.extraction import Aside, Rules, Story
from pipeline.archive.layout.layouts import FORMS, read_layout
from pipeline.archive.layout.paid import is_paid, is_paid_heading
from pipeline.archive.pieces import Piece, divide
from pipeline.archive.reading import Reading, ReadIssue
from pipeline.core.config import Newsletter
from pipeline.core.counted import counted
from pipeline.core.errors import InputError

Kind = Literal["section", "story", "blurb", "paid", "furniture", "aside", "text"]
SHOWN = 3  # issues side by side
LONGEST = 1_500  # characters of one piece that are shown
MOST_PIECES = 400  # of one issue
SHORT = 1  # words; a newsletter with many titles so short is perhaps read wrongly
UNDERLINE = re.compile(r"\n[ \t]*(?:=+|-+)[ \t]*$")  # of a heading
MANY_SHORT = 0.2  # share of the titles
MANY_ASIDES = 0.5  # share of the links
FEW_SECTIONS = 0.5  # share of the picks that stand under no heading that a section has
LEGEND: dict[str, str] = {
    "title": "title of a story",
    "link": "its link",
    "blurb": "its text",
    "section": "section",
    "paid": "paid for, no pick",
    "furniture": "repeats in other issues, no pick",
    "aside": "link that is no pick",
}


@dataclass(frozen=True)
class Mark:
    """A run of text within a piece, and what it was taken as: title, link, or nothing."""

    text: str
    kind: str = ""


@dataclass(frozen=True)
class Row:
    """A piece of an issue and what it was taken as."""

    kind: Kind
    marks: tuple[Mark, ...]
    line: int
    why: str = ""  # it is no pick


@dataclass(frozen=True)
class ShownIssue:
    """One of the issues that are shown."""

    name: str
    title: str
    number: int | None
    day: str
    guessed: str
    n_picks: int
    rows: tuple[Row, ...]
    cut: int = 0  # pieces that are not shown


@dataclass(frozen=True)
class Switch:
    """A value of `layout` in newsletter.toml, and how many picks the issues at hand would have with it."""

    layout: str
    picks: int | None  # None: it cannot be read so
    is_current: bool


@dataclass(frozen=True)
class Explanation:
    """What the preview of an archive shows."""

    shares: tuple[tuple[str, str], ...]  # name, value
    doubts: tuple[str, ...]  # a sentence each
    issues: tuple[ShownIssue, ...]
    switches: tuple[Switch, ...]
    legend: tuple[tuple[str, str], ...] = tuple(LEGEND.items())


def explain(reading: Reading, newsletter: Newsletter) -> Explanation:
    """Explain a reading by three of its issues: the first, one in the middle and the newest."""
    examples = reading.examples
    chosen = [examples[at] for at in sorted({0, len(examples) // 2, len(examples) - 1})] if examples else []
    return Explanation(
        tuple(_shares(reading)),
        tuple(_doubts(reading, newsletter)),
        tuple(_shown(issue) for issue in chosen[:SHOWN]),
        tuple(_switches(examples, newsletter)),
    )


def _shares(reading: Reading) -> Iterator[tuple[str, str]]:
    n = len(reading.issues)
    yield "issues", f"{n} of {reading.documents} documents"
    yield "picks", f"{reading.n_picks}, {reading.n_picks / n:.0f} an issue" if n else "none"
    if reading.links:
        taken = reading.n_picks / reading.links
        yield "links taken as picks", f"{taken:.0%} of {reading.links}"
    for layout in dict.fromkeys(reading.layouts.values()):
        yield "stories are", layout
    if n:
        days = sorted(issue.date for issue in reading.issues)
        yield "from, to", f"{days[0]} to {days[-1]}"


def _doubts(reading: Reading, newsletter: Newsletter) -> Iterator[str]:
    picks = [pick for issue in reading.issues for pick in issue.picks]
    empty = [issue for issue in reading.issues if not issue.picks]
    if not picks:
        yield "No link was taken as a pick; try another layout below."
    if empty:
        yield f"{counted(len(empty), 'issue has', 'issues have')} no pick, the first is {empty[0].path}."
    if reading.guessed:
        groups = Counter(re.sub(r"[\d-]+", "…", left.why) for left in reading.guessed)
        for why, n in groups.most_common(3):
            yield f"Guessed in {counted(n, 'issue')}: {why}."
    short = [pick for pick in picks if len(pick.title.split()) <= SHORT and pick.title.isascii()]
    if picks and len(short) > MANY_SHORT * len(picks):
        some = ", ".join(f"“{pick.title}”" for pick in short[:3])
        yield f"{len(short) / len(picks):.0%} of the titles are a single word ({some}): are these the titles?"
    for title, n in Counter(pick.title for pick in picks).most_common(1):
        if n <= len(picks) / 50 + 3:
            continue
        yield f"“{title}” is the title of {n} picks: is it what their links say rather than what they are about?"
    if reading.links and len(reading.set_aside) > MANY_ASIDES * reading.links:
        why = Counter(re.sub(r"'.*' is ", "", left.why) for left in reading.set_aside).most_common(1)[0][0]
        yield f"{counted(len(reading.set_aside), 'link is no pick', 'links are no picks')}, most because: {why}."
    unmapped = sum(n for heading, n in reading.unmapped().items() if heading)
    if newsletter.sections and picks and unmapped > FEW_SECTIONS * len(picks):
        yield f"{unmapped / len(picks):.0%} of the picks stand under headings that no section of newsletter.toml has."
    if reading.skipped:
        why, n = Counter(left.why for left in reading.skipped).most_common(1)[0]
        yield f"{counted(len(reading.skipped), 'file was', 'files were')} left out; {n} because: {why}."


def _switches(examples: Sequence[ReadIssue], newsletter: Newsletter) -> Iterator[Switch]:
    """Read the issues at hand once more with each layout."""
    blocks = [issue.document.blocks for issue in examples]
    rules = [Rules.of(newsletter)] * len(blocks)
    for layout in ("auto", "titles", *FORMS):
        try:
            picks = sum(len(found.stories) for found in read_layout(blocks, rules, layout).found)
        except InputError:
            picks = None
        yield Switch(layout, picks, layout == newsletter.layout)


def _shown(issue: ReadIssue) -> ShownIssue:
    pieces = divide(issue.document, issue.found)
    heads = {id(entry.head): entry.stories for entry in pieces.entries}
    blurbs = {id(piece): entry.stories for entry in pieces.entries for piece in entry.pieces[1:]}
    sections = {heading for story in issue.found.stories for heading in story.headings}
    rows = [
        _row(piece, heads.get(id(piece), []), blurbs.get(id(piece)), sections, issue.found.asides)
        for piece in pieces.all[:MOST_PIECES]
        if piece.text.strip()
    ]
    facts = issue.facts
    return ShownIssue(
        issue.document.name.rpartition("/")[2], facts.title, facts.number, f"{facts.day or 'no date'}", facts.guessed,
        len(issue.found.stories), tuple(rows), max(0, len(pieces.all) - MOST_PIECES),
    )  # fmt: skip


def _row(
    piece: Piece, stories: Sequence[Story], above: Sequence[Story] | None, sections: set[str], asides: Sequence[Aside]
) -> Row:
    line = piece.block.line
    text = UNDERLINE.sub("", piece.text) if piece.block.kind == "heading" else piece.text
    text = text if len(text) <= LONGEST else text[:LONGEST] + " …"
    own = [aside for aside in asides if line <= aside.line < max(piece.end, line + 1)]
    if stories:
        return Row("story", tuple(_marks(text, stories)), line)
    if piece.block.text in sections:
        return Row("section", (Mark(text),), line)
    why = own[0].why if own else ""
    if own and is_paid(piece.block):
        why = "an advertisement"
    kind = _kind(why) if piece.block.links and own else "blurb" if above else "text"
    if above and kind in ("aside", "blurb"):
        return Row("blurb", tuple(_linked(text, above)), line, why)
    return Row(kind, tuple(_left_out(text, own)) if kind == "aside" else (Mark(text),), line, why)


def _kind(why: str) -> Kind:
    heading = re.fullmatch(r"under '(.*)'", why)
    if why == "an advertisement" or (heading and is_paid_heading(heading[1])):
        return "paid"
    return "furniture" if heading or why == "repeated in other issues" else "aside"


def _marks(text: str, stories: Sequence[Story]) -> Iterator[Mark]:
    """Mark titles and addresses of the stories of one piece."""
    places: list[tuple[int, int, str]] = []
    for story in stories:
        words = re.findall(r"\w+", story.link.text)
        title = re.search(r"[\W_]+?".join(map(re.escape, words)), text) if words else None
        title = title or re.search(r"(?<=\[)[^\]]*(?=\]\(<?" + re.escape(story.link.url or "\0") + ")", text)
        places += [(title.start(), title.end(), "title")] if title else []
        at = text.find(story.link.url or "\0")
        places += [(at, at + len(story.link.url or ""), "link")] if at >= 0 else []
    yield from _cut(text, places)


def _linked(text: str, stories: Sequence[Story]) -> Iterator[Mark]:
    """Mark the address of a story in what stands below its title."""
    urls = dict.fromkeys(story.link.url for story in stories if story.link.url)
    yield from _cut(text, [(at, at + len(url), "link") for url in urls if (at := text.rfind(url)) >= 0])


def _left_out(text: str, asides: Sequence[Aside]) -> Iterator[Mark]:
    places = []
    for aside in asides:
        at = text.find(aside.text) if aside.text.strip() else -1
        places += [(at, at + len(aside.text), "aside")] if at >= 0 else []
    yield from _cut(text, places)


def _cut(text: str, places: Sequence[tuple[int, int, str]]) -> Iterator[Mark]:
    end = 0
    for start, stop, kind in sorted(places):
        if start < end:
            continue
        if start > end:
            yield Mark(text[end:start])
        yield Mark(text[start:stop], kind)
        end = stop
    if end < len(text):
        yield Mark(text[end:])
