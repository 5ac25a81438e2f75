"""`triage review`: the desk, in the browser."""

from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import AsOfOption, JsonOption, WorkspaceOption, open_workspace, print_json

if TYPE_CHECKING:
    import socket

    from uvicorn import Server

HostOption = Annotated[str, typer.Option("--host", help="Where to listen; others than this machine need --token.")]
PortOption = Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes any free one.")]
NameOption = Annotated[str | None, typer.Option("--editor", metavar="NAME", help="Who decides; default: ask once.")]
TokenOption = Annotated[
    str | None,
    typer.Option(
        "--token",
        envvar="TRIAGE_TOKEN",
        show_envvar=True,
        help="Secret that visitors must enter, 8 characters or more.",
    ),
]
BrowserOption = Annotated[bool, typer.Option("--browser/--no-browser", help="Open the browser.")]
SHORTEST_TOKEN = 8


def review(
    host: HostOption = "127.0.0.1",
    port: PortOption = 8765,
    editor: NameOption = None,
    token: TokenOption = None,
    browser: BrowserOption = True,
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Open the desk, the review page: the shortlist in your browser.

    Example: triage review --editor Ann
    """
    from pipeline.desk.security import LOOPBACK
    from pipeline.desk.session import Desk
    from pipeline.desk.sync import JournalSync
    from pipeline.desk.web import build
    from pipeline.steps.subscribe import follow_written

    _check_token(host, token, is_local=host in LOOPBACK)
    opened = open_workspace(workspace, as_of)
    listener = _listen(host, port)
    address = _address(host, listener)
    if as_of is None:
        follow_written(opened.database, opened.newsletter)  # so that the page of the feeds has them before a night
    desk = Desk(opened, is_past=as_of is not None)
    print_json({"url": address}) if as_json else typer.echo(f"The desk is open at {address} (Ctrl-C closes it)")
    with JournalSync(desk) as sync:
        app = build(desk, sync, editor, LOOPBACK if host in LOOPBACK else None, token)
        _serve(_server(app), listener, address if browser and not as_json else None)


def _check_token(host: str, token: str | None, *, is_local: bool) -> None:
    from pipeline.core.errors import InputError

    if token is not None and len(token) < SHORTEST_TOKEN:
        raise InputError(f"the token has {len(token)} characters; give at least {SHORTEST_TOKEN}")
    if not is_local and not token:
        raise InputError(f"others could reach {host}; set a token with --token or TRIAGE_TOKEN")


def _listen(host: str, port: int) -> "socket.socket":
    import socket

    from pipeline.core.errors import InputError

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise InputError(f"cannot listen at {host}, port {port} ({error.strerror}); try: --port 0") from error


def _address(host: str, listener: "socket.socket") -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}/"


def _server(app: object) -> "Server":
    from uvicorn import Config, Server

    return Server(Config(app, log_level="warning", access_log=False, server_header=False))  # type: ignore[arg-type]


def _serve(server: "Server", listener: "socket.socket", to_open: str | None) -> None:
    """Serve until Ctrl-C; the browser is opened in a thread, because some commands return only when it is closed."""
    import threading
    import webbrowser

    if to_open:
        threading.Thread(target=webbrowser.open, args=(to_open,), daemon=True).start()
    server.run(sockets=[listener])
