"""Sections, feeds, stories and past issues with names that go on and on, in several scripts."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from invented import lay_stories
from pipeline.core.types import Feed, Issue, Pick
from pipeline.ops.workspace import Workspace
from pipeline.store.feeds import follow
from pipeline.store.issues import add_issues

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung"
NAMES = [
    LONG,
    f"{LONG} und {LONG}",
    "研究計算チームのための毎週のニュースレターの長い長い節の名前",
    "إدارة فريق الحوسبة البحثية",
]
PAGES = (
    "/", "/#issue", "/?state=picked", "/draft", "/issues", "/issues/7", "/status", "/settings", "/feeds", "/rate",
    "/older",
)  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A newsletter whose sections, feed and past issue have long names."""
    file = Workspace.create(tmp_path / "letter", f"Letter of the {LONG}").folder / "newsletter.toml"
    head, *sections = re.split(r"(?m)^(?=\[\[sections\]\])", file.read_text("utf-8"))
    for n, section in enumerate(sections):
        name = NAMES[n] if n < len(NAMES) else f"{LONG} {n}"
        head += re.sub(r'(?m)^name = ".*"', f'name = "{name}"', section, count=1)
    file.write_text(head, "utf-8")
    workspace = Workspace.open(file.parent)
    with workspace.database.writing() as connection:
        follow(connection, [Feed(f"https://{LONG}.example/{'x' * 90}", LONG * 2, failures=3, last_error=LONG)])
        picks = (Pick(LONG, LONG * 2, "https://a.example/7", 1, 1, byline=LONG),)
        add_issues(connection, [Issue(7, date(2021, 5, 3), title=LONG * 2, picks=picks)])
    return workspace


@pytest.fixture
def ids(workspace: Workspace) -> list[str]:
    """Ids of its stories."""
    return lay_stories(workspace, 12, title=LONG * 3, author=LONG, source=f"{LONG}.example")


@pytest.mark.parametrize("width", [320, 390, 834, 1440])
def test_ids_fit(address, open_page, ids, width):
    """No page needs scrolling sideways at any width, 320 being half a small screen at a zoom of 200 %."""
    page = open_page(address, viewport={"width": width, "height": 844})
    page.keyboard.press("p")
    expect(page.locator(".count")).to_contain_text("1 picked")
    wide = []
    for path in (*PAGES, f"/story/{ids[1]}"):
        page.goto(address + path)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(path)
    assert wide == []


def test_long_section_keeps_its_percentage(address, open_page, ids, desk):
    """In a row a long section's name is cut, not how sure it is; below the article its probability can be read."""
    desk.is_calibrated = True
    row = open_page(address).locator(f"#s-{ids[0]}")
    name = row.locator(".section-name")
    assert name.evaluate("node => node.scrollWidth > node.clientWidth")
    box, shown = row.bounding_box(), row.locator(".place-name").bounding_box()
    expect(row.locator(".place-name")).to_contain_text("70%")
    assert name.bounding_box()["x"] + name.bounding_box()["width"] < shown["x"] + shown["width"] - 15
    assert shown["x"] + shown["width"] < box["x"] + box["width"]


def test_a_sentence_names_a_long_title_by_its_beginning(workspace, open_page, address, ids):
    """What was undone is said in a line or two; an emoji of several characters is not cut in two."""
    family = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
    page = open_page(address)
    page.evaluate("title => (document.querySelector('.story .title').textContent = title)", "x" * 79 + family * 3)
    page.keyboard.press("x")
    page.keyboard.press("u")
    expect(page.locator("#said")).to_have_text(f"Undone: Skipped “{'x' * 79}{family}…”")
