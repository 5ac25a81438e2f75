"""What is said in a shell is stored as it was said, or not at all."""

import json

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from invented import lay_stories
from pipeline.desk.session import Desk


@pytest.fixture
def ask(workspace):
    """Run a command in the workspace."""

    def ask(*words):
        return CliRunner().invoke(app, [words[0], "--workspace", str(workspace.folder), *words[1:]])

    return ask


@pytest.fixture
def ids(workspace):
    return lay_stories(workspace, 6)


def states(workspace):
    with workspace.database.reading() as connection:
        return dict(connection.execute("SELECT id, state FROM review").fetchall())


def test_several_ids_take_one_verdict(ask, workspace, ids):
    """Ids come first, the verdict last; each decision reaches the journal and the shortlist."""
    said = ask("decide", ids[0], ids[1][:8], "pick", "--section", "teams", "--editor", "ann", "--json")
    assert [d["article_id"] for d in json.loads(said.stdout)] == ids[:2]
    assert states(workspace)[ids[1]] == "picked"
    assert [(d.verdict, d.section, d.editor) for d in workspace.journal.read()] == [("pick", "teams", "ann")] * 2


def test_undo_makes_a_story_new_again(ask, workspace, ids):
    """What was skipped can be taken back."""
    ask("decide", ids[0], "skip")
    ask("decide", ids[0], "undo")
    assert states(workspace)[ids[0]] == "new"
    assert len(workspace.journal.read()) == 2


def test_unknown_id_writes_nothing(ask, workspace, ids):
    """One wrong id among right ones: a sentence, and none of them is decided."""
    failed = ask("decide", ids[0], "ffffffffffffffff", "pick")
    assert "no article 'ffffffffffffffff'" in str(failed.exception)
    assert workspace.journal.read() == []


@pytest.mark.parametrize("words", [("decide", "pick"), ("decide", "abcd", "maybe"), ("shortlist", "--state", "old")])
def test_wrong_usage_exits_2(ask, words):
    """No id, no verdict or no such state is wrong usage."""
    assert ask(*words).exit_code == 2


def test_note_and_group_are_kept(ask, workspace, ids):
    """A blurb and an entry of several stories are decisions like others."""
    ask("note", ids[0][:10], "Worth your time.")
    ask("group", ids[0], ids[1])
    said = [(d.article_id, d.verdict, d.text) for d in workspace.journal.read()]
    assert said == [
        (ids[0], "note", "Worth your time."),
        (ids[0], "group", ids[0]),
        (ids[1], "group", ids[0]),
    ]


def test_past_evening_dates_its_decisions(ask, workspace, ids):
    """With --as-of a decision is dated before that issue, so that the evening can be replayed."""
    ask("decide", ids[0], "pick", "--as-of", "2022-10-08")
    assert str(workspace.journal.read()[0].decided_at.date()) == "2022-10-07"


def test_shortlist_tells_scripts_and_people(ask, workspace, ids):
    """JSON holds every row; the table holds titles, sections and short ids."""
    rows = json.loads(ask("shortlist", "--json").stdout)
    assert [row["id"] for row in rows] == ids
    assert rows[0]["reasons"][0]["issue"] == 118
    told = ask("shortlist", "--limit", "1").stdout
    assert "incident reviews" in told
    assert workspace.newsletter.section(rows[0]["section"]).name in told


def test_decided_stories_have_no_rank(ask, workspace, ids):
    """Their place in the order is that of an earlier night: two stories would be the first."""
    ask("decide", ids[0], "pick")
    told = [ask("shortlist", *words, "--limit", "1").stdout.splitlines()[0] for words in (("--state", "picked"), ())]
    assert [line.split()[0] for line in told] == ["How", "2"]


def test_table_shows_what_is_left_to_decide(ask, ids):
    """Decided stories are counted below it, and JSON holds them with the others."""
    ask("decide", ids[0], ids[1], "pick")
    ask("decide", ids[2], "skip")
    told = ask("shortlist", "--limit", "1").stdout
    assert f"{len(ids) - 4} more: --limit N. Decided: 2 picked, 1 skipped" in " ".join(told.split())
    assert all(f"({n})" not in told for n in range(3))
    assert [row["id"] for row in json.loads(ask("shortlist", "--json").stdout)] == ids
    ask("decide", *ids[3:], "skip")
    assert "None is left to decide." in " ".join(ask("shortlist").stdout.split())


def test_no_story_of_a_state_is_said(ask, workspace, ids):
    """Not an empty screen; and what ran is found from the moment its issue is recorded."""
    key = workspace.newsletter.sections[0].key
    said = ask("shortlist", "--state", "later", "--section", key)
    assert f"0 of {len(ids)} stories on the shortlist have state later and section {key}" in said.stderr
    assert said.stdout == ""
    with workspace.database.writing() as connection:
        connection.execute("UPDATE review SET state = 'ran' WHERE id = ?", [ids[0]])
    assert [row["id"] for row in json.loads(ask("shortlist", "--state", "ran", "--json").stdout)] == [ids[0]]


def test_empty_shortlist_says_what_to_do(ask, workspace):
    """Before the first night the table is empty, and the next move is named: a feed, then a night."""
    said = ask("shortlist", "--json")
    assert json.loads(said.stdout) == []
    assert "triage feeds add URL" in said.stderr
    file = workspace.folder / "newsletter.toml"
    file.write_text(file.read_text().replace("feeds = []", 'feeds = ["https://a.example/feed"]'))
    assert "triage nightly" in ask("shortlist").stderr


def test_few_past_issues_are_told(workspace, ids):
    """Without past issues the order is called a guess, in JSON too, and no share is shown."""
    result = CliRunner().invoke(app, ["shortlist", "--workspace", str(workspace.folder)])
    assert "No past issue is known, so this order is a first guess" in result.stderr
    assert "%" not in result.stdout
    as_json = CliRunner().invoke(app, ["shortlist", "--json", "--workspace", str(workspace.folder)])
    assert {row["is_guess"] for row in json.loads(as_json.stdout)} == {True}


def test_what_is_taken_back_is_not_called_given(ask, ids):
    """A story that leaves its entry is not grouped, and an empty note is none."""
    said = [ask(*words).stdout.split()[:2] for words in (("group", ids[0]), ("note", ids[0], ""))]
    assert [words[0] for words in said] == ["ungrouped", "note"]
    assert said[1][1] == "removed:"


@pytest.mark.parametrize("words", [("decide", "{}", "{}", "{}", "pick"), ("group", "{}", "{}", "{}")])
def test_several_ids_are_one_undo_at_the_desk(ask, workspace, ids, words):
    """What one command decided on several stories, the desk's undo takes back as a whole."""
    given = iter(ids)
    before = Desk(workspace).stories()
    ask(*[word.format(next(given)) if word == "{}" else word for word in words], "--editor", "ann")
    desk = Desk(workspace)
    assert len(desk.undo("ann")) == 3
    assert [(story.state, story.entry) for story in desk.stories()] == [(s.state, s.entry) for s in before]
