"""Refuse connections to private addresses (SSRF), except to hosts that `allow_hosts` names."""

import socket
from collections.abc import Collection
from contextvars import ContextVar
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

# Azure's metadata service, on a public address
METADATA = frozenset({ip_address("168.63.129.16")})
NAT64 = ip_network("64:ff9b::/96")


class RefusedAddress(OSError):
    """A connection was about to be made to an address that is not public."""


class Guard:
    """Checks the address of every socket when it is created: covers redirects, DNS rebinding and odd spellings.

    Parameters
    ----------
    allow_hosts : collection of str
        Host names or literal addresses that may be reached although they are private; in lower case.
    """

    def __init__(self, allow_hosts: Collection[str]) -> None:
        self.allow_hosts = frozenset(host.strip("[]") for host in allow_hosts)
        # the host that the running task requests; inherited by the tasks that the client starts
        self._host: ContextVar[str] = ContextVar("host", default="")

    def expect(self, url: str) -> None:
        """Set the address that the running task is about to request."""
        self._host.set((urlsplit(url).hostname or "").lower())

    def make_socket(self, address: tuple[Any, ...]) -> socket.socket:
        """Create the socket for an address (aiohttp's `socket_factory`), or raise RefusedAddress."""
        family, kind, protocol, _, (ip, *_) = address
        if self._host.get() not in self.allow_hosts and not is_public(ip):
            host = self._host.get()
            raise RefusedAddress(
                f"{host} resolves to {ip}, no public address; allow it with allow_hosts in newsletter.toml"
            )
        return socket.socket(family=family, type=kind, proto=protocol)


def is_public(ip: str) -> bool:
    """Return whether an address is on the public internet; embedded IPv4 addresses are checked too."""
    address = ip_address(ip.split("%")[0])
    wrapped = _wrapped(address) if isinstance(address, IPv6Address) else None
    if wrapped is not None:
        return is_public(str(wrapped))
    return address.is_global and not address.is_multicast and address not in METADATA


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    teredo = address.teredo[1] if address.teredo else None
    nat64 = IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else None
    return address.ipv4_mapped or address.sixtofour or teredo or nat64
