"""Nobody is let in: an address is judged where it is connected to, however it is spelled."""

import asyncio

import pytest
from loopback import Answer, Loopback

from pipeline.core.types import Fetched
from pipeline.feeds.fetch import Client
from pipeline.feeds.ssrf import is_public

PRIVATE = [
    "127.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.100.100.200", "168.63.129.16",
    "0.0.0.0",
    "255.255.255.255", "224.0.0.1", "::1", "::", "fe80::1%eth0", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe",
]  # fmt: skip


def get(url: str, **options: object) -> Fetched:
    """Fetch one address with a client of its own."""

    async def ask() -> Fetched:
        async with Client(timeout_s=3, **options) as client:  # type: ignore[arg-type]
            return await client.get(url)

    return asyncio.run(ask())


@pytest.mark.parametrize("ip", PRIVATE)
def test_private_address_is_no_public_one(ip: str) -> None:
    """Loopback, private, link-local, metadata and what wraps them."""
    assert not is_public(ip)


@pytest.mark.parametrize("ip", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_public_address_is_public(ip: str) -> None:
    """The web itself stays within reach."""
    assert is_public(ip)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "localhost"])
def test_odd_spellings_of_loopback_are_refused(host: str) -> None:
    """Decimal, octal and hexadecimal forms and names: the connected address counts."""
    with Loopback({"/": Answer("secret")}) as web:
        fetched = get(web.url("/", host))
        assert fetched.error is not None
        assert fetched.error.startswith("refused")
        assert web.asked == []


@pytest.mark.parametrize("target", ["http://127.1:{port}/", "http://localhost:{port}/", "http://[::ffff:127.0.0.1]:{port}/",
                                    "http://169.254.169.254/latest/meta-data/"])  # fmt: skip
def test_redirect_into_the_house_is_refused(target: str) -> None:
    """An allowed host may not lead to one that is not; every hop is checked."""
    with Loopback({"/": Answer("secret")}) as web:
        web.answers["/out"] = Answer(status=302, headers={"Location": target.format(port=web.port)})
        fetched = get(web.url("/out"), allow_hosts=["127.0.0.1"])
        assert (fetched.error or "").startswith("refused")
        assert [asked.path for asked in web.asked] == ["/out"]


def test_rebound_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers with a private address when it is connected to lets nobody in, allowed neighbours or not."""

    async def rebind(self: object, host: str, port: int = 0, family: int = 0) -> list[dict[str, object]]:
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}]

    monkeypatch.setattr("aiohttp.resolver.ThreadedResolver.resolve", rebind)
    with Loopback({"/": Answer("secret")}) as web:
        assert "no public address" in (get(web.url("/", "rebound.example"), allow_hosts=["127.0.0.1"]).error or "")
        assert get(web.url("/", "intranet.example"), allow_hosts=["intranet.example"]).body == b"secret"


def test_no_scheme_but_the_webs_is_followed() -> None:
    """A redirect to a file is reported as a failure."""
    with Loopback({"/": Answer(status=302, headers={"Location": "file:///etc/passwd"})}) as web:
        assert "no web address" in (get(web.url("/"), allow_hosts=["127.0.0.1"]).error or "")
