"""Write a replay as one self-contained HTML page: figures, plots, missed picks. The page loads nothing else."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader

from models.intervals import Interval
from pipeline.core.config import Newsletter
from pipeline.core.errors import InputError
from pipeline.core.issue_number import issue_name
from pipeline.evaluation import plots
from pipeline.evaluation.exposure import READING_DEPTH
from pipeline.evaluation.json_report import as_record
from pipeline.evaluation.results import Replay, recall_curve

COLUMNS = ("ap", "ndcg@20", "r_precision", "recall@10", "recall@25", "recall@50", "auc", "read95", "median_rank")


def write_report(replay: Replay, newsletter: Newsletter, path: Path, sections: Sequence[str] = ()) -> None:
    """Write the page: headline, tables against the baselines, plots, misses by name.

    Parameters
    ----------
    sections : sequence of str
        Measure the section classifier on the picks of these only; default: all.
    """
    record = as_record(replay, sections)
    environment = Environment(
        loader=PackageLoader("pipeline.evaluation"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "short": _short,
        "interval": lambda record: Interval.of(record).text(),
        "issue_name": issue_name,
    }
    page = environment.get_template("replay.html").render(
        name=newsletter.name,
        record=record,
        plots=_plots(replay, record),
        columns=COLUMNS,
        names={section.key: section.name for section in newsletter.sections},
        read=READING_DEPTH,
    )
    try:
        path.write_text(page, "utf-8")
    except OSError as error:
        raise InputError(f"cannot write {path} ({error.strerror}); name another file") from error


def _plots(replay: Replay, record: dict[str, Any]) -> dict[str, str]:
    drawn = {"confusion": _confusion(record["sections"])}
    if "figures" not in record:
        return drawn
    rankers = {name: recall_curve(replay.measurable, name) for name in record["figures"]}
    lines = {name: (list(range(1, len(found) + 1)), found) for name, found in rankers.items()}
    drawn["recall"] = plots.curves(lines, "candidates read", "share of carried picks found")
    if "live" in record:
        lines = {name: (list(range(1, len(found) + 1)), found) for name, found in record["live"]["curve"].items()}
        drawn["live"] = plots.curves(lines, "candidates read", "share of carried picks found")
    drawn["reliability"] = plots.reliability_plot(record["reliability"])
    if record["learning_curve"]:
        starts = {
            start: {size: figures["ndcg@20"] for size, figures in sizes.items()}
            for start, sizes in record["learning_curve"].items()
        }
        drawn["learning"] = plots.steps(starts, "past issues known", "nDCG@20")
    return drawn


def _confusion(sections: dict[str, Any]) -> str:
    used = [n for n, row in enumerate(sections["confusion"]) if sum(row)]
    matrix = [[sections["confusion"][r][c] for c in used] for r in used]
    return (
        plots.counts(matrix, [sections["keys"][n] for n in used], "section it was published in", "predicted section")
        if used
        else ""
    )


def _short(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
