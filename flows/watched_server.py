"""A Prefect server that ends with the process that started it: python watched_server.py HOST PORT.

Its standard input is a pipe whose other end only that process holds: it ends with the process, whatever ended it.
"""

import os
import signal
import sys
import threading
import time

END_S = 5.0


def end_with_parent() -> None:
    """Wait for the end of standard input, then end this process."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(END_S)
    os._exit(1)


def main() -> None:
    """Serve until the parent ends or asks for it by SIGTERM."""
    threading.Thread(target=end_with_parent, daemon=True).start()
    import uvicorn

    os.environ["PREFECT__SERVER_FINAL"] = "1"
    uvicorn.run(
        "prefect.server.api.server:create_app", factory=True, host=sys.argv[1], port=int(sys.argv[2]),
        log_level="error", lifespan="on",
    )  # fmt: skip


if __name__ == "__main__":
    main()
