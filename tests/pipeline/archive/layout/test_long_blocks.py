"""Paragraphs of thousands of links are read in time that grows with their length."""

import cProfile
import pstats
from datetime import date
from pathlib import Path

from pipeline.archive.blocks import Block, Span
from pipeline.archive.layout.labels import Labels
from pipeline.archive.layout.long_blocks import MOST_LINKS, split_long_block
from pipeline.archive.layout.story_titles import named
from tests.pipeline.archive.test_forms_of_letters import read


def test_links_and_words_of_a_long_paragraph_are_kept_in_parts() -> None:
    """In order and on their lines; a usual paragraph and a heading stay as they are."""
    lines = tuple((Span("And "), Span(f"story {n}", f"https://a.example/{n}")) for n in range(2 * MOST_LINKS + 1))
    block = Block("paragraph", 7, lines)
    parts = list(split_long_block(block))
    assert [len(part.links) for part in parts] == [MOST_LINKS, MOST_LINKS, 1]
    assert [span for part in parts for line in part.lines for span in line] == [span for line in lines for span in line]
    assert " ".join(part.text for part in parts).split() == block.text.split()
    short = Block("paragraph", 7, lines[:MOST_LINKS])
    heading = Block("heading", 7, lines, 2)
    assert [list(split_long_block(each)) for each in (short, heading)] == [[short], [heading]]


def test_words_around_a_vague_link_are_looked_for_near_it() -> None:
    """In a sentence of a million words the title is made of few of them."""
    link = Span("here", "https://a.example/1")
    block = Block("paragraph", 1, ((Span("word " * 200_000), link),))
    profile = cProfile.Profile()
    title = profile.runcall(named, link, block, Labels())
    assert len(title.text) < 130
    assert title.text.startswith("word word")
    assert pstats.Stats(profile).total_calls < 5_000  # type: ignore[attr-defined]


def test_paragraph_of_many_links_is_read_in_calls_in_proportion(tmp_path: Path) -> None:
    """Twice as many links take twice the calls and not four times."""

    def calls(n_links: int) -> int:
        folder = tmp_path / str(n_links)
        folder.mkdir()

        def write(n: int, day: date) -> str:
            links = ", ".join(f"[{k}](https://s{n}.example/{k})" for k in range(n_links if n == 1 else 3))
            return f"---\ntitle: Letter {n}\ndate: {day}\n---\n## News\n\nSee {links}.\n"

        profile = cProfile.Profile()
        profile.runcall(read, folder, write)
        return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]

    calls(10)
    few, many = calls(2_000), calls(4_000)
    assert many < 2.6 * few
