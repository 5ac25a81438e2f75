"""The form of a draft as newsletter.toml gives it in [draft]: patterns in the newsletter's Markdown."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from pipeline.core.toml_reader import TomlReader

NAME = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
OPTIONAL = re.compile(r"\{\?((?:[^{}]|\{\w+(?::[^{}]*)?\})*)\}")
LINK = re.compile(r"\[([^\[\]]*)\]\(\{url\}\)")
HOST = r"(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]+"  # what a draft writes for the outlet of a story that names none
ITEM = re.compile(r"\s*(?:[-*+]|(?:\{n(?:th)?\}|\d+)[.)])\s")
TAG = re.compile(r"</?(?!br\b)[a-z][a-z0-9-]*(?:\s[^<>]*)?/?>", re.IGNORECASE)  # not an address in angle brackets
STORY_KEYS = ("story", "lead", "short")  # patterns of a story
TEXT_KEYS = ("front_matter", "opening", "section", *STORY_KEYS, "between", "between_sections", "closing")
SECTION_KEYS = ("story_in", "lead_in", "short_in", "between_in")  # section key → text
OF_A_STORY = ("title", "url", "address", "byline", "author", "source", "host", "blurb", "n", "nth", "section_n")
OF_THE_ISSUE = ("number", "date", "lead", "highlights", "newsletter")
ALIKE = 0.8  # share of its letters that a typo has in common with the name that is meant
FILLED = {  # key → names that are filled in there
    **dict.fromkeys(STORY_KEYS, OF_A_STORY), "section": ("section", "section_n"),
    **dict.fromkeys(("front_matter", "opening", "closing"), OF_THE_ISSUE),
}  # fmt: skip


@dataclass(frozen=True)
class DraftForm:
    """How a draft is laid out.

    In the patterns, names in braces are filled in: of a story {title}, {url}, {byline}, {author}, {source}, {host},
    {blurb}, {n} (in its section) and {nth} (in the issue); of its section {section} and {section_n} (in the issue); of
    the issue {number}, {date:%d %B %Y}, {highlights} and {newsletter}. What stands in {? } is left out where a name in
    it is empty, and so is a line. `lead` and `short` are for the stories of sections without a `story_in`; "" where
    these stories are written like the others.
    """

    story: str
    section: str = "## {section}"  # "": sections have no heading
    front_matter: str = ""
    opening: str = ""
    between: str = ""  # between two stories of a section
    between_sections: str = ""
    closing: str = ""
    tight: bool = False  # no empty line between items; where no story is one, between stories of a line
    lead: str = ""  # of the first stories of a section
    leads: int = 1  # how many these are
    short: str = ""  # of a story without a text
    story_in: Mapping[str, str] = field(default_factory=dict, hash=False)  # section key → its own pattern
    lead_in: Mapping[str, str] = field(default_factory=dict, hash=False)  # of the sections of `story_in`
    short_in: Mapping[str, str] = field(default_factory=dict, hash=False)
    between_in: Mapping[str, str] = field(default_factory=dict, hash=False)

    def pattern(self, section_key: str | None, place: int | None = None, has_text: bool = True) -> str:
        """Return the pattern of a story by its section, its place in it (from 1; None: not the first), and its text."""
        key = section_key or ""
        if key in self.story_in:
            story, lead, short = self.story_in[key], self.lead_in.get(key), self.short_in.get(key)
        else:
            story, lead, short = self.story, self.lead, self.short
        if lead and place is not None and place <= self.leads:
            return lead
        return short if short and not has_text else story

    @property
    def patterns(self) -> dict[str, str]:
        """All patterns of stories by the key that gives them; that of `story` comes first."""
        found = {key: text for key in STORY_KEYS if (text := getattr(self, key))}
        for key in STORY_KEYS:
            found |= {f"{key}_in.{section}": text for section, text in getattr(self, f"{key}_in").items()}
        return found

    def rule(self, section_key: str | None) -> str:
        """Return what stands between two stories of a section."""
        return self.between_in.get(section_key or "", self.between)

    @property
    def has_tags(self) -> bool:
        """Is there HTML in it, but for the line breaks of Markdown?"""
        return any(map(TAG.search, (self.section, self.opening, self.closing, *self.patterns.values())))

    @property
    def has_items(self) -> bool:
        """Are some of its stories items of a list?"""
        return any(map(ITEM.match, self.patterns.values()))

    @property
    def link_words(self) -> re.Pattern[str] | None:
        """Return an expression of the words of links that are no titles: "Read more", an outlet; None where all are."""
        words = {match[1] for text in self.patterns.values() for match in LINK.finditer(text)}
        others = {as_expression(each) for each in words if "{title}" not in each}
        if len(others) < len(words):
            others = {HOST if each == ".*" else each for each in others}  # any words would fit the titles too
        return re.compile("|".join(sorted(others))) if others else None

    @property
    def layout(self) -> str:
        """Where its stories stand, as `layout` of newsletter.toml says it."""
        main = _layout(self.story)
        found = [(_layout(text), ITEM.match(text)) for text in list(self.patterns.values())[1:]]
        others = ["bullets" if is_item and each in ("paragraphs", "prose") else each for each, is_item in found]
        return "+".join(dict.fromkeys([main, *(other for other in others if "prose" not in (main, other))]))


def warnings(form: DraftForm, file: Path) -> list[str]:
    """Say, with the line of newsletter.toml, what a draft in a form would print in braces, or not print at all."""
    texts = {key: getattr(form, key) for key in FILLED} | form.patterns
    found = [
        (key, complaint)
        for key, text in texts.items()
        for complaint in [*_wrong(text, FILLED.get(key, OF_A_STORY))]
        or (_missing(text) if key in form.patterns else [])
    ]
    if not found:
        return []
    lines = TomlReader(file, file.read_text("utf-8"))
    return [
        f"[draft] {key} {complaint} ({file.name}, line {lines.line_of('draft', *key.split('.'))})"
        for key, complaint in found
    ]


def _wrong(pattern: str, known: Sequence[str]) -> Iterator[str]:
    """Say which names are nearly one that is filled in, or one of another place."""
    for name in sorted(names(pattern) - set(known)):
        if get_close_matches(name, known, cutoff=ALIKE) or any(name in others for others in FILLED.values()):
            listed = " ".join(f"{{{each}}}" for each in known)
            yield f"has {{{name}}}, which is not filled in there; known are: {listed}"


def _missing(pattern: str) -> Iterator[str]:
    """Say what of a story a pattern would leave out; the text, where it has one, may hold title and link."""
    found = names(pattern)
    if not found & {"title", "blurb"}:
        yield "does not print the title of a story; write {title} in it"
    if not found & {"url", "address", "blurb"}:
        yield "does not print the address of a story; write {url} in it"


def names(pattern: str) -> set[str]:
    """Return the names in a pattern."""
    return {match[1] for match in NAME.finditer(pattern)}


def as_expression(pattern: str) -> str:
    """Return a regular expression of the texts that a pattern gives, white space made single."""
    parts = NAME.split(" ".join(OPTIONAL.sub(r"\1", pattern).split()))
    return ".*".join(re.escape(part) for part in parts[::3])


def _layout(pattern: str) -> str:
    head = pattern.lstrip()
    if head.startswith("#") or re.match(r"[^\n]*\n[-=]{3,}", head):
        return "headings"
    if re.match(r"[^\w\[]{0,3}(?:\*\*|__)[^\w\[]{0,2}\{title\}\W*\n", head):
        return "headings+bold"  # a line in bold is a heading unless it is long
    if re.match(r"(?:(?:[-*+]|\{n(?:th)?\}[.)])\s+)?[^\w\[]{0,3}(?:\*\*|__)[^\w\[]{0,2}\{title\}", head):
        return "bold"
    if head.startswith("|") or (ITEM.match(head) and "{title}" in head):  # rows of a table are read as items
        return "bullets"
    if re.match(r"[^\n{}]{0,4}\{title\}\W*\n", head) and LINK.search(head.partition("{blurb}")[2]):
        return "bold"  # a title in a line of its own, read like one in bold
    return "paragraphs" if "{title}" in head and "{url}" in head else "prose"
