"""Run targets of the Makefile with the programs of this environment, where make would install them first."""

import os
import subprocess
import sys
from pathlib import Path

from flows.cli.demo import ROOT

BIN = Path(sys.executable).parent


def make(folder: Path, *words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run make in a folder, with so many more environment variables."""
    (folder / "pyproject.toml").symlink_to(ROOT / "pyproject.toml")  # what the file `installed` is made from
    installed = folder / "installed"
    installed.touch()
    command = ["make", "--no-print-directory", "-f", str(ROOT / "Makefile"), f"BIN={BIN}", f"INSTALLED={installed}"]
    own = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    environment = {**own, "PYTHONPATH": str(ROOT), **variables}
    return subprocess.run([*command, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=500)
