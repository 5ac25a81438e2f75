"""Run parsers on hostile input in worker processes with limits on time and memory. Workers open no database."""

import asyncio
import math
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
MEMORY_BYTES = 3_000_000_000  # of address space; beyond it one call fails, not the run
PATIENCE = 6  # a call may take so many times its processor time: other programs want the processor too


class UnreadableInputError(Exception):
    """A parser raised, died or ran out of time on an input; the message says which."""


class _Process(ForkServerProcess):
    """A worker process that does not import the parent's `__main__`."""

    _starting = threading.Lock()  # `__main__` is the program's, whichever thread starts a process

    def start(self) -> None:
        with self._starting:
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

    Times are processor times or monotonic, and a process shares no lock with another: locks of processes wait by the
    wall clock. So a clock that is set, or that jumps over a laptop's sleep, ends no call.

    Parameters
    ----------
    count : int
        Number of processes.
    deadline_s : float
        Limit of one call in seconds of processor time; its process is then killed and replaced.
    """

    def __init__(self, count: int = 2, deadline_s: float = 10.0) -> None:
        self.deadline_s = deadline_s
        # from a fork server, so that no lock or connection of the parent is inherited
        context = _Context()
        context.set_forkserver_preload(["pipeline.feeds.parse"])
        self._workers = [_Worker(context) for _ in range(count)]
        self._free: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()

    async def __aenter__(self) -> "Workers":
        for worker in self._workers:
            self._free.put_nowait(worker)
        return self

    async def __aexit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.stop()

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function in a worker. Raises UnreadableInputError if it raises, dies or takes too long."""
        worker = await self._free.get()
        answer = asyncio.create_task(asyncio.to_thread(worker.ask, partial(function, *args, **kwargs), self.deadline_s))
        answer.add_done_callback(lambda _: self._free.put_nowait(worker))
        result, problem = await asyncio.shield(answer)  # a caller that is cancelled leaves the worker busy till then
        if problem:
            raise UnreadableInputError(problem)
        return result  # type: ignore[no-any-return]


class _Worker:
    """A process that answers one call after another; started with the first, and again after its death."""

    def __init__(self, context: _Context) -> None:
        self._context = context
        self._process: ForkServerProcess | None = None

    def ask(self, function: Callable[[], Any], deadline_s: float) -> tuple[Any, str | None]:
        """Return what a function returned, or what went wrong."""
        process = self._process or self._start()
        try:
            self._connection.send((function, deadline_s))
            if self._connection.poll(PATIENCE * deadline_s):
                answer: tuple[Any, str | None] = self._connection.recv()
                return answer
            is_slow = True
        except (EOFError, OSError):
            process.join()
            is_slow = process.exitcode == -signal.SIGXCPU
        self.stop()
        self._connection.close()
        self._process = None
        return None, f"takes more than {deadline_s:g} seconds to read" if is_slow else "kills its reader"

    def stop(self) -> None:
        """Kill the process, whatever it does."""
        if self._process:
            self._process.kill()

    def _start(self) -> ForkServerProcess:
        self._connection, theirs = self._context.Pipe()
        process = self._context.Process(target=_answer_calls, args=(theirs,), daemon=True)
        process.start()
        theirs.close()
        self._process = process
        return process


def _answer_calls(connection: "Connection[Any, Any]") -> None:
    """Answer calls until the other end is closed, as it is once its process is dead."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which stops its workers
    _limit(resource.RLIMIT_AS, MEMORY_BYTES)
    _limit(resource.RLIMIT_CORE, 0)
    with suppress(EOFError, OSError):
        while True:
            function, deadline_s = connection.recv()
            _limit(resource.RLIMIT_CPU, math.ceil(time.process_time() + deadline_s))
            connection.send(_answer(function))


def _answer(function: Callable[[], T]) -> tuple[T | None, str | None]:
    try:
        return function(), None
    except Exception as error:  # parsers raise anything on hostile input
        return None, f"breaks its reader ({type(error).__name__}: {str(error)[:200]})"


def _limit(kind: int, value: int) -> None:
    """Set a limit of this process, where there is none that is lower."""
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
