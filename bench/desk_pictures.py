"""Take pictures of the desk over the sample newsletter: those of the README, or every page at four widths.

Run it with: python bench/desk_pictures.py            (writes docs/desk-*.png)
             python bench/desk_pictures.py --all DIR  (every page, 1440, 1280, 1024 and 390 wide, in both themes)
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from uvicorn import Config, Server

from flows.cli.demo import ISSUE_DATE, WORKSPACE
from pipeline.core.as_of import AsOf
from pipeline.desk import commands
from pipeline.desk.session import Desk
from pipeline.desk.sync import JournalSync
from pipeline.desk.web import build
from pipeline.ops.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--font-render-hinting=none"]
SIZES = {1440: 900, 1280: 800, 1024: 768, 390: 844}
THEMES = ("light", "dark")
# name in docs/, width, theme, page, keys pressed first
PICTURES = (
    ("desk-light", 1440, "light", "/", "jx"),
    ("desk-dark", 1440, "dark", "/", ""),
    ("desk-dark-phone", 390, "dark", "/", ""),
    ("desk-draft", 1280, "light", "/draft", ""),
)
PAGES = (
    "/", "/?state=picked", "/?state=skipped", "/?state=ran", "/?q=nosuchword", "/draft", "/draft/check",
    "/draft/published", "/feeds", "/issues", "/issues/29", "/models", "/replay", "/job", "/settings", "/status",
    "/older", "/older?q=archive", "/rate", "/add", "/night", "/help", "/editor", "/import", "/nosuchpage",
)  # fmt: skip
PICKS, SKIPPED, BLURBS = (0, 2, 3, 5, 8), (4, 9), {0: "What a year of writing it all down has taught a museum of two."}


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", type=Path, metavar="DIR")
    parser.add_argument("--workspace", type=Path, help="a workspace of the sample, so that it is not made anew")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with served(open_desk(given.workspace or run_sample(Path(folder)))) as address:
            take_all(browser, address, given.all) if given.all else take_good(browser, address)
        browser.close()


def run_sample(folder: Path) -> Path:
    """Run the sample's night in a folder, as `make run` does; the workspace."""
    command = [sys.executable, "-m", "flows.cli.demo"]
    subprocess.run(command, cwd=folder, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=600)
    return folder / WORKSPACE


def open_desk(folder: Path) -> Desk:
    """Open the desk as on the evening before the sample's next issue, with a few decisions made."""
    workspace = replace(Workspace.open(folder), as_of=AsOf.before_issue(date.fromisoformat(ISSUE_DATE)))
    desk = Desk(workspace, is_past=True)
    if desk.seq == 0:
        ids, now = [story.id for story in desk.stories()], desk.as_of.time
        for places, verdict in ((PICKS, "pick"), (SKIPPED, "skip")):
            desk.record(commands.decide([ids[n] for n in places], verdict, "Ann", now, workspace.newsletter))
        desk.record([commands.note(ids[n], text, "Ann", now) for n, text in BLURBS.items()])
    return desk


def take_good(browser: Browser, address: str) -> None:
    """Take the pictures that the documentation shows, in 256 colours: a third of the bytes."""
    for name, width, theme, path, keys in PICTURES:
        file = ROOT / "docs" / f"{name}.png"
        take(browser, address + path, width, theme, file, keys)
        with Image.open(file) as picture:
            picture.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE).save(file, optimize=True)


def take_all(browser: Browser, address: str, folder: Path) -> None:
    """Take every page, named by its address, width and theme."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in PAGES:
        for width in SIZES:
            for theme in THEMES:
                name = path.strip("/").replace("/", "-").replace("?", "-") or "desk"
                take(browser, address + path, width, theme, folder / f"{name}_{width}_{theme}.png")


def take(browser: Browser, url: str, width: int, theme: str, file: Path, keys: str = "") -> None:
    """Take one page as it is seen without scrolling."""
    page = browser.new_page(viewport={"width": width, "height": SIZES[width]}, color_scheme=theme)
    page.goto(url)
    page.wait_for_timeout(400)
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(600)
    page.wait_for_timeout(600)
    page.screenshot(path=file)
    page.close()


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    """Serve the desk on a free port of this machine, once its model is fitted."""
    with JournalSync(desk) as sync:
        app = build(desk, sync, "Ann")
        server = Server(Config(app, port=0, log_level="error", access_log=False))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        end = time.monotonic() + 120
        while (not server.started or desk.reranker is None) and time.monotonic() < end:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


if __name__ == "__main__":
    main()
