"""What every reader of a layout is given and gives back, and how stories become picks."""

import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from pipeline.archive.blocks import Block, Span
from pipeline.core.config import Newsletter
from pipeline.core.types import Pick
from pipeline.core.urls import canonical_url, host_of, url_key

SectionFor = Callable[[str], str | None]

# headings whose links are no picks, unless the editor's sections say otherwise
CLOSED = re.compile(
    r"that.?s it|about this newsletter|(\w+ )?jobs\b|sponsor|advert|quotes? of the|classifieds|subscribe", re.IGNORECASE
)
# headings of the newsletter's own matters, whatever its form
OWN_MATTERS = re.compile(
    r"\W*(?:that.?s (?:it|all)|about(?: (?:this newsletter|us|me|the author))?\W*$|quotes? of the|classifieds|"
    r"(?:un)?subscribe|(?:previous|past|older) (?:issues|editions)|feedback\W*$|follow (?:us|me)|"
    r"share this|footnotes?\W*$|订阅|購読|구독|подписка|abonnement\W*$|suscripción)",
    re.IGNORECASE,
)
# words of a link that say nothing of where it leads; the text around it does
VAGUE = {
    "here", "this", "that", "link", "links", "all", "it", "article", "post", "paper", "this article", "this post",
    "one",
    "tweet", "via", "source", "more", "read more", "video", "blog", "website", "site", "details", "hier", "ici", "aquí",
    "qui", "aqui", "здесь", "тут", "链接", "こちら", "여기",
}  # fmt: skip
LONGEST_LINKED = 1_000  # characters of a title; a cell or a link may have megabytes
LONGEST_BYLINE = 150  # characters of author and outlet behind a title
LONGEST_TITLE = 120  # characters of the text around a vague link
ISSUE_REFERENCE = re.compile(r"#0{0,9}(\d{1,9})")


@dataclass(frozen=True)
class Rules:
    """What the newsletter says about its own issues."""

    section_for: SectionFor  # heading → section key, None where no alias maps it
    own_hosts: frozenset[str] = frozenset()  # links there are no picks
    closed: tuple[str, ...] = ()  # beginnings of headings whose links are no picks
    one_liners: frozenset[str] = frozenset()  # keys of the sections in which each paragraph is a story
    title: str = ""  # of the issue
    link_words: re.Pattern[str] | None = None  # of links that name no story, as the form of a draft prints them

    @classmethod
    def of(cls, newsletter: Newsletter) -> "Rules":
        """Return the rules that newsletter.toml gives."""
        section_for = lru_cache(maxsize=10_000)(newsletter.section_for)  # each heading is asked for once a story
        return cls(section_for, newsletter.hosts, newsletter.ignored_headings, newsletter.one_liner_sections)

    def leads_out(self, link: Span) -> bool:
        """Does the link go to somebody else? In plain text, where addresses are lost, a link is taken to."""
        url = canonical_url(link.url or "")
        return link.url == "" or (bool(url) and not (self.own_hosts and self._is_own(url)))

    def _is_own(self, url: str) -> bool:
        """Is an address on an own host, or another spelling of one there, as an app's `open.substack.com/pub/…` is?"""
        return host_of(url) in self.own_hosts or url_key(url).partition("/")[0] in self.own_hosts

    def has_one_liners(self, heading: str) -> bool:
        """Is each paragraph under this heading a story of its own?"""
        return self.section_for(heading) in self.one_liners

    def closes(self, heading: str) -> bool:
        """Do the sign-off, jobs or advertisements stand under this heading?"""
        if heading.casefold().startswith(tuple(closed.casefold() for closed in self.closed)):
            return True
        return CLOSED.match(heading) is not None and self.section_for(heading) is None

    def ignores(self, heading: str) -> bool:
        """Do the newsletter's own matters stand under this heading, or is it one that the editor leaves out?"""
        if heading.casefold().startswith(tuple(closed.casefold() for closed in self.closed)):
            return True
        return OWN_MATTERS.match(heading) is not None and self.section_for(heading) is None

    def with_referenced_hosts(self, blocks: Sequence[Block]) -> "Rules":
        """Add the hosts that references such as `#53` lead to: such a link is to the newsletter itself."""
        found = set()
        for link in (link for block in blocks for link in block.links):
            match = ISSUE_REFERENCE.fullmatch(link.text.strip())
            if match and re.search(rf"\D0*{match[1]}/?$", link.url or ""):
                found.add(host_of(canonical_url(link.url or "")))
        return replace(self, own_hosts=self.own_hosts | found)


class Story(NamedTuple):
    """A link that a reader takes for a pick."""

    link: Span
    headings: tuple[str, ...]  # it stands under, outermost first
    entry: int  # stories with one number stand together
    line: int
    byline: str | None = None
    context: str = ""
    kind: Literal["title", "inline"] = "title"


class Aside(NamedTuple):
    """A link that is no pick, and why."""

    line: int
    text: str
    why: str


@dataclass
class Found:
    """What a reader found in one issue."""

    stories: list[Story] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)

    def set_aside(self, blocks: Sequence[Block], why: str) -> None:
        """Note every link of some blocks as no pick."""
        self.asides += [Aside(block.line, link.text, why) for block in blocks for link in block.links]


@dataclass
class Part:
    """The blocks directly under one heading."""

    headings: tuple[str, ...]
    level: int
    heading: Block | None
    blocks: list[Block] = field(default_factory=list)


def parts(blocks: Sequence[Block]) -> Iterator[Part]:
    """Split an issue at its headings; each part knows the headings it stands under."""
    open_: list[tuple[int, str]] = []
    part = Part((), 0, None)
    for block in blocks:
        if block.kind != "heading":
            part.blocks.append(block)
            continue
        yield part
        open_ = [(level, text) for level, text in open_ if level < block.level]
        open_.append((block.level, block.text))
        part = Part(tuple(text for _, text in open_ if text), block.level, block)
    yield part


def to_picks(stories: Sequence[Story], section_for: SectionFor) -> tuple[Pick, ...]:
    """Turn stories into picks. The innermost heading that an alias maps gives the section, else the innermost."""
    picks: list[Pick] = []
    entries: dict[int, int] = {}
    names: dict[tuple[str, ...], str] = {}
    for story in stories:
        if story.headings not in names:
            mapped = [heading for heading in story.headings if section_for(heading)]
            names[story.headings] = (mapped or story.headings or ("",))[-1]
        name = names[story.headings]
        picks.append(
            Pick(
                section_name=name,
                title=_title(story),
                url=canonical_url(story.link.url or "") or None,
                position=len(picks) + 1,
                entry=entries.setdefault(story.entry, len(entries) + 1),
                section=section_for(name),
                byline=story.byline or None,
                context=story.context,
                kind=story.kind,
            )
        )
    return tuple(picks)


def _title(story: Story) -> str:
    """Return the link's words, or the text around it where they say nothing."""
    title = " ".join(story.link.text.split())
    if story.kind == "inline" and title.casefold().strip(" .") in VAGUE and story.context:
        return textwrap.shorten(story.context, LONGEST_TITLE, placeholder="…")
    return title if len(title) <= LONGEST_LINKED else f"{title[: LONGEST_LINKED - 1].rstrip()}…"
