"""The structure of a text is kept as Markdown that is safe to render."""

import pytest
from markdown_it import MarkdownIt

from pipeline.feeds.markdown import from_html, from_plain


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<h2>One</h2><p>two<br>three</p><p>four", "## One\n\ntwo\nthree\n\nfour"),
        ("a<br><br>b", "a\n\nb"),
        ("<ul><li>one<li><p>two</p><p>more</p></ul>", "- one\n\n- two\n\n  more"),
        ("<ol><li>one</li><li>two<ul><li>deep</ul></ol>", "1. one\n\n2. two\n\n   - deep"),
        ("<blockquote><p>one</p><p>two</p></blockquote>", "> one\n>\n> two"),
        ("<pre><code>if x:\n    y  *z*\n</code></pre>", "```\nif x:\n    y  *z*\n```"),
        ("<pre>a ``` b</pre>", "````\na ``` b\n````"),
        ("<p>the <code>a_`b`</code> call", "the ``a_`b` `` call".replace("``a_`b` ``", "`` a_`b` ``")),
        ("<figure><img src=x alt=y><figcaption>A <b>cap</b></figcaption></figure>", "*A cap*"),
        ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a · b\n\nc · d"),
        ("<p>one<script>x</script><!-- y --> two</p>three", "one two\n\nthree"),
    ],
)
def test_structure_is_kept(markup: str, text: str) -> None:
    """Headings, lists, quotes, code, captions, tables, line breaks."""
    assert from_html(markup) == text


LITERAL = [
    "# no heading", "1. no list", "- no item", "> no quote", "*no* _stress_", "[no](http://link.example)",
    "![no](http://image.example)", "`no code`", "<b>no tag</b>", "&lt; no entity", "a_b_c and 1 * 2 < 3", "--- ", "===",
    "~~no~~", "http://auto.example stays", "<http://auto.example>", "back\\slash \\* star", "+ plus",
]  # fmt: skip


@pytest.mark.parametrize("text", LITERAL)
def test_plain_text_renders_as_itself(text: str) -> None:
    """Rendered, it is one paragraph with the same words."""
    tokens = MarkdownIt("commonmark").parse(from_plain(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens[1].children or []
    assert {child.type for child in children} <= {"text", "text_special"}
    assert "".join(child.content for child in children) == text.strip()


def test_hostile_markup_renders_no_tag_and_no_link() -> None:
    """Also where it is deep or never closed."""
    markup = "<p>[x](javascript:alert(1)) <a href='javascript:alert(1)'>y</a> &lt;script&gt;alert(1)&lt;/script&gt;</p>"
    rendered = MarkdownIt("commonmark").render(from_html(markup + "<blockquote><ul><li>" * 500 + "end"))
    assert "<script" not in rendered
    assert "href" not in rendered
    assert "end" in rendered
