"""What is stored is plain text: safe to show, fit to read."""

import pytest

from pipeline.feeds.sanitize import author_name, from_html, from_plain, from_unknown, shorten

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
    text = from_html(f"before {markup} after")
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
    assert from_html(markup) == text


@pytest.mark.parametrize(
    "text",
    ["We show $a<b$ and c", "Mail <ann@a.example> or call", "See <https://a.example/x> for it", "if x<y, then z",
     "p<q. Then r", "f(x)<g(x)", "a<b"],
)  # fmt: skip
def test_what_is_no_tag_stays_beside_markup(text: str) -> None:
    """Formulas, mail addresses and web addresses in angle brackets take nothing of the text along."""
    assert from_html(f"<i>One</i> {text}") == from_unknown(f"<i>One</i> {text}") == f"One {text}"
    assert from_html(f"<p>{text}</p> <o:p>x</o:p><my_tag>y</my_tag>").endswith("xy")


def test_cut_text_ends_with_a_word() -> None:
    """And says that it was cut."""
    assert shorten("one two three", 10) == "one two…"
    assert shorten("one two", 10) == "one two"


LITERAL = [
    "When to use <details> at all", "Option<T> and Result<T, E> in one page", "if x<y and z>w then stop",
    "3<n<9 holds", "Map<string, number> typed", "<slot> and <template>", "Why <b> is not <strong>", "a <= b >= c",
    "The <input> element", "i<3", "x<!--y", "<3", "Use `<br>`, not `<br/>`",
]  # fmt: skip


@pytest.mark.parametrize("title", LITERAL)
def test_plain_title_stays_as_it_is(title: str) -> None:
    """Where the format says plain text, and in RSS where nothing in it is clearly markup."""
    assert from_plain(title) == title
    assert from_unknown(title, is_title=True) == title


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("A <b>bold</b> claim", "A bold claim"), ("AT&amp;amp;T and &amp;amp;", "AT&T and &amp;"),
        ("Fish &amp; chips &#8211; twice", "Fish & chips – twice"),
        ("One<br>two", "One two"), ("<a href='/x'>Linked", "Linked"), ("Vec<u8> <em>x</em>", "Vec<u8> x"),
        ("Twice&amp;nbsp;escaped &amp;mdash; so", "Twice escaped — so"), ("How to write &amp;lt;", "How to write &lt;"),
        ("&lt;dialog&gt; is here", "<dialog> is here"), ("AT&T and R&D; Q&A", "AT&T and R&D; Q&A"),
    ],
)  # fmt: skip
def test_markup_in_an_rss_title_is_taken_away(written: str, text: str) -> None:
    """A closed pair, a void tag, an attribute, entities."""
    assert from_unknown(written, is_title=True) == text


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("safe<frame src='x'></frame> text", "safe text"), ("a <blip></blip> b", "a b"),
        ("a <my-card src='x'>of text", "a of text"), ('<o:lock v:ext="edit">a b', "a b"),
        ('<circle cx="1px" r="2px" />', ""), ("<mrow xlink:type='simple'><mi>a</mi><mo>+</mo><mi>b</mi></mrow>", "a+b"),
        ("Vec<u8> <em>x</em>", "Vec<u8> x"), ("a <T> without an end", "a <T> without an end"),
    ],
)  # fmt: skip
def test_markup_of_any_vocabulary_is_taken_away_from_an_rss_summary(written: str, text: str) -> None:
    """What is closed, or has an attribute in quotes, is an element; a lone word in angle brackets is not."""
    assert from_unknown(written) == text


@pytest.mark.parametrize("name", ["int", "set", "list", "vector", "text", "path", "view", "image", "max", "in", "log"])
def test_text_after_an_unknown_tag_is_kept(name: str) -> None:
    """Names of MathML and SVG among them; their own text too."""
    assert from_html(f"<p>one <{name}>two three</p><p>four</p>") == "one two three four"
    assert from_html("see <math><mi>x</mi><mo>=</mo><mn>1</mn></math> there") == "see x=1 there"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Say &quot hello &quot twice", 'Say " hello " twice'),
        ("Ben &amp Jerry, &copy 2020", "Ben & Jerry, © 2020"),
        ("It&#8217 is", "It’ is"),
        ("AT&T, R&D, &notable, x?a=1&copy=2, &#1 hits", "AT&T, R&D, &notable, x?a=1&copy=2, &#1 hits"),
    ],
)
def test_references_without_a_semicolon_are_read(written: str, text: str) -> None:
    """HTML reads old names without a semicolon; what only begins like one, or is a parameter, stays."""
    assert text == from_unknown(written, is_title=True)


def test_iframe_closed_as_in_xhtml_swallows_nothing() -> None:
    """Nor an open one."""
    for tag in ("<iframe src='x'/>", "<iframe src='x'></iframe>", "<iframe src='x'>"):
        assert from_html(f"<p>one</p>{tag}<p>two</p>") == "one two"


COMMENTS = [
    ("one <!-- a > b --> two", "one two"), ("sa<!-- -- no end >fe", "safe"), ("one <!-- cut off", "one"),
    ("<![CDATA[<p>one <i>two</i></p>]]>", "one two"), ("one <!important> <b>two</b>", "one <!important> two"),
    ("one <![if !mso]>two<![endif]>", "one two"), ("<!DOCTYPE html><p>one", "one"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "text"), COMMENTS)
def test_comment_takes_no_text_along(written: str, text: str) -> None:
    """Nor does what only begins like one, or has no end."""
    assert from_html(written) == text


def test_comment_in_an_rss_summary_is_markup() -> None:
    """Blogs mark their "read more" so; a title may speak of it."""
    assert from_unknown("one <!-- more --> two") == "one two"
    assert from_unknown("What <!-- more --> does", is_title=True) == "What <!-- more --> does"


def test_only_a_title_that_would_be_empty_is_kept_as_written() -> None:
    """A text of nothing but an unknown element says nothing."""
    assert from_html("<dialog>", is_title=True) == "<dialog>"
    assert from_html("<blip></blip>") == ""


@pytest.mark.parametrize(
    ("written", "name"),
    [("ann@a.example (Ann B.)", "Ann B."), ("Ann <ann@a.example>", "Ann"), ("Ann (mailto:ann@a.example)", "Ann"),
     ("mailto:ann@a.example", "ann@a.example"), ("Ann & Bob", "Ann & Bob"), ("(Ann) ann@a.example", "Ann"), ("", ""),
     ('"Reed, Ann" <ann@a.example>', "Reed, Ann"), ('"Ann" Reed <ann@a.example>', '"Ann" Reed')],
)  # fmt: skip
def test_author_is_a_name(written: str, name: str) -> None:
    """The address beside it goes; an address alone stays."""
    assert author_name(written) == name


def test_elements_with_a_hyphen_or_a_prefix_are_markup() -> None:
    """Custom elements, and those that Word leaves behind; in a title only what stands beside other markup."""
    assert from_unknown("<event-source></event-source>") == ""
    assert from_unknown("one <o:p>&nbsp;</o:p> <my-element>two</my-element>") == "one two"
    assert from_unknown("<b>one</b> <o:p></o:p>", is_title=True) == "one"
    assert from_unknown("Why <my-element> is a <b>tag</b>", is_title=True) == "Why <my-element> is a tag"
