"""What is stored is plain text: safe to show, fit to read."""

import pytest

from pipeline.feeds.sanitize import shorten, to_language, to_text

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "<scr<script>ipt>alert(1)</script>",
    "<a href='javascript:alert(1)'>x</a>", "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<math><mi//xlink:href='x'>",
    "<style>@import 'x'</style>", "<!--<script>alert(1)</script>-->", "<![CDATA[<script>alert(1)</script>]]>",
    "<b onclick=a()>b</b>",
    "<template><script>x</script></template>", "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
]  # fmt: skip


@pytest.mark.parametrize("markup", HOSTILE)
def test_markup_leaves_no_tag(markup: str) -> None:
    """Nothing in angle brackets is left, wherever it stood."""
    text = to_text(f"before {markup} after")
    assert text.startswith("before")
    assert "<" not in text.replace("]]>", "")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Fish &amp; chips", "Fish & chips"),
        ("<p>One</p><p>two<br>three</p><ul><li>four</ul>", "One two three four"),
        ("a < b and c > d", "a < b and c > d"),
        ("Why List<String> is a box", "Why List<String> is a box"),
        ("  much \n\t space\u200b ", "much space"),
        ("right\u202eto\x00 left", "rightto left"),
        (None, ""),
        ("lone \ud800 half", "lone ? half"),
        ("charref &#xD800; half &#0; and &#8212;", "charref \ufffd half \ufffd and —"),
    ],
)
def test_text_is_what_a_reader_would_see(markup: str | None, text: str) -> None:
    """Entities, blocks, comparisons, types, control characters, halves of surrogates."""
    assert to_text(markup) == text


def test_cut_text_ends_with_a_word() -> None:
    """And says that it was cut."""
    assert shorten("one two three", 10) == "one two…"
    assert shorten("one two", 10) == "one two"


@pytest.mark.parametrize(("tag", "language"), [("en-GB", "en"), (" DE", "de"), ("english", None), (None, None)])
def test_language_is_its_short_name(tag: str | None, language: str | None) -> None:
    """Region and nonsense go."""
    assert to_language(tag) == language
