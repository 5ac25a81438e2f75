"""Say which addresses may be connected to: public ones, and hosts the workspace allows by name."""

import socket
from collections.abc import Collection
from contextvars import ContextVar
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

# answers requests from inside Azure although the address is public
METADATA = frozenset({ip_address("168.63.129.16")})
NAT64 = ip_network("64:ff9b::/96")


class RefusedAddress(OSError):
    """A connection was about to be made to an address that is not public."""


class Guard:
    """Checks every socket at the moment it is made, so redirects, rebinding and odd spellings end here.

    Parameters
    ----------
    allow_hosts : collection of str
        Host names or literal addresses that may be reached although they are private; in lower case.
    """

    def __init__(self, allow_hosts: Collection[str]) -> None:
        self.allow_hosts = frozenset(host.strip("[]") for host in allow_hosts)
        # which host the running task asks for; tasks that the client starts inherit it
        self._host: ContextVar[str] = ContextVar("host", default="")

    def expect(self, url: str) -> None:
        """Say which address the running task is about to request."""
        self._host.set((urlsplit(url).hostname or "").lower())

    def make_socket(self, address: tuple[Any, ...]) -> socket.socket:
        """Make the socket for an address (aiohttp's `socket_factory`), or refuse it."""
        family, kind, protocol, _, (ip, *_) = address
        if self._host.get() not in self.allow_hosts and not is_public(ip):
            host = self._host.get()
            raise RefusedAddress(f"{host} stands at {ip}, no public address; allow_hosts in newsletter.toml lets it in")
        return socket.socket(family=family, type=kind, proto=protocol)


def is_public(ip: str) -> bool:
    """Tell whether an address is on the public internet, looking into the addresses it may wrap."""
    address = ip_address(ip.split("%")[0])
    wrapped = _wrapped(address) if isinstance(address, IPv6Address) else None
    if wrapped is not None:
        return is_public(str(wrapped))
    return address.is_global and not address.is_multicast and address not in METADATA


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    teredo = address.teredo[1] if address.teredo else None
    nat64 = IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else None
    return address.ipv4_mapped or address.sixtofour or teredo or nat64
