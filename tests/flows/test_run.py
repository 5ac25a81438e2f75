"""A night on a Dask cluster makes the very tables of a local one, also when a worker dies in the middle."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import demo
from flows.cli.app import app
from flows.dask_tasks import arrivals
from pipeline.ops.nightly import plain_night
from pipeline.ops.workspace import Workspace
from pipeline.store.checksums import table_checksums

# Prefect 3.8 leaves its own sockets to the garbage collector
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning"),
]
slow = pytest.mark.skipif(not os.environ.get("TRIAGE_SLOW"), reason="starts a cluster: .ci/run sets TRIAGE_SLOW")
DASK = (sys.executable, "-m", "dask")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """A scheduler and two workers, each a process of its own on loopback."""
    folder = tmp_path_factory.mktemp("dask")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    file = folder / "scheduler.json"
    common = ["--dashboard-address", "127.0.0.1:0"]
    scheduler = subprocess.Popen(
        [*DASK, "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", file, *common], **quiet
    )
    end = time.monotonic() + 60
    while not file.exists():
        assert scheduler.poll() is None, "the Dask scheduler ended"
        assert time.monotonic() < end, "the Dask scheduler did not start within 60 s"
        time.sleep(0.1)
    address = json.loads(file.read_text())["address"]
    worker = [*DASK, "worker", address, "--nthreads", "1", "--no-nanny", *common]
    workers = [subprocess.Popen(worker, **quiet) for _ in range(2)]
    yield address, workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Iterator[Path]:
    """The sample's workspace before its night; each of its feeds on a host of its own, so that there are batches."""
    folder = tmp_path_factory.mktemp("sample") / "fresh"
    demo.prepare(folder)
    handler = partial(demo.FeedHandler, directory=str(demo.SAMPLE / "feeds"))
    with ThreadingHTTPServer(("0.0.0.0", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        names = sorted(feed.name for feed in (demo.SAMPLE / "feeds").iterdir())
        hosts = [f"127.0.0.{n}" for n in range(1, len(names) + 1)]
        urls = [f"http://{host}:{server.server_port}/{name}" for host, name in zip(hosts, names, strict=True)]
        file = folder / "newsletter.toml"
        text = file.read_text().replace("feeds = []", f"feeds = {urls}").replace('["127.0.0.1"]', str(hosts))
        file.write_text(text.replace("[[sections]]", '[embedding]\nmodel = "hashing"\n\n[[sections]]', 1))
        Workspace.create(folder)
        words = ["import", "issues", str(demo.SAMPLE / "issues"), "--workspace", str(folder)]
        assert CliRunner().invoke(app, words).exit_code == 0
        yield folder
        server.shutdown()


def tables(folder: Path) -> dict[str, str]:
    with Workspace.open(folder).database.reading() as connection:
        found = table_checksums(connection)
    del found["runs"]
    return found


def kill_after_first(worker: subprocess.Popen, futures: list) -> Iterator[int]:
    """Kill a worker once the first batch is back, while the others are out."""
    for position in arrivals(futures):
        worker.kill()
        yield position


@slow
@pytest.mark.parametrize("killed", [False, True])
def test_cluster_makes_the_same_tables(sample, cluster, prefect_home, tmp_path, monkeypatch, killed):
    """Read and embedded by two workers, or by the one that is left, the night is the night."""
    from prefect_dask.task_runners import DaskTaskRunner

    from flows.nightly import nightly

    address, workers = cluster
    local, spread = (Path(shutil.copytree(sample, tmp_path / name)) for name in ("local", "spread"))
    day = date.fromisoformat(demo.ISSUE_DATE)
    plain_night(local, day)
    if killed:
        monkeypatch.setattr("flows.dask_tasks.arrivals", partial(kill_after_first, workers[1]))
    monkeypatch.setattr("flows.dask_tasks.SILENCE_SECONDS", 60.0)  # a cluster that hangs may not hang the tests
    flow = nightly.with_options(task_runner=DaskTaskRunner(address=address))
    asyncio.run(flow(str(spread), day, False, True))
    assert tables(spread) == tables(local)
