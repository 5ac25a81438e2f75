"""The weekly flow waits for a running night, and gives up at once where waiting does not help."""

import asyncio
import json
from datetime import UTC, datetime, time, timedelta

import httpx
import pytest

from flows import retraining
from pipeline.core.errors import NotEnoughIssuesError
from pipeline.store.decisions import insert
from pipeline.store.lock import night_lock
from world import FIRST, decision, lay_world

# Prefect 3.8 leaves its own sockets to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def attempts(monkeypatch, prefect_home):
    """How often the task ran; it retries twice, without its quarter of an hour in between."""
    calls = []
    task = retraining.retrain.with_options(retries=2, retry_delay_seconds=0.0)
    lock = retraining.night_lock
    monkeypatch.setattr(retraining, "retrain", task)
    monkeypatch.setattr(retraining, "night_lock", lambda folder: calls.append(folder) or lock(folder))
    return calls


def test_too_few_issues_fail_at_once(workspace, attempts):
    """A permanent error is not retried: it would hold the only slot for hours."""
    with pytest.raises(NotEnoughIssuesError):
        asyncio.run(retraining.retraining(str(workspace.folder)))
    assert len(attempts) == 1


def test_a_running_night_is_waited_for(workspace, attempts):
    """While a night holds the workspace the task is retried."""
    with night_lock(workspace.folder), pytest.raises(Exception, match="another night holds"):
        asyncio.run(retraining.retraining(str(workspace.folder)))
    assert len(attempts) == 3


def test_artifacts_show_what_retraining_found(workspace, prefect_home):
    """The decision in words, and from the second time on both models on each past issue that they were compared on."""
    file = workspace.folder / "newsletter.toml"
    file.write_text(file.read_text().replace('model = "all-MiniLM-L6-v2"', 'model = "hashing"'))
    _, articles = lay_world(workspace.database, 12)
    asyncio.run(retraining.retraining(str(workspace.folder), FIRST + timedelta(weeks=10)))
    assert "is active: the first model that is kept" in artifact(prefect_home, "retraining-letter")
    decided_at = datetime.combine(FIRST + timedelta(weeks=10), time(1), UTC)
    late = [a for a in articles if decided_at - timedelta(days=7) < a.first_seen_at < decided_at + timedelta(days=13)]
    verdicts = ["pick" if ", part" in article.title else "skip" for article in late]
    decisions = [decision(a, v, decided_at, n) for n, (a, v) in enumerate(zip(late, verdicts, strict=True), 1)]
    with workspace.database.writing() as connection:
        insert(connection, decisions)
    report = asyncio.run(retraining.retraining(str(workspace.folder), FIRST + timedelta(weeks=12)))
    assert artifact(prefect_home, "retraining-letter") == report.details["explanation"]
    rows = json.loads(artifact(prefect_home, "replay-letter"))
    assert [row["issue"] for row in rows] == list(report.details["issues"])
    for column, figures in (("active", "champion"), ("new", "challenger")):
        assert [row[column] for row in rows] == [round(figure, 4) for figure in report.details[figures]]
    assert len(rows) > 3


def artifact(api: str, key: str) -> str:
    """Return the data of the latest artifact with a key."""
    answer = httpx.get(f"{api}/artifacts/{key}/latest", timeout=30)
    answer.raise_for_status()
    return str(answer.json()["data"])
