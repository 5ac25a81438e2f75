"""Threads of matrix products beside work in Python."""

from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import threadpool_limits


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Compute products of matrices with one thread inside, in any thread.

    More of them wait for each other spinning, beside the thread that reads words, and each number of them rounds in its
    own way: the tables would depend on the machine.
    """
    with threadpool_limits(limits=1, user_api="blas"):
        yield
