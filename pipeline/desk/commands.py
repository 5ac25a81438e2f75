"""Turn an editor's commands into decisions for the journal: resolve ids, check, invert for undo."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from pipeline.core.config import Newsletter
from pipeline.core.errors import InputError, NotFoundError
from pipeline.core.section_choice import placed
from pipeline.core.types import Decision, State, Verdict
from pipeline.store import shortlist
from pipeline.store.database import Database
from pipeline.store.decisions import STATES
from pipeline.store.shortlist import Story

VERDICTS: tuple[Verdict, ...] = ("pick", "skip", "later", "undo")
BACK_TO: dict[State, Verdict] = {"new": "undo", "picked": "pick", "skipped": "skip", "later": "later", "ran": "undo"}
TEXTS: tuple[Verdict, ...] = ("note", "title", "byline", "intro")  # written word by word, saved while being typed
MAX_NOTE = 20_000  # characters; a blurb is a few hundred


def find_articles(database: Database, given: Sequence[str]) -> list[str]:
    """Resolve ids or unique prefixes of ids, each once.

    Raises
    ------
    NotFoundError
        If a prefix matches no article, or several.
    """
    with database.reading() as connection:
        found = shortlist.ids_starting_with(connection, [prefix.lower() for prefix in given])
    for prefix, ids in found.items():
        if not ids:
            raise NotFoundError(f"no article {prefix!r}; list ids with: triage shortlist")
        if len(ids) > 1:
            raise NotFoundError(f"{prefix!r} matches several ids ({', '.join(ids)}, …); give more digits")
    return list(dict.fromkeys(ids[0] for ids in found.values()))


def decide(
    ids: Sequence[str],
    verdict: str,
    editor: str,
    at: datetime,
    newsletter: Newsletter,
    section: str | None = None,
) -> list[Decision]:
    """Pick, skip, put off or undo articles, or set their section."""
    if verdict not in (*VERDICTS, "section"):
        raise InputError(f"{verdict!r} is no verdict; use one of: {', '.join(VERDICTS)}")
    if section is not None:
        newsletter.section(section)
    elif verdict == "section":
        raise InputError("which section? give its key with --section")
    return [Decision(id, verdict, editor, at, section) for id in ids]


def note(id: str, text: str, editor: str, at: datetime) -> Decision:
    """Write the note that becomes an entry's blurb; an empty one removes it."""
    if len(text) > MAX_NOTE:
        raise InputError(f"a note may have {MAX_NOTE:,} characters, this one has {len(text):,}; shorten it")
    return Decision(id, "note", editor, at, text=text.strip())


def edit(what: str, id: str | None, text: str, editor: str, at: datetime) -> Decision:
    """Write a story's title or byline in the issue, or the issue's introduction; "" brings the usual one back."""
    if what not in TEXTS or (id is None) != (what == "intro"):
        raise InputError(f"title, byline and note of a story can be written, and the intro of the issue; not {what!r}")
    if len(text) > MAX_NOTE:
        raise InputError(f"a text may have {MAX_NOTE:,} characters, this one has {len(text):,}; shorten it")
    return Decision(id, what, editor, at, text=text.strip())


def group(ids: Sequence[str], editor: str, at: datetime) -> list[Decision]:
    """Combine stories into one entry under the first; a single id leaves its entry."""
    return [Decision(id, "group", editor, at, text=ids[0]) for id in ids]


def order(ids: Sequence[str], editor: str, at: datetime) -> Decision:
    """Set the order of the draft's entries."""
    return Decision(None, "order", editor, at, text=" ".join(ids))


def apply(story: Story, decision: Decision) -> Story:
    """Return the story with a decision applied."""
    after = replace(story, seq=decision.seq)
    if decision.verdict in STATES:
        after = replace(after, state=STATES[decision.verdict], editor=decision.editor)
    if decision.verdict == "note":
        return replace(after, note=decision.text or "")
    if decision.verdict == "title":
        return replace(after, headline=decision.text or "")
    if decision.verdict == "byline":
        return replace(after, byline=decision.text or "")
    if decision.verdict == "group":
        return replace(after, entry=None if decision.text in (story.id, decision.article_id) else decision.text)
    if decision.section is not None:
        return with_section(after, decision.section)
    return after


def with_section(story: Story, chosen: str) -> Story:
    """Return the story in the section that the editor chose; in the model's if that is ""."""
    section, probability = placed(story.sections, chosen)
    return replace(story, section=section, section_probability=probability, chosen_section=chosen)


def inverse(decision: Decision, before: Story | None, editor: str, at: datetime, text: str = "") -> Decision:
    """Return the decision that reverts another one; `text` is the order or the introduction as it was before."""
    if decision.verdict in ("order", "intro"):
        return Decision(None, decision.verdict, editor, at, text=text)
    if decision.verdict in ("mute", "unmute"):
        return Decision(None, "unmute" if decision.verdict == "mute" else "mute", editor, at, text=decision.text)
    id = decision.article_id  # of the article decided on, which may be a twin of the story's
    assert id is not None  # every other verdict is about a story
    assert before is not None
    if decision.verdict == "note":
        return Decision(id, "note", editor, at, text=before.note)
    if decision.verdict in ("title", "byline"):
        text = before.headline if decision.verdict == "title" else before.byline
        return Decision(id, decision.verdict, editor, at, text=text)
    if decision.verdict == "group":
        return Decision(id, "group", editor, at, text=before.entry or id)
    if decision.verdict == "section":
        return Decision(id, "section", editor, at, before.chosen_section)
    chosen = None if decision.section is None else before.chosen_section
    return Decision(id, BACK_TO[before.state], editor, at, chosen)


def takes_back(decision: Decision, earlier: Decision, before: Story | None, text: str) -> bool:
    """Return whether a decision reverts an earlier one."""
    reverting = inverse(earlier, before, decision.editor, decision.decided_at, text)
    # journals written until 27 November 2026 name the model's section where the editor had chosen none
    named = replace(reverting, section=before.section) if before and reverting.section == "" else reverting
    return replace(decision, seq=0) in (reverting, named)
