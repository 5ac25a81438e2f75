"""A turn of the newsletter is reported with counts, and nothing is reported where nothing turned."""

from datetime import timedelta

import numpy as np
import pytest

from models.embedder import HashingEmbedder
from pipeline.core.as_of import AsOf
from pipeline.evaluation.changes import describe_changes
from pipeline.ranking.snapshot import load_snapshot
from pipeline.store.articles import add_articles
from pipeline.store.issues import add_issues
from world import FIRST, article, issue

CALM, TURNED = 30, 8
SOURCES = ("a.example", "b.example")


def result(workspace, picks_of) -> str:
    """What is said of an archive whose issue number n holds `picks_of(n, random)`."""
    random = np.random.default_rng(3)
    issues = [
        issue(n, [(s, t, f"https://x.example/{n}/{k}") for k, (s, t) in enumerate(picks_of(n, random))])
        for n in range(1, CALM + TURNED + 1)
    ]
    with workspace.database.writing() as connection:
        add_issues(connection, issues)
    as_of = AsOf.before_issue(FIRST + timedelta(weeks=CALM + TURNED + 1))
    return describe_changes(load_snapshot(workspace.database, workspace.newsletter, HashingEmbedder(), as_of))


def calm(n, random, subjects=("clouds", "storage", "queues", "testing", "grants")):
    """Ten to twelve links, sections and subjects by chance."""
    return [
        (str(random.choice(["teams", "software"])), f"notes on {random.choice(subjects)} {n}-{k}")
        for k in range(10 + int(random.integers(3)))
    ]


def test_nothing_is_said_of_chance(workspace):
    """The same editor, the same mix: no sentence."""
    assert result(workspace, calm) == ""


def test_a_turn_is_said_with_its_counts(workspace):
    """Fewer links, more of a section, more of one word and less of another."""

    def turned(n, random):
        if n <= CALM:
            return calm(n, random)
        return [("teams", f"notes on {random.choice(['hiring', 'grants'])} {n}-{k}") for k in range(5)]

    said = result(workspace, turned)
    assert said.startswith(f"since #{CALM + 1}: fewer links, 5 an issue (before: 11)")
    assert "; more “notes on hiring” as in “notes on hiring 3" in said
    assert "of 40 links, before 0 of " in said
    assert "less" in said


def with_subject(subject: str, late: range, before: range):
    """The calm mix, and in some issues a link of this subject beside."""
    return lambda n, random: [*calm(n, random), *[("teams", subject.format(n))] * (n in late or n in before)]


def test_a_theme_is_named_by_its_phrase_and_its_latest_pick(workspace):
    """Not “debt” alone, which names nothing: the phrase that its picks share, and one of them."""
    said = result(workspace, with_subject("Paying off technical debt, part {}", range(CALM + 1, 99), range(0)))
    assert "more “technical debt” as in “Paying off technical debt, part 38” in #38 (8 of " in said
    assert said.count("#38") == 1


def test_five_links_more_may_be_chance(workspace):
    """Five of some ninety links where one of some three hundred was before: among so many phrases nothing to tell."""
    assert result(workspace, with_subject("an overview {}", range(CALM + 1, CALM + 6), range(10, 11))) == ""


def test_one_issue_about_a_theme_is_no_change(workspace):
    """Ten links about one thing in one issue are a special issue, not a turn."""

    def special(n, random):
        return [*calm(n, random), *[("teams", f"quantum networks {n}")] * (10 * (n == CALM + 2))]

    assert "quantum" not in result(workspace, special)


def laid_with_sources(workspace, good_until: int) -> str:
    """What is said where each week two articles of a.example and b.example come, one of each is run, a's until then."""
    issues, articles = [], []
    for n in range(1, CALM + TURNED + 1):
        day = FIRST + timedelta(weeks=n - 1)
        week = [article(f"{host} {n} {k}", day, f"https://{host}/{n}/{k}") for host in SOURCES for k in range(2)]
        run = [week[0]] * (n <= good_until) + [week[2]]
        issues.append(issue(n, [("teams", f"notes {n} {a.source}", a.url) for a in run]))
        articles += week
    with workspace.database.writing() as connection:
        add_issues(connection, issues)
        add_articles(connection, articles)
    as_of = AsOf.before_issue(FIRST + timedelta(weeks=CALM + TURNED + 1))
    return describe_changes(load_snapshot(workspace.database, workspace.newsletter, HashingEmbedder(), as_of))


def test_a_source_that_turned_bad_is_named(workspace):
    """Half of its articles ran for thirty issues and none of the latest sixteen; the other source is not named."""
    said = laid_with_sources(workspace, good_until=CALM)
    assert "less of a.example (0 of its 16 articles run, before 29 of 58)" in said
    assert "b.example" not in said


def test_a_steady_source_is_not_named(workspace):
    """Where both sources go on as before nothing is said."""
    assert laid_with_sources(workspace, good_until=CALM + TURNED) == ""


@pytest.mark.parametrize("n_issues", [0, 3])
def test_few_issues_say_nothing(workspace, n_issues):
    """There is nothing to compare the latest issues with."""
    with workspace.database.writing() as connection:
        add_issues(connection, [issue(n, [("teams", f"title {n}", None)]) for n in range(1, n_issues + 1)])
    as_of = AsOf.before_issue(FIRST + timedelta(weeks=50))
    assert describe_changes(load_snapshot(workspace.database, workspace.newsletter, HashingEmbedder(), as_of)) == ""
