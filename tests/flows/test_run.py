"""A night on a Dask cluster makes the very tables of a local one, also when a worker or the scheduler is lost."""

import asyncio
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from bench.dask_cluster import Cluster, cluster
from flows.cli import demo
from flows.cli.app import app
from flows.dask_tasks import Futures
from flows.prefect_settings import slug
from pipeline.ops.nightly import plain_night
from pipeline.ops.workspace import Workspace
from pipeline.store.checksums import table_checksums

# Prefect 3.8 leaves its own sockets to the garbage collector
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning"),
]
slow = pytest.mark.skipif(not os.environ.get("TRIAGE_SLOW"), reason="starts a cluster: .ci/run sets TRIAGE_SLOW")


@pytest.fixture(scope="module")
def dask(tmp_path_factory) -> Iterator[Cluster]:
    """A scheduler and two workers, each a process of its own on loopback."""
    with cluster(tmp_path_factory.mktemp("dask")) as started:
        yield started


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


def break_after_first(fault: Callable[[], None]) -> Callable[[Futures], Iterator[tuple[int, object]]]:
    """Return an iteration over futures that breaks the cluster once the first batch is back and the others are out."""
    faults, completed = [fault], Futures.__iter__

    def iterate(futures: Futures) -> Iterator[tuple[int, object]]:
        for arrived in completed(futures):
            if faults:
                faults.pop()()
            yield arrived

    return iterate


@slow
@pytest.mark.parametrize("fault", [None, "kill_worker", "restart_scheduler"])
def test_cluster_makes_the_same_tables(sample, dask, prefect_home, tmp_path, monkeypatch, caplog, fault):
    """Read and embedded by two workers, by the one that is left, or here once the scheduler is lost."""
    from prefect_dask.task_runners import DaskTaskRunner

    from flows.nightly import nightly

    local, spread = (Path(shutil.copytree(sample, tmp_path / name)) for name in ("local", "spread"))
    day = date.fromisoformat(demo.ISSUE_DATE)
    plain_night(local, day)
    if fault:
        monkeypatch.setattr(Futures, "__iter__", break_after_first(getattr(dask, fault)))
    monkeypatch.setattr("flows.dask_tasks.SILENCE_SECONDS", 60.0)  # a cluster that hangs may not hang the tests
    monkeypatch.setattr("pipeline.feeds.reader.SMALL_BATCH", 1)  # each host is a batch
    flow = nightly.with_options(task_runner=DaskTaskRunner(address=dask.address))
    asyncio.run(flow(str(spread), day, False, True))
    assert tables(spread) == tables(local)
    name = Workspace.find(spread).newsletter.name
    bar = httpx.post(
        f"{prefect_home}/artifacts/latest/filter",
        json={"artifacts": {"key": {"any_": [f"pull-{slug(name)}"]}}},
        timeout=60,
    )
    assert [artifact["data"] for artifact in bar.json()] == [100]
    if fault == "restart_scheduler":
        assert "batches were lost with their workers and sent again" in caplog.text
