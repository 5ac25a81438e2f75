"""Print recorded decisions: shared by `decide`, `note` and `group`."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from flows.cli.options import print_json
from pipeline.core.plain_text import one_line

if TYPE_CHECKING:
    from pipeline.core.types import Decision
    from pipeline.ops.workspace import Workspace

LABELS = {
    "pick": "picked",
    "skip": "skipped",
    "later": "later",
    "undo": "undone",
    "note": "noted",
    "group": "grouped",
}


def print_decisions(opened: "Workspace", stored: "list[Decision]", as_json: bool) -> None:
    from pipeline.store.articles import articles_by_id

    if as_json:
        print_json([asdict(decision) for decision in stored])
        return
    with opened.database.reading() as connection:
        articles = articles_by_id(connection, [decision.article_id or "" for decision in stored])
    titles = {article.id: one_line(article.title) for article in articles}
    for decision in stored:
        typer.echo(f"{_label(decision, len(stored)):<8} {titles[decision.article_id or '']}")


def _label(decision: "Decision", n_stored: int) -> str:
    if decision.verdict == "group" and n_stored == 1:
        return "ungrouped"
    if decision.verdict == "note" and not decision.text:
        return "note removed:"
    return LABELS[decision.verdict]
