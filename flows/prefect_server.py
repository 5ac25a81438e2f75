"""A private Prefect server, for a schedule or for a night: started if there is none, restarted if it dies."""

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from flows import watched_server
from flows.prefect_settings import PRIVATE
from flows.private_home import ServerError, prepare_home

HOST = "127.0.0.1"
START_S = 300.0  # the first start creates a database, which takes minutes on a busy machine
CHECK_EVERY_S = 5.0
ASK_EVERY_S = 0.05
SEND_S = 10.0
# as Prefect starts one for a single flow: no pages, few services
TEMPORARY = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1"}


@contextmanager
def server_running(home: Path) -> Iterator[str]:
    """Yield the URL of Prefect's API: the user's, else that of a private server with its database in `home`.

    `serve` needs one: without a server, Prefect's schedules never fire.

    Raises
    ------
    ServerError
        If the user's does not answer or is of another major version, or the private one does not start, for want of
        disk space for example.
    """
    from prefect.settings import get_current_settings

    if address := get_current_settings().api.url:
        _refuse_unusable()
        yield address
        return
    prepare_home(home)
    server = Server({**PRIVATE, "PREFECT_HOME": str(home)})
    with _serving(server):
        server.wait()
        yield server.address


@contextmanager
def server_for_night() -> Iterator[Callable[[], None]]:
    """Start a server where Prefect would start one for a single flow: where no API is named.

    Prefect itself imports its whole server into the flow's process before it starts one, which takes three seconds,
    and leaves it running where that process is killed.

    Yields a function that waits until the server answers, and raises `ServerError` if it does not; the flow may be
    imported meanwhile.
    """
    from prefect.settings import get_current_settings

    settings = get_current_settings()
    if settings.api.url or not settings.server.ephemeral.enabled:
        yield lambda: None
        return
    server = Server(TEMPORARY)
    with _serving(server):
        yield server.wait


@contextmanager
def _serving(server: "Server") -> Iterator[None]:
    """Start a server, let Prefect in this process use it, and stop it at the end."""
    from prefect.context import refresh_global_settings_context

    _spare_loopback()
    server.launch()
    os.environ["PREFECT_API_URL"] = server.address
    refresh_global_settings_context()
    try:
        yield
    finally:
        if server.is_running:
            _send_last()
        server.stop()
        del os.environ["PREFECT_API_URL"]
        refresh_global_settings_context()


def _spare_loopback() -> None:
    """Ask a proxy that the environment names for nothing on this machine: it would look for the server on its own."""
    if urllib.request.getproxies():
        spared = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")  # the first one wins where both are set
        os.environ["no_proxy"] = os.environ["NO_PROXY"] = f"{spared},{HOST}" if spared else HOST


def _refuse_unusable() -> None:
    from prefect.client.orchestration import get_client

    try:
        with get_client(sync_client=True) as client:
            client.raise_for_api_version_mismatch()
    except Exception as error:  # of the HTTP client, or RuntimeError
        raise ServerError(
            f"your Prefect cannot be used ({str(error).rstrip('.')}); start it, or unset PREFECT_API_URL"
        ) from error


def _send_last() -> None:
    """Send the events and log lines that Prefect still holds while the server is there to take them.

    The events tell the server how task runs ended.
    """
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    for worker in (EventsWorker, APILogWorker):
        worker.drain_all(timeout=SEND_S, at_exit=False)


class Server:
    """`watched_server` on a free loopback port, and the thread that restarts it.

    `settings` are added to this process's environment.
    """

    def __init__(self, settings: Mapping[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://{HOST}:{self.port}/api"
        self.settings = settings
        self.process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()

    def wait(self) -> None:
        """Wait until the server answers.

        Raises
        ------
        ServerError
            If it ends, or does not answer in time.
        """
        give_up_at = time.monotonic() + START_S
        while not self.answers():
            if not self.is_running or time.monotonic() > give_up_at or self._stopping.wait(ASK_EVERY_S):
                raise ServerError(f"Prefect's server does not answer at {self.address}")
        threading.Thread(target=self._watch, daemon=True).start()

    @property
    def is_running(self) -> bool:
        """Whether the process is there; it may not answer yet."""
        return self.process is not None and self.process.poll() is None

    def answers(self) -> bool:
        """Return whether the server is up."""
        try:
            with urllib.request.urlopen(f"{self.address}/health", timeout=2) as answer:  # noqa: S310 (our own address)
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        """Stop the server and the watching thread."""
        self._stopping.set()
        if self.process and self.is_running:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process and self.process.stdin:
            self.process.stdin.close()

    def launch(self) -> None:
        """Start the process."""
        command = [sys.executable, "-P", watched_server.__file__, HOST, str(self.port)]
        own = {
            "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"http://{HOST}:{self.port}",  # no other page calls it
            "PREFECT_UI_API_URL": self.address,  # else its pages ask at Prefect's usual port
        }
        self.process = subprocess.Popen(  # noqa: S603 (our own command)
            command, env={**os.environ, **own, **self.settings}, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,  # Ctrl-C stops the run first, which then stops it
        )  # fmt: skip

    def _watch(self) -> None:
        while not self._stopping.wait(CHECK_EVERY_S):
            if not self.is_running:
                self.launch()
