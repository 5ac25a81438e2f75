"""A private Prefect server for the schedule: started if there is none, restarted if it dies."""

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.prefect_settings import PRIVATE
from flows.private_home import ServerError, prepare_home

HOST = "127.0.0.1"
START_S = 300.0  # the first start creates a database, which takes minutes on a busy machine
CHECK_EVERY_S = 5.0
SEND_S = 10.0


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
    from prefect.context import refresh_global_settings_context
    from prefect.settings import get_current_settings

    if address := get_current_settings().api.url:
        _refuse_unusable()
        yield address
        return
    prepare_home(home)
    server = Server(home)
    os.environ["PREFECT_API_URL"] = server.address
    refresh_global_settings_context()
    try:
        server.start()
        yield server.address
    finally:
        _send_last_logs()
        server.stop()
        del os.environ["PREFECT_API_URL"]
        refresh_global_settings_context()


def _refuse_unusable() -> None:
    from prefect.client.orchestration import get_client

    try:
        with get_client(sync_client=True) as client:
            client.raise_for_api_version_mismatch()
    except Exception as error:  # of the HTTP client, or RuntimeError
        raise ServerError(
            f"your Prefect cannot be used ({str(error).rstrip('.')}); start it, or unset PREFECT_API_URL"
        ) from error


def _send_last_logs() -> None:
    """Send the log lines that Prefect still holds, up to two seconds' worth, while the server is there to take them."""
    from prefect.logging.handlers import APILogWorker

    APILogWorker.drain_all(timeout=SEND_S, at_exit=False)


class Server:
    """`prefect server` on a free loopback port, and the thread that restarts it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://{HOST}:{self.port}/api"
        self.process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises
        ------
        ServerError
            If it does not answer in time.
        """
        self._launch()
        give_up_at = time.monotonic() + START_S
        while not self.answers():
            if time.monotonic() > give_up_at or self._stopping.wait(0.2):
                raise ServerError(f"Prefect's server does not answer at {self.address}")
        threading.Thread(target=self._watch, daemon=True).start()

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
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()

    def _launch(self) -> None:
        command = [sys.executable, "-m", "prefect", "server", "start", "--host", HOST, "--port", str(self.port)]
        # keeps other web pages in the browser from calling it
        environment = {
            **os.environ,
            **PRIVATE,
            "PREFECT_HOME": str(self.home),
            "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"http://{HOST}:{self.port}",
        }
        self.process = subprocess.Popen(  # noqa: S603 (our own command)
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def _watch(self) -> None:
        while not self._stopping.wait(CHECK_EVERY_S):
            if self.process and self.process.poll() is not None:
                self._launch()
