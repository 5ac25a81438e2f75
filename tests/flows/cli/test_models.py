"""`triage models list`."""

from typer.testing import CliRunner

from flows.cli.app import app
from helpers import NOW
from pipeline.store.model_cards import ModelCard, add_card, set_aside


def test_the_list_names_what_is_active_and_what_is_set_aside(workspace):
    """A model that could not be loaded is distinguished from one that another replaced."""
    with workspace.database.writing() as connection:
        for name in ("good", "bad", "old"):
            card = {"data": {"issues": 9, "picks": 40}}
            add_card(connection, ModelCard(name, "relevance", NOW, NOW.date(), "", name != "old", card))
        set_aside(connection, "bad", "its file is gone")
    result = CliRunner().invoke(app, ["models", "list", "--workspace", str(workspace.folder)])
    found = {
        name: line for line in result.output.splitlines() for name in line.split() if name in ("good", "bad", "old")
    }
    assert found["good"].startswith("*")
    assert found["bad"].startswith("set aside")
    assert found["old"].startswith(" ")


def test_the_list_says_from_how_many_picks_a_model_learned(workspace):
    """Beside the number of past picks that `triage status` shows; in 80 columns an id can be copied whole."""
    with workspace.database.writing() as connection:
        for kind, picks in (("relevance", 1071), ("sections", 1138)):
            card = {"data": {"issues": 13, "picks": picks, "past_picks": 1146}}
            add_card(connection, ModelCard(f"{kind}-2026-04-17-a9f62ee5", kind, NOW, NOW.date(), "", True, card))
    result = CliRunner().invoke(app, ["models", "list", "--workspace", str(workspace.folder)], env={"COLUMNS": "80"})
    relevance, sections = (
        next(line for line in result.output.splitlines() if f" {kind}-2026-04-17-a9f62ee5 " in line)
        for kind in ("relevance", "sections")
    )
    assert relevance.rstrip().endswith("1071 of 1146")
    assert sections.rstrip().endswith("1138 of 1146")
    assert max(map(len, result.output.splitlines())) <= 80


def test_no_kept_model_is_said(workspace):
    """An empty list says what that means and what keeps a model."""
    result = CliRunner().invoke(app, ["models", "list", "--workspace", str(workspace.folder)])
    assert "triage retrain" in result.output


def test_a_card_is_in_plain_words(workspace):
    """No change of late is said, not left blank; times and issues are written as elsewhere."""
    with workspace.database.writing() as connection:
        card = {"changes": "", "data": {"first_issue": 20240503, "last_issue": 96}}
        add_card(connection, ModelCard("good", "relevance", NOW, NOW.date(), "", True, card))
    result = CliRunner().invoke(app, ["models", "show", "good", "--workspace", str(workspace.folder)])
    assert f"{'changes':<16} none" in result.output.splitlines()
    assert f"{'active':<16} yes" in result.output
    assert f"{NOW:%Y-%m-%d %H:%M} UTC" in result.output
    assert "first issue: 2024-05-03\n" in result.output
    assert "last issue: #96\n" in result.output


def test_a_card_of_few_issues_says_that_it_has_no_interval(workspace):
    """Figures of fewer than six issues are means, and the card says why they have no interval."""
    few, many = {"mean": 0.5}, {"mean": 0.5, "low": 0.4, "high": 0.6}
    with workspace.database.writing() as connection:
        card = {"figures": {"few": few, "many": many}}
        add_card(connection, ModelCard("good", "relevance", NOW, NOW.date(), "", True, card))
    result = CliRunner().invoke(app, ["models", "show", "good", "--workspace", str(workspace.folder)])
    assert "few: 0.500 (no interval: fewer than 6 issues)" in result.output
    assert "many: 0.500 (0.400 to 0.600)" in result.output
