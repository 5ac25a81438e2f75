"""The README's commands work as they are written, in the order they are written, so that it cannot rot."""

import json
import os
import plistlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from configparser import RawConfigParser
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import pytest
from cronsim import CronSim
from making import BIN, make
from typer.testing import CliRunner

from flows.cli.app import app
from flows.cli.demo import ROOT, SAMPLE, serve, write_opml

README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.M | re.S)
INLINE = re.compile(r"(?:`|bin/)triage ([^`\n]+)")
BENCH = re.compile(r"python (?:-m bench\.|bench/)(\w+)(?:\.py)?([^`\n#]*)")
ID = re.compile(r"\b(?=[0-9a-f]*[0-9])[0-9a-f]{4}\b")
COMMANDS = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines()]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Path]:
    """A folder in which the README's reader stands: an archive and a list of feeds, of the sample newsletter."""
    shutil.copytree(SAMPLE / "issues", tmp_path / "archive")
    with serve(SAMPLE / "feeds") as address:
        write_opml(tmp_path / "subscriptions.opml", address)
        yield tmp_path


def allow_the_sample(folder: Path) -> None:
    """Let the feeds be read from this machine, however long ago they were written, with a model that loads at once."""
    file = folder / "my-newsletter" / "newsletter.toml"
    text = file.read_text("utf-8").replace("candidate_days = 31 ", "candidate_days = 36500 ")
    text = text.replace('model = "all-MiniLM-L6-v2"', 'model = "hashing"')
    file.write_text(text.replace("allow_hosts = []", 'allow_hosts = ["127.0.0.1"]'), "utf-8")


def test_every_command_runs(desk: Path) -> None:
    """A newcomer who types the README line by line meets no error and ends with a published issue."""
    here, real = desk, Shorthand(desk / "my-newsletter")
    for line in COMMANDS:
        if line.startswith("cd "):
            here = here / line.removeprefix("cd ")
            continue
        done = triage(here, ID.sub(real, line))
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        if line.startswith("triage init "):
            allow_the_sample(desk)
    issues = json.loads(triage(here, "triage sql 'select max(number) as last from issues' --json").stdout)
    assert issues == [{"last": 30}]
    assert len(COMMANDS) >= 14


def test_every_command_of_a_text_is_real() -> None:
    """What README, docs and settings name in a sentence or for a scheduler has these words and options."""
    pages = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "prefect.yaml", "Dockerfile"]
    texts = [path.read_text("utf-8") for path in (*map(ROOT.joinpath, pages), *(ROOT / "docs").glob("*.md"))]
    named = {line for text in texts for line in INLINE.findall(text)}
    assert {"feeds suggest --add", "nightly --skip-if-done --workspace /home/you/my-newsletter"} <= named
    assert {line for line in named if not is_understood(line)} == set()


def test_schedulers_are_given_real_commands() -> None:
    """The examples for cron, systemd and launchd are in the formats of these programs and call a command."""
    blocks = dict(BLOCKS)  # the last of each kind
    fields = blocks[""].split()
    units = RawConfigParser()
    units.read_string(blocks["ini"])
    assert next(CronSim(" ".join(fields[:5]), datetime(2026, 11, 27, 4, tzinfo=UTC))).hour == 3
    assert units.sections() == ["Service", "Timer", "Install"]
    assert units["Timer"]["OnCalendar"].endswith("03:00")
    agent = plistlib.loads(blocks["xml"].encode())
    assert agent["StartCalendarInterval"] == {"Hour": 3}
    called = [fields[5:], units["Service"]["ExecStart"].split(), agent["ProgramArguments"]]
    assert {Path(words[0]).name for words in called} == {"triage"}
    assert all(is_understood(shlex.join(words[1:])) for words in called)


def test_blocks_of_other_kinds_are_run() -> None:
    """What the README's other blocks tell to type is run by the tests below, `make run` by that of the demo."""
    typed = [block.strip() for kind, block in BLOCKS if not kind][:-1]
    assert typed == ["make run", "make test", "triage review"]


def test_make_test_runs_the_tests(tmp_path: Path) -> None:
    """Here it runs one of them, which is told to pytest as an option of the environment."""
    one = f"{ROOT}/tests/test_readme.py::test_linked_files_exist"
    done = make(tmp_path, "test", PYTEST_ADDOPTS=f"{one} --rootdir {ROOT} -p no:cacheprovider")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_make_help_lists_every_target(tmp_path: Path) -> None:
    """Each target that the README and CONTRIBUTING name has its line."""
    listed = set(re.findall(r"^make (\w+)", make(tmp_path, "help").stdout, re.M))
    texts = [(ROOT / name).read_text("utf-8") for name in ("README.md", "CONTRIBUTING.md", "docs/benchmarks.md")]
    assert {target for text in texts for target in re.findall(r"`make (\w+)`", text)} <= listed


def test_programs_of_make_check_and_bench_start(tmp_path: Path) -> None:
    """Both take minutes, so each of their programs is only asked for its help here."""
    lines = make(tmp_path, "--dry-run", "check", "bench").stdout.splitlines()
    programs = [shlex.split(line) for line in lines if line.startswith(str(BIN))]
    assert len(programs) == len(lines) == 5
    for words in programs:
        start = words[:3] if words[1:2] == ["-m"] else words[:1]
        assert subprocess.run([*start, "--help"], cwd=ROOT, capture_output=True, timeout=500).returncode == 0, words


def test_the_desk_opens(desk: Path) -> None:
    """`triage review`, of a workspace with past issues and no night yet; its page answers until Ctrl-C."""
    assert triage(desk, "triage init my-newsletter --from archive").returncode == 0
    command = [sys.executable, "-u", "-m", "flows.cli", "review"]
    free = ["--port", "0"]  # another desk may be open on this machine
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "BROWSER": "true"}
    with subprocess.Popen(
        [*command, *free], cwd=desk / "my-newsletter", env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address
        with urlopen(address[0], timeout=500) as page:
            assert "my-newsletter" in page.read().decode().casefold().replace(" ", "-")
        process.send_signal(signal.SIGINT)
    assert process.returncode == 130


def test_benchmarks_that_are_named_are_there() -> None:
    """Every benchmark that a text tells to run is a file, and has the options that are given."""
    texts = [page.read_text("utf-8") for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))]
    named = {found for text in texts for found in BENCH.findall(text)}
    assert len(named) > 10
    for name, options in named:
        program = (ROOT / "bench" / f"{name}.py").read_text("utf-8")
        assert [option for option in re.findall(r"--[\w-]+", options) if f'"{option}"' not in program] == [], name


def is_understood(line: str) -> bool:
    """Whether the commands and options of a line are known; a text may end it before an option's value."""
    words = shlex.split(line)
    return any(CliRunner().invoke(app, [*words, *value, "--help"]).exit_code == 0 for value in ((), ("VALUE",)))


def test_linked_files_exist() -> None:
    """No link of the README, CONTRIBUTING or the changelog leads to a file that is not there."""
    for page in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        text = re.sub(r"`[^`\n]*`", "", (ROOT / page).read_text("utf-8"))  # in code a link is an example
        links = re.findall(r"\]\(([^)#:]+)\)", text)
        assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_dependency_says_what_it_is_for() -> None:
    """CONTRIBUTING has a line for each package that is installed by name, and for no other."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = [package for extra in project["project"]["optional-dependencies"].values() for package in extra]
    wanted = [*project["project"]["dependencies"], *extras, *project["dependency-groups"]["dev"]]
    table = (ROOT / "CONTRIBUTING.md").read_text("utf-8").split("|---|---|")[-1]
    explained = [name for row in re.findall(r"^\| ([^|]+) \|", table, re.M) for name in row.split(", ")]
    assert sorted(explained) == sorted(re.split(r"[<>=]", package)[0] for package in wanted)


class Shorthand:
    """Puts real ids in the place of the README's, the same one for the same one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known: dict[str, str] = {}

    def __call__(self, match: re.Match[str]) -> str:
        if match[0] not in self.known:
            rows = json.loads(triage(self.folder, "triage shortlist --json").stdout)
            self.known[match[0]] = rows[len(self.known)]["id"]
        return self.known[match[0]]


def triage(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    """Run one line of the README in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *shlex.split(line)[1:]],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=500,
    )  # fmt: skip


def test_files_that_contributors_are_sent_to_are_there() -> None:
    """Every file that CONTRIBUTING.md names exists, from the root or below `pipeline/`."""
    named = set(re.findall(r"`([\w/]+/[\w.]+\.(?:py|js))`", (ROOT / "CONTRIBUTING.md").read_text("utf-8")))
    assert len(named) > 30
    assert {name for name in named if not (ROOT / name).exists() and not (ROOT / "pipeline" / name).exists()} == set()
