"""A picture with a link around it, and no words, gives its link to the title beside it."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.archive.formats import format_html, format_markdown
from tests.pipeline.archive.test_forms_of_letters import N, picks, read, title, url

TITLES = [[title(n, k) for k in range(3)] for n in range(1, N + 1)]
FOOTER = '<p><a href="https://social.example/me"><img src="s.png"></a></p>'


@pytest.mark.parametrize(
    "card",
    [
        '<a href="URL"><img src="p.jpg"></a><h3>TITLE</h3><p>A note on it.</p>',
        '<table><td><a href="URL"><img src="p.jpg" alt="Boat"></a></td><td><b>TITLE</b> A note.</td></table>',
        '<p><a href="URL"><img src="p.jpg"></a><br><strong>TITLE</strong><br>A note on it.</p>',
        '<h3>TITLE</h3><p><a href="URL"><img src="p.jpg"></a></p><p>A note on it.</p>',
        "<a href='URL'><img src='p.jpg'></a><h3>TITLE</h3><p>A note, <a href='https://see.example/URL'>with more</a>",
        "<a href='URL'><img src='p.jpg'></a><h3>TITLE</h3><p>A note.</p><p><a href='URL'>Read more</a></p>",
        "<a href='URL'><img src='p.jpg'></a><p>TITLE</p><p>A note.</p><p><a href='#'>Read more</a></p>",
        "<a href='URL'><img src='p.jpg'></a><h3><a href='URL'>TITLE</a></h3><p>A note on it.</p>",
        "<a href='https://photo.example/URL.jpg'><img src='p.jpg'></a><h3><a href='URL'>TITLE</a></h3><p>A note.</p>",
    ],
)
def test_title_beside_a_linked_picture_is_its_story(tmp_path: Path, card: str) -> None:
    """On either side of it; a title with a link of its own, or "Read more" below, is one story with the picture."""
    if "with more" in card:
        cards = [card, *[card.replace("<a href='https://see.example/URL'>with more</a>", "with more")] * 2]
    else:
        cards = [card] * 3

    def write(n: int, day: date) -> str:
        stories = "".join(each.replace("URL", url(n, k)).replace("TITLE", title(n, k)) for k, each in enumerate(cards))
        hero = f'<a href="https://hero.example/{n}.png"><img src="h.png"></a>'
        return f"<h1>Letter {n}</h1><p>{day}</p>{hero}<h2>News</h2>{stories}{FOOTER}"

    assert picks(read(tmp_path, write, "html")) == TITLES


def test_picture_in_markdown_gives_its_link_to_the_title_below(tmp_path: Path) -> None:
    """The title is a line in bold, and the picture of the section's heading is none of its stories."""

    def write(n: int, day: date) -> str:
        stories = "".join(f"[![](p{k}.jpg)]({url(n, k)})\n\n**{title(n, k)}**\n\nA note on it.\n\n" for k in range(3))
        return f"---\ndate: {day}\nnumber: {n}\n---\n\n[![](b)](https://photos.example/{n})\n\n## News\n\n{stories}"

    assert picks(read(tmp_path, write, "md")) == TITLES


def test_pictures_beside_linked_titles_are_no_picks(tmp_path: Path) -> None:
    """Where titles have links, a linked picture above a one-off line is decoration."""

    def write(n: int, day: date) -> str:
        stories = "".join(f"**[{title(n, k)}]({url(n, k)})** A note on it.\n\n" for k in range(3))
        photo = f"[![](p.jpg)](https://photos.example/{n})\n\n**On the photo of week {'abcdefghijklmnop'[n]}**"
        return f"---\ndate: {day}\nnumber: {n}\n---\n\n## News\n\n{photo}\n\nIt is fine.\n\n{stories}"

    assert picks(read(tmp_path, write, "md")) == TITLES


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("[![a](b.jpg)](https://u.example/)", ["picture"]),
        ("<a href='https://u.example/'><img src=b></a>\nWords", ["picture", "paragraph"]),
        ("**Title**\n[![](b.jpg)](https://u.example/)", ["paragraph", "picture"]),
        ("Words [![](b.jpg) more](https://u.example/) after", ["paragraph"]),
        ("![](b.jpg)", ["paragraph"]),
    ],
)
def test_only_links_around_pictures_alone_are_pictures(text: str, kinds: list[str]) -> None:
    """In Markdown; one with words is a link like others, and one without a link nothing."""
    assert [block.kind for block in format_markdown.to_blocks(text)] == kinds


def test_html_tells_a_linked_picture_from_linked_words() -> None:
    """A picture within a text stands below it."""
    blocks = format_html.to_blocks("<p>A <a href='u'><img></a></p><a href='v'><img> Words</a><a href='w'><img></a>")
    assert [(block.kind, block.url) for block in blocks] == [
        ("paragraph", ""), ("picture", "u"), ("paragraph", ""), ("picture", "w"),
    ]  # fmt: skip
