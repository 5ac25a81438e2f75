"""Hostile input is read where it can be killed."""

import asyncio
import os
import time
from collections.abc import Callable

import pytest

from pipeline.feeds.workers import BrokenInputError, Workers


def hang(seconds: float) -> None:
    """Do nothing for long."""
    time.sleep(seconds)


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
    ("function", "given", "told"),
    [(hang, (60,), "takes more than 1 seconds"), (die, (), "kills its reader"), (fill, (), "MemoryError"),
     (dig, (0,), "RecursionError"), (int, ("x",), "ValueError")],
)  # fmt: skip
def test_input_that_breaks_its_reader_is_told_and_the_next_is_read(
    function: Callable[..., object], given: tuple[object, ...], told: str
) -> None:
    """A hung, dead, filled or raising worker is replaced."""

    async def read() -> tuple[str, int]:
        async with Workers(1, deadline_s=1) as workers:
            try:
                await workers.call(function, *given)
                problem = ""
            except BrokenInputError as error:
                problem = str(error)
            return problem, await workers.call(abs, -7)

    problem, value = asyncio.run(read())
    assert told in problem
    assert value == 7
