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
    without_signature,
)

SECRET = "s3cr3tValue99"
PRIVATE = [
    f"https://a.example/feed?{name}={SECRET}"
    for name in (
        "token",
        "api_key",
        "apiKey",
        "key",
        "access-token",
        "auth",
        "sig",
        "rsskey",
        "session_id",
        "pw",
        "code",
        "auth_code",
        "hash",
        "otp",
        "sas",
        "sid",
        "ticket",
    )
] + [
    f"https://ann:{SECRET}@a.example/feed",
    f"https://{SECRET}@a.example/feed?page=2",
    f"feed://a.example/f?key={SECRET}",
]
SHA1, UUID = "8d969eef6ecad3c29a3a629280e686cf0c3f5d5a", "0f8fad5b-d9cb-469f-a165-70867728950e"
IN_PATH = {
    f"https://reader.example/starred/{SHA1[:32]}.xml": SHA1[:32],
    f"https://a.example/feeds/{SHA1}/": SHA1,
    f"https://a.example/.rss?feed={SHA1}&user=ann": SHA1,
    f"https://letters.example/feed/podcast/1/private/{UUID}.rss": UUID,
    f"https://calendar.example/ical/me/private-{SHA1[:32]}/basic.ics": SHA1[:32],
    f"https://pins.example/rss/secret:{SHA1[:20]}/u:ann/": SHA1[:20],
    "https://subscribers.casts.example/k2j4h5g6f7d8s9a0q1": "k2j4h5g6f7d8s9a0q1",
    "https://reader.example/rss/u/ann/k2J4h5G6f7D8s9A0q1": "k2J4h5G6f7D8s9A0q1",
    "https://reader.example/user/1182/k2J4h5G6f7D8s9A0/feed.xml": "k2J4h5G6f7D8s9A0",
    "https://casts.example/content/eyJ0IjoiYWJjZGVmIiwiaSI6MX0.rss": "eyJ0IjoiYWJjZGVmIiwiaSI6MX0",
}
PUBLIC = [
    "https://news.example/rss/topics/CAAqJggKIiBDQkFTRWdvSUwyMHZNRGRqTVhZU0FtVnVHZ0pWVXlnQVAB",
    "https://tube.example/feeds/videos.xml?channel_id=UCBR8-60-B28hp2BmDPdntcQ",
    f"https://casts.example/public/shows/{UUID}",
    "https://casts.example/s/5f3b6c1d0e9a7b0012ab34cd/podcast/rss",
    "https://blog.example/secret-santa-2024-party-for-20-people/feed",
    "https://blog.example/private/2026/11/how-we-built-it-in-3-days.xml",
    "https://casts.example/rss/user/ckf6jy1v2w3rs0881h0zs0x4g",
    "https://shop.example/feed?code=de-AT&hash=boats&ticket=sold-out&session=2026-autumn&sid=12&access=open",
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


@pytest.mark.parametrize("address", IN_PATH)
def test_secret_in_a_path_is_hidden(address: str) -> None:
    """And known, so that it can be taken out of entries; links beside it keep an address."""
    public, private = split_address(address)
    assert IN_PATH[address] not in public + hide_in_text(f"redirects to {address}", secrets_of(address))
    assert (private, split_address(public), is_hidden(public)) == (address, (public, None), True)
    assert IN_PATH[address] in secrets_of(private)
    assert IN_PATH[address] not in without_secrets(address, secrets_of(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_number_of_a_public_feed_is_shown(address: str) -> None:
    """However random, it is no secret where nothing says so, and neither is a title after a word that may say it."""
    assert split_address(address) == (address, None)


def test_what_the_editor_marks_is_secret() -> None:
    """Also what the rules take for a public number."""
    address = "https://letter.example/f/k7x2p9/rss"
    public, private = split_address(address, "k7x2p9")
    assert (private, secrets_of(private, public)) == (address, ("k7x2p9",))
    assert "k7x2p9" not in public


@pytest.mark.parametrize(
    ("address", "marked"),
    [("https://a.example/f/ab%20Cd12/x", "ab Cd12"), ("https://a.example/?q=ab/Cd12", "ab%2FCd12"),
     ("https://a.example/?q=ab%2FCd12", "ab/Cd12"), ("https://ABCD12.a.example/f", "ABCD12"),
     ("https://a.example/f/ab Cd12/x", "ab Cd12")],
)  # fmt: skip
def test_what_the_editor_marks_is_secret_in_every_spelling(address: str, marked: str) -> None:
    """Addresses are written anew: their hosts in small letters, their spaces encoded."""
    public, private = split_address(address, marked)
    assert private is not None
    assert "cd12" not in public.lower()
    assert any("cd12" in secret.lower() for secret in secrets_of(private, public))


def test_accounts_of_one_address_are_two_feeds() -> None:
    """A user name is no secret beside a password: it may be a word of the feed."""
    one, other = (f"https://{account}@a.example/feed" for account in ("ann:s3cret", "bob:t0psecret"))
    assert len({split_address(one)[0], split_address(other)[0], "https://a.example/feed"}) == 3
    assert secrets_of(one) == ("s3cret",)


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


@pytest.mark.parametrize(
    "query",
    [
        "X-Amz-Algorithm=A&X-Amz-Credential=AK%2F1&X-Amz-Date=1&X-Amz-Expires=60&X-Amz-Signature=s3cr3t",
        "Policy=p&Signature=s3cr3t&Key-Pair-Id=K", "Expires=1&AWSAccessKeyId=A&Signature=s3cr3t",
        "token-time=1700000000&token-hash=s3cr3t%3D",
    ],
)  # fmt: skip
def test_signature_of_an_address_is_removed(query: str) -> None:
    """It opens a file to whoever has it, and is another one tomorrow."""
    assert without_signature(f"https://f.example/1.mp3?{query}&v=2") == "https://f.example/1.mp3?v=2"


@pytest.mark.parametrize("query", ["policy=privacy&page=2", "signature=ann", "expires=2027", "a=1&a=2", ""])
def test_address_that_is_not_signed_stays(query: str) -> None:
    """One such name is a page's own parameter."""
    assert without_signature(f"https://a.example/x?{query}") == f"https://a.example/x?{query}"
