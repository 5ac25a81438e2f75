"""What becomes a label, from whom, and how strong."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from models.embedder import HashingEmbedder
from pipeline.core.as_of import AsOf, start_of_day
from pipeline.core.types import Issue, Pick
from pipeline.ops.workspace import Workspace
from pipeline.ranking.candidates import select_candidates
from pipeline.ranking.snapshot import load_snapshot
from pipeline.ranking.training_set import (
    INLINE_PICK_WEIGHT,
    MIN_TITLE_LINES,
    WEAK_NEGATIVE_WEIGHT,
    TrainingSet,
    build_training_set,
)
from pipeline.store.articles import add_articles
from pipeline.store.decisions import insert
from pipeline.store.issues import add_issues
from world import FIRST, article, decision, lay_world

NIGHT = AsOf.before_issue(FIRST + timedelta(weeks=6))  # before issue 7


@pytest.fixture
def learn(workspace: Workspace):
    """Build the training set of a time, after some decisions."""

    def look(decisions=(), as_of: AsOf = NIGHT) -> TrainingSet:
        with workspace.database.writing() as connection:
            insert(connection, decisions)
        snapshot = load_snapshot(workspace.database, workspace.newsletter, HashingEmbedder(), as_of)
        return build_training_set(snapshot, select_candidates(snapshot))

    return look


def label(training_set: TrainingSet, title: str):
    """The label of the example of this title, None if it is no example."""
    return next(
        (lab for t, lab in zip(training_set.examples.titles, training_set.labels, strict=True) if t == title), None
    )


def test_issues_and_their_time_become_labels(workspace, learn):
    """Each carried pick is a positive, each article not picked a weak negative, a candidate neither."""
    issues, articles = lay_world(workspace.database)
    training_set = learn()
    assert training_set.y.sum() == 3 * len(issues)
    assert training_set.weights[training_set.y == 0].tolist() == [WEAK_NEGATIVE_WEIGHT] * (8 * 6)
    assert label(training_set, articles[-1].title) is None


def test_an_uncarried_pick_is_used_for_sections_only(workspace, learn):
    """Where the articles of its time are known, a pick that none of them carried trains the sections only."""
    issues, _ = lay_world(workspace.database)
    training_set = learn()
    examples, keys, is_title = training_set.section_examples()
    assert len(keys) == len(is_title) == len(examples) == sum(len(i.picks) for i in issues)
    assert not [url for url in training_set.examples.urls if "elsewhere" in url]


def test_an_issue_of_the_first_known_day_had_no_feed_before_it(workspace, learn):
    """Its picks train relevance, as those of older issues do; a day later they could have been carried."""
    _, articles = lay_world(workspace.database)
    first_day = min(a.first_seen_at for a in articles).date()
    days = {f"from elsewhere {after}": first_day + timedelta(days=after) for after in (-1, 0, 1)}
    picks = [Pick("Teams", title, f"https://old.example/{n}", 1, 1, section="teams") for n, title in enumerate(days)]
    with workspace.database.writing() as connection:
        add_issues(connection, [Issue(90 + n, days[p.title], picks=(p,)) for n, p in enumerate(picks)])
    training_set = learn()
    assert [label(training_set, title) is not None for title in days] == [True, True, False]


def test_links_inside_prose_train_only_sections_with_few_title_lines(workspace, learn):
    """With ten title lines in a section its links inside prose are not used; with nine they are."""
    issues, _ = lay_world(workspace.database)
    known = {pick.section for issue in issues for pick in issue.picks}
    title_lines = Counter(pick.section for issue in issues for pick in issue.picks if pick.kind == "title")
    loud = next(key for key, lines in title_lines.items() if lines >= MIN_TITLE_LINES)
    prose = [
        Pick(key, f"in prose {n}", f"https://prose.example/{n}", n, n, section=key, kind="inline")
        for n, key in enumerate([loud, "quiet"] * 3, 1)
    ]
    with workspace.database.writing() as connection:
        add_issues(connection, [Issue(99, FIRST - timedelta(weeks=1), picks=tuple(prose))])
    assert "quiet" not in known
    _, keys, is_title = learn().section_examples()
    assert Counter(keys) == Counter({**title_lines, "quiet": 3})
    assert [key for key, is_line in zip(keys, is_title, strict=True) if not is_line] == ["quiet"] * 3


def test_an_old_link_inside_prose_weighs_little(workspace, learn):
    """A pick of the archive's prose is a weak positive, its title line a full one; so is prose that a feed carried."""
    lay_world(workspace.database)
    carried = article("carried and then linked in prose", FIRST - timedelta(weeks=2))
    picks = (
        Pick("Teams", "an old title line", "https://old.example/1", 1, 1, section="teams"),
        Pick("Teams", "an old link in prose", "https://old.example/2", 2, 2, section="teams", kind="inline"),
        Pick("Teams", carried.title, carried.url, 3, 3, section="teams", kind="inline"),
    )
    with workspace.database.writing() as connection:
        add_articles(connection, [carried])
        add_issues(connection, [Issue(99, FIRST - timedelta(weeks=3), picks=picks)])
    training_set = learn()
    assert [label(training_set, pick.title).weight for pick in picks] == [1.0, INLINE_PICK_WEIGHT, 1.0]


def test_a_later_issue_is_not_known(workspace, learn):
    """An article that a later issue picks is an ordinary negative until then."""
    lay_world(workspace.database)
    training_set = learn(as_of=AsOf.before_issue(FIRST + timedelta(weeks=2)))
    assert {lab.label_source for lab in training_set.labels} == {"issue 1", "issue 2", ""}


def test_not_every_article_without_a_pick_is_a_negative(workspace, learn):
    """One that the editor put off is none, nor one that was seen too early for the first known issue to choose it."""
    _, articles = lay_world(workspace.database)
    put_off, early = articles[15], article("seen long before", FIRST - timedelta(days=40))
    with workspace.database.writing() as connection:
        add_articles(connection, [early])
    assert label(learn(), put_off.title).weight == WEAK_NEGATIVE_WEIGHT
    training_set = learn([decision(put_off, "later", datetime(2026, 1, 15, tzinfo=UTC), 1)])
    assert [label(training_set, a.title) for a in (put_off, early)] == [None, None]


def test_the_editors_word_is_a_label_until_undone(workspace, learn):
    """A skip is a full negative, a pick a positive with its section, later is none, and undo revokes."""
    _, articles = lay_world(workspace.database)
    skipped, picked, put_off, undone = articles[-4:]
    at = datetime(2026, 2, 18, tzinfo=UTC)
    decisions = [
        decision(skipped, "skip", at, 1),
        decision(picked, "pick", at, 2, section="teams"),
        decision(put_off, "later", at, 3),
        decision(undone, "skip", at, 4),
        decision(undone, "undo", at + timedelta(minutes=1), 5),
    ]
    training_set = learn(decisions)
    found = [label(training_set, a.title) for a in (skipped, picked, put_off, undone)]
    assert [(f.picked, f.weight, f.label_source, f.section) if f else None for f in found] == [
        (False, 1.0, "Ed", None),
        (True, 1.0, "Ed", "teams"),
        None,
        None,
    ]


def test_candidates_are_the_weak_negatives_of_a_first_day(workspace, learn):
    """With an archive and no old articles, the candidates are the weak negatives."""
    _, articles = lay_world(workspace.database, stream=False)
    with workspace.database.writing() as connection:
        add_articles(connection, articles[-11:])
    training_set = learn()
    assert set(training_set.examples.titles[:11]) == {a.title for a in articles[-11:]}
    assert (training_set.y[:11] == 0).all()
    assert training_set.y.sum() == 24


def test_candidates_are_no_negatives_where_most_articles_were_picked(workspace, learn):
    """However many were picked, ten articles passed over are enough to learn from."""
    issues, articles = lay_world(workspace.database)
    picked = {pick.url for issue in issues for pick in issue.picks}
    passed_over = [a for a in articles if a.url not in picked and a.first_seen_at < start_of_day(issues[-1].date)]
    with workspace.database.writing() as connection:
        run = [Pick("Teams", a.title, a.url, n, 1, section="teams") for n, a in enumerate(passed_over[10:])]
        add_issues(connection, [Issue(99, issues[-1].date - timedelta(days=1), picks=tuple(run))])
    training_set = learn()
    assert (training_set.y == 0).sum() < (training_set.y == 1).sum()
    assert label(training_set, articles[-1].title) is None
