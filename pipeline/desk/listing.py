"""Sort, filter and describe the stories of the shortlist. Pure functions."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any

from models.words import count_words, fold
from pipeline.core.types import Issue, Section
from pipeline.store.shortlist import Story

WORDS_A_MINUTE = 238  # mean silent reading of English prose: Brysbaert 2019, J. Memory and Language 109
TYPICAL_MINUTES = 3.0  # assumed for an article whose text was not fetched
RECENT_ISSUES = 12
SORTS: dict[str, Callable[[Story], Any]] = {
    # stories added by hand and not yet scored come first
    "rank": lambda story: (story.rank is None and story.origin != "editor", story.rank or 0),
    "date": lambda story: -(story.published or story.first_seen).timestamp(),
    "section": lambda story: (story.section is None, story.section, story.rank is None, story.rank or 0),
}


def choose(
    stories: Sequence[Story],
    section: str | None = None,
    state: str | None = None,
    source: str | None = None,
    words: str = "",
    sort: str = "rank",
    since: datetime | None = None,
) -> list[Story]:
    """Return the stories that match every filter, sorted; `since` is the earliest time of publication."""
    wanted = fold(words).split()
    return sorted(
        (
            story
            for story in stories
            if (section is None or story.section == section)
            and (state is None or story.state == state)
            and (source is None or source in (story.source, *story.sources))
            and (since is None or (story.published or story.first_seen) >= since)
            and (not wanted or _contains(story, wanted))
        ),
        key=SORTS[sort],
    )


def within(stories: Sequence[Story], minutes: float) -> list[Story]:
    """Return, best first, the stories that can be read in the minutes given."""
    chosen, left = [], minutes
    for story in stories:
        needed = reading_minutes(story) or TYPICAL_MINUTES
        if needed <= left:
            chosen.append(story)
            left -= needed
    return chosen


def quotas(sections: Sequence[Section], issues: Sequence[Issue]) -> dict[str, int]:
    """Return the usual number of picks of each section: as configured, else the mean of recent issues."""
    recent = issues[-RECENT_ISSUES:]
    counts = Counter(pick.section for issue in recent for pick in issue.picks)
    learned = {section.key: round(counts[section.key] / max(1, len(recent))) for section in sections}
    return {s.key: learned[s.key] if s.quota is None else s.quota for s in sections}


def reading_minutes(story: Story) -> float | None:
    """Estimate how long the whole article takes to read; None where only a summary is known."""
    return count_words(story.text) / WORDS_A_MINUTE if story.text else None


def age(story: Story, now: datetime) -> str:
    """Format how long ago a story was published."""
    hours = (now - (story.published or story.first_seen)).total_seconds() / 3600
    if hours < 1:
        return "just now"
    if hours < 24:
        return f"{hours:.0f} h"
    return f"{hours / 24:.0f} d" if hours < 24 * 60 else f"{hours / 24 / 30:.0f} months"


def as_record(story: Story) -> dict[str, Any]:
    """Return a story as `triage shortlist --json` prints it."""
    return {
        "rank": story.rank,
        "id": story.id,
        "url": story.url,
        "title": story.title,
        "source": story.source,
        "published": story.published,
        "section": story.section,
        "section_probability": story.section_probability,
        "sections": story.sections,
        "relevance": story.relevance,
        "reasons": [asdict(reason) for reason in story.reasons],
        "state": story.state,
    }


def short_ids(stories: Sequence[Story]) -> dict[str, str]:
    """Return for each id its shortest unique prefix of four digits or more."""
    ids = sorted(story.id for story in stories)
    short = {}
    for before, id, after in zip(["", *ids], ids, [*ids[1:], ""], strict=False):
        shared = max(_shared(before, id), _shared(id, after))
        short[id] = id[: max(4, shared + 1)]
    return short


def _contains(story: Story, words: Sequence[str]) -> bool:
    text = _folded(story.title, story.source, story.author or "", story.summary, story.text)
    return all(word in text for word in words)


@lru_cache(maxsize=8192)  # a search is made with each letter typed
def _folded(*texts: str) -> str:
    return fold("\n".join(texts))


def _shared(one: str, other: str) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
