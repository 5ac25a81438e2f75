"""Status says how the workspace is, and wakes someone only for what needs a person."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from flows.cli.status import describe
from helpers import NOW
from pipeline.core.as_of import AsOf
from pipeline.core.config import FeedEntry
from pipeline.core.types import Article, Feed, Issue, Pick, StepReport
from pipeline.ops.feed_states import find_silent
from pipeline.ops.last_night import missed_nights
from pipeline.ops.status import read_status
from pipeline.store.articles import add_articles
from pipeline.store.feeds import save_feeds
from pipeline.store.issues import add_issues
from pipeline.store.runs import record_run

NIGHT = StepReport("nightly", 3, 40, 1, 12.5, {"date": "2026-11-20", "new_articles": 7})


def status_of(workspace, as_of):
    return read_status(workspace.database, workspace.newsletter, as_of)


def test_new_workspace_asks_for_its_first_night(workspace):
    """Before any night, status says what to run."""
    found = status_of(workspace, AsOf.now(NOW))
    assert found.last_night is None
    assert found.alerts == ("no night has run yet; run: triage nightly",)


def test_last_night_is_told(workspace):
    """After a night, status tells its feeds and its new articles, and nobody is woken."""
    record_run(workspace.database, NIGHT, workspace.as_of)
    found = status_of(workspace, AsOf.now())
    assert (found.last_night.feeds, found.last_night.failed, found.last_night.new_articles) == (3, 1, 7)
    assert found.alerts == ()


def test_night_of_a_past_issue_is_known_as_of_that_issue(workspace):
    """`triage nightly --as-of` runs today for a past day; status of that day tells it, status of an earlier day not."""
    for day in (date(2022, 10, 8), date(2022, 9, 3)):  # the later issue's night ran first
        as_of = AsOf.before_issue(day)
        details = {"date": as_of.run_date.isoformat(), "new_articles": 7}
        record_run(workspace.database, replace(NIGHT, details=details), as_of)
    found = status_of(workspace, AsOf.before_issue(date(2022, 10, 8)))
    assert (found.last_night.date, found.nights_missed, found.last_night_age_hours) == (date(2022, 10, 7), 0, 0)
    assert found.alerts == ()
    assert status_of(workspace, AsOf.before_issue(date(2022, 9, 10))).last_night.date == date(2022, 9, 2)
    assert status_of(workspace, AsOf.before_issue(date(2022, 9, 2))).last_night is None


def test_missed_nights_are_counted(workspace):
    """Three days without a night are three missed ones."""
    record_run(workspace.database, NIGHT, workspace.as_of)
    with workspace.database.writing() as connection:  # as if it had run at six, whatever the hour is here
        connection.execute("UPDATE runs SET started_at = ?", [NOW])
    found = status_of(workspace, AsOf.now(NOW + timedelta(days=3, hours=7)))
    assert found.alerts[0].startswith("3 nights missed")


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_daylight_saving_misses_no_night(workspace, day):
    """On both days the clock changes, one night is due, not none and not two."""
    letter = replace(workspace.newsletter, timezone="Europe/Berlin", nightly="30 2 * * *")
    before = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - timedelta(days=1)
    assert missed_nights(letter, before, before + timedelta(days=1)) == [day]


def test_failing_feeds_are_named_with_the_reason(workspace):
    """One failing feed is reported, most feeds failing is an alarm."""
    record_run(workspace.database, NIGHT, workspace.as_of)
    good = [Feed(f"https://{n}.example/feed", last_success_on=date(2026, 11, 20)) for n in range(2)]
    bad = Feed("https://bad.example/feed", failures=3, last_error="answered 500")
    with workspace.database.writing() as connection:
        save_feeds(connection, [*good, bad])
    found = status_of(workspace, AsOf.now())
    assert found.failing[0].reason == "failed 3 nights in a row: answered 500"
    assert found.feeds_ok == 2
    assert found.alerts == ()
    with workspace.database.writing() as connection:
        save_feeds(connection, [replace(feed, failures=1) for feed in good])
    assert "3 of 3 feeds fail" in status_of(workspace, AsOf.now()).alerts[0]


@pytest.mark.parametrize("nights", [0, 1])
def test_feeds_that_were_never_asked_are_not_ok(workspace, nights):
    """Before the first night, and where they are followed after one, they are told apart from those that answer."""
    for _ in range(nights):
        record_run(workspace.database, NIGHT, workspace.as_of)
    new = [Feed(f"https://{n}.example/feed") for n in range(3)]
    asked = Feed("https://asked.example/feed", last_success_on=date(2026, 11, 20))
    failed = Feed("https://bad.example/feed", failures=1, last_error="answered 500")
    with workspace.database.writing() as connection:
        save_feeds(connection, [*new, asked, failed])
    found = status_of(workspace, AsOf.now(NOW))
    assert "feeds        1 ok, 1 failing, 0 silent, 3 not asked yet" in describe(found)
    assert (found.feeds_ok, found.never_asked) == (1, 3)
    assert (found.feeds_by_state["ok"], found.feeds_by_state["never_asked"]) == (1, 3)


def test_feeds_of_the_file_are_counted_before_a_night_has_read_it(workspace):
    """Those that newsletter.toml names are never asked; those that it named when a night read it are no feeds now."""
    read = Feed("https://read.example/feed", in_file=True, last_success_on=date(2026, 11, 20))
    gone = Feed("https://gone.example/feed", in_file=True, failures=2)
    with workspace.database.writing() as connection:
        save_feeds(connection, [read, gone, Feed("https://by-hand.example/feed")])
    letter = replace(workspace.newsletter, feeds=(FeedEntry(read.url), FeedEntry("https://new.example/feed")))
    found = read_status(workspace.database, letter, AsOf.now(NOW))
    assert found.feeds_by_state == {
        "ok": 1, "never_asked": 2, "failing": 0, "silent": 0, "waiting": 0, "retired": 0
    }  # fmt: skip


def test_feed_that_is_gone_is_named(workspace):
    """A feed retired for its 410 is no longer asked: status still says which, and that nobody is woken for it."""
    gone = Feed("https://gone.example/feed", failures=1, last_error="answers 410 Gone", retired_on=date(2026, 11, 20))
    record_run(workspace.database, NIGHT, workspace.as_of)
    with workspace.database.writing() as connection:
        save_feeds(connection, [Feed("https://a.example/feed", last_success_on=date(2026, 11, 20)), gone])
    found = status_of(workspace, AsOf.now())
    lines = describe(found)
    assert "feeds        1 ok, 0 failing, 0 silent, 1 retired" in lines
    assert "  https://gone.example/feed  retired on 2026-11-20: answers 410 Gone" in lines
    assert found.alerts == ()


def test_an_outage_of_many_feeds_is_no_wall_of_lines(workspace):
    """Ten feeds are named, the others counted; JSON has them all."""
    record_run(workspace.database, NIGHT, workspace.as_of)
    with workspace.database.writing() as connection:
        save_feeds(connection, [Feed(f"https://{n}.example/feed", failures=1, last_error="out") for n in range(40)])
    found = status_of(workspace, AsOf.now())
    lines = describe(found)
    assert (len(found.failing), sum("failed last night" in line for line in lines)) == (40, 10)
    assert "  and 30 more; see: triage feeds list" in lines


def test_feed_that_used_to_speak_is_silent():
    """A daily feed is silent after three weeks; one that writes four times a year is not."""
    today = date(2026, 11, 20)
    feeds = [Feed(u, last_new_on=today - timedelta(days=30)) for u in ("daily", "quarterly", "unknown")]
    pauses = {"daily": timedelta(days=1), "quarterly": timedelta(days=91)}
    assert [trouble.url for trouble in find_silent(feeds, pauses, today)] == ["daily"]


def test_titles_that_the_model_cannot_read_are_told_before_there_is_a_past_issue(workspace):
    """Who begins without past issues reads it of the articles; with enough past picks these count."""
    titles = [f"{n}番目の路面電車の記事" for n in range(30)]
    articles = [Article(f"{n:016x}", f"https://a.example/{n}", t, "a.example", NOW) for n, t in enumerate(titles)]
    with workspace.database.writing() as connection:
        add_articles(connection, articles)
    (hint,) = read_status(workspace.database, workspace.newsletter, AsOf.now(NOW), workspace.embedder).hints[1:]
    assert hint.startswith("titles are mostly in Japanese, and all-MiniLM-L6-v2 cannot read")
    picks = tuple(Pick("Teams", f"A story of the tram number {n}", f"https://b.example/{n}", n, n) for n in range(20))
    with workspace.database.writing() as connection:
        add_issues(connection, [Issue(7, NOW.date(), picks=picks)])
    hints = read_status(workspace.database, workspace.newsletter, AsOf.now(NOW), workspace.embedder).hints
    assert not [hint for hint in hints if "titles are" in hint]
