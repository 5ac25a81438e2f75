"""The published issue comes back: as picks, as outcomes of its shortlist, and as what was missed."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from helpers import NOW
from pipeline.core.errors import InputError
from pipeline.core.types import Article, Candidate, Issue, Pick
from pipeline.core.urls import article_id
from pipeline.ops.workspace import Workspace
from pipeline.steps.publish import SHOWN, issue_body, publish_issue, read_issue
from pipeline.store.articles import add_articles
from pipeline.store.database import Database
from pipeline.store.issues import known_issues
from pipeline.store.review import replace_review


def article(n: int) -> Article:
    """Build an article."""
    url = f"https://a.example/{n}"
    return Article(article_id(url), url, f"Story {n}", "a.example", NOW)


@pytest.fixture
def shortlist(database: Database) -> list[Article]:
    """Thirty ranked candidates; the second has another address too."""
    articles = [article(n) for n in range(30)]
    twin = article(99)
    candidates = [
        Candidate(a, "teams", {}, 0.5, rank=n, duplicate_ids=(twin.id,) if n == 2 else ())
        for n, a in enumerate(articles, 1)
    ]
    with database.writing() as connection:
        add_articles(connection, [*articles, twin])
        replace_review(connection, candidates, {}, date.max)
    return articles


def issue(*urls: str) -> Issue:
    """Build an issue that picks addresses."""
    picks = tuple(Pick("Managing Teams", url, url, n, n, "teams") for n, url in enumerate(urls, 1))
    return Issue(7, date(2026, 11, 20), "#7", picks=picks)


def query(database: Database, sql: str) -> list[tuple[object, ...]]:
    """Ask the tables."""
    with database.reading() as connection:
        return connection.execute(sql).fetchall()


PUBLISHED = issue("https://a.example/0", "http://www.a.example/99/", "https://a.example/29", "https://nobody.example/x")


def test_picks_and_non_picks_of_the_shortlist_are_marked(database: Database, shortlist: list[Article]) -> None:
    """What ran says so in the shortlist; what was passed over is kept with its rank."""
    publish_issue(database, PUBLISHED)
    assert query(database, "SELECT rank FROM review WHERE state = 'ran' ORDER BY rank") == [(1,), (2,), (30,)]
    assert query(database, "SELECT picked, count(*) FROM issue_results GROUP BY picked ORDER BY picked") == [
        (False, 27),
        (True, 3),
    ]


def test_it_says_what_the_model_would_have_missed(database: Database, shortlist: list[Article]) -> None:
    """A pick below what an editor reads, and one that no feed carried."""
    report, surprises = publish_issue(database, PUBLISHED)
    assert [(s.pick.position, s.rank) for s in surprises] == [(3, 30), (4, None)]
    assert SHOWN < 30
    assert (report.seen, report.done, report.failed) == (30, 3, 1)


def test_publishing_twice_changes_nothing_and_a_correction_is_taken(
    database: Database, shortlist: list[Article]
) -> None:
    """The stored shortlist stays, even after the next night's `rank`; the picks follow the file."""
    publish_issue(database, PUBLISHED)
    before = query(database, "SELECT * FROM issue_results ORDER BY article_id")
    with database.writing() as connection:
        replace_review(connection, [], {}, date.max)
    assert publish_issue(database, PUBLISHED)[1][0].rank == 30
    assert query(database, "SELECT * FROM issue_results ORDER BY article_id") == before
    publish_issue(database, replace(PUBLISHED, picks=PUBLISHED.picks[:1]))
    assert query(database, "SELECT rank FROM issue_results WHERE picked") == [(1,)]
    with database.reading() as connection:
        assert [len(one.picks) for one in known_issues(connection, date.max)] == [1]


def test_file_is_read_as_it_goes_out(workspace: Workspace, tmp_path: Path) -> None:
    """Front matter says which issue it is; remarks to the editor do not go out."""
    file = tmp_path / "issue.md"
    file.write_text(
        '---\ntitle: "#7 - 20 November 2026"\n---\n\n## Managing Teams\n\n[One](https://a.example/1)\n\n'
        "<!-- triage: you ran something near -->\nWords.\n"
    )
    read = read_issue(file, workspace.newsletter)
    assert (read.number, read.date, [p.url for p in read.picks]) == (7, date(2026, 11, 20), ["https://a.example/1"])
    assert issue_body(file) == "## Managing Teams\n\n[One](https://a.example/1)\n\nWords.\n"


def test_file_that_is_no_issue_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    """One sentence that names the file."""
    file = tmp_path / "notes.md"
    file.write_text("# Notes\n")
    with pytest.raises(InputError, match=r"notes\.md: no issue number"):
        read_issue(file, workspace.newsletter)
    with pytest.raises(InputError, match=r"newsletter\.toml holds no issue; name the issue"):
        read_issue(workspace.folder / "newsletter.toml", workspace.newsletter)


def test_an_issue_without_a_story_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    """An empty draft, published by a slip, would take its number and teach nothing."""
    file = tmp_path / "7.md"
    file.write_text("---\ntitle: '#7 - 13 November 2026'\n---\n## Managing Teams\n\nNo link at all.\n")
    with pytest.raises(InputError, match=r"7\.md holds no story with a link; nothing was recorded"):
        read_issue(file, workspace.newsletter)


def test_another_issue_of_the_number_is_refused(database: Database, shortlist: list[Article]) -> None:
    """A corrected issue replaces itself; a different one only with --replace."""
    publish_issue(database, PUBLISHED)
    publish_issue(database, replace(PUBLISHED, picks=PUBLISHED.picks[:3]))
    other = issue("https://b.example/1", "https://b.example/2", "https://b.example/3", "https://a.example/0")
    with pytest.raises(
        InputError, match=r"#7 is already recorded, of 2026-11-20 with 3 picks, of which this file has 1"
    ):
        publish_issue(database, other)
    assert [len(i.picks) for i in all_issues(database)] == [3]
    publish_issue(database, other, replace=True)
    assert [i.picks[0].url for i in all_issues(database)] == ["https://b.example/1"]


def test_a_folder_is_no_issue(workspace: Workspace, tmp_path: Path) -> None:
    """A folder that holds one issue, as a workspace may, is not published by a slip."""
    (tmp_path / "7.md").write_text('---\ntitle: "#7 - 16 July 2021"\n---\n\n## Random\n\n[One](https://a.example/1)\n')
    assert read_issue(tmp_path / "7.md", workspace.newsletter).number == 7
    for path in (tmp_path, tmp_path / "8.md"):
        with pytest.raises(InputError, match="is no file; name the issue"):
            read_issue(path, workspace.newsletter)


def all_issues(database: Database) -> list[Issue]:
    """Read the issues stored."""
    with database.reading() as connection:
        return known_issues(connection, date.max)
