"""Past issues stay as they went out."""

import tracemalloc
from dataclasses import replace
from datetime import date

from pipeline.core.types import Issue, Pick
from pipeline.store.database import Database
from pipeline.store.issues import add_issues, known_issues, remove_issue

FIRST = Issue(
    1,
    date(2024, 1, 5),
    "#1 - 5 January 2024",
    "Highlights",
    (
        Pick("Teams", "One", "https://a.example/1", 1, 1, "teams", "Ann, A", "", "title"),
        Pick("Random", "two", "https://a.example/2", 2, 2, None, None, "See two there.", "inline"),
    ),
    "0001.md",
)
SECOND = replace(FIRST, number=2, date=date(2024, 1, 12), picks=FIRST.picks[:1])


def add(database: Database, *issues: Issue) -> int:
    """Store issues in one transaction."""
    with database.writing() as connection:
        return add_issues(connection, issues)


def known(database: Database, before: date = date.max) -> list[Issue]:
    """Read issues back."""
    with database.reading() as connection:
        return known_issues(connection, before)


def test_issues_are_stored_and_read_back_in_order(database: Database) -> None:
    """What goes in comes out, oldest first, picks in their places."""
    assert add(database, SECOND, FIRST) == 2
    assert known(database) == [FIRST, SECOND]


def test_only_issues_before_a_day_are_known(database: Database) -> None:
    """The issue of the day itself is not yet out."""
    add(database, FIRST, SECOND)
    assert known(database, SECOND.date) == [FIRST]


def test_storing_twice_changes_nothing(database: Database) -> None:
    """A second import is empty."""
    add(database, FIRST)
    assert add(database, FIRST) == 0


def test_other_issues_keep_their_picks(database: Database) -> None:
    """A correction of one issue, and its removal, leave the others as they are."""
    add(database, FIRST, SECOND)
    corrected = replace(SECOND, subtitle="Other")
    add(database, corrected)
    assert known(database) == [FIRST, corrected]
    with database.writing() as connection:
        remove_issue(connection, SECOND.number)
    assert known(database) == [FIRST]


def test_corrected_issue_replaces_the_old_reading(database: Database) -> None:
    """An issue is stored whole: picks that are gone are gone."""
    add(database, FIRST)
    shorter = replace(FIRST, subtitle="Other", picks=FIRST.picks[1:])
    assert add(database, shorter) == 1
    assert known(database) == [shorter]


def test_plain_text_never_takes_addresses_away(database: Database) -> None:
    """An issue read with addresses stays when it is read again without."""
    plain = replace(FIRST, picks=tuple(replace(p, url=None) for p in FIRST.picks))
    add(database, FIRST)
    assert add(database, plain) == 0
    assert known(database) == [FIRST]
    assert add(database, replace(plain, number=3)) == 1


def test_picks_are_stored_as_a_stream(database: Database) -> None:
    """DuckDB asks for one issue after the other, so that a large archive is never in memory as columns."""
    picks = tuple(Pick("Random", f"{n}", f"https://a.example/{n}", n, n) for n in range(1, 501))
    issues = [replace(FIRST, number=n, picks=picks) for n in range(1, 21)]
    tracemalloc.start()
    try:
        assert add(database, *issues) == 20
        assert tracemalloc.get_traced_memory()[1] < 700_000
    finally:
        tracemalloc.stop()
    assert known(database) == issues


def test_stored_issues_are_compared_a_few_at_a_time(database: Database) -> None:
    """Importing an archive again reads back all that is stored; held at once, that is as much as the archive."""
    issues = [
        replace(FIRST, number=n, picks=tuple(replace(FIRST.picks[0], position=k, entry=k) for k in range(1, 41)))
        for n in range(1, 601)
    ]
    add(database, *issues)
    tracemalloc.start()
    assert add(database, *issues) == 0
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000_000
