"""Turn what an editor says into decisions: which articles are meant, and what is written in the journal."""

from collections.abc import Sequence
from datetime import datetime

from pipeline.errors import InputError, NotFoundError
from pipeline.newsletter import Newsletter
from pipeline.store import stories
from pipeline.store.database import Database
from pipeline.types import Decision, Verdict

VERDICTS: tuple[Verdict, ...] = ("pick", "skip", "later", "undo")
MAX_NOTE = 20_000  # characters; a blurb is a few hundred


def find_articles(database: Database, given: Sequence[str]) -> list[str]:
    """Return the ids that are meant by ids or unique beginnings of ids, each once.

    Raises
    ------
    NotFoundError
        If one begins no article's id, or several; nothing has been written then.
    """
    with database.reading() as connection:
        found = stories.ids_starting_with(connection, [prefix.lower() for prefix in given])
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
