"""Gather the days of calls and events that are still to come: of past issues, and of what is picked."""

from pipeline.archive.calendar import Dated
from pipeline.archive.deadlines import find_deadlines
from pipeline.moment import Moment
from pipeline.newsletter import Newsletter
from pipeline.picked import picked_stories
from pipeline.store.database import Database
from pipeline.store.issues import known_issues

DATED = ("calls", "events")  # keys of the sections whose bylines carry days


def upcoming(database: Database, newsletter: Newsletter, moment: Moment) -> list[Dated]:
    """Return each day once, soonest first; a call that two issues ran counts as the later one told it."""
    with database.reading() as connection:
        issues = known_issues(connection, moment.issues_before)
    today = moment.now.date()
    told = [
        Dated(pick.title, pick.url, deadline, issue.date)
        for issue in issues
        for pick in issue.picks
        if pick.section in DATED and pick.url
        for deadline in find_deadlines(f"{pick.title}: {pick.byline or ''}", issue.date)
    ]
    told += [
        Dated(story.title, story.url, deadline, today)
        for story in picked_stories(database, newsletter, moment)
        if story.section in DATED
        for deadline in story.deadlines
    ]
    latest = {(d.url, d.deadline.kind, d.deadline.day): d for d in told if d.deadline.last_day >= today}
    return sorted(latest.values(), key=lambda d: (d.deadline.day, d.title, d.url))
