"""Peers in a virtual environment of their own, made once."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path.home() / ".cache" / "article-triage" / "bench-peers"
PACKAGES = ("reader==3.26", "sgmllib3k")  # reader 3.26 leaves out the second, which its feedparser needs


def peer_python() -> Path:
    """Return the interpreter that has the peers, installing them on first use."""
    python = FOLDER / "bin" / "python"
    done = FOLDER / "installed"
    if not done.exists():
        subprocess.run([sys.executable, "-m", "venv", str(FOLDER)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        done.write_text("\n".join(PACKAGES))
    return python
