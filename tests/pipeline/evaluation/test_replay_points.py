"""Before each past issue, its candidates are matched with what it picked."""

from datetime import timedelta

import pytest

from models.embedder import HashingEmbedder
from pipeline.core.as_of import AsOf
from pipeline.evaluation.replay_points import ReplayPoint, replay_points
from pipeline.ranking.snapshot import load_snapshot
from pipeline.store.articles import add_articles
from pipeline.store.issues import add_issues
from world import FIRST, article, issue

TITLE = "Six words make a title specific"
SECOND = FIRST + timedelta(weeks=1)


@pytest.fixture
def point(workspace):
    """Return the state before the second issue, whose picks are given, with articles of its week."""

    def of(picks, *articles) -> ReplayPoint:
        with workspace.database.writing() as connection:
            add_issues(connection, [issue(1, [("teams", "An old one", "https://old.example/1")]), issue(2, picks)])
            add_articles(connection, articles)
        as_of = AsOf.before_issue(SECOND + timedelta(weeks=1))
        snapshot = load_snapshot(workspace.database, workspace.newsletter, HashingEmbedder(), as_of)
        (found,) = replay_points(snapshot, snapshot.issues[1:])
        return found

    return of


@pytest.mark.parametrize(
    ("title", "url", "is_picked"),
    [
        (TITLE, "https://a.example/1", True),
        ("Another title", "http://www.a.example/1/", True),
        (TITLE, "https://other.example/1", False),
        (TITLE.upper() + "!", None, True),
        ("Five words are too few", None, False),
    ],
)
def test_a_candidate_is_a_pick_by_address_or_by_title_where_it_has_none(point, title, url, is_picked):
    """Two stories may share a title: it decides only for a pick without address, and with six words."""
    text = title if url is None and not is_picked else TITLE
    found = point([("teams", title, url)], article(text, SECOND, "https://a.example/1"))
    assert found.picked.tolist() == [is_picked]
    assert [missed.pick.title for missed in found.missed] == ([] if is_picked else [title])
    assert found.n_picks == 1


def test_of_two_copies_the_picked_one_is_the_row(point):
    """A story that two sites carried is one candidate, and counts as the article that was picked."""
    copies = [
        article(TITLE, SECOND - timedelta(days=n), f"https://{host}.example/1") for n, host in ((1, "a"), (0, "b"))
    ]
    found = point([("teams", TITLE, "https://b.example/1")], *copies)
    assert found.ids == [copies[1].id]
    assert found.picked.tolist() == [True]
    assert found.known.articles[found.candidates.rows[0]].id == copies[0].id
    assert found.missed == []
