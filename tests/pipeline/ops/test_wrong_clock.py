"""A clock that was months ahead is put right: nothing that was stored meanwhile waits until that time comes."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from loopback import Answer, Loopback, item, rss

from helpers import NOW
from pipeline.core.as_of import AsOf
from pipeline.core.types import Decision
from pipeline.drafts.selection import picked_stories
from pipeline.ops.nightly import open_night, run_steps
from pipeline.ops.status import read_status
from pipeline.ops.workspace import Workspace
from pipeline.store import decisions

AHEAD = NOW + timedelta(days=120)


class Clock(datetime):
    """The clock by which runs are recorded."""

    at = NOW

    @classmethod
    def now(cls, tz=None):
        return cls.at


@pytest.fixture
def run_night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a night at a time on a workspace of two feeds, one of which is down; gives the paths that were asked."""
    monkeypatch.setattr("pipeline.store.runs.datetime", Clock)
    folder = Workspace.create(tmp_path, "Letter", "blank").folder
    feed = rss(*(re.sub("<pubDate>.*</pubDate>", "", item(n)) for n in range(4)))
    with Loopback({"/feed": Answer(feed), "/down": Answer(status=500)}) as web:
        file = folder / "newsletter.toml"
        text = file.read_text().replace("feeds = []", f"feeds = {json.dumps([web.url('/feed'), web.url('/down')])}")
        text = text.replace('model = "all-MiniLM-L6-v2"', 'model = "hashing"')
        file.write_text(text.replace("allow_hosts = []", 'allow_hosts = ["127.0.0.1"]'))

        def run(now: datetime) -> set[str]:
            Clock.at = now
            web.asked.clear()
            with open_night(folder, skip_if_done=True, now=now) as night:
                assert night.is_due
                run_steps(night)
            return {asked.path for asked in web.asked}

        yield run


def test_what_a_clock_ahead_has_left_does_no_harm(run_night, tmp_path):
    """The night runs, asks the feed that was put off until then, and keeps what was picked, also in the draft."""
    for day in (0, 1):
        assert run_night(AHEAD + timedelta(days=day)) == {"/feed", "/down"}
    workspace = Workspace.open(tmp_path, AsOf.now(NOW))
    with workspace.database.reading() as connection:
        picked, other = (id for (id,) in connection.execute("SELECT id FROM review ORDER BY rank LIMIT 2").fetchall())
    decided = [Decision(picked, "pick", "ann", AHEAD), Decision(other, "skip", "ann", AHEAD)]
    decisions.record(workspace.journal, workspace.database, decided)
    assert run_night(NOW) == {"/feed", "/down"}
    assert [story.id for story in picked_stories(workspace.database, workspace.newsletter, workspace.as_of)] == [picked]
    with workspace.database.reading() as connection:
        states = dict(connection.execute("SELECT id, state FROM review").fetchall())
    assert (states[picked], states[other], len(states)) == ("picked", "skipped", 4)
    found = read_status(workspace.database, workspace.newsletter, AsOf.now(NOW + timedelta(hours=1)))
    assert (found.last_night.date, found.nights_missed) == (NOW.date(), 0)
    assert found.feeds_by_state["waiting"] == 1  # for two hours, not for four months
