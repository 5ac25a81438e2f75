"""A pick is counted for who published it, not for the host that many share."""

import pytest

from pipeline.core.publications import publication_feeds, publication_of


@pytest.mark.parametrize(
    ("url", "publication"),
    [
        ("https://www.example.org/2024/a", "example.org"),
        ("https://github.com/django/django/releases", "github.com/django"),
        ("https://github.com/topics/python", ""),
        ("https://medium.com/@ann/a-story-1", "medium.com/@ann"),
        ("https://ann.medium.com/a-story-1", "ann.medium.com"),
        ("https://np.reddit.com/r/haskell/comments/1", "reddit.com/r/haskell"),
        ("https://www.youtube.com/@talks/videos", "youtube.com/@talks"),
        ("https://www.youtube.com/watch?v=abc", ""),
        ("https://fosstodon.org/@jono/1123", "fosstodon.org/@jono"),
        ("https://news.ycombinator.com/item?id=1", ""),
        ("https://arxiv.org/abs/2401.1", ""),
    ],
)
def test_publication(url: str, publication: str) -> None:
    """The account where a host is shared; nothing where the address does not say."""
    assert publication_of(url) == publication


def test_where_feeds_are_looked_for() -> None:
    """At the account's own feed where it is known, else on its page; of a site at its home."""
    assert publication_feeds("github.com/django") == ["https://github.com/django.atom"]
    assert publication_feeds("reddit.com/r/haskell") == ["https://www.reddit.com/r/haskell/.rss"]
    assert publication_feeds("fosstodon.org/@jono")[0] == "https://fosstodon.org/@jono.rss"
    assert publication_feeds("example.org") == ["https://example.org/", "http://example.org/"]
