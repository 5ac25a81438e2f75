"""`triage rank`: order the candidates."""

from flows.cli.options import AsOfOption, JsonOption, WorkspaceOption, open_workspace, print_report


def rank(workspace: WorkspaceOption = None, as_of: AsOfOption = None, as_json: JsonOption = False) -> None:
    """Rank the candidates, with reasons.

    Example: triage rank --as-of 2022-09-03
    """
    from pipeline.ops import runner

    print_report(runner.rank(open_workspace(workspace, as_of)), as_json)
