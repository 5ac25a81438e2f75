"""End a command that is stopped, by Ctrl-C or SIGTERM, with one sentence. Imports nothing heavy."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

STOPPED = "triage: stopped; what was stored stays, run it again to go on\n"
SHOW_CURSOR = "\x1b[?25h"  # a progress bar hides it


@contextmanager
def stoppable() -> Iterator[None]:
    """Let a block end by KeyboardInterrupt when it is stopped, then say so and exit with 128 and the signal's number.

    From then on stderr is silent: what is cut off complains there, such as Prefect's client, whose private server is
    ended by the same Ctrl-C. The handler replaces the one of asyncio, whose cancellation such an error overrides. A
    second signal ends the process at once.
    """
    stopped: list[int] = []  # the signal, and where stderr is kept

    def stop(number: int, _: object) -> None:
        if stopped:
            os._exit(128 + number)
        stopped.extend((number, os.dup(2)))
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup and a shell's "&" ask
            signal.signal(number, stop)
    try:
        yield
    finally:
        if stopped:
            sent, stderr = stopped
            os.write(stderr, f"{SHOW_CURSOR if os.isatty(stderr) else ''}{STOPPED}".encode())
            raise SystemExit(128 + sent)
