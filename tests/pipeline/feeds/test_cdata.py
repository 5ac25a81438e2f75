"""A CDATA section that never ends costs no entry but its own text."""

import pytest
from loopback import rss

from helpers import NOW
from pipeline.feeds.cdata import close_sections
from pipeline.feeds.parse import parse_feed

URL = "https://blog.example/feed"


def entry(n: int, description: str) -> str:
    """Write an item with a description as given."""
    return f"<item><title>T{n}</title><link>/{n}</link><description>{description}</description></item>"


@pytest.mark.parametrize("n_open", [0, 1, 2])
def test_open_section_takes_no_other_entry(n_open: int) -> None:
    """Whether it would end in that of another entry, or never."""
    written = [f"<![CDATA[text {n} <p>here</p>{'' if n == n_open else ']]>'}" for n in range(3)]
    articles = parse_feed(rss(*map(entry, range(3), written)).encode(), URL, "", NOW).articles
    assert [(a.title, a.summary) for a in articles] == [(f"T{n}", f"text {n} here") for n in range(3)]


def test_section_of_a_title_ends_with_it() -> None:
    """And one whose document is cut off ends there."""
    cut = "<rss><channel><item><title><![CDATA[One</title><link>/1</link><description><![CDATA[cut h"
    (article,) = parse_feed(cut.encode(), URL, "", NOW).articles
    assert (article.title, article.url) == ("One", "https://blog.example/1")


@pytest.mark.parametrize(
    "text",
    [
        "<a><![CDATA[x]]></a><a><![CDATA[y]]></a>",
        "<item><d><![CDATA[how <![CDATA[ is written]]></d></item>",
        "<item><d><![CDATA[</item>]]></d><e><![CDATA[x]]></e></item>",
        "<item><d><![CDATA[" + "<item><d><![CDATA[q]]]]><![CDATA[></d></item>" * 3 + "]]></d></item>",
        "no section at all",
    ],
)
def test_section_that_ends_is_left_alone(text: str) -> None:
    """Also one that speaks of CDATA, or of the end of an item."""
    assert close_sections(text) == text
