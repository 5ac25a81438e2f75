"""An article's Markdown is shown with its structure, runs nothing, and has sentences marked where they stand."""

import time

import pytest

from pipeline.desk.article_text import MAX_TEXT, sentences, to_html

TEXT = """# A heading

First paragraph with *emphasis* here and a [link](/about). The second sentence of it stands alone quite well.

- an item of the list that has enough words to stand

> quoted words

```
code <b>
```

![a chart of costs](https://x.example/a.png)
"""
URL = "https://blog.example/2026/story"


def test_structure_is_kept():
    """Paragraphs, headings, lists, quotes, code and captions are what they were; links lead to the web."""
    html = to_html(TEXT, URL)
    for part in ("<h3>A heading</h3>", "<li>", "<blockquote>", "<pre><code>code &lt;b&gt;", "[a chart of costs]"):
        assert part in html
    assert 'href="https://blog.example/about"' in html
    assert "<img" not in html


def test_plain_text_has_a_paragraph_a_line():
    """Text stored without blank lines is not one block."""
    assert to_html("One line.\nAnother line.", URL).count("<p>") == 2


@pytest.mark.parametrize(
    "evil",
    [
        "<script>hit()</script>",
        "[a](javascript:hit())",
        "[a](data:text/html,hit)",
        "![x](x' onerror='hit()')",
        "<a href='javascript:hit()'>a</a>",
        "[a](  java\tscript:hit())",
        "[a]: javascript:hit()\n\n[a]",
        "<https://x.example/' onmouseover='hit()>",
    ],
)
def test_nothing_in_a_text_runs(evil):
    """Tags are words, and no link has another scheme than http(s)."""
    from lxml import html

    tree = html.fragment_fromstring(to_html(evil, URL), create_parent="div")
    assert {element.tag for element in tree.iter()} <= {"div", "p", "a", "em", "code"}
    for link in tree.iter("a"):
        assert set(link.attrib) <= {"href", "target", "rel"}
        assert link.get("href", "https://").startswith(("http://", "https://"))


def test_sentences_are_marked_where_they_stand():
    """A sentence is marked in its paragraph, across an emphasis too; the words stay the same."""
    found = sentences(TEXT)
    assert [s.text for s in found] == [
        "First paragraph with emphasis here and a link.",
        "The second sentence of it stands alone quite well.",
        "an item of the list that has enough words to stand",
    ]
    html = to_html(TEXT, URL, found[:2])
    assert "<mark>First paragraph with </mark><em><mark>emphasis</mark></em><mark> here and a </mark>" in html
    assert "<mark>The second sentence of it stands alone quite well.</mark></p>" in html
    assert html.replace("<mark>", "").replace("</mark>", "") == to_html(TEXT, URL)


@pytest.mark.parametrize(
    "pattern", ["[", "*", "_a ", "`", "> ", "![a](", "a|b\n-|-\n", "1. ", "<", "\\", "&#", "[a]: b\n", ". "]
)
def test_hostile_text_takes_linear_time(pattern):
    """However the characters stand, four times the text takes eight times as long at most."""
    whole, quarter = _seconds(pattern, MAX_TEXT), _seconds(pattern, MAX_TEXT // 4)
    assert whole < 8 * quarter + 1


def _seconds(pattern, length):
    started = time.process_time()
    text = (pattern * length)[:length]
    to_html(text, URL, sentences(text)[:3])
    return time.process_time() - started
