"""The pages of the models and of replay: cards, roll back, compare, measure on past issues."""

import sys
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pipeline.core.errors import InputError
from pipeline.desk.actions import form_action
from pipeline.desk.charts import charts
from pipeline.desk.nightly_process import NightRun
from pipeline.desk.rendering import desk_of, render
from pipeline.desk.requests import MAX_URL, Form, field_of, read_form
from pipeline.ranking.model_registry import roll_back, stale_note
from pipeline.store.model_cards import all_cards
from pipeline.store.runs import last_report

JOBS = {
    "retrain": ("retrain",),
    "compare": ("models", "compare"),
    "replay": ("replay",),
}
KINDS = {"relevance": "The order of the list", "sections": "The proposed sections"}
FIGURES = ("ndcg@20", "recall@10", "recall@25", "recall@50", "median_rank")


def models(request: Request) -> Response:
    """Show the embedding model, and the cards of the kept models."""
    desk = desk_of(request)
    with desk.workspace.database.reading() as connection:
        cards = all_cards(connection)
    return render(request, "models.html", cards=cards, kinds=KINDS, embedding=desk.workspace.newsletter.embedding_model)


@form_action
def activate(request: Request, form: Form) -> str:
    """Activate an earlier model, at once."""
    desk = desk_of(request)
    card = roll_back(desk.workspace.database, field_of(form, "id"), desk.workspace.models_folder)
    request.app.state.sync.renew_reranker()
    note = stale_note(desk.workspace.database, card)
    return f"{card.id} is active now, {note}" if note else f"{card.id} is active now."


def replay(request: Request) -> Response:
    """Show the figures and charts of the last replay."""
    desk = desk_of(request)
    with desk.workspace.database.reading() as connection:
        report = last_report(connection, "replay")
    return render(request, "replay.html", report=report, figures=figures(report), names=FIGURES, charts=charts(desk))


def figures(report: dict[str, Any] | None) -> dict[str, list[float | None]]:
    """Return the figures of each ranker of a replay, in the order of FIGURES."""
    rankers = (report or {}).get("figures", {})
    return {name: [found.get(figure) for figure in FIGURES] for name, found in rankers.items()}


async def job(request: Request) -> Response:
    """Show the progress of a job; POST starts one of JOBS."""
    run: NightRun = request.app.state.job
    if request.method == "POST":
        form = await read_form(request)
        if not run.start(_command(request, form)):
            raise InputError("another job is running; start this one when that is done")
        return RedirectResponse("/job", 303)
    return render(request, "job.html", run=run)


def _command(request: Request, form: Form) -> list[str]:
    name, last, model = field_of(form, "job"), field_of(form, "last"), field_of(form, "model").strip()[:MAX_URL]
    if name not in JOBS:
        raise InputError(f"a job is one of {', '.join(JOBS)}, not {name[:20]!r}")
    if last and not (last.isascii() and last.isdecimal() and 2 <= int(last[:6]) <= 10_000):
        raise InputError(f"replay 2 to 10,000 issues, not {last[:12]!r}")
    if name == "compare" and not model:
        raise InputError("which model? name one, or the folder that holds it")
    command = [sys.executable, "-m", "flows.cli", *JOBS[name]]
    command += ["--workspace", str(desk_of(request).workspace.folder)]
    if last and name != "retrain":
        command += ["--last", last]
    return [*command, "--", model] if name == "compare" else command
