"""Drive the machine's Chromium over a desk that is served on loopback."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, expect, sync_playwright
from uvicorn import Config, Server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
expect.set_options(timeout=20_000)  # milliseconds; a busy machine may need more than Playwright's five seconds


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser; without one a test is skipped, unless TRIAGE_REQUIRE_BROWSER says that it must run."""
    if CHROMIUM is None and os.environ.get("TRIAGE_REQUIRE_BROWSER"):
        pytest.fail("TRIAGE_REQUIRE_BROWSER is set, but there is no chromium; install it: apt-get install chromium")
    if CHROMIUM is None:
        pytest.skip("no chromium here; install it: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application on a free port of this machine."""
    server = Server(Config(app, port=0, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
