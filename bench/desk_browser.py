"""Time the desk in Chromium: a key to the next row's highlight, a decision to its answer, bytes, the first page.

Run it with: python bench/desk_browser.py
Prints each figure beside its bound, for 417 and for 2,000 candidates whose rest is re-ranked by each decision.
"""

import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from desk import DECISIONS, EDITORS, count_lost, lay_desk, reranker_of
from playwright.sync_api import Browser, Page, Response, sync_playwright
from uvicorn import Config, Server

from pipeline.desk.session import Desk
from pipeline.desk.sync import JournalSync
from pipeline.desk.web import build

CANDIDATES = (417, 2000)
KEYS = "xjxpjxlxxj" * 8
PAUSE_MS = 120  # between two keys
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu"]

# the time until the frame after the key is painted with another row highlighted
PRESS = """key => new Promise(done => {
    const current = () => document.querySelector('.story[aria-current="true"]')?.dataset.id;
    const before = current(), start = performance.now();
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
    const painted = () => requestAnimationFrame(() => {
        if (current() === before && performance.now() - start < 2000) return painted();
        const channel = new MessageChannel();
        channel.port1.onmessage = () => done(performance.now() - start);
        channel.port2.postMessage(0);
    });
    painted();
})"""


def main() -> None:
    """Print each figure beside its bound."""
    rng = np.random.default_rng(1)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for n in CANDIDATES:
            desk = lay_desk(Path(folder) / str(n), n, rng)
            desk.use_reranker(reranker_of(desk, rng))
            with JournalSync(desk, lambda desk: desk.reranker) as sync, served(desk, sync) as address:
                measure(browser, address, n)
        lost = count_lost(lay_desk(Path(folder) / "night", DECISIONS, rng))
        print(f"decisions lost or doubled of {DECISIONS}, {EDITORS} editors and a night: {lost} (bound 0)")
        browser.close()


def measure(browser: Browser, address: str, n: int) -> None:
    """Open the desk, press keys, and print what was measured."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    sizes: list[int] = []
    answered: list[float] = []
    page.on("response", lambda response: note(response, sizes, answered))
    started = time.perf_counter()
    page.goto(address)
    page.wait_for_selector('.story[aria-current="true"]')
    first_s, first_page = time.perf_counter() - started, sum(sizes)
    page.wait_for_timeout(3000)
    sizes.clear()
    shown = press(page)
    page.wait_for_timeout(3000)
    decisions = sum(key != "j" for key in KEYS)
    print(f"{n:,} candidates:")
    print(f"  first page {first_page / 1000:.0f} kB with scripts and styles (200), {first_s:.2f} s (1)")
    print(f"  key to highlight p50 {statistics.median(shown):.0f} ms, p95 {np.percentile(shown, 95):.0f} ms (50)")
    print(f"  decision to its answer p50 {statistics.median(answered):.0f} ms (60), n {len(answered)}")
    print(f"  transfer per decision {sum(sizes) / decisions / 1000:.1f} kB (20)")
    page.close()


def press(page: Page) -> list[float]:
    """Press the keys one after another; the milliseconds to each highlight."""
    shown = []
    for key in KEYS:
        shown.append(page.evaluate(PRESS, key))
        page.wait_for_timeout(PAUSE_MS)
    return shown


def note(response: Response, sizes: list[int], answered: list[float]) -> None:
    """Keep the bytes on the wire, and how long a decision took."""
    length = response.headers.get("content-length")
    sizes.append(int(length) if length else len(response.body()))
    if response.url.endswith("/api/decisions"):
        answered.append(response.request.timing["responseStart"])


@contextmanager
def served(desk: Desk, sync: JournalSync) -> Iterator[str]:
    """Serve the desk on a free port of this machine."""
    server = Server(Config(build(desk, sync, "ann"), port=0, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


if __name__ == "__main__":
    main()
