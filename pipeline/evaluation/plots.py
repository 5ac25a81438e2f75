"""Plots as inline SVG in the page's own text colour, so that they read in light and dark. Numbers in, text out."""

import io
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.style import context

INK = "#010203"  # placeholder for the page's text colour while matplotlib draws
LINES = ("#3b82c4", "#c2701e", "#3f9a5f", "#a05fb5", "#b8860b", "#8a8a8a")  # of middle lightness: read on both grounds
STYLE = {
    "svg.fonttype": "none",  # text stays text: it can be selected and read aloud
    "svg.hashsalt": "triage",  # the same figures give the same file
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    **dict.fromkeys(("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"), INK),
}


def curves(lines: Mapping[str, tuple[Sequence[float], Sequence[float]]], x: str, y: str) -> str:
    """Draw lines, name → (xs, ys), over a range of 0 to 1."""

    def draw(axes: Axes) -> None:
        for (name, (xs, ys)), colour in zip(lines.items(), _colours(len(lines)), strict=True):
            axes.plot(xs, ys, label=name, color=colour, linewidth=1.8)
        axes.set_ylim(0, 1)
        axes.set_xlabel(x)
        axes.set_ylabel(y)
        if len(lines) > 1:
            axes.legend(frameon=False, fontsize=9)

    return _svg(draw)


def steps(lines: Mapping[str, Mapping[str, float]], x: str, y: str) -> str:
    """Draw lines over named, evenly spaced places, name → place → value."""
    places = list(dict.fromkeys(place for values in lines.values() for place in values))

    def draw(axes: Axes) -> None:
        for (name, values), colour in zip(lines.items(), _colours(len(lines)), strict=True):
            xs = [places.index(place) for place in values]
            axes.plot(xs, list(values.values()), marker="o", label=name, color=colour, linewidth=1.8)
        axes.set_xticks(range(len(places)), places)
        axes.set_ylim(0, 1)
        axes.set_xlabel(x)
        axes.set_ylabel(y)
        axes.legend(frameon=False, fontsize=9)

    return _svg(draw)


def stacked(bars: Mapping[str, Sequence[int]], places: Sequence[int], x: str, y: str) -> str:
    """Draw counts on top of each other, name → count at each place."""

    def draw(axes: Axes) -> None:
        below = np.zeros(len(places))
        for (name, heights), colour in zip(bars.items(), _colours(len(bars)), strict=True):
            axes.bar(places, heights, bottom=below, label=name, color=colour, width=0.8)
            below += heights
        axes.set_xlabel(x)
        axes.set_ylabel(y)
        axes.legend(frameon=False, fontsize=9, loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2)

    return _svg(draw, height=4.6)


def reliability_plot(rows: Sequence[tuple[float, float, int]]) -> str:
    """Draw predicted against observed shares; a larger point is more candidates."""

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=INK, linewidth=0.8, linestyle=":")
        sizes = 12 + 10 * np.sqrt([n for *_, n in rows])
        axes.plot([p for p, *_ in rows], [observed for _, observed, _ in rows], color=LINES[0], linewidth=1)
        axes.scatter([p for p, *_ in rows], [observed for _, observed, _ in rows], s=sizes, color=LINES[0])
        axes.set_xlabel("predicted P(picked)")
        axes.set_ylabel("share picked")

    return _svg(draw)


def counts(matrix: Sequence[Sequence[int]], names: Sequence[str], row: str, column: str) -> str:
    """Draw a matrix of counts with its numbers; a cell is darker the larger its share of the row."""
    numbers = np.asarray(matrix, dtype=float)
    shares = numbers / np.maximum(numbers.sum(axis=1, keepdims=True), 1)

    def draw(axes: Axes) -> None:
        for (r, c), number in np.ndenumerate(numbers):
            share = float(shares[r, c])
            axes.add_patch(Rectangle((c - 0.5, r - 0.5), 1, 1, color=LINES[0], alpha=0.75 * share, linewidth=0))
            if number:
                axes.text(c, r, f"{number:.0f}", ha="center", va="center", fontsize=9)
        axes.set_xlim(-0.5, len(names) - 0.5)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_xticks(range(len(names)), names, rotation=45, ha="right")
        axes.set_yticks(range(len(names)), names)
        axes.set_xlabel(column)
        axes.set_ylabel(row)

    return _svg(draw, width=7, height=0.42 * len(names) + 1.8)


def _colours(n: int) -> list[str]:
    return [LINES[i % len(LINES)] for i in range(n)]


def _svg(draw: Callable[[Axes], None], width: float = 7.0, height: float = 3.6) -> str:
    with context(["default", STYLE]):
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasSVG(figure)
        draw(figure.subplots())
        file = io.StringIO()
        # no date: the same figures give the same file
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = file.getvalue()
    return text[text.index("<svg") :].replace(INK, "currentColor")
