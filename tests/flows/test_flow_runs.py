"""What Prefect's UI shows of a nightly run: names, tags, logs, states, artifacts; asked of a server on loopback."""

import asyncio
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from loopback import Answer, Loopback, item, rss

from flows import pull_tasks
from pipeline.core.errors import StoreError
from pipeline.ops.workspace import Workspace
from pipeline.steps.pull import Pull

# Prefect 3.8 leaves its own sockets to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
NIGHT_S = 180
NOWHERE = "http://127.0.0.1:9/feed"  # nothing listens at the discard port


@dataclass(frozen=True)
class Seen:
    """A flow run as Prefect's API tells of it."""

    run: dict[str, Any]
    tasks: dict[str, dict[str, Any]]  # by name
    logs: list[dict[str, Any]]
    artifacts: dict[str, Any]  # data by key
    descriptions: list[str | None]  # of the artifacts

    @property
    def state(self) -> tuple[str, str]:
        """Type and name of its state."""
        return self.run["state"]["type"], self.run["state"]["name"]


def look(api: str, tag: str) -> Seen:
    """Ask the API for the last run of a newsletter."""

    def ask(what: str, **query: Any) -> list[dict[str, Any]]:
        answer = httpx.post(f"{api}/{what}/filter", json=query, timeout=30)
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()
        return found

    of_letter = {"tags": {"all_": [tag]}}
    run = ask("flow_runs", flow_runs=of_letter, sort="START_TIME_DESC", limit=1)[0]
    one = {"flow_run_id": {"any_": [run["id"]]}}
    tasks = ask("task_runs", flow_runs={"id": {"any_": [run["id"]]}})
    artifacts = ask("artifacts", artifacts=one)
    return Seen(
        run,
        {task["name"]: task for task in tasks},
        ask("logs", logs=one, sort="TIMESTAMP_ASC"),
        {artifact["key"]: artifact["data"] for artifact in artifacts},
        [artifact["description"] for artifact in artifacts],
    )


def make_workspace(folder: Path, name: str, urls: list[str]) -> Workspace:
    """A workspace that needs no model weights and may fetch from loopback."""
    Workspace.create(folder, name, "blank")
    file = folder / "newsletter.toml"
    text = file.read_text().replace("feeds = []", f"feeds = {json.dumps(urls)}")
    text = text.replace('model = "all-MiniLM-L6-v2"', 'model = "hashing"').replace(
        "[limits]", 'desk_url = "https://desk.example/"\n\n[limits]', 1
    )
    file.write_text(text.replace("allow_hosts = []", 'allow_hosts = ["127.0.0.1", "127.0.0.2"]'))
    return Workspace.open(folder)


@pytest.fixture(scope="module")
def web() -> Iterator[Loopback]:
    """Two feeds that answer."""
    with Loopback({f"/{n}": Answer(rss(*map(item, range(8 * n, 8 * n + 8)))) for n in (0, 1)}) as server:
        yield server


@pytest.fixture(scope="module")
def seen(tmp_path_factory, web, prefect_home) -> tuple[Seen, str]:
    """`triage nightly --log-json` by a user whose profile names the server; what the API tells, and the log."""
    folder = tmp_path_factory.mktemp("guest")
    make_workspace(folder / "letter", "Guest Letter", [web.url("/0"), web.url("/1"), web.url("/gone")])
    profiles = folder / ".prefect" / "profiles.toml"
    profiles.parent.mkdir()
    profiles.write_text(f'active = "mine"\n[profiles.mine]\nPREFECT_API_URL = "{prefect_home}"\n')
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    environment = {**kept, "HOME": str(folder), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "flows.cli", "nightly", "--log-json", "--workspace", str(folder / "letter")]
    run = subprocess.run(command, capture_output=True, text=True, timeout=NIGHT_S, env=environment, cwd=folder)
    assert run.returncode == 0, run.stderr
    assert not (folder / "letter" / ".prefect").exists()
    return look(prefect_home, "guest-letter"), run.stderr


def test_a_run_is_named_and_tagged(seen):
    """Newsletter and date are in the name, product and newsletter in the tags."""
    run = seen[0].run
    assert run["name"].startswith("Guest Letter 20")
    assert date.fromisoformat(run["name"].split()[-1])
    assert {"triage", "guest-letter"} <= set(run["tags"])


def test_every_artifact_names_its_newsletter(seen):
    """Keys of names that are not Latin are numbers: the description says whose an artifact is."""
    assert len(seen[0].descriptions) == 5
    assert [about for about in seen[0].descriptions if "Guest Letter" not in (about or "")] == []


def test_events_of_a_run_name_its_tags(seen, prefect_home):
    """An automation that waits for runs with a tag is told of each state, the first and the last."""
    of_run = {"event": {"prefix": ["prefect.flow-run."]}, "resource": {"id": [f"prefect.flow-run.{seen[0].run['id']}"]}}
    until = time.monotonic() + NIGHT_S  # events are stored some seconds after they happened
    tags: dict[str, set[str]] = {}
    while "CompletedWithWarnings" not in tags and time.monotonic() < until:
        found = httpx.post(f"{prefect_home}/events/filter", json={"filter": of_run}, timeout=30).json()["events"]
        tags = {e["event"].rpartition(".")[2]: {r["prefect.resource.id"] for r in e["related"]} for e in found}
        time.sleep(0.5)
    assert {"Pending", "Running", "CompletedWithWarnings"} <= set(tags)
    assert all({"prefect.tag.triage", "prefect.tag.guest-letter"} <= related for related in tags.values())


def test_a_failed_feed_is_a_warning_in_the_state(seen):
    """One of three feeds is gone: the run is complete, and its state says so."""
    assert seen[0].state == ("COMPLETED", "CompletedWithWarnings")
    assert seen[0].run["state"]["message"].startswith("1 of 3 feeds failed")
    batch = seen[0].tasks["pull-feeds 1 of 1"]
    assert batch["state"]["message"] == "3 feeds, 16 entries, 1 failed: http_404 1"
    assert batch["run_count"] == 1


def test_logs_of_every_step_reach_the_api(seen):
    """Each step has its line in the UI, at its own task run."""
    lines = [line for line in seen[0].logs if line["name"].startswith("triage")]
    assert [line["message"].split()[0] for line in lines] == ["pull", "pull", "embed", "classify", "rank"]
    assert [line["level"] for line in lines] == [logging.WARNING, *[logging.INFO] * 4]  # of a batch with a failed feed
    tasks = {task["id"]: name for name, task in seen[0].tasks.items()}
    at = [tasks.get(line["task_run_id"]) for line in lines]
    assert at == ["pull-feeds 1 of 1", None, "embed-articles", "classify-articles", "rank-candidates"]


def test_json_lines_have_the_fields_of_the_ui(seen):
    """The log of the terminal names the same runs as the API does."""
    logs = [line for line in seen[0].logs if line["name"].startswith("triage")]
    lines = [json.loads(line) for line in seen[1].splitlines()]
    assert {line["name"] for line in lines} >= {"prefect.flow_runs", "prefect.task_runs"}
    result = [line for line in lines if line["name"].startswith("triage")]
    for name in ("name", "flow_run_id", "task_run_id"):
        assert [line.get(name) for line in result] == [line[name] for line in logs]
    assert [line["step"] for line in result] == ["pull", "pull", "embed", "classify", "rank"]
    assert {line["run_id"] for line in result} == {seen[0].run["id"]}


def test_artifacts_tell_the_night(seen):
    """Steps, top stories with reasons, failed feeds with codes, a full bar, and the desk of newsletter.toml."""
    found = seen[0].artifacts
    assert [row["step"] for row in json.loads(found["night-guest-letter"])] == ["pull", "embed", "classify", "rank"]
    stories = json.loads(found["shortlist-guest-letter"])
    assert len(stories) == 10
    assert all(story["reasons"] for story in stories)
    assert [(f["reason"], f["status"]) for f in json.loads(found["failed-feeds-guest-letter"])] == [("http_404", 404)]
    assert found["pull-guest-letter"] == 100
    assert "https://desk.example/" in found["desk-guest-letter"]


@pytest.fixture
def impatient(monkeypatch, prefect_home) -> str:
    """Batches without the seconds of waiting between attempts; gives the address of the API."""
    batch = pull_tasks.pull_batch
    monkeypatch.setattr(pull_tasks, "pull_batch", batch.with_options(retry_delay_seconds=0.0))
    monkeypatch.setattr("pipeline.feeds.reader.SMALL_BATCH", 1)  # each host is a batch
    return prefect_home


def run_flow(workspace: Workspace) -> Any:
    from prefect.logging.handlers import APILogHandler

    from flows.nightly import nightly

    async def run() -> Any:
        state = await nightly(str(workspace.folder), return_state=True)
        await APILogHandler.aflush()  # its worker sends lines every two seconds
        return state

    return asyncio.run(run())


def test_logs_of_an_outage_hold_no_secret(tmp_path, impatient):
    """Prefect logs the error of each attempt as it is written: the sentence, not the feeds and their tokens."""
    workspace = make_workspace(tmp_path, "Private", [f"{NOWHERE}?token=hunter2hunter2"])
    assert workspace.newsletter.feeds[0].address
    run_flow(workspace)
    lines = [line["message"] for line in look(impatient, "private").logs if "NoFeedAnsweredError" in line["message"]]
    assert len(lines) >= 3
    assert all("FeedResult" not in line and "hunter2" not in line for line in lines)
    assert not any("Traceback" in line for line in lines)


@pytest.mark.parametrize("nights", [1, 2])
def test_a_night_in_which_nothing_answers_fails(tmp_path, impatient, nights):
    """The first and the second night without network: each asks three times, ranks what is there, and is failed."""
    workspace = make_workspace(tmp_path, f"Offline {nights}", [NOWHERE])
    for _ in range(nights):
        state = run_flow(workspace)
    found = look(impatient, f"offline-{nights}")
    assert found.state == ("FAILED", "Failed")
    assert found.run["state"]["message"].startswith("no answer from the one feed")
    assert found.tasks["pull-feeds 1 of 1"]["run_count"] == 3
    assert "none of 1 feeds answered: unreachable 1" in found.tasks["pull-feeds 1 of 1"]["state"]["message"]
    assert [r.step for r in asyncio.run(state.aresult(raise_on_failure=False))] == ["pull", "embed", "classify", "rank"]


def test_only_the_batch_without_an_answer_is_retried(tmp_path, web, impatient):
    """The batch of a host that is down is failed after three attempts; that of another is complete after one."""
    down = "http://127.0.0.2:9/feed"
    workspace = make_workspace(tmp_path, "Half", [web.url("/0"), down])
    run_flow(workspace)
    found = look(impatient, "half")
    batches = sorted((t["run_count"], t["state"]["type"]) for n, t in found.tasks.items() if n.startswith("pull"))
    assert batches == [(1, "COMPLETED"), (3, "FAILED")]
    assert found.state == ("COMPLETED", "CompletedWithWarnings")


def test_a_batch_that_is_answered_at_the_second_attempt_is_complete(tmp_path, impatient, monkeypatch):
    """A network that comes back within the night leaves no trace in the feed's state."""
    read, attempts = pull_tasks.LocalPull.read, []

    async def counting(self: pull_tasks.LocalPull, number: int) -> Any:
        results = await read(self, number)
        attempts.append(number)
        return results

    async def waking(writer: Any) -> None:
        if attempts:
            body = rss(item(1)).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)
            await writer.drain()

    monkeypatch.setattr(pull_tasks.LocalPull, "read", counting)
    with Loopback({"/feed": waking}) as server:
        workspace = make_workspace(tmp_path, "Waking", [server.url("/feed")])
        run_flow(workspace)
    found = look(impatient, "waking")
    assert found.state == ("COMPLETED", "Completed")
    assert found.tasks["pull-feeds 1 of 1"]["run_count"] == 2
    with workspace.database.reading() as connection:
        assert connection.execute("SELECT failures, last_error FROM feeds").fetchall() == [(0, None)]


def test_a_store_that_cannot_be_written_is_not_retried(tmp_path, web, impatient, monkeypatch):
    """What does not pass by waiting fails at once, and the run says why."""

    def full(self: Pull, results: object) -> None:
        raise StoreError("no room")

    monkeypatch.setattr(Pull, "store", full)
    state = run_flow(make_workspace(tmp_path, "Full", [web.url("/0")]))
    assert isinstance(asyncio.run(state.aresult(raise_on_failure=False)), StoreError)
    found = look(impatient, "full")
    assert found.state[0] == "FAILED"
    assert found.tasks["pull-feeds 1 of 1"]["run_count"] == 1
