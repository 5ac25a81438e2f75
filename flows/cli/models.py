"""`triage models`: the kept models and which one is active; the embedding model and how others compare."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli.options import AsOfOption, JsonOption, WorkspaceOption, open_workspace, print_json, print_table

if TYPE_CHECKING:
    from pipeline.ops.embedding_models import ModelFigures


def list_models(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the kept models, newest first.

    Example: triage models list
    """
    from dataclasses import asdict

    from pipeline.store.model_cards import all_cards

    opened = open_workspace(workspace)
    with opened.database.reading() as connection:
        cards = all_cards(connection)
    if as_json:
        print_json([asdict(card) for card in cards])
        return
    if not cards:
        typer.echo("no model is kept yet, so each night fits its own; keep one with: triage retrain")
        return
    print_table(
        {
            "active": "*" if card.active else "set aside" if card.set_aside else "",
            "id": card.id,  # says kind and day, and is to be copied whole
            "issues": card.card["data"]["issues"],
            "picks": _picks(card.card["data"]),
        }
        for card in cards
    )
    typer.echo("picks: learned from, of those known before. The order learns from the picks")
    typer.echo("that were among your articles, sections from those whose section is known.")


def rollback(
    model_id: Annotated[str, typer.Argument(metavar="ID", help="As shown by: triage models list")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Activate an earlier model again.

    Example: triage models rollback relevance-2022-10-01-1f3a9c07
    """
    from dataclasses import asdict

    from pipeline.ranking.model_registry import roll_back, stale_note

    opened = open_workspace(workspace)
    card = roll_back(opened.database, model_id, opened.models_folder)
    if as_json:
        print_json(asdict(card))
        return
    note = stale_note(opened.database, card)
    typer.echo(f"{card.id} is active, {note}" if note else f"{card.id} is active; rank again with: triage rank")


def show(
    model_id: Annotated[str, typer.Argument(metavar="ID", help="As shown by: triage models list")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a kept model's card: data, settings, figures, limits.

    Example: triage models show relevance-2022-10-01-1f3a9c07
    """
    from dataclasses import asdict

    from pipeline.core.errors import NotFoundError
    from pipeline.store.model_cards import all_cards

    opened = open_workspace(workspace)
    with opened.database.reading() as connection:
        card = next((card for card in all_cards(connection) if card.id == model_id), None)
    if card is None:
        raise NotFoundError(f"no model {model_id!r}; list them with: triage models list")
    if as_json:
        print_json(asdict(card))
        return
    for name, value in (asdict(card) | card.card).items():
        if name != "card":
            _print_value(name.replace("_", " "), value)


def compare(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="sentence-transformers models or folders.")],
    last: Annotated[int, typer.Option(min=2, help="Replay so many of the newest issues.")] = 20,
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Replay past issues with other embedding models. Stores their vectors and changes nothing else.

    Example: triage models compare sentence-transformers/all-mpnet-base-v2 --last 20
    """
    from flows.progress import progress_bar
    from pipeline.ops.embedding_models import compare_embedders

    opened = open_workspace(workspace, as_of)
    models = list(dict.fromkeys([opened.newsletter.embedding_model, *names]))
    found = compare_embedders(opened.database, opened.newsletter, models, opened.as_of, last, progress_bar)
    if as_json:
        print_json([figures.as_record() for figures in found])
        return
    print_table(_row(figures) for figures in found)
    typer.echo(f"the last {last} issues; gain: of nDCG@20 against {models[0]}, with its 95 % interval")


def use(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A sentence-transformers model or a folder.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Switch to another embedding model. Everything is embedded with it, then newsletter.toml names it.

    Interrupted, it changes nothing and goes on where it stopped. Example: triage models use all-MiniLM-L6-v2
    """
    from dataclasses import asdict

    from flows.progress import progress_bar
    from pipeline.core.config import FILE_NAME
    from pipeline.ops.embedding_models import switch_embedder

    opened = open_workspace(workspace)
    with progress_bar("texts") as progress:
        report = switch_embedder(opened.database, opened.folder / FILE_NAME, name, opened.as_of, progress)
    if as_json:
        print_json(asdict(report))
        return
    typer.echo(f"{name} embeds from now on ({report.done} of {report.seen} texts were new to it); next: triage nightly")
    typer.echo(f"back again with: triage models use {opened.newsletter.embedding_model}")


def _picks(data: dict[str, Any]) -> str:
    """Say from how many picks a model learned, of how many past ones; with picks not yet published, it may be more."""
    picks, known = data["picks"], data.get("past_picks", 0)  # earlier cards do not say
    return f"{picks} of {known}" if picks <= known else str(picks)


def _print_value(name: str, value: object) -> None:
    """Print a name and its value; a table one line an entry."""
    from pipeline.core.issue_number import issue_name

    if not isinstance(value, dict):
        typer.echo(f"{name:<16} {_plain(value)}")
        return
    for n, (key, inner) in enumerate(value.items()):
        shown = issue_name(inner) if key in ("first_issue", "last_issue") and inner else _plain(inner)
        typer.echo(f"{'' if n else name:<16} {key.replace('_', ' ')}: {shown}")


def _plain(value: object) -> str:
    from models.intervals import Interval

    if isinstance(value, dict) and "mean" in value:
        return Interval.of(value).text()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    if isinstance(value, list | tuple):
        return ", ".join(f"{item:.3f}" if isinstance(item, float) else str(item) for item in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(inner)}" for key, inner in value.items()) or "none"
    return f"{value:.3g}" if isinstance(value, float) else str(value) or "none"


def _row(found: "ModelFigures") -> dict[str, str]:
    gain = found.gain
    return {
        "model": found.model,
        "nDCG@20": _short(found.figures.get("ndcg@20")),
        "gain": gain.text("+.3f") if gain else "",
        "recall@25": _short(found.figures.get("recall@25")),
        "sections": _short(found.section_top1),
        "texts/s": f"{found.texts_per_second:.0f}",
        "memory": f"{found.memory_mb:.0f} MB",
        "disk": f"{found.disk_mb:.0f} MB" if found.disk_mb is not None else "",
    }


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
