"""`triage classify` and `triage rank`: the two steps of a night that judge, each alone."""

from typing import TYPE_CHECKING

from flows.commands.options import AsOfOption, JsonOption, WorkspaceOption, open_workspace, print_json

if TYPE_CHECKING:
    from pipeline.types import StepReport


def classify(workspace: WorkspaceOption = None, as_of: AsOfOption = None, as_json: JsonOption = False) -> None:
    """Tell the section of every candidate.

    Example: triage classify --as-of 2022-09-03
    """
    from flows import steps

    _print(steps.classify(open_workspace(workspace, as_of)), as_json)


def rank(workspace: WorkspaceOption = None, as_of: AsOfOption = None, as_json: JsonOption = False) -> None:
    """Put the candidates in order, with reasons.

    Example: triage rank --as-of 2022-09-03
    """
    from flows import steps

    _print(steps.rank(open_workspace(workspace, as_of)), as_json)


def _print(report: "StepReport", as_json: bool) -> None:
    from dataclasses import asdict

    import typer

    if as_json:
        print_json(asdict(report))
    else:
        typer.echo(f"{report.step}: {report.done} of {report.seen} articles in {report.seconds:.1f} s")
