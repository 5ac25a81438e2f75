"""`triage mute`: keep a source, an author or a phrase out of the shortlist."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import AsOfOption, EditorOption, JsonOption, WorkspaceOption, open_workspace, print_json
from pipeline.core.counted import counted

if TYPE_CHECKING:
    from pipeline.core.types import Decision
    from pipeline.ops.workspace import Workspace


class Kind(StrEnum):
    """What can be muted."""

    source = "source"
    author = "author"
    phrase = "phrase"


def mute(
    kind: Annotated[Kind, typer.Argument(metavar="source|author|phrase")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="A host or an address, a name, or words in a title.")],
    undo: Annotated[bool, typer.Option("--undo", help="Remove the mute.")] = False,
    editor: EditorOption = "editor",
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a source, an author or a phrase out of the shortlist. Takes effect at the next `triage rank`.

    Example: triage mute source example.com
    """
    from pipeline.store import decisions

    opened = open_workspace(workspace, as_of)
    decision = decisions.mute(kind.value, value, "unmute" if undo else "mute", editor, opened.as_of.time)
    if undo:
        _refuse_what_is_not_muted(opened, decision)
    stories, known = _count(opened, decision)
    decisions.record(opened.journal, opened.database, [decision])
    value = (decision.text or "").partition(":")[2]
    if as_json:
        print_json({"kind": kind.value, "value": value, "muted": not undo, "stories": stories})
        return
    typer.echo(f"{kind} {value!r} is {'no longer muted' if undo else 'muted'} from the next: triage rank")
    if known and not undo:
        typer.echo(f"it matches {stories or 'none'} of the {counted(known, 'story', 'stories')} to read")


def _refuse_what_is_not_muted(opened: "Workspace", decision: "Decision") -> None:
    from pipeline.core.errors import NotFoundError
    from pipeline.ranking.mutes import active_mutes
    from pipeline.store.decisions import all_decisions

    with opened.database.reading() as connection:
        active = active_mutes(all_decisions(connection))
    if decision.text not in active:
        muted = ", ".join(text.replace(":", " ", 1) for text in active) or "nothing"
        raise NotFoundError(f"{(decision.text or '').replace(':', ' ', 1)!r} is not muted; muted is: {muted}")


def _count(opened: "Workspace", decision: "Decision") -> tuple[int, int]:
    """Return how many undecided stories of the shortlist a mute matches, and of how many."""
    from dataclasses import replace

    from pipeline.ranking.mutes import mute_filter
    from pipeline.store.shortlist import shortlist

    with opened.database.reading() as connection:
        stories = [story for story in shortlist(connection) if story.state == "new"]
    matching = mute_filter([replace(decision, verdict="mute")])
    return sum(matching(story) is not None for story in stories), len(stories)
