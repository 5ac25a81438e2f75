"""`triage pull`: ask every feed, alone."""

import typer

from flows.commands.options import AsOfOption, JsonOption, WorkspaceOption, open_workspace, print_json, print_table


def pull(workspace: WorkspaceOption = None, as_of: AsOfOption = None, as_json: JsonOption = False) -> None:
    """Read every feed that is due and store what is new.

    Example: triage pull --json
    """
    from flows.commands.progress import counting
    from pipeline.pull import pull_feeds
    from pipeline.store.runs import keep_report

    opened = open_workspace(workspace, as_of)
    with counting("feeds") as progress:
        report = pull_feeds(opened.database, opened.newsletter, opened.moment, progress)
    keep_report(opened.database, report, opened.moment)
    if as_json:
        print_json({"seconds": round(report.seconds, 3), **report.details})
        return
    details = report.details
    typer.echo(
        f"{report.done} of {report.seen} feeds answered, {details['articles']} new articles, {report.seconds:.1f} s"
    )
    failed = [{"feed": f["url"], "problem": f["error"]} for f in details["feeds"] if f["error"]]
    if failed:
        print_table(failed)
    if details["waiting"]:
        typer.echo(f"{len(details['waiting'])} feeds asked to be left alone for now; see: triage feeds list")
