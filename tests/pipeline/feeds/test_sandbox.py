"""Hostile input is read where it can be killed."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from pipeline.feeds.sandbox import UnreadableInputError, Workers


def hang(seconds: float) -> None:
    """Do nothing for long."""
    time.sleep(seconds)


def spin() -> None:
    """Compute without end."""
    while True:
        pass


def wait_and_count(seconds: float) -> int:
    """Wait, and return 1."""
    time.sleep(seconds)
    return 1


def die() -> None:
    """Take the process along."""
    os._exit(3)


def fill() -> int:
    """Ask for more memory than there is allowed."""
    return len(bytearray(8_000_000_000))


def dig(depth: int) -> int:
    """Recurse without end."""
    return dig(depth + 1)


@pytest.mark.parametrize(
    ("function", "given", "result"),
    [(hang, (60,), "takes more than 1 seconds"), (spin, (), "takes more than 1 seconds"),
     (die, (), "kills its reader"), (fill, (), "MemoryError"), (dig, (0,), "RecursionError"),
     (int, ("x",), "ValueError")],
)  # fmt: skip
def test_input_that_breaks_its_reader_is_told_and_the_next_is_read(
    function: Callable[..., object], given: tuple[object, ...], result: str
) -> None:
    """A hung, endless, dead, filled or raising worker is replaced."""

    async def read() -> tuple[str, int]:
        async with Workers(1, deadline_s=1) as workers:
            try:
                await workers.call(function, *given)
                problem = ""
            except UnreadableInputError as error:
                problem = str(error)
            return problem, await workers.call(abs, -7)

    problem, value = asyncio.run(read())
    assert result in problem
    assert value == 7


def test_clock_that_is_set_ends_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """A laptop that slept meanwhile, or a clock set forward, does not make a sound feed unreadable."""
    hours = count(1)
    monkeypatch.setattr(time, "time", lambda: 3600.0 * next(hours))

    async def read() -> int | None:
        async with Workers(1, deadline_s=60) as workers:
            return await workers.call(wait_and_count, 0.5)

    assert asyncio.run(read()) == 1


def test_busy_machine_ends_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit counts what a call computes, not how long other programs keep it waiting."""
    monkeypatch.setattr("pipeline.feeds.sandbox.PATIENCE", 1000)

    async def read() -> int | None:
        async with Workers(1, deadline_s=0.5) as workers:
            return await workers.call(wait_and_count, 2)

    assert asyncio.run(read()) == 1


def test_caller_that_gives_up_leaves_the_worker_to_others() -> None:
    """A call that is cancelled ends first; the next is answered with its own result."""

    async def read() -> int:
        async with Workers(1) as workers:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(workers.call(wait_and_count, 1), 0.1)
            return await workers.call(abs, -7)

    assert asyncio.run(read()) == 7


def test_program_is_not_imported_into_its_readers(tmp_path: Path) -> None:
    """A script without the `__main__` idiom may use them: its readers do not run it again."""
    script = tmp_path / "script.py"
    script.write_text(
        "import asyncio\nfrom pipeline.feeds.sandbox import Workers\n"
        "async def main():\n    async with Workers(1) as workers:\n        print(await workers.call(abs, -3))\n"
        "asyncio.run(main())\n"
    )
    result = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=300, check=False)
    assert (result.returncode, result.stdout) == (0, "3\n")
