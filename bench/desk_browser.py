"""Time the desk in Chromium: a key to the next row's highlight, a decision to its answer, bytes, the first page.

Run it with: python bench/desk_browser.py
Prints each figure beside its bound, for 417 and for 2,000 candidates whose rest is re-ranked by each decision, then
what axe finds on every page in both themes. Then two editors decide in two windows while a night writes, and the
journal is compared with the keys that they pressed. The desk is a process of its own, as `triage review` is.
"""

import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from desk import DECISIONS, lay_desk, reranker_of, write_like_a_night
from desk_pictures import PAGES, THEMES
from playwright.sync_api import Browser, Page, Request, Response, sync_playwright
from uvicorn import Config, Server

from pipeline.desk.session import Desk
from pipeline.desk.sync import JournalSync
from pipeline.desk.web import build
from pipeline.ops.workspace import Workspace

CANDIDATES = (417, 2000)
EDITORS = ("ann", "bob")
KEYS = "xjxpjxlxxj" * 8
VERDICTS = {"p": "pick", "x": "skip", "l": "later"}
PAUSE_MS = 120  # between two keys
ANSWERS_S = 60  # wait so long for the last answer
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu"]

# the time until the frame after the key is painted with another row highlighted
PRESS = """key => new Promise(done => {
    const current = () => document.querySelector('.story[aria-current="true"]')?.dataset.id;
    const before = current(), start = performance.now(), end = () => done([before, performance.now() - start]);
    setTimeout(end, 2000); // a window that is not painted
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
    const painted = () => requestAnimationFrame(() => {
        if (current() === before) return painted();
        const channel = new MessageChannel();
        channel.port1.onmessage = end;
        channel.port2.postMessage(0);
    });
    painted();
})"""
CURSOR = '.story[aria-current="true"]'
WINDOWS = ((1440, 900, 12), (1280, 800, 10))  # width, height, whole rows
WHOLE_ROWS = """() => {
    const frame = document.querySelector('#rows').getBoundingClientRect();
    const boxes = [...document.querySelectorAll('.story')].map(row => row.getBoundingClientRect());
    return boxes.filter(box => box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1).length;
}"""
TAB_STOPS = """() => Math.max(...[...document.querySelectorAll('.story')].map(row =>
    row.querySelectorAll('a[href], button, input, select, textarea, [tabindex="0"]').length))"""
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
UNSENT = "Object.keys(localStorage).some(key => key.startsWith('triage.queue.'))"


def main() -> None:
    """Print each figure beside its bound."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for n in CANDIDATES:
            with served(Path(folder) / str(n), n) as (address, _, ids):
                measure(browser, address, n)
                measure_rows(browser, address)
                measure_at_the_end(browser, f"{address}/?sort=section&limit={n}&at={ids[-100]}")
                if n == CANDIDATES[0]:
                    print(
                        f"axe: {count_violations(browser, address)} violations on {len(PAGES)} pages, both themes (0)"
                    )
        beside_a_night(browser, Path(folder) / "night")
        browser.close()


def measure(browser: Browser, address: str, n: int) -> None:
    """Open the desk, press keys, and print what was measured."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    sizes: list[int] = []
    answered: list[float] = []
    page.on("response", lambda response: note(response, sizes, answered))
    started = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(CURSOR)
    first_s, first_page = time.perf_counter() - started, sum(sizes)
    page.wait_for_timeout(3000)
    sizes.clear()
    shown = [ms for _, ms in press(page, KEYS)]
    wait_for_answers(page)
    decisions = sum(key in VERDICTS for key in KEYS)
    print(f"{n:,} candidates:")
    print(f"  first page {first_page / 1000:.0f} kB with scripts and styles (200), {first_s:.2f} s (1)")
    print(f"  key to highlight p50 {statistics.median(shown):.0f} ms, p95 {np.percentile(shown, 95):.0f} ms (50)")
    middle, slow = np.percentile(answered, [50, 95])
    print(f"  decision to its answer p50 {middle:.0f} ms (60), p95 {slow:.0f} ms, {len(answered)} of {decisions}")
    print(f"  transfer per decision {sum(sizes) / decisions / 1000:.1f} kB (20)", flush=True)
    page.close()


def measure_at_the_end(browser: Browser, address: str) -> None:
    """Press keys with all rows in the page and the cursor among the last hundred."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(address)
    page.wait_for_timeout(3000)
    shown = [ms for _, ms in press(page, KEYS[:20])]
    middle, slow = np.percentile(shown, [50, 95])
    print(f"  key to highlight at the list's end, all rows loaded: p50 {middle:.0f} ms, p95 {slow:.0f} ms", flush=True)
    page.close()


def measure_rows(browser: Browser, address: str) -> None:
    """Count the rows that are seen whole in two windows, and the Tab stops of the row that has most."""
    found = []
    for width, height, aim in WINDOWS:
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(address)
        page.wait_for_selector(CURSOR)
        found.append(f"{page.evaluate(WHOLE_ROWS)} at {width}×{height} ({aim})")
        stops = page.evaluate(TAB_STOPS)
        page.close()
    print(f"  whole rows {', '.join(found)}; Tab stops of a row {stops} (3)", flush=True)


def count_violations(browser: Browser, address: str) -> int:
    """Run axe on every page in both themes."""
    found = 0
    for theme in THEMES:
        page = browser.new_page(color_scheme=theme)
        for path in PAGES:
            page.goto(address + path)
            page.evaluate(AXE)
            violations = page.evaluate("axe.run()")["violations"]
            found += len(violations)
            for violation in violations:
                print(f"  {path} {theme}: {violation['id']}", file=sys.stderr)
        page.close()
    return found


def press(page: Page, keys: str) -> list[tuple[str, float]]:
    """Press keys one after another; the story under the cursor at each, and the milliseconds to the next highlight."""
    shown = []
    for key in keys:
        shown.append(tuple(page.evaluate(PRESS, key)))
        page.wait_for_timeout(PAUSE_MS)
    return shown


def wait_for_answers(page: Page) -> None:
    """Wait until no decision of the page is unsent, and for the refresh after the last one."""
    end = time.monotonic() + ANSWERS_S
    while page.evaluate(UNSENT) and time.monotonic() < end:
        page.wait_for_timeout(50)
    page.wait_for_timeout(2000)


def note(response: Response, sizes: list[int], answered: list[float]) -> None:
    """Keep the bytes on the wire, and how long a decision took."""
    length = response.headers.get("content-length")
    sizes.append(int(length) if length else len(response.body()))
    note_time(response.request, answered)


def note_time(request: Request, answered: list[float]) -> None:
    """Keep how long a decision took from its request, waiting for a connection included, to its answer."""
    if request.url.endswith("/api/decisions"):
        answered.append(request.timing["responseStart"])


def beside_a_night(browser: Browser, folder: Path) -> None:
    """Let two editors decide in two windows while a night writes; print what the journal lacks or holds twice."""
    each = DECISIONS // len(EDITORS)
    with served(folder, 2 * DECISIONS) as (*addresses, ids):
        night = get_context("spawn").Process(target=write_like_a_night, args=(folder,))
        night.start()
        pages = [browser.new_context().new_page() for _ in EDITORS]
        answered: list[float] = []
        for page, address, start in zip(pages, addresses, ids[::DECISIONS], strict=True):
            page.on("requestfinished", lambda request: note_time(request, answered))
            page.goto(f"{address}/?sort=section&limit={2 * DECISIONS}&at={start}")
            page.wait_for_selector(CURSOR)
        pressed: list[Counter[tuple[str, str, str]]] = [Counter(), Counter()]
        started = time.monotonic()
        for n, key in enumerate(("xxpxl" * each)[:each]):
            if n and n % 50 == 0:
                print(f"  {n * len(EDITORS)} decisions after {time.monotonic() - started:.0f} s", file=sys.stderr)
            for page, editor, counts in zip(pages, EDITORS, pressed, strict=True):
                counts[(editor, page.evaluate(PRESS, key)[0], VERDICTS[key])] += 1
        for page in pages:
            wait_for_answers(page)
        night.terminate()
        night.join()
    wanted = pressed[0] + pressed[1]
    journal = Counter(
        (decision.editor, decision.article_id or "", decision.verdict)
        for decision in Workspace.open(folder).journal.read()
    )
    lost, doubled = (wanted - journal).total(), (journal - wanted).total()
    middle, slow, slowest = np.percentile(answered, [50, 95, 100])
    print(f"{wanted.total()} decisions, {len(EDITORS)} editors and a night: {lost} lost (0), {doubled} doubled (0)")
    print(f"  decision to its answer p50 {middle:.0f} ms, p95 {slow:.0f} ms, slowest {slowest:.0f} ms")


@contextmanager
def served(folder: Path, n: int) -> Iterator[tuple[str, str, list[str]]]:
    """Serve a desk of n invented candidates in a process of its own: its addresses for the editors, and the ids."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(folder, n, there), daemon=True)
    process.start()
    try:
        if not here.poll(180):
            raise TimeoutError(f"the desk of {n} candidates did not start in 180 s")
        yield here.recv()
    finally:
        process.terminate()
        process.join(20)


def serve(folder: Path, n: int, started: Connection) -> None:
    """Serve the desk for each editor until ended."""
    import asyncio

    rng = np.random.default_rng(1)
    desk: Desk = lay_desk(folder, n, rng)
    desk.use_reranker(reranker_of(desk, rng))
    by_section = [story.id for story in sorted(desk.stories(), key=lambda s: (s.section or "", s.rank or 0))]

    async def run(sync: JournalSync) -> None:
        servers = [
            Server(Config(build(desk, sync, editor), port=0, log_level="error", access_log=False)) for editor in EDITORS
        ]
        tasks = [asyncio.create_task(server.serve()) for server in servers]
        while not all(server.started for server in servers):
            await asyncio.sleep(0.01)
        ports = [server.servers[0].sockets[0].getsockname()[1] for server in servers]
        started.send((*[f"http://127.0.0.1:{port}" for port in ports], by_section))
        await asyncio.gather(*tasks)

    with JournalSync(desk, lambda desk: desk.reranker) as sync:
        asyncio.run(run(sync))


if __name__ == "__main__":
    main()
