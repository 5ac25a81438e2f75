"""Plain Markdown is read without the CommonMark parser, and as the parser reads it."""

import time
from collections.abc import Callable, Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.archive.blocks import Block, Line
from pipeline.archive.formats import format_markdown
from pipeline.archive.formats.simple_markdown import blocks_by_part

LINES = [
    "", "# Head", "## [a](https://b.example/c)", "- item", "- [x y](https://a.example/c) - more",
    "* [x](https://a.b/c)", "1. one [x](https://a.b/c)", "2) two", "text here", "[a b](https://c.d/e), more",
    "  indented", "    code?", "- - x", "---", "***", "===", "> quote", "- [ ] todo", "+ plus", "12. May 2026",
    "#nospace", "####### seven", "# closed #", "Word", "- ", "1.", "tab\tx", "- x\\", "https://a.b/c",
    "- https://a.b/c", "é [ü](https://a.b/c)！", "| a | b |", "|---|---|", "--- | ---", "a  ", "#  two", "- #x",
    "- 1. y", "10000000000. z", "3. x", "[x]: https://a.b/c", "[x]", "```", "<div>", "</div>", "<!-- a", "-->",
    "[x]:", "https://a.b/c 'x'", "a *b* [c](https://d.e/f)", "- **b** [c](https://d.e/f), [g](https://h.i/j_k)",
    "**b c** d", "- [c](https://d.e/f)[g](https://d.e/f)", "- a_b & c ![i](https://h.i/j.png)", "- x <br> y",
    "👉 [c d](https://d.e/f)!",
    "- [x]: https://a.b/c", "   - nested [c](https://d.e/f)", "  [c](https://d.e/f) follows",
    "- a (b) &amp; `c`", "*", "* * *", "-", "- | a",
]  # fmt: skip


@settings(deadline=None, max_examples=1000)
@given(st.lists(st.sampled_from(LINES), max_size=9))
def test_plain_lines_are_read_as_the_parser_reads_them(lines: list[str]) -> None:
    """Whatever stands beside them: the same blocks at the same lines."""
    text = "\n".join(lines)
    assert format_markdown.to_blocks(text, 3) == list(format_markdown._parse(text, 3))


def test_only_lines_that_are_not_plain_go_to_the_parser() -> None:
    """A quote among plain lines, and emphasis within one, do not make the parser read the rest."""
    given: list[tuple[str, int]] = []

    def parse(text: str, lines_before: int) -> Iterator[Block]:
        given.append((text, lines_before))
        return iter(())

    def parse_inline(content: str) -> tuple[Line, ...]:
        given.append((content, 0))
        return ()

    text = "# One\n\n- [a](https://a.example/)\n- *b* c\n- d\n\n## Two\n\n> quote\n\nWords, [e](https://a.example/).\n"
    blocks = list(blocks_by_part(text, 0, parse, parse_inline))
    assert given == [("*b* c", 0), ("> quote", 8)]
    assert [(block.kind, block.line) for block in blocks] == [
        ("heading", 1), ("item", 3), ("item", 4), ("item", 5), ("heading", 7), ("paragraph", 11),
    ]  # fmt: skip


def test_many_links_are_read_faster_than_by_the_parser() -> None:
    """The usual list of links takes less than half of the parser's time."""
    text = "## Links\n\n" + "".join(f"- [Kelp {n}](https://k.example/{n}) and words\n" for n in range(1_500))

    def seconds(read: Callable[[], object]) -> float:
        start = time.process_time()
        read()
        return time.process_time() - start

    here = min(seconds(lambda: format_markdown.to_blocks(text)) for _ in range(3))
    assert here < min(seconds(lambda: list(format_markdown._parse(text, 0))) for _ in range(3)) / 2
