"""Turn what an editor says into decisions: which articles are meant, and what is written in the journal."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from pipeline.core.config import Newsletter
from pipeline.core.errors import InputError, NotFoundError
from pipeline.core.types import Decision, State, Verdict
from pipeline.store import shortlist
from pipeline.store.database import Database
from pipeline.store.decisions import STATES
from pipeline.store.shortlist import Story

VERDICTS: tuple[Verdict, ...] = ("pick", "skip", "later", "undo")
BACK_TO: dict[State, Verdict] = {"new": "undo", "picked": "pick", "skipped": "skip", "later": "later", "ran": "undo"}
MUTES = ("source", "author", "phrase")
MAX_MUTED = 200  # characters
MAX_NOTE = 20_000  # characters; a blurb is a few hundred


def find_articles(database: Database, given: Sequence[str]) -> list[str]:
    """Return the ids that are meant by ids or unique beginnings of ids, each once.

    Raises
    ------
    NotFoundError
        If one begins no article's id, or several; nothing has been written then.
    """
    with database.reading() as connection:
        found = shortlist.ids_starting_with(connection, [prefix.lower() for prefix in given])
    for prefix, ids in found.items():
        if not ids:
            raise NotFoundError(f"no article {prefix!r}; ids stand in: triage shortlist")
        if len(ids) > 1:
            raise NotFoundError(f"{prefix!r} begins several ids ({', '.join(ids)}, …); give more of it")
    return list(dict.fromkeys(ids[0] for ids in found.values()))


def decide(
    ids: Sequence[str],
    verdict: str,
    editor: str,
    at: datetime,
    newsletter: Newsletter,
    section: str | None = None,
) -> list[Decision]:
    """Say pick, skip, later or undo about articles, or with `section` where a pick belongs."""
    if verdict not in (*VERDICTS, "section"):
        raise InputError(f"{verdict!r} is no verdict; say one of: {', '.join(VERDICTS)}")
    if section is not None:
        newsletter.section(section)
    elif verdict == "section":
        raise InputError("which section? give its key with --section")
    return [Decision(id, verdict, editor, at, section) for id in ids]


def note(id: str, text: str, editor: str, at: datetime) -> Decision:
    """Write the note that becomes an entry's blurb; an empty one takes it away."""
    if len(text) > MAX_NOTE:
        raise InputError(f"a note may have {MAX_NOTE:,} characters, this one has {len(text):,}; shorten it")
    return Decision(id, "note", editor, at, text=text.strip())


def group(ids: Sequence[str], editor: str, at: datetime) -> list[Decision]:
    """Let stories stand as one entry, under the first; one id alone stands by itself again."""
    return [Decision(id, "group", editor, at, text=ids[0]) for id in ids]


def order(ids: Sequence[str], editor: str, at: datetime) -> Decision:
    """Say in which order the entries of the draft stand."""
    return Decision(None, "order", editor, at, text=" ".join(ids))


def apply(story: Story, decision: Decision) -> Story:
    """Return a story as it is after a decision about it."""
    after = replace(story, editor=decision.editor, seq=decision.seq)
    if decision.verdict in STATES:
        after = replace(after, state=STATES[decision.verdict])
    if decision.verdict == "note":
        return replace(after, note=decision.text or "")
    if decision.verdict == "group":
        return replace(after, entry=None if decision.text == story.id else decision.text)
    if decision.section is not None:
        return replace(after, section=decision.section, section_probability=story.sections.get(decision.section))
    return after


def inverse(decision: Decision, before: Story | None, editor: str, at: datetime) -> Decision:
    """Return the decision that restores what was before another one."""
    if decision.verdict in ("mute", "unmute"):
        return Decision(None, "unmute" if decision.verdict == "mute" else "mute", editor, at, text=decision.text)
    assert before is not None  # every other verdict is about a story
    if decision.verdict == "note":
        return Decision(before.id, "note", editor, at, text=before.note)
    if decision.verdict == "group":
        return Decision(before.id, "group", editor, at, text=before.entry or before.id)
    if decision.verdict == "section":
        return Decision(before.id, "section", editor, at, before.section)
    return Decision(before.id, BACK_TO[before.state], editor, at, before.section if decision.section else None)


def takes_back(decision: Decision, earlier: Decision, before: Story | None) -> bool:
    """Tell whether a decision restores what was before an earlier one."""
    undoing = inverse(earlier, before, decision.editor, decision.decided_at)
    return replace(decision, seq=0) == undoing


def mute(kind: str, value: str, verdict: str, editor: str, at: datetime) -> Decision:
    """Keep a source, an author or a phrase out of the shortlist, or let it in again."""
    value = " ".join(value.split())[:MAX_MUTED]
    if kind not in MUTES or not value or verdict not in ("mute", "unmute"):
        raise InputError(f"what to mute is a {', '.join(MUTES)} and its value, not {kind!r} and {value!r}")
    return Decision(None, verdict, editor, at, text=f"{kind}:{value}")  # type: ignore[arg-type]  # one of two
