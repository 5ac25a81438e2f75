"""Write a draft in the form of [draft] in newsletter.toml. Records in, Markdown out."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from pipeline.core.draft_form import ITEM, DraftForm, names
from pipeline.core.urls import host_of
from pipeline.drafts.draft import Draft, DraftEntry, DraftSection, DraftStory, escape, link_target
from pipeline.drafts.patterns import Values, fill

IDENTITY = "<!-- triage: issue {number} of {date} -->"
CALLED = re.compile(r"\[([^\]]+)\](?![(\[:])")  # words that a note marks as the link
MARKDOWN_LINK = re.compile(r"\]\(|<https?://")


def write_formed(draft: Draft, form: DraftForm) -> str:
    """Write a draft in a form. What the editor changed in an existing draft stays as it is."""
    parts: list[str] = []
    if draft.preamble is not None:
        parts.append(draft.preamble.strip("\n"))
    else:
        parts += [_front_matter(draft, form), _identity(draft, form), fill(form.opening, _issue_values(draft, "text"))]
    nth = 0
    for place, section in enumerate(draft.sections, 1):
        if place > 1 and form.between_sections:
            parts.append(form.between_sections)
        name = section.name if form.section.startswith("<") else section.heading  # HTML has no Markdown in it
        heading = fill(form.section, {"section": name, "section_n": place})
        text, nth = _write_section(section, form, nth, place)
        parts += [f"{heading}\n{text}"] if heading.endswith("|") and text.startswith("|") else [heading, text]
    closing = draft.closing if draft.closing is not None else fill(form.closing, _issue_values(draft, "text"))
    return "\n\n".join(part for part in (*parts, closing.strip("\n")) if part.strip())


def write_story(story: DraftStory, pattern: str, n: int = 1, nth: int = 1, section_n: int = 1) -> str:
    """Write one story; where the pattern has no {url}, its text carries the link."""
    blurb = story.note.strip()
    if "url" not in names(pattern):
        blurb = _with_link(story, blurb, has_title="title" in names(pattern))
    elif place := CALLED.search(blurb):
        blurb = blurb if MARKDOWN_LINK.search(blurb) else _linked(blurb, place, story.url)
    values: Values = {
        "title": escape(story.title), "url": link_target(story.url), "byline": escape(story.byline),
        "author": escape(story.author or ""), "source": escape(story.source), "host": host_of(story.url),
        "address": link_target(story.url).strip("<>").partition("://")[2].rstrip("/"),
        "blurb": blurb, "n": n, "nth": nth, "section_n": section_n,
    }  # fmt: skip
    return fill(pattern, values)


def _write_section(section: DraftSection, form: DraftForm, nth: int, section_n: int) -> tuple[str, int]:
    entries = []
    n = 0
    for place, entry in enumerate(section.entries, 1):
        pattern = form.pattern(section.key, place, bool(entry.note))
        texts = [entry.text] if entry.text is not None else []
        missing = _missing(entry)
        if not {"title", "url"} & names(pattern) and missing:  # prose: the stories of an entry are one paragraph
            missing, others = missing[:1], missing[1:]
            missing = [_with_others(missing[0], others)]
        for story in missing:
            n, nth = n + 1, nth + 1
            texts.append(write_story(story, pattern, n, nth, section_n))
        if entry.text is not None:
            n, nth = n + 1, nth + 1
        remarks = "\n".join(
            f"<!-- triage: {' '.join(r.split()).replace('--', '–').replace('>', '')} -->" for r in entry.remarks
        )
        entries.append("\n\n".join(filter(None, [*texts, remarks])))
    rule = form.rule(section.key)
    text = "".join(
        (f"\n\n{rule}\n\n" if rule else _gap(before, entry, form)) + entry for before, entry in pairwise(entries)
    )
    return "".join(entries[:1]) + text, nth


def _gap(before: str, entry: str, form: DraftForm) -> str:
    """Return what parts two entries: an end of line where they are rows of a table, or tight items or lines."""
    is_tight = form.tight and (not form.has_items or (ITEM.match(before) and ITEM.match(entry)))
    is_row = before.startswith("|") and entry.startswith("|")
    return "\n" if (is_tight or is_row) and "\n\n" not in before + entry else "\n\n"


def _missing(entry: DraftEntry) -> list[DraftStory]:
    """Return the stories that the text of an existing draft does not hold yet."""
    return [story for story in entry.stories if entry.text is None or story.url not in entry.lines]


def _with_link(story: DraftStory, blurb: str, has_title: bool) -> str:
    """Put the link into a text: on the words in brackets, else on the title or the outlet."""
    if f"]({link_target(story.url)})" in blurb:
        return blurb
    place = CALLED.search(blurb)
    if place and not MARKDOWN_LINK.search(blurb[: place.start()]):
        return _linked(blurb, place, story.url)
    words = (story.source or host_of(story.url)) if has_title else story.title
    link = f"[{escape(words)}]({link_target(story.url)})"
    if has_title:
        first, gap, rest = blurb.partition("\n\n")
        return f"{first} ({link}){gap}{rest}" if blurb else link
    return f"{link}: {blurb}" if blurb else f"{link}."


def _with_others(story: DraftStory, others: Sequence[DraftStory]) -> DraftStory:
    """Put the links of the other stories of an entry into the first paragraph of its text."""
    first, gap, rest = story.note.strip().partition("\n\n")
    return replace(story, note=" ".join(filter(None, [first, *map(_prose_link, others)])) + gap + rest)


def _prose_link(story: DraftStory) -> str:
    return f"[{escape(story.title)}]({link_target(story.url)})" + (f": {story.note.strip()}" if story.note else ".")


def _linked(blurb: str, place: re.Match[str], url: str) -> str:
    return f"{blurb[: place.end()]}({link_target(url)}){blurb[place.end() :]}"


def _front_matter(draft: Draft, form: DraftForm) -> str:
    return fill(form.front_matter, _issue_values(draft, "yaml"))


def _identity(draft: Draft, form: DraftForm) -> str:
    """Return a remark that says number and day, where nothing else in the draft does."""
    named = names(form.front_matter)
    return "" if {"number", "date"} <= named else fill(IDENTITY, {"number": draft.number, "date": draft.date})


def _issue_values(draft: Draft, kind: str) -> Values:
    highlights = draft.subtitle
    newsletter = draft.newsletter
    if kind == "yaml":
        highlights, newsletter = (text.replace("\\", "\\\\").replace('"', '\\"') for text in (highlights, newsletter))
    else:
        highlights = escape(highlights)
    day: date = draft.date
    return {
        "number": draft.number,
        "date": day,
        "highlights": highlights,
        "newsletter": newsletter,
        "lead": highlights.partition("; ")[0],
    }
