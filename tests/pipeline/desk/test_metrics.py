"""Prometheus reads how the nights are, behind the desk's door."""

import asyncio
import json
import re
import threading
from dataclasses import replace
from datetime import date

import pytest
from loopback import Loopback, item, rss
from prometheus_client.parser import text_string_to_metric_families  # a dependency of Prefect
from starlette.testclient import TestClient
from typer.testing import CliRunner

from flows.cli.app import app
from pipeline.core.types import Feed, StepReport
from pipeline.desk.metrics import exposition
from pipeline.desk.session import Desk
from pipeline.desk.sync import JournalSync
from pipeline.desk.web import build
from pipeline.ops.nightly import plain_night
from pipeline.ops.status import read_status
from pipeline.store.feeds import save_feeds
from pipeline.store.runs import record_run

WAIT_S = 240  # the feed's own limit is longer
LINE = re.compile(r'(triage_\w+)\{newsletter="Letter"(?:,state="(\w+)")?\} (\S+)')
FEED = Feed("https://a.example/", last_success_on=date(2026, 11, 20))
NIGHT = StepReport("nightly", 2, 30, 1, 12.5, {"date": "2026-11-20", "new_articles": 7})


def test_nights_feeds_and_queue_are_told(client, workspace):
    """Each sample is a line of Prometheus' format, with help and type before it."""
    record_run(workspace.database, NIGHT, workspace.as_of)
    with workspace.database.writing() as connection:
        save_feeds(connection, [FEED, Feed("https://b.example/", failures=2, last_error="x")])
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    samples = [line for line in answer.text.splitlines() if not line.startswith("#")]
    found = {match[1] + (f":{match[2]}" if match[2] else ""): float(match[3]) for match in map(LINE.fullmatch, samples)}
    assert (found["triage_nights"], found["triage_last_night_new_articles"]) == (1, 7)
    assert (found["triage_feeds:ok"], found["triage_feeds:failing"]) == (1, 1)
    assert found["triage_undecided_stories"] == 30
    assert 0 <= found["triage_last_night_age_seconds"] < 600
    assert answer.text.count("# TYPE") == answer.text.count("# HELP") == len({name.split(":")[0] for name in found})


def test_figures_are_those_of_triage_status(client, workspace):
    """What a monitor reads from one it reads from the other, to the last digit of large numbers."""
    record_run(workspace.database, replace(NIGHT, seconds=12345.678), workspace.as_of)
    with workspace.database.writing() as connection:
        save_feeds(connection, [Feed("https://a.example/"), Feed("https://b.example/", failures=1, last_error="x")])
    words = ["status", "--json", "--workspace", str(workspace.folder)]
    status = json.loads(CliRunner().invoke(app, words).stdout)
    text = client.get("/metrics").text
    assert sample(text, "nights") == status["nights"]
    assert sample(text, "last_night_duration_seconds") == status["last_night"]["seconds"] == 12345.678
    assert sample(text, "last_night_new_articles") == status["last_night"]["new_articles"]
    assert sample(text, "last_night_age_seconds") == pytest.approx(status["last_night_age_hours"] * 3600, abs=120)
    for name in ("nights_missed", "articles", "alerts"):
        assert sample(text, name) == (len(status[name]) if name == "alerts" else status[name])
    assert sample(text, "undecided_stories") == status["undecided"]
    for state, n in status["feeds_by_state"].items():
        assert sample(text, "feeds", f',state="{state}"') == n
    status = replace(read_status(workspace.database, workspace.newsletter, workspace.as_of), articles=16_829_431)
    assert sample("".join(exposition(status)), "articles") == 16_829_431


def test_a_night_that_waits_for_a_feed_keeps_no_monitor_waiting(client, workspace):
    """While a night reads, and after it, figures are those of the file as it is now, not as the desk opened it."""
    asked, answered = threading.Event(), threading.Event()

    async def waiting(writer: asyncio.StreamWriter) -> None:
        asked.set()
        while not answered.is_set():
            await asyncio.sleep(0.05)
        body = rss(item(1)).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)
        await writer.drain()

    file = workspace.folder / "newsletter.toml"
    with Loopback({"/feed": waiting}) as web:
        text = file.read_text().replace("feeds = []", f'feeds = ["{web.url("/feed")}"]')
        text = text.replace('model = "all-MiniLM-L6-v2"', 'model = "hashing"').replace(
            "_seconds = 30", "_seconds = 300"
        )
        file.write_text(text.replace("allow_hosts = []", 'allow_hosts = ["127.0.0.1"]'))
        night = threading.Thread(target=plain_night, args=(workspace.folder,))
        night.start()
        try:
            assert asked.wait(WAIT_S)
            text = client.get("/metrics").text
        finally:
            answered.set()
            night.join(WAIT_S)
    assert (sample(text, "nights"), sample(text, "feeds", ',state="never_asked"')) == (0, 1)
    text = client.get("/metrics").text
    assert (sample(text, "nights"), sample(text, "feeds", ',state="ok"')) == (1, 1)
    file.write_text("no toml")
    assert sample(client.get("/metrics").text, "nights") == 1


def sample(text: str, name: str, labels: str = "") -> float:
    """Return the value of a metric."""
    start = f'triage_{name}{{newsletter="Letter"{labels}}} '
    return next(float(line.removeprefix(start)) for line in text.splitlines() if line.startswith(start))


def test_a_token_keeps_others_out(workspace, ids):
    """Without the token there is no figure, with it there are."""
    desk = Desk(workspace)
    web = build(desk, JournalSync(desk, lambda desk: None), "ann", None, "a long secret")
    with TestClient(web, base_url="http://desk.example", follow_redirects=False) as visitor:
        assert "triage_feeds" not in visitor.get("/metrics").text
        assert "triage_feeds" in visitor.get("/metrics", headers={"Authorization": "Bearer a long secret"}).text


@pytest.mark.parametrize("name", ['Letter "of" \\n\n', '週刊\r\u2028 {a="b"} # HELP', "Ünïcode\t"])
def test_the_parser_of_prometheus_reads_it(workspace, name):
    """Whatever the newsletter is called: every family is a gauge with its help, and carries the name."""
    record_run(workspace.database, NIGHT, workspace.as_of)
    with workspace.database.writing() as connection:
        save_feeds(connection, [Feed("https://a.example/")])
    status = replace(read_status(workspace.database, workspace.newsletter, workspace.as_of), newsletter=name)
    families = list(text_string_to_metric_families("".join(exposition(status))))
    assert len(families) == 10
    assert all(family.type == "gauge" and family.documentation and family.samples for family in families)
    assert {sample.labels["newsletter"] for family in families for sample in family.samples} == {name}
