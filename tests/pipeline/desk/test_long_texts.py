"""Articles as sites write them: wide tables, long code, twenty thousand words; and what is quoted of them."""

import pytest
from playwright.sync_api import expect

from pipeline.desk.article_text import MAX_TEXT

CELLS = [f"cell{n} of several words" for n in range(14)]
TABLE = f"| {' | '.join(CELLS)} |\n{'|---' * 14}|\n" + f"| {' | '.join(CELLS)} |\n" * 30
CODE = "```\n" + f"call({', '.join('argument' + str(n) for n in range(60))}) # {'x' * 300}\n" * 30 + "```\n"
TEXTS = f"Intro.\n\n{TABLE}", f"Intro.\n\n{CODE}", "word word\n\n" * 12_000, "One two three.\n\nFour five six.", ""


@pytest.fixture
def ids(workspace, ids) -> list[str]:
    """Ids of the stories; the first ones have these texts."""
    with workspace.database.writing() as connection:
        for id, text in zip(ids, TEXTS, strict=False):
            connection.execute("UPDATE articles SET text = ? WHERE id = ?", [text, id])
    return ids


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_no_text_makes_the_page_wider(address, ids, open_page, width):
    """A table is scrolled by itself, its words are whole, and code is broken into lines."""
    page = open_page(address, viewport={"width": width, "height": 844})
    for id in ids[: len(TEXTS)]:
        page.goto(f"{address}/?at={id}")
        expect(page.locator(".reader")).to_have_attribute("data-story", id)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("(node => node.scrollWidth - node.clientWidth)(document.querySelector('.reader'))") <= 0
    page.goto(f"{address}/?at={ids[0]}")
    expect(page.locator(".read[data-pending]")).to_have_count(0)  # else the text is replaced while it is measured
    assert page.locator(".text td").first.bounding_box()["width"] > 40
    table = page.get_by_role("region", name="Table")
    assert table.evaluate("node => node.scrollWidth > node.clientWidth")


def test_a_cut_text_says_so(client, ids):
    """What is longer than the page shows ends with a link to the rest; other texts do not."""
    assert len(TEXTS[2]) > MAX_TEXT
    assert "The text goes on" in client.get(f"/story/{ids[2]}/article").text
    assert "The text goes on" not in client.get(f"/story/{ids[1]}/article").text


SUMMARY = "A summary that says a little more than the title does."
SELECT = """([from, to]) => {
    const [start, end] = [from, to].map((selector) => document.querySelector(selector));
    getSelection().setBaseAndExtent(start, 0, end, end.childNodes.length);
}"""


@pytest.mark.parametrize(
    ("start", "end", "quoted"),
    [
        (".text p:first-child", ".text p:last-child", "One two three. Four five six."),
        (".reader .reasons", ".text p:first-child", f"{SUMMARY} One two three."),
        (".text p:last-child", "[data-pane=issue] h2", "Four five six."),
        ("h2.title", "h2.title bdi", "Cooling a small machine room for less (3)"),
        (".reader .reasons", ".reader .reasons", ""),
        (".mutes", ".mutes", ""),
    ],
)
def test_only_the_authors_words_are_quoted(address, ids, open_page, start, end, quoted):
    """A selection that begins or ends beyond the text is quoted as far as the text goes; reasons and buttons never."""
    page = open_page(f"{address}/?at={ids[3]}")
    page.evaluate(SELECT, [start, end])
    page.keyboard.press('"')
    said = "Quoted in the blurb." if quoted else "Select words in the article first."
    expect(page.locator("#said")).to_have_text(said)
    expect(page.locator("[data-field=blurb]")).to_have_value(f"“{quoted}”" if quoted else "")
