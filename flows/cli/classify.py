"""`triage classify`: predict the section of each candidate."""

from flows.cli.options import AsOfOption, JsonOption, WorkspaceOption, open_workspace, print_report


def classify(workspace: WorkspaceOption = None, as_of: AsOfOption = None, as_json: JsonOption = False) -> None:
    """Predict the section of every candidate.

    Example: triage classify --as-of 2022-09-03
    """
    from pipeline.ops import runner

    print_report(runner.classify(open_workspace(workspace, as_of)), as_json)
