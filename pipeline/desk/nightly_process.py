"""Run `triage nightly`, or another command, as a subprocess, and report its progress."""

import os
import subprocess  # the night is a program of ours, started without a shell
import sys
import threading
from pathlib import Path

LINES = 200  # of its output are kept


class NightRun:
    """The last night that this desk started.

    Parameters
    ----------
    folder : Path
        The workspace.
    command : list of str, optional
        What to run; default: `triage nightly`.
    """

    def __init__(self, folder: Path, command: list[str] | None = None) -> None:
        self.command = command or [sys.executable, "-m", "flows.cli", "nightly", "--workspace", str(folder)]
        self.lines: list[str] = []
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    @property
    def is_running(self) -> bool:
        """Whether the subprocess is running."""
        return self._process is not None and self._process.poll() is None

    @property
    def outcome(self) -> int | None:
        """Its exit code: 0 success, 3 another night is running; None while it runs or before."""
        return self._process.poll() if self._process else None

    def start(self, command: list[str] | None = None) -> bool:
        """Start a night, or another command, unless one is running. Returns whether it was started."""
        with self._lock:
            if self.is_running:
                return False
            self.command = command or self.command
            self.lines = []
            self._process = subprocess.Popen(  # noqa: S603 (our own program, no shell)
                self.command,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
            threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
            return True

    def _listen(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None  # a pipe, as asked for
        with process.stdout:
            for line in process.stdout:
                self.lines = [*self.lines, line.rstrip()][-LINES:]
        process.wait()
