"""One spelling for each address, one key for each story."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.core import urls
from pipeline.core.urls import article_id, canonical_url, page_of, place_on_page, url_key

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
        ("https://a.example/x?4711&utm_source=rss", "https://a.example/x?4711"),
        ("https://a.example/x?q=caf%E9&utm_source=rss", "https://a.example/x?q=caf%E9"),
        ("https://a.example/x?from=rss&day=26/11/27&t=[a;b]", "https://a.example/x?day=26/11/27&t=[a;b]"),
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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://open.substack.com/pub/pond/p/reeds?r=1x", "https://pond.substack.com/p/reeds"),
        ("https://scholar.google.com/scholar_url?url=https://a.example/x.pdf&sa=X", "https://a.example/x.pdf"),
        ("https://a.example/x?wt_mc=rss.red&hss_channel=tw-1", "https://a.example/x"),
        ("https://www.theguardian.com/x/a?CMP=share_btn_url", "https://www.theguardian.com/x/a"),
        ("https://a.example/x;jsessionid=0123ABCD.node1?id=7", "https://a.example/x?id=7"),
        ("https://a.example/x.php?PHPSESSID=0123abcd&id=7", "https://a.example/x.php?id=7"),
        ("https://a.example/(S(abcdefghijklmnopqrstuvwx))/x.aspx", "https://a.example/x.aspx"),
    ],
)
def test_disguises_of_one_page_meet(one: str, other: str) -> None:
    """Wrappers, campaigns, a visitor's session, and the other host of a newsletter's post."""
    assert url_key(canonical_url(one)) == url_key(canonical_url(other))


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


@pytest.mark.parametrize(
    ("wrapped", "inside"),
    [
        ("https://www.google.com/url?rct=j&url=https://a.example/x%3Fid%3D7&ct=ga", "https://a.example/x?id=7"),
        ("https://www.google.de/url?q=https://a.example/x&sa=D", "https://a.example/x"),
        ("https://www.youtube.com/redirect?event=d&q=https%3A%2F%2Fa.example%2Fx", "https://a.example/x"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fa.example%2Fx%3Ffbclid%3D1&h=AT", "https://a.example/x"),
        ("https://www.bing.com/news/apiclick.aspx?ref=F&url=https%3a%2f%2fa.example%2fx", "https://a.example/x"),
        ("https://www.google.com/amp/s/a.example/x", "https://a.example/x"),
        ("https://click.mail.example/ab1/cd2/aHR0cHM6Ly9hLmV4YW1wbGUveD9pZD03", "https://a.example/x?id=7"),
        ("https://click.mail.example/ab1/aHR0cHM6Ly9hLmV4YW1wbGUveHk=", "https://a.example/xy"),
        ("https://go.mail.example/CL0/https:%2F%2Fa.example%2Fx%3Fid=7/1/01f-0/Zq=353", "https://a.example/x?id=7"),
        (
            "https://substack.com/redirect/2/eyJlIjoiaHR0cHM6Ly9hLmV4YW1wbGUveD9pZD03IiwicCI6MSwiaXNzIjoicHViLTAifQ.Sig-1?j=eyJ1",
            "https://a.example/x?id=7",
        ),
        (
            "https://substack.com/redirect/2/eyJpc3MiOiJodHRwczovL2EuZXhhbXBsZS8ifQ",
            "https://substack.com/redirect/2/eyJpc3MiOiJodHRwczovL2EuZXhhbXBsZS8ifQ",
        ),
        ("https://urldefense.com/v3/__https://a.example/x?id=7__;!!Ab!c$", "https://a.example/x?id=7"),
        (
            "https://web.archive.org/web/2020/https://a.example/x",
            "https://web.archive.org/web/2020/https://a.example/x",
        ),
        ("https://www.google.com/url?q=javascript:alert(1)", "https://www.google.com/url?q=javascript:alert(1)"),
        ("https://shop.example/url?url=https://a.example/", "https://shop.example/url?url=https://a.example/"),
    ],
)
def test_redirect_wrapper_is_unwrapped(wrapped: str, inside: str) -> None:
    """In the query only those of known sites, in the path of any; and only to web addresses."""
    assert canonical_url(wrapped) == inside


SAME = [
    ("https://medium.com/@a/x-1?source=rss-1", "https://medium.com/@a/x-1"),
    ("https://a.substack.com/p/x?r=1a&triedRedirect=true", "https://a.substack.com/p/x"),
    ("https://a.example/p/x?r=1a", "https://a.example/p/x"),
    ("https://a.example/x/?ref=b.example", "https://a.example/x"),
    ("https://a.example/x?spm=1.2&from=timeline", "https://a.example/x"),
    ("https://a.example/x?ref=rss", "https://a.example/x"),
    ("https://a.example/x?_bhlid=12&id=3", "https://a.example/x?id=3"),
    ("https://a.example/x?id=3&_se=YW5h", "https://a.example/x?id=3"),  # the reader's address, of Brevo
    ("https://a.example/x?ref=hackernewsletter", "https://a.example/x"),
    ("https://a.example/x?source=ruby-weekly", "https://a.example/x"),
    ("https://amp.paper.example/news/2026/x", "https://www.paper.example/news/2026/x"),
    ("https://code.example/ann/tool.git", "https://code.example/ann/tool"),
    ("https://news.google.com/rss/articles/CBMi?oc=5", "https://news.google.com/rss/articles/CBMi"),
    ("https://hide.example/?https://a.example/x?id=3", "https://a.example/x?id=3"),
    ("https://hide.example/?https%3A%2F%2Fa.example%2Fx", "https://a.example/x"),
    ("https://youtu.be/abcDEF123?si=x", "https://www.youtube.com/watch?v=abcDEF123&feature=share"),
    ("https://m.youtube.com/shorts/abcDEF123", "https://www.youtube.com/watch?v=abcDEF123"),
    ("http://arxiv.org/abs/2401.00001v2", "https://arxiv.org/pdf/2401.00001.pdf"),
    ("https://export.arxiv.org/abs/math/0601001", "https://arxiv.org/abs/math/0601001v1"),
    ("https://a.example/x/amp/", "https://a.example/x"),
    ("https://a.example/x?amp=1", "https://a.example/x"),
    ("https://a.example/amp/news/x-1", "https://a.example/news/x-1"),
    ("https://sp.paper.example/news/1", "https://www.paper.example/news/1"),
    ("https://dx.doi.org/10.1000/ABC", "https://doi.org/10.1000/abc"),
    ("https://en.m.wikipedia.org/wiki/Ferry", "https://en.wikipedia.org/wiki/Ferry"),
    ("https://old.reddit.com/r/a/comments/1/", "https://www.reddit.com/r/a/comments/1/"),
    ("https://x.com/a/status/1?s=20", "https://twitter.com/a/status/1"),
    ("https://m.paper.example/news/1", "http://www.paper.example/news/1/"),
    ("https://mobile.paper.example/news?id=1", "https://paper.example/news?id=1"),
    ("https://a.example/x?print=1", "https://a.example/x"),
    ("https://doi.org/10.48550/arXiv.2608.00917", "https://arxiv.org/pdf/2608.00917v2"),
    ("https://straße.example/x", "https://xn--strae-oqa.example/x"),
    ("https://stra%C3%9Fe.example:8080/x", "https://xn--strae-oqa.example:8080/x"),
    ("https://BÜCHER.example/x", "https://xn--bcher-kva.example/x"),
    ("https://www.ncbi.nlm.nih.gov/pubmed/38112233", "https://pubmed.ncbi.nlm.nih.gov/38112233/"),
    ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC98765/pdf/", "https://pmc.ncbi.nlm.nih.gov/articles/PMC98765/"),
    (
        "http://biorxiv.org/cgi/content/short/2026.01.02.300400v1?rss=1",
        "https://www.biorxiv.org/content/10.1101/2026.01.02.300400v2.full.pdf+html",
    ),
    ("https://www.medrxiv.org/content/10.1101/20300401v3", "https://medrxiv.org/content/10.64898/20300401v1.full"),
    ("https://medium.com/r/?url=https%3A%2F%2Fa.example%2Fx", "https://a.example/x"),
    ("https://a.example/x?WT.mc_id=rss&share=facebook", "https://a.example/x"),
    ("https://dl.press.example/doi/pdf/10.1145/11.22", "https://doi.org/10.1145/11.22"),
    ("https://press.example/article/10.1007/s11-22/fulltext.pdf", "https://dx.doi.org/10.1007/S11-22"),
    ("https://press.example/content/pdf/10.1007/s11-22.pdf", "https://press.example/doi/full/10.1007/s11-22?cookie=no"),
    ("https://journals.example/one/article/file?id=10.1371/one.7&type=printable", "https://doi.org/10.1371/one.7"),
    ("https://press.example/doi/10.48550/arXiv.2401.00001", "https://arxiv.org/abs/2401.00001"),
    ("https://doi.org/10.1002%2F(SICI)7%3C1661", "https://press.example/doi/abs/10.1002/(sici)7%3C1661"),
    ("https://zenodo.org/record/1234567", "https://doi.org/10.5281/zenodo.1234567"),
    ("https://openreview.net/pdf?id=aBc", "https://openreview.net/forum?id=aBc"),
    ("https://www.reddit.com/r/hpc/comments/abc123/which_queue/", "https://old.reddit.com/r/hpc/comments/abc123/"),
    ("https://unix.stackexchange.com/questions/77/why", "https://unix.stackexchange.com/q/77"),
]
OTHER = [
    ("https://straße.example/x", "https://strasse.example/x"),
    ("https://git.example/a/file?ref=v1.0", "https://git.example/a/file?ref=v2.0"),
    ("https://a.example/x?source=library", "https://a.example/x?source=museum"),
    ("https://www.youtube.com/watch?v=abcDEF123", "https://www.youtube.com/watch?v=abcDEF124"),
    ("https://arxiv.org/abs/2401.00001", "https://arxiv.org/abs/2401.00002"),
    ("https://a.example/amplifiers", "https://a.example/lifiers"),
    ("https://a.example/amp", "https://a.example/amps"),
    ("https://a.example/x?ref=weekly-report-1", "https://a.example/x?ref=weekly-report-2"),
    ("https://code.example/ann/tool.github", "https://code.example/ann/tool"),
    ("https://check.example/page?https://a.example/x", "https://a.example/x"),
    ("https://a.example/x?r=1", "https://a.example/x?r=2"),
    ("https://a.example/?p=1", "https://a.example/?p=2"),
    ("https://doi.org/10.1000/abc", "https://doi.org/10.1000/abd"),
    ("https://m.example/1", "https://example/1"),
    ("https://a.example/x?print=2", "https://a.example/x?print=3"),
    ("https://pubmed.ncbi.nlm.nih.gov/38112233/", "https://pubmed.ncbi.nlm.nih.gov/38112234/"),
    ("https://www.biorxiv.org/content/10.1101/20300401v1", "https://www.biorxiv.org/content/10.1101/20300402v1"),
    ("https://www.biorxiv.org/collection/ecology?page=1", "https://www.biorxiv.org/collection/ecology?page=2"),
    ("https://www.biorxiv.org/content/10.1101/20300401v1", "https://www.medrxiv.org/content/10.1101/20300401v1"),
    ("https://a.example/x?share=7", "https://a.example/x?share=8"),
    ("https://press.example/doi/10.1145/11.22", "https://press.example/doi/10.1145/11.22/suppl_file/a.zip"),
    ("https://a.example/macos/10.15.7/notes", "https://a.example/macos/10.15.6/notes"),
    ("https://press.example/search?id=10.5", "https://press.example/search?id=10.6"),
    ("https://www.reddit.com/r/hpc/comments/abc123/x/d1/", "https://www.reddit.com/r/hpc/comments/abc123/x/"),
    ("https://stackoverflow.com/questions/tagged/slurm", "https://stackoverflow.com/questions"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_disguises_of_one_address_meet(one: str, other: str) -> None:
    """Tracking, mobile hosts, short links, versions of a preprint, AMP."""
    assert url_key(one) == url_key(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_parameters_that_mean_something_stay(one: str, other: str) -> None:
    """Different pages stay apart."""
    assert url_key(one) != url_key(other)


def test_host_that_normalizes_to_an_invalid_one_has_a_key() -> None:
    """w3lib makes a bracket of a full-width one, and no address of it."""
    assert url_key("https://y\uff3ba.example/1") == "y\uff3ba.example/1"


def test_anchor_that_tells_stories_apart_is_kept() -> None:
    """Any other fragment is a place on the page, and the page is one."""
    url = place_on_page("https://n.example/notes", "", "November_21")
    assert url == canonical_url(url) == "https://n.example/notes#November_21:~:place"
    assert url_key(url) == "n.example/notes#November_21:~:place"
    assert page_of(url) == page_of(place_on_page("https://n.example/notes", "a mark")) == "https://n.example/notes"
    assert canonical_url("https://n.example/notes#November_21") == "https://n.example/notes"
