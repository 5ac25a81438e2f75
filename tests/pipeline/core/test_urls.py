"""One spelling for each address, one key for each story."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.core import urls
from pipeline.core.urls import article_id, canonical_url, url_key

HOSTS = st.sampled_from(
    ["a.example", "A.Example.", "www.a.example", "münchen.example", "[::1]", "10.0.0.1", "a.example:443",
     "a.example:80",
     "user:secret@a.example", "a.example:99999", "a..example", "[::1", "-", "a_b.example", "xn--mnchen-3ya.example"]
)  # fmt: skip
PARTS = st.text(st.sampled_from("aÄ%2F/?&=;#:@!+ .'\"<>\\^|~\t\n\u200b"), max_size=20)
ADDRESSES = st.builds(
    "{}{}/{}?{}&{}#{}".format,
    st.sampled_from(["http://", "HTTPS://", "https://", " https://", "ftp://", "javascript:", "//", ""]),
    HOSTS,
    PARTS,
    PARTS,
    st.sampled_from(["utm_source=x", "fbclid=1", "id=7", "b&a", "a=%zz", "q=%E4%F6", "q=ä+b"]),
    st.one_of(PARTS, st.sampled_from(["!/page", "/route", "section"])),
)


@given(st.one_of(ADDRESSES, st.text(max_size=60)))
@example("https://a.example/?&&utm_source=x&")
@example("https://a.example/? #")
def test_canonical_url_is_idempotent(address: str) -> None:
    """Whatever comes in, the second time changes nothing, and the key is of the canonical spelling."""
    url = canonical_url(address)
    assert canonical_url(url) == url
    assert url_key(address) == url_key(url)


@given(st.text(max_size=80))
def test_canonical_url_is_a_web_address_or_nothing(address: str) -> None:
    """No other scheme comes through."""
    assert canonical_url(address) == "" or canonical_url(address).startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("HTTPS://User:Secret@A.Example:443/Path/?b=2&a=1#top", "https://a.example/Path/?b=2&a=1"),
        ("https://a.example/x?utm_source=feed&id=7&fbclid=q", "https://a.example/x?id=7"),
        ("https://a.example", "https://a.example/"),
        ("https://a.example/app#!/story/7", "https://a.example/app#!/story/7"),
        ("https://a.example/x?a=b%20c", "https://a.example/x?a=b%20c"),
        ("javascript:alert(1)", ""),
        ("https://a.example:port/", ""),
        ("", ""),
    ],
)
def test_canonical_url_stays_close_to_the_published_one(address: str, url: str) -> None:
    """Tracking, fragment, credentials and default port go; the rest is a server's business."""
    assert canonical_url(address) == url


@pytest.mark.parametrize(
    "spelling",
    [
        "http://a.example/it%27s/?b=2&a=1",
        "https://www.a.example/it's?a=1&b=2",
        "https://a.example/it's/index.html?a=1&b=2",
    ],
)
def test_spellings_of_one_story_meet_under_one_key(spelling: str) -> None:
    """Scheme, www, slash, percent-encoding and the query's order do not matter."""
    assert url_key(spelling) == "a.example/it's?a=1&b=2"


def test_stories_are_told_apart() -> None:
    """A different query is a different story."""
    assert url_key("https://a.example/watch?v=1") != url_key("https://a.example/watch?v=2")
    assert article_id("https://a.example/") != article_id("https://a.example/x")


@given(st.from_regex(urls.PLAIN, fullmatch=True))
def test_plain_addresses_take_the_short_way_to_the_same_key(address: str) -> None:
    """The key of a plain address, found at once, is the one that all the levelling finds."""
    quick = url_key(address)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(urls, "PLAIN", re.compile("nothing is plain"))
        assert quick == url_key(address)
