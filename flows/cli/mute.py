"""`triage mute`: keep a source, an author or a phrase out of the shortlist."""

from enum import StrEnum
from typing import Annotated

import typer

from flows.cli.options import AsOfOption, EditorOption, JsonOption, WorkspaceOption, open_workspace, print_json


class Kind(StrEnum):
    """What can be muted."""

    source = "source"
    author = "author"
    phrase = "phrase"


def mute(
    kind: Annotated[Kind, typer.Argument(metavar="source|author|phrase")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="A host, a name, or words in a title.")],
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
    decisions.record(opened.journal, opened.database, [decision])
    value = (decision.text or "").partition(":")[2]
    if as_json:
        print_json({"kind": kind.value, "value": value, "muted": not undo})
        return
    typer.echo(f"{kind} {value!r} is {'no longer muted' if undo else 'muted'} from the next: triage rank")
