"""The sockets of a client, so that none outlives the event loop."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from weakref import WeakSet

CLOSING_S = 1.0  # the loop is given so long to close what was shut down


class OpenSockets:
    """Creates sockets and ends those that are still open.

    After a TLS answer aiohttp leaves a connection waiting, up to 30 s, for the server's close_notify, and closes the
    session without waiting; such a connection would be left to the garbage collector.

    Parameters
    ----------
    make : callable
        Create the socket for an address (aiohttp's `socket_factory`).
    """

    def __init__(self, make: Callable[[tuple[Any, ...]], socket.socket]) -> None:
        self._make = make
        self._sockets: WeakSet[socket.socket] = WeakSet()

    def make(self, address: tuple[Any, ...]) -> socket.socket:
        """Create the socket for an address."""
        made = self._make(address)
        self._sockets.add(made)
        return made

    async def end(self) -> None:
        """Shut down what is open, and wait until its transports have closed it."""
        for each in self._open():
            with suppress(OSError):  # not connected
                each.shutdown(socket.SHUT_RDWR)
        until = asyncio.get_running_loop().time() + CLOSING_S
        while self._open() and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(0.001)

    def _open(self) -> list[socket.socket]:
        return [each for each in self._sockets if each.fileno() >= 0]
