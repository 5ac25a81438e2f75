"""The status page's charts say what the figures say, and carry nothing that our fence would stop."""

import re
from datetime import date, timedelta

from pipeline.core.types import Issue, Pick, StepReport
from pipeline.desk.charts import charts, clean
from pipeline.store.issues import add_issues
from pipeline.store.runs import record_run

REPLAY = {
    "issues": list(range(101, 141)),
    "recall_curve": [n / 50 for n in range(51)],
    "reliability": [[0.1, 0.12, 200], [0.5, 0.45, 40], [0.9, 0.95, 10]],
}


def lay_figures(workspace):
    picks = [Pick("Managing Teams", f"t{n}", f"https://t.example/{n}", n, n, "teams") for n in (1, 2, 3)]
    issues = [Issue(n, date(2026, 1, 2) + timedelta(weeks=n), picks=tuple(picks[: n % 3 + 1])) for n in range(1, 9)]
    with workspace.database.writing() as connection:
        add_issues(connection, issues)
    record_run(workspace.database, StepReport("replay", 40, 40, 0, 1.0, REPLAY), workspace.as_of)


def test_figures_are_told_in_words_beside_each_plot(workspace, desk):
    """Who does not see the plot is told its gist."""
    lay_figures(workspace)
    drawn = charts(desk)
    assert [picture.title for picture in drawn] == [
        "How much is found by reading so far", "Are the percentages true", "Picks per section over time",
    ]  # fmt: skip
    assert "reading the best 25 finds 48% of the picks that a source carried" in drawn[0].words
    assert ">triage<" not in drawn[0].svg  # a single line needs no legend


def test_plots_are_fit_for_dark_and_for_the_fence(workspace, desk):
    """No inline style, no stylesheet, no script; ink is the page's own colour."""
    lay_figures(workspace)
    for picture in charts(desk):
        assert not re.search(r"style=|<style|<script|\son\w+=", picture.svg)
        assert "currentColor" in picture.svg
        assert 'role="img"' in picture.svg


def test_styles_become_attributes():
    """What a style said, attributes say."""
    svg = clean(
        '<svg width="9"><path style="fill: none; stroke: #123456"/><text style="font: 10px \'X\'">a</text></svg>', "<a>"
    )
    assert 'fill="none" stroke="#123456"' in svg
    assert '<text font-size="10px">' in svg
    assert 'aria-label="&lt;a>"' in svg


def test_without_figures_there_is_no_picture(workspace, desk):
    """A new newsletter has nothing to draw, nor has one whose picks have no section; its status page stands."""
    assert charts(desk) == []
    issues = [Issue(n, date(2026, 1, n), picks=(Pick("Elsewhere", "t", "https://t.example", 1, 1),)) for n in (1, 2)]
    with workspace.database.writing() as connection:
        add_issues(connection, issues)
    assert charts(desk) == []
