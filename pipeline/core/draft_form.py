"""The form of a draft as newsletter.toml gives it in [draft]: patterns in the newsletter's Markdown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

NAME = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
OPTIONAL = re.compile(r"\{\?((?:[^{}]|\{\w+(?::[^{}]*)?\})*)\}")
LINK = re.compile(r"\[([^\[\]]*)\]\(\{url\}\)")
HOST = r"(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]+"  # what a draft writes for the outlet of a story that names none
ITEM = re.compile(r"\s*(?:[-*+]|\{n(?:th)?\}[.)])\s")
TEXT_KEYS = ("front_matter", "opening", "section", "story", "between", "between_sections", "closing")
SECTION_KEYS = ("story_in", "between_in")
OF_A_STORY = ("title", "url", "address", "byline", "author", "source", "host", "blurb", "n", "nth", "section_n")
OF_THE_ISSUE = ("number", "date", "lead", "highlights", "newsletter")
ALIKE = 0.8  # share of its letters that a typo has in common with the name that is meant
FILLED = {  # key → names that are filled in there
    "story": OF_A_STORY, "section": ("section", "section_n"), "front_matter": OF_THE_ISSUE,
    "opening": OF_THE_ISSUE, "closing": OF_THE_ISSUE,
}  # fmt: skip


@dataclass(frozen=True)
class DraftForm:
    """How a draft is laid out.

    In the patterns, names in braces are filled in: of a story {title}, {url}, {byline}, {author}, {source}, {host},
    {blurb}, {n} (in its section) and {nth} (in the issue); of its section {section} and {section_n} (in the issue); of
    the issue {number}, {date:%d %B %Y}, {highlights} and {newsletter}. What stands in {? } is left out where a name in
    it is empty, and so is a line.
    """

    story: str
    section: str = "## {section}"  # "": sections have no heading
    front_matter: str = ""
    opening: str = ""
    between: str = ""  # between two stories of a section
    between_sections: str = ""
    closing: str = ""
    tight: bool = False  # no empty line between stories
    story_in: Mapping[str, str] = field(
        default_factory=dict, hash=False
    )  # section key → pattern, where a section has its own
    between_in: Mapping[str, str] = field(default_factory=dict, hash=False)  # the same for `between`

    def pattern(self, section_key: str | None) -> str:
        """Return the pattern of the stories of a section."""
        return self.story_in.get(section_key or "", self.story)

    def rule(self, section_key: str | None) -> str:
        """Return what stands between two stories of a section."""
        return self.between_in.get(section_key or "", self.between)

    @property
    def link_words(self) -> re.Pattern[str] | None:
        """Return an expression of the words of links that are no titles: "Read more", an outlet; None where all are."""
        words = {match[1] for text in (self.story, *self.story_in.values()) for match in LINK.finditer(text)}
        others = {as_expression(each) for each in words if "{title}" not in each}
        if len(others) < len(words):
            others = {HOST if each == ".*" else each for each in others}  # any words would fit the titles too
        return re.compile("|".join(sorted(others))) if others else None

    @property
    def layout(self) -> str:
        """Where its stories stand, as `layout` of newsletter.toml says it."""
        main = _layout(self.story)
        found = [(_layout(text), ITEM.match(text)) for text in self.story_in.values()]
        others = ["bullets" if is_item and each in ("paragraphs", "prose") else each for each, is_item in found]
        return "+".join(dict.fromkeys([main, *(other for other in others if "prose" not in (main, other))]))


def wrong_names(form: DraftForm) -> list[str]:
    """Say of each name in braces that stays as it is, though it is nearly a name or one of another place."""
    patterns = [(key, getattr(form, key)) for key in FILLED]
    patterns += [(f"story_in.{section}", text) for section, text in form.story_in.items()]
    found = []
    for key, text in patterns:
        known = FILLED["story" if key.startswith("story_in.") else key]
        for name in sorted(names(text) - set(known)):
            listed = " ".join(f"{{{each}}}" for each in known)
            if get_close_matches(name, known, cutoff=ALIKE) or any(name in others for others in FILLED.values()):
                found.append(f"[draft] {key} has {{{name}}}, which is not filled in there; known are: {listed}")
    return found


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
