"""The front door: every command has help, trouble is one sentence, nothing heavy is loaded to say hello."""

import os
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from flows.cli.app import app


def commands(group: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """List every command as the words a person types."""
    found = []
    for name, command in group.commands.items():
        here = (*path, name)
        found += commands(command, here) if hasattr(command, "commands") else [here]
    return found


FULL = Path("/dev/full")
COMMANDS = commands(typer.main.get_command(app))


def triage(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "flows.cli", *words], capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(command):
    """Each command's help says what it does and shows an example."""
    node = typer.main.get_command(app)
    for word in command:
        node = node.commands[word]
    assert node.help
    assert "Example" in node.help


@pytest.mark.parametrize("group", ["", "import", "export", "feeds", "models"])
def test_lists_of_commands_are_whole_sentences(group):
    """In 80 columns no command's line breaks off."""
    said = CliRunner(env={"COLUMNS": "80", "TERMINAL_WIDTH": "80"}).invoke(app, [*group.split(), "--help"]).stdout
    assert [line for line in said.splitlines() if line.startswith("  ") and line.endswith("...")] == []


def test_help_loads_nothing_heavy():
    """`triage --help` answers without importing the machinery of any step."""
    code = (
        "import sys; sys.argv = ['triage', '--help']\nfrom flows.cli.app import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print('LOADED', sorted({'numpy', 'duckdb', 'prefect', 'sklearn', 'torch', 'aiohttp'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert "LOADED []" in result.stdout


def test_path_that_is_too_long_is_one_sentence(workspace):
    """What no disk can hold is refused by the operating system, whichever command asks."""
    said = triage("publish", "x" * 3000, "--workspace", str(workspace.folder))
    assert (said.returncode, said.stderr.count("\n")) == (1, 1)
    assert "cannot be used (File name too long); choose another file" in said.stderr


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
def test_output_to_a_full_disk_is_one_sentence(workspace):
    """Not a traceback, and not a second complaint when the program ends."""
    with FULL.open("w") as full:
        said = subprocess.run(
            [sys.executable, "-m", "flows.cli", "status", "--workspace", str(workspace.folder)],
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=300,
        )  # fmt: skip
    assert (
        said.stderr == "triage: the output cannot be used (No space left on device); choose another file or make room\n"
    )
    assert said.returncode == 1


def test_trouble_is_one_sentence(tmp_path):
    """Expected trouble exits 1 with one line on stderr and no traceback."""
    result = triage("sql", "select 1", "--workspace", str(tmp_path))
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1


def test_a_console_that_is_not_utf8_gets_no_traceback(tmp_path):
    """A character that the console cannot show becomes a question mark."""
    command = [sys.executable, "-m", "flows.cli", "init", str(tmp_path / "letter"), "--name", "Übersicht 科学"]
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    result = subprocess.run(command, capture_output=True, timeout=500, env=environment)
    assert (result.returncode, result.stderr) == (0, b"")
    assert "Übersicht ??" in result.stdout.decode("cp1252")


def test_wrong_usage_exits_2():
    """Wrong usage is distinguished from trouble."""
    assert triage("init").returncode == 2


def test_the_packages_are_ours():
    """No other distribution shadows `models`, `pipeline` or `flows`."""
    owners = packages_distributions()
    # an editable install lists no files, so our own name may be absent; another's may not be there
    assert {owner for name in ("flows", "pipeline", "models") for owner in owners.get(name, [])} <= {"article-triage"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("status", "--as-of", "tomorrow"), "'tomorrow' is no day such as 2026-04-10"),
        (("draft", "--date", "10.4.2026"), "'10.4.2026' is no day such as 2026-04-10"),
        (("nightly", "--engine", "spark"), "'spark' is neither local nor dask"),
    ],
)
def test_wrong_values_are_told_with_an_example(words, said):
    """The message is for an editor: the value, and what would be right."""
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1969-12-31", "3000-01-01"])
def test_day_beyond_any_issue_is_wrong_usage(workspace, day):
    """A year with a digit too few or too many is no day of an issue."""
    for words in (("status", "--as-of", day), ("draft", "--date", day)):
        said = CliRunner().invoke(app, [*words, "--workspace", str(workspace.folder)])
        assert said.exit_code == 2
        assert f"{day} is not between 1970 and 2999" in said.output
