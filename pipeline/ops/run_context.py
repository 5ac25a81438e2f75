"""Which run and which step the code is in, so that every log line can say so."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

run_id: ContextVar[str | None] = ContextVar("run_id", default=None)
step: ContextVar[str | None] = ContextVar("step", default=None)


@contextmanager
def setting(variable: ContextVar[str | None], value: str | None) -> Iterator[None]:
    """Set a variable for a block, and put the former value back."""
    before = variable.get()
    variable.set(value)
    try:
        yield
    finally:
        variable.set(before)  # no reset by token: Prefect leaves a flow's block in a copy of its context
