"""`triage pull`: fetch the feeds."""

import typer

from flows.cli.options import AsOfOption, JsonOption, WorkspaceOption, open_workspace, print_json, print_table
from pipeline.core.counted import counted

ALIKE = 3  # feeds with the same problem that are named


def pull(workspace: WorkspaceOption = None, as_of: AsOfOption = None, as_json: JsonOption = False) -> None:
    """Fetch every feed that is due and store new articles.

    Example: triage pull --json
    """
    from flows.progress import progress_bar
    from pipeline.ops import runner

    opened = open_workspace(workspace, as_of)
    with progress_bar("feeds") as progress:
        report = runner.pull(opened, progress=progress)
    if as_json:
        print_json({"seconds": round(report.seconds, 3), **report.details})
        return
    details = report.details
    new = counted(details["articles"], "new article")
    typer.echo(f"{report.done} of {report.seen} feeds answered, {new}, {report.seconds:.1f} s")
    failed: dict[str, list[str]] = {}
    for feed in details["feeds"]:
        if feed["error"]:
            failed.setdefault(feed["error"], []).append(feed["url"])
    if failed:
        print_table(row for problem, feeds in failed.items() for row in _rows(problem, feeds))
    if details["waiting"]:
        waiting = counted(len(details["waiting"]), "feed is", "feeds are")
        typer.echo(f"{waiting} waiting (Retry-After or backoff); see: triage feeds list")


def _rows(problem: str, feeds: list[str]) -> list[dict[str, str]]:
    """Name the feeds of one problem, each or, where they are many, the first of them."""
    if len(feeds) > ALIKE:
        return [{"feed": f"{feeds[0]} and {len(feeds) - 1} more", "problem": problem}]
    return [{"feed": feed, "problem": problem} for feed in feeds]
