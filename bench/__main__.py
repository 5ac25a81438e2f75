"""Run the benchmarks: python -m bench [NAME...]. Prints one table and writes it to docs/benchmarks.md.

Named ones are measured anew; of the others the last figures stay, each with the time it was taken. All figures are
ratios of two things timed in turn in one run, because a machine's seconds say little about another's.
"""

import argparse
import json
import os
import platform
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.figures import Figure

NAMES = (
    "embedding", "night", "pulling", "storing", "ranking", "reranking", "replaying", "startup", "growth",
)  # fmt: skip
DOCS = Path(__file__).resolve().parents[1] / "docs"
KEPT = DOCS / "benchmarks.json"
PAGE = DOCS / "benchmarks.md"
BEGINS = "<!-- written by python -m bench -->"


def main() -> None:
    """Run the named benchmarks, and write the page at the end."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"default: all of {', '.join(NAMES)}")
    names = parser.parse_args().names or NAMES
    for name in names:
        print(f"measuring {name} …", flush=True)
        kept = {**_kept(), name: [figure.record for figure in import_module(f"bench.{name}").measure()]}
        KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")
        for figure in kept[name]:
            print(_row(Figure(**figure)))
    _write_page()
    print(PAGE.read_text("utf-8"))


def _kept() -> Mapping[str, list[dict[str, Any]]]:
    found: Mapping[str, list[dict[str, Any]]] = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    return found


def _write_page() -> None:
    """Replace the table below the marker; the text above it stays."""
    words = PAGE.read_text("utf-8").partition(BEGINS)[0] if PAGE.exists() else "# Benchmarks\n\n"
    kept = _kept()
    figures = [Figure(**record) for name in NAMES for record in kept.get(name, ())]
    table = "\n".join(map(_row, figures))
    plots = "\n".join(_plot(figure) for figure in figures if figure.series)
    PAGE.write_text(
        f"{words}{BEGINS}\n\nMachine: {_machine()}.\n\n| figure | against | measured | goal | | here | at |\n"
        f"|---|---|---|---|---|---|---|\n{table}\n\n{plots}",
        "utf-8",
    )


def _row(figure: Figure) -> str:
    goal = f"{'≤' if figure.at_most else '≥'} {figure.goal:g} {figure.unit}"
    value = f"{figure.value:.3g}" if figure.value < 1000 else f"{figure.value:,.0f}"
    verdict = "reached" if figure.is_met else "**missed**"
    cells = (
        figure.name,
        figure.against,
        f"{value} {figure.unit}",
        goal,
        verdict,
        figure.detail,
        figure.measured_at[:16],
    )
    return f"| {' | '.join(cells)} |"


def _plot(figure: Figure) -> str:
    names = ", ".join(f'"{name}"' for name in figure.series)
    values = ", ".join(map(str, figure.series.values()))
    return (
        f'```mermaid\nxychart-beta\n  title "Seconds of {figure.name.partition(",")[0]}, by articles stored"\n'
        f'  x-axis [{names}]\n  y-axis "s" 0 --> {1.2 * max(figure.series.values()):.1f}\n  bar [{values}]\n```\n'
    )


def _machine() -> str:
    cpu = _first(line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name"))
    flags = _first(line for line in _lines("/proc/cpuinfo") if line.startswith("flags"))
    wide = [name for name in ("avx2", "avx512f", "avx512_bf16", "amx_bf16") if name in flags.split()]
    kilobytes = _first(line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal"))
    memory = f", {int(kilobytes) / 1e6:.0f} GB" if kilobytes else ""
    return f"{cpu or platform.processor()}, {os.cpu_count()} cores ({', '.join(wide)}){memory}, {platform.platform()}"


def _lines(file: str) -> list[str]:
    return Path(file).read_text().splitlines() if Path(file).exists() else []


def _first(found: Iterable[str]) -> str:
    return next(iter(found), "")


if __name__ == "__main__":
    main()
