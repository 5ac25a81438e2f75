"""Issues in BBCode, as forums keep them, are read; brackets of other texts stay."""

import json
from datetime import date
from pathlib import Path

import pytest

from pipeline.archive.files import read_files
from pipeline.archive.formats.format_bbcode import bbcode_to_html, is_bbcode, without_tags
from pipeline.archive.importer import read_archive
from pipeline.core.config import Newsletter
from tests.pipeline.archive.test_forms_of_letters import N, picks, read, title, url

TITLES = [[title(n, k) for k in range(6)] for n in range(1, N + 1)]
SECTIONS = ("Reads", "Tools")


def post(n: int, story: str, heading: str) -> str:
    """Write an issue of two sections."""
    end = "[/list]\n" if "[list]" in heading else ""
    stories = [story.replace("TITLE", title(n, k)).replace("ADDRESS", url(n, k)) for k in range(6)]
    parts = [
        f"{heading.format(name)}\n\n" + "".join(stories[3 * s : 3 * s + 3]) + end for s, name in enumerate(SECTIONS)
    ]
    return "\n".join(parts)


@pytest.mark.parametrize(
    ("story", "heading"),
    [
        ("[*][url=ADDRESS]TITLE[/url] - a note\n", "[b][u]{}[/u][/b]\n[list]"),
        ("[B][URL='ADDRESS']TITLE[/URL][/B]\nA note on it.\n\n", "[SIZE=4][B]{}[/B][/SIZE]"),
        ("[b]TITLE[/b]\nA note on it.\n[url]ADDRESS[/url]\n\n", "[h2]{}[/h2]"),
    ],
)
def test_bbcode_is_read(tmp_path: Path, story: str, heading: str) -> None:
    """In files of text, and as the text of a forum's posts."""

    def write(n: int, day: date) -> str:
        return f"[center][b]Letter #{n}[/b][/center]\n[i]{day:%d %B %Y}[/i]\n\n{post(n, story, heading)}"

    reading = read(tmp_path, write, "txt")
    assert picks(reading) == TITLES
    assert [pick.section_name for pick in reading.issues[0].picks] == ["Reads"] * 3 + ["Tools"] * 3
    assert [issue.title for issue in reading.issues] == [f"Letter #{n}" for n in range(1, N + 1)]
    posts = [
        {"title": f"Letter #{n}", "date": f"2024-05-{n:02d}", "message": post(n, story, heading)} for n in (1, 2, 3)
    ]
    (tmp_path / "forum").mkdir()
    (tmp_path / "forum" / "posts.json").write_text(json.dumps(posts), "utf-8")
    assert picks(read_archive(read_files(tmp_path / "forum"), Newsletter("Letter", ()))) == TITLES[:3]


def test_brackets_that_are_no_tags_stay() -> None:
    """Markdown's links and tags of titles are none, and an address cannot leave its quotes."""
    assert not is_bbcode("[url](https://a.example/) and [Updated] news")
    assert without_tags("[b]News[/b] [PDF] of 2024") == "News [PDF] of 2024"
    assert bbcode_to_html("[PDF] a < b") == "[PDF] a &lt; b"
    assert bbcode_to_html('[url=https://a.example/"onclick]x[/url]') == '<a href="https://a.example/%22onclick">x</a>'
