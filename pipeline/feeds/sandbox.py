"""A few warm processes in which hostile input is read, and killed if it takes too long. They know no database."""

import asyncio
import resource
import sys
from collections.abc import Callable
from concurrent.futures import TimeoutError as PoolTimeout
from multiprocessing.context import ForkServerContext, ForkServerProcess
from types import ModuleType
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

P = ParamSpec("P")
T = TypeVar("T")
MEMORY_BYTES = 3_000_000_000  # of address space; beyond it the reading fails, not the night
CPU_S = 1800  # of processor time in all; a worker that used it up is replaced


class BrokenInputError(Exception):
    """The input broke or outlasted its reader; the message says how."""


class _Process(ForkServerProcess):
    """A process that does not import the program it works for, only what it is given to do."""

    def start(self) -> None:
        program = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            super().start()
        finally:
            sys.modules["__main__"] = program


class _Context(ForkServerContext):
    Process = _Process


class Workers:
    """Run pure functions in processes that can be killed.

    Parameters
    ----------
    count : int
        Processes kept warm.
    deadline_s : float
        Time one call may take before its process is killed and replaced.
    """

    def __init__(self, count: int = 2, deadline_s: float = 10.0) -> None:
        self.deadline_s = deadline_s
        # forked off a clean server, so that no lock or connection of the newsroom is inherited
        context = _Context()
        context.set_forkserver_preload(["pipeline.feeds.parse"])
        self._pool = ProcessPool(count, initializer=_limit, context=context)

    async def __aenter__(self) -> "Workers":
        return self

    async def __aexit__(self, *_: object) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        await asyncio.to_thread(self._pool.join)

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function in a worker. Raises BrokenInputError if it raises, dies or takes too long."""
        future = self._pool.schedule(function, args=args, kwargs=kwargs, timeout=self.deadline_s)
        try:
            result: T = await asyncio.wrap_future(future)
        except PoolTimeout as error:
            raise BrokenInputError(f"takes more than {self.deadline_s:g} seconds to read") from error
        except ProcessExpired as error:
            raise BrokenInputError("kills its reader") from error
        except Exception as error:  # whatever a parser raises on hostile input is that input's failure
            raise BrokenInputError(f"breaks its reader ({type(error).__name__}: {str(error)[:200]})") from error
        return result


def _limit() -> None:
    # a worker whose night was killed while it read something endless ends too
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
