"""`triage replay`: rank past issues again, and measure."""

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli.options import (
    AsOfOption,
    JsonOption,
    WorkspaceOption,
    open_workspace,
    print_json,
    print_table,
    refuse_unwritable,
)
from pipeline.core.counted import counted

if TYPE_CHECKING:
    from pipeline.core.types import Issue
    from pipeline.evaluation.results import Replay
    from pipeline.ranking.snapshot import Snapshot

LAST = 40
FIGURES = ("ap", "ndcg@20", "r_precision", "recall@10", "recall@25", "recall@50", "auc", "read95", "median_rank")
WITHOUT = ("source", "url", "dates")  # "dates" has no effect and stays valid for scripts


def replay(
    last: Annotated[int, typer.Option(min=1, help="Replay the newest N issues.")] = LAST,
    first: Annotated[int | None, typer.Option("--from", help="Replay from this issue on; overrides --last.")] = None,
    until: Annotated[int | None, typer.Option("--to", help="Replay up to this issue.")] = None,
    without: Annotated[
        str, typer.Option(metavar="GROUPS", help="Feature groups to leave out, source or url: comma-separated.")
    ] = "",
    sections: Annotated[
        str, typer.Option(metavar="KEYS", help="Measure sections on these alone: comma-separated.")
    ] = "",
    curve: Annotated[bool, typer.Option(help="Measure the learning curve too (slower).")] = True,
    live: Annotated[
        bool, typer.Option("--live", help="Simulate a reader whose decisions re-rank the rest (seconds an issue).")
    ] = False,
    rankings: Annotated[Path | None, typer.Option(metavar="FILE.jsonl", help="Write every ranking.")] = None,
    report: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write a page with plots.")] = None,
    model: Annotated[str | None, typer.Option(metavar="NAME", help="Use another embedding model.")] = None,
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure how many picks the ranking would have found. Past issues are ranked with what was known before each.

    Example: triage replay --last 40 --report replay.html
    """
    from pipeline.core.errors import InputError
    from pipeline.evaluation.json_report import as_record, write_rankings
    from pipeline.ranking.snapshot import load_snapshot
    from pipeline.steps.replay import record_replay, select_issues

    refuse_unwritable(rankings, report)
    left_out, only = _names(without, WITHOUT, "--without"), tuple(k for k in sections.split(",") if k)
    started = time.monotonic()
    opened = open_workspace(workspace, as_of)
    if model:
        opened = replace(opened, newsletter=replace(opened.newsletter, embedding_model=model))
    for key in only:
        opened.newsletter.section(key)
    snapshot = load_snapshot(opened.database, opened.newsletter, opened.embedder, opened.as_of)
    issues = select_issues(snapshot.issues, last=last, first=first, until=until)
    if snapshot.issues and not issues:
        numbers = [issue.number for issue in snapshot.issues]
        raise InputError(f"no past issue has such a number; --from and --to can be {min(numbers)} to {max(numbers)}")
    found = _replayed(snapshot, issues, left_out, curve, live)
    record = as_record(found, only)
    record_replay(opened.database, record, opened.as_of, time.monotonic() - started)
    if rankings:
        write_rankings(found, rankings)
    if report:
        from pipeline.evaluation.html_report import write_report

        write_report(found, opened.newsletter, report, only)
    print_json(record) if as_json else _print(record)


def _replayed(
    snapshot: "Snapshot", issues: "list[Issue]", without: tuple[str, ...], curve: bool, live: bool
) -> "Replay":
    from flows.progress import progress_bar
    from pipeline.steps.replay import replay_issues

    with progress_bar("issues") as progress:
        return replay_issues(snapshot, issues, without=without, curve=curve, live=live, progress=progress)


def _names(text: str, known: tuple[str, ...], option: str) -> tuple[str, ...]:
    from pipeline.core.errors import InputError

    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        if name not in known:
            raise InputError(f"{option} knows {', '.join(known)}, not {name!r}")
    return names


def _print(record: dict[str, Any]) -> None:
    typer.echo(record["headline"])
    if "figures" in record:
        _print_ranking(record)
    typer.echo(_of_sections(record["sections"]))
    if live := record.get("live"):
        estimates = (f"after {n} read the estimate held in {p['held']:.0%}" for n, p in live["estimates"].items())
        of = live["read95"]
        typer.echo(
            f"read95 {of['live']:.3f} with decisions that re-rank, {of['static']:.3f} without; {', '.join(estimates)}"
        )
    for start, sizes in record.get("learning_curve", {}).items():
        points = ", ".join(f"{size}: {_short(figures['ndcg@20'])}" for size, figures in sizes.items())
        typer.echo(f"nDCG@20 by issues known, {start}: {points}")


def _print_ranking(record: dict[str, Any]) -> None:
    rankers = record["figures"].items()  # a column each, so that the table fits 80 characters
    print_table({"": f.replace("_", " "), **{name: _short(of[f]) for name, of in rankers}} for f in FIGURES)
    mean = record["figures"]["triage"]
    typer.echo(
        f"({counted(len(record['measurable']), 'issue')}; in the mean {mean['candidates']:.0f} candidates, "
        f"{mean['covered']:.1f} of {mean['picks']:.1f} picks carried)"
    )
    shown = record["exposure"]
    typer.echo(
        f"the top 25 show {shown['sources_in_top']:.0f} of {shown['sources_in_pool']:.0f} sources; "
        f"of sources never picked before are {_share(shown['newcomers_in_top'])} of the top 25, "
        f"{_share(shown['newcomers_in_pool'])} of the pool, {_share(shown['newcomers_among_picks'])} of the picks"
    )


def _of_sections(sections: dict[str, Any]) -> str:
    if not sections["picks"]:
        return "sections: not measurable: none of these picks stands in a section of newsletter.toml"
    prose = " (all links count: these issues have no title lines)" if sections["in_prose"] else ""
    return (
        f"sections of {sections['picks']} picks{prose}: top-1 {sections['top1']:.2f}, "
        f"top-2 {sections['top2']:.2f}, macro-F1 {sections['macro_f1']:.2f}, "
        f"calibration error {sections['calibration_error']:.2f}"
    )


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
