"""Press keys at a served desk as a quick editor does, and read what the journal has of them."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

from pipeline.ops.workspace import Workspace


@contextmanager
def review_process(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run `triage review` as a process of its own."""
    command = [sys.executable, "-m", "flows.cli", "review", "--workspace", str(folder), "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--no-browser", "--editor", "ann"], env=os.environ | {"PYTHONPATH": str(Path.cwd())}
    )
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cursor(page: Page) -> str | None:
    """Return the id of the story under the cursor."""
    return page.locator('.story[aria-current="true"]').get_attribute("data-id")


def press_every_100_ms(page: Page, keys: str) -> list[str | None]:
    """Press keys ten times a second, and return which story was highlighted at each."""
    seen = []
    start = time.monotonic()
    for n, key in enumerate(keys):
        page.wait_for_timeout(max(0, (start + n / 10 - time.monotonic()) * 1000))
        seen.append(
            page.evaluate(f"""() => {{
            const id = document.querySelector('.story[aria-current="true"]').dataset.id;
            const pressed = new KeyboardEvent('keydown', {{key: '{key}', bubbles: true, cancelable: true}});
            document.activeElement.dispatchEvent(pressed);
            return id;
        }}""")
        )
    return seen


def journal_when(
    workspace: Workspace, n: int, editor: str = "ann", seconds: float = 40
) -> list[tuple[str | None, str]]:
    """Wait until an editor has made n decisions, and return them all."""
    end = time.monotonic() + seconds
    while True:
        made = [(d.article_id, d.verdict) for d in workspace.journal.read() if d.editor == editor]
        if len(made) >= n or time.monotonic() > end:
            return made
        time.sleep(0.1)
