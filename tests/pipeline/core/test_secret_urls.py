"""No secret of a feed's address is in what is stored or shown, and the client still has it."""

import pytest

from pipeline.core.secret_urls import (
    carry_credentials,
    has_secret,
    hide_in_text,
    is_hidden,
    secrets_of,
    split_address,
    split_credentials,
    without_secrets,
)

SECRET = "s3cr3tValue99"
PRIVATE = [
    f"https://a.example/feed?{name}={SECRET}"
    for name in ("token", "api_key", "apiKey", "key", "access-token", "auth", "sig", "rsskey", "session_id", "pw")
] + [
    f"https://ann:{SECRET}@a.example/feed",
    f"https://{SECRET}@a.example/feed?page=2",
    f"feed://a.example/f?key={SECRET}",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_public_address_holds_no_secret(address: str) -> None:
    """And the private one is what is asked; a second look at the public one changes nothing."""
    public, private = split_address(address)
    assert SECRET not in public
    assert private is not None
    assert SECRET in private
    assert split_address(public) == (public, None)
    assert has_secret(address)
    assert SECRET in secrets_of(private)
    assert SECRET not in hide_in_text(f"cannot reach {address.replace('feed://', 'http://')}, sorry")


def test_two_tokens_are_two_feeds() -> None:
    """The hidden values differ; without a secret nothing is hidden."""
    one, other = (split_address(f"https://a.example/feed?token={token}")[0] for token in ("one", "other"))
    assert one != other
    assert is_hidden(one)
    assert is_hidden(other)
    assert split_address("https://a.example/feed?page=2&cat=news") == ("https://a.example/feed?page=2&cat=news", None)
    assert not has_secret("https://a.example/feed?page=2&cat=news")


def test_credentials_are_decoded_and_stay_with_their_server() -> None:
    """A page's feed on the same server is asked with them, another one without."""
    assert split_credentials("https://a%40b:p%3Aw@x.example/f") == ("https://x.example/f", ("a@b", "p:w"))
    assert carry_credentials("https://x.example/f", "https://u:p@x.example/") == "https://u:p@x.example/f"
    assert carry_credentials("https://y.example/f", "https://u:p@x.example/") == "https://y.example/f"
    assert without_secrets("https://u:p@x.example/f?a=1&token=t#m") == "https://x.example/f?a=1#m"
