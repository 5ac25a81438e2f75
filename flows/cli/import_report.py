"""What was read from past issues, for the terminal, for scripts, and as a file."""

import re
import shlex
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from flows.cli.options import print_table, write_file
from pipeline.core.counted import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.archive.reading import LeftOut, Reading
    from pipeline.core.config import Newsletter

SHOWN = 3  # of each group of things left out
SHOWN_HEADINGS = 12
# what differs between the reasons of one group: what is quoted, days and numbers
GROUPED = re.compile(r"'.*?'(?= is )|\"[^\"]*\"|\d{4}-\d{2}-\d{2}|\d+")


def as_record(reading: "Reading", newsletter: "Newsletter", new: int | None) -> dict[str, object]:
    """Return what was read for scripts; `new` as in `print_reading`."""
    return {
        "issues": len(reading.issues),
        "new": new,  # or changed; of a dry run null
        "picks": sum(len(issue.picks) for issue in reading.issues),
        "sections": reading.sections(newsletter),
        "unmapped": reading.unmapped(),
        "skipped": [{"path": left.path, "why": left.why} for left in reading.skipped],
        "guessed": [{"path": left.path, "why": left.why} for left in reading.guessed],
        "arranged": [{"path": left.path, "why": left.why} for left in reading.arranged],
        "layouts": reading.layouts,
        "tables": reading.tables,
    }


def print_reading(reading: "Reading", newsletter: "Newsletter", new: int | None, report_file: Path | None) -> None:
    """Print what was read; `new` issues are new or changed, None if nothing was stored."""
    known = "" if new in (None, len(reading.issues)) else f"; {new or 'none'} of them new or changed"
    typer.echo(f"{'would read' if new is None else 'read'} {read_amount(reading)}{known}")
    print_tables(reading)
    where = f"all in {report_file}" if report_file else "all of them with --report"
    print_groups("read", reading.arranged, where)
    for folder, layout in reading.layouts.items():
        typer.echo(f"{folder}: stories are {layout}")
    if report_file:
        print_table(_per_issue(reading, newsletter))
        print_groups("no pick", reading.set_aside, where)
    elif reading.set_aside:
        typer.echo(
            f"left out as no pick: {counted(len(reading.set_aside), 'link')}; --report lists each with its reason"
        )
    print_table({"section": name, "picks": n} for name, n in reading.sections(newsletter).items())
    print_unmapped(reading.unmapped())
    print_groups("skipped", reading.skipped, where)
    print_groups("guessed", reading.guessed, where)


def print_unmapped(headings: "Mapping[str, int]") -> None:
    """Print the headings that no section is called, with their numbers of picks, the most picks first."""
    unmapped = sorted(headings.items(), key=lambda item: -item[1])
    for heading, n in unmapped[:SHOWN_HEADINGS]:
        typer.echo(
            f"no section is called {heading!r} ({counted(n, 'pick')}); add it to the aliases of one in newsletter.toml"
            if heading
            else f"{counted(n, 'pick has', 'picks have')} no heading above them; kept without a section"
        )
    rest = [n for _, n in unmapped[SHOWN_HEADINGS:]]
    if rest:
        typer.echo(f"and {counted(len(rest), 'more heading')} with {counted(sum(rest), 'pick')}")


def _per_issue(reading: "Reading", newsletter: "Newsletter") -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for issue in reading.issues:
        counts = Counter(pick.section or "?" for pick in issue.picks)
        keys = [key for key in (*(section.key for section in newsletter.sections), "?") if counts[key]]
        sections = ", ".join(f"{key} {counts[key]}" for key in keys)
        rows.append({"issue": issue.number, "date": issue.date, "picks": len(issue.picks), "by section": sections})
    return rows


def read_amount(reading: "Reading") -> str:
    """Say how many issues and picks were read."""
    return f"{counted(len(reading.issues), 'issue')} with {counted(reading.n_picks, 'pick')}"


def print_tables(reading: "Reading") -> None:
    """Tell what was found in which columns, once for tables that are alike."""
    alike: dict[str, list[str]] = {}
    for name, columns in reading.tables.items():
        found = ", ".join(f"{kind} from {column!r}" for kind, column in columns.items())
        alike.setdefault(found, []).append(name)
    for found, names in alike.items():
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        typer.echo(f"{Path(names[0]).name}{more}: a table with {found}")


def print_groups(kind: str, left: "Sequence[LeftOut]", where: str) -> None:
    """Print what was left out by reason, with the count, the first few and where all of it is."""
    groups: dict[str, list[LeftOut]] = {}
    for each in left:
        groups.setdefault(GROUPED.sub("…", each.why), []).append(each)
    for why, members in groups.items():
        if len(members) <= SHOWN:
            for each in members:
                typer.echo(f"{kind} {each.path}: {each.why}")
            continue
        first = ", ".join(each.path for each in members[:SHOWN])
        typer.echo(f"{kind} {len(members)}: {why} (first: {first}; {where})")


def write_left_out(reading: "Reading", file: Path) -> Path:
    """Write every link and file that was left out, one a line."""
    kinds = (
        ("skipped", reading.skipped),
        ("guessed", reading.guessed),
        ("read", reading.arranged),
        ("no pick", reading.set_aside),
    )
    lines = [f"{kind}: {left.path}: {left.why}\n" for kind, several in kinds for left in several]
    write_file(file, "".join(lines))
    return file


def refuse_nothing(reading: "Reading", paths: list[str]) -> NoReturn:
    """Say in three lines what was seen and the next move, and exit with 1."""
    documents, links = counted(reading.documents, "document"), counted(reading.links, "link")
    seen = f"triage: 0 picks in {', '.join(paths)}: {documents}, {len(reading.issues)} of them issues"
    seen += f", with {links}; nothing was stored"
    reasons = Counter(left.why for left in reading.skipped).most_common(2)
    files = {why: left.path for left in reversed(reading.skipped) for why in [left.why]}
    left_out = (
        "; ".join(f"{n} × {why} (first: {files[why]})" for why, n in reasons)
        or "no file there has a form that is known"
    )
    command = " ".join(map(shlex.quote, ["triage", "import", "issues", *paths, "--explain", "preview.html"]))
    typer.echo(f"{seen}\nleft out: {left_out}\nnext: see how it was read with: {command}", err=True)
    raise typer.Exit(1)
