"""Run parsers on hostile input in worker processes with limits on time and memory. Workers open no database."""

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
MEMORY_BYTES = 3_000_000_000  # of address space; beyond it one call fails, not the run
CPU_S = 1800  # of processor time over a worker's life; then it is replaced


class UnreadableInputError(Exception):
    """A parser raised, died or ran out of time on an input; the message says which."""


class _Process(ForkServerProcess):
    """A worker process that does not import the parent's `__main__`."""

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
        Number of processes.
    deadline_s : float
        Time limit of one call; its process is then killed and replaced.
    """

    def __init__(self, count: int = 2, deadline_s: float = 10.0) -> None:
        self.deadline_s = deadline_s
        # from a fork server, so that no lock or connection of the parent is inherited
        context = _Context()
        context.set_forkserver_preload(["pipeline.feeds.parse"])
        self._pool = ProcessPool(count, initializer=_limit, context=context)

    async def __aenter__(self) -> "Workers":
        return self

    async def __aexit__(self, *_: object) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        await asyncio.to_thread(self._pool.join)

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function in a worker. Raises UnreadableInputError if it raises, dies or takes too long."""
        future = self._pool.schedule(function, args=args, kwargs=kwargs, timeout=self.deadline_s)
        try:
            result: T = await asyncio.wrap_future(future)
        except PoolTimeout as error:
            raise UnreadableInputError(f"takes more than {self.deadline_s:g} seconds to read") from error
        except ProcessExpired as error:
            raise UnreadableInputError("kills its reader") from error
        except Exception as error:  # parsers raise anything on hostile input
            raise UnreadableInputError(f"breaks its reader ({type(error).__name__}: {str(error)[:200]})") from error
        return result


def _limit() -> None:
    # also ends a worker whose parent was killed
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
