"""A night under Prefect that is killed at the end of each of its parts: the next one makes it good."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from loopback import Answer, Loopback, item, rss

from pipeline.core.as_of import AsOf
from pipeline.core.types import Decision
from pipeline.ops.nightly import plain_night
from pipeline.ops.workspace import Workspace
from pipeline.store import decisions
from pipeline.store.checksums import table_checksums

# Prefect 3.8 leaves its own sockets to the garbage collector
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.skipif(not os.environ.get("TRIAGE_SLOW"), reason="takes a minute or two: .ci/run sets TRIAGE_SLOW"),
]
NIGHT_S = 300
FIRST, SECOND = date(2026, 11, 13), date(2026, 11, 20)
DECIDED_AT = datetime(2026, 11, 14, 9, tzinfo=UTC)
# where the night of the second date is killed, as soon as the function has returned
PARTS = [
    "pipeline.ops.nightly check_model",
    "pipeline.ops.runner finish_pull",
    "pipeline.ops.runner embed",
    "pipeline.ops.runner classify",
    "pipeline.ops.runner rank",
    "pipeline.ops.nightly record_run",
]
SCRIPT = """
import os, signal, sys
from datetime import date
from importlib import import_module
from pathlib import Path

from flows.run import run_night

_, folder, day, module, name = sys.argv
original = getattr(import_module(module), name)

def dying(*given, **named):
    original(*given, **named)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(import_module(module), name, dying)
run_night(Path(folder), date.fromisoformat(day))
"""


def serve(n: int) -> Answer:
    """A feed of n entries, without days: they are as old as the night that sees them first."""
    return Answer(rss(*(re.sub("<pubDate>.*</pubDate>", "", item(number)) for number in range(n))))


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[tuple[str, str]]]]:
    """A workspace after its first night, in which an editor has picked one story and skipped another.

    Its feed has grown since.
    """
    folder = Workspace.create(tmp_path_factory.mktemp("decided"), "Letter", "blank").folder
    with Loopback({"/feed": serve(6)}) as web:
        file = folder / "newsletter.toml"
        text = file.read_text().replace("feeds = []", f"feeds = {json.dumps([web.url('/feed')])}")
        text = text.replace('model = "all-MiniLM-L6-v2"', 'model = "hashing"')
        file.write_text(text.replace("allow_hosts = []", 'allow_hosts = ["127.0.0.1"]'))
        plain_night(folder, FIRST)
        workspace = Workspace.open(folder)
        with workspace.database.reading() as connection:
            ids = [id for (id,) in connection.execute("SELECT id FROM review ORDER BY rank LIMIT 2").fetchall()]
        made = [Decision(id, verdict, "ann", DECIDED_AT) for id, verdict in zip(ids, ("pick", "skip"), strict=True)]
        decisions.record(workspace.journal, workspace.database, made)
        web.answers["/feed"] = serve(9)
        yield folder, [(decision.article_id or "", decision.verdict) for decision in made]


def finish(folder: Path) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Run the night of the second date to its end; return the checksums of the tables, and the decisions."""
    assert [report.step for report in plain_night(folder, SECOND)] == ["pull", "embed", "classify", "rank"]
    workspace = Workspace.open(folder, AsOf.now())
    with workspace.database.reading() as connection:
        sums = {table: found for table, found in table_checksums(connection).items() if table != "runs"}
        return sums, connection.execute("SELECT article_id, verdict FROM decisions ORDER BY seq").fetchall()


@pytest.fixture(scope="module")
def wanted(decided, tmp_path_factory) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """What a night leaves that nobody kills."""
    return finish(Path(shutil.copytree(decided[0], tmp_path_factory.mktemp("whole") / "letter")))


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_night_is_made_good_by_the_next(tmp_path, decided, wanted, prefect_home, part):
    """Wherever it was killed: no decision is lost, and the tables are those of a night that nobody killed."""
    folder = Path(shutil.copytree(decided[0], tmp_path / "letter"))
    environment = {**os.environ, "PREFECT_API_URL": prefect_home, "PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run(
        [sys.executable, "-c", SCRIPT, folder, SECOND.isoformat(), *part.split()],
        env=environment, capture_output=True, text=True, timeout=NIGHT_S,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert wanted[1] == decided[1]
    assert finish(folder) == wanted
