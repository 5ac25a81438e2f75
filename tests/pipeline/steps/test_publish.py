"""The published issue comes back: as picks, as outcomes of its shortlist, and as what was missed."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from helpers import NOW
from pipeline.core.errors import InputError, NotFoundError
from pipeline.core.types import Article, Candidate, Decision, Issue, Pick, Verdict
from pipeline.core.urls import article_id
from pipeline.ops.workspace import Workspace
from pipeline.steps.publish import SHOWN, issue_body, other_number, publish_issue, read_issue, take_back_issue
from pipeline.store.articles import add_articles
from pipeline.store.database import Database
from pipeline.store.decisions import insert
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


def insert_decision(database: Database, article: Article, verdict: Verdict) -> None:
    """Decide on an article."""
    with database.writing() as connection:
        insert(connection, [Decision(article.id, verdict, "ann", NOW, seq=1)])


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


def test_what_a_corrected_issue_left_out_did_not_run(database: Database, shortlist: list[Article]) -> None:
    """A story taken out of the issue has the state of its last decision again."""
    insert_decision(database, shortlist[0], "pick")
    publish_issue(database, PUBLISHED)
    publish_issue(database, replace(PUBLISHED, picks=PUBLISHED.picks[2:]))
    assert query(database, "SELECT rank, state FROM review WHERE rank IN (1, 2, 30) ORDER BY rank") == [
        (1, "picked"), (2, "new"), (30, "ran"),
    ]  # fmt: skip


def test_a_publication_is_taken_back(database: Database, shortlist: list[Article]) -> None:
    """As if it had not been recorded: no issue, no picks, no results, and the shortlist as it was decided."""
    insert_decision(database, shortlist[0], "pick")
    publish_issue(database, PUBLISHED)
    assert take_back_issue(database, 7).picks == PUBLISHED.picks
    assert all_issues(database) == []
    assert query(database, "SELECT (SELECT count(*) FROM picks), (SELECT count(*) FROM issue_results)") == [(0, 0)]
    assert query(database, "SELECT state, count(*) FROM review GROUP BY state ORDER BY state") == [
        ("new", 29), ("picked", 1),
    ]  # fmt: skip
    with pytest.raises(NotFoundError, match="no issue #7 is recorded"):
        take_back_issue(database, 7)


def test_two_issues_that_ran_a_story(database: Database, shortlist: list[Article]) -> None:
    """It still ran when one of them is taken back."""
    publish_issue(database, PUBLISHED)
    publish_issue(database, replace(PUBLISHED, number=8))
    take_back_issue(database, 7)
    assert query(database, "SELECT count(*) FROM review WHERE state = 'ran'") == [(3,)]


def test_title_with_another_number_is_told(workspace: Workspace, tmp_path: Path) -> None:
    """The line of the draft counts; an editor who changed the title alone is told."""
    file = tmp_path / "i.md"
    body = "\n\n<!-- triage: issue 7 of 2026-11-20 -->\n\n## Managing Teams\n\n[One](https://a.example/1)\n"
    file.write_text(f"# Letter #9{body}")
    issue = read_issue(file, workspace.newsletter)
    assert issue.number == 7
    assert "its title says #9, and the line <!-- triage: issue 7 of" in other_number(file, issue)
    file.write_text(f"# Letter #7{body}")
    assert other_number(file, read_issue(file, workspace.newsletter)) == ""


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
