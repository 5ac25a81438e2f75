"""No secret of a feed's address comes out of a workspace: a night, every command, the desk, Prefect and the files."""

import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from loopback import Answer, Loopback
from starlette.testclient import TestClient
from typer.testing import CliRunner

from flows.cli.app import app
from pipeline.core.types import Decision
from pipeline.desk.session import Desk
from pipeline.desk.sync import JournalSync
from pipeline.desk.web import build
from pipeline.ops.workspace import Workspace
from pipeline.store import decisions

# Prefect 3.8 leaves its own sockets to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

UUID, SHA1, JWT = "0f8fad5b-d9cb-469f-a165-70867728950e", "8d969eef6ecad3c29a3a629280e686cf0c3f5d5a", "eyJ0IjoiYWJj" * 4
PATHS = {  # the address of a feed → the secret in it
    "/rss?token=tok3nValue": "tok3nValue",
    "/rss?lang=en&api_key=apiKey%2B77": "apiKey%2B77",
    "/rss?auth=patr0nValue": "patr0nValue",
    "/user.atom?feed_token=glft-x7Yz99": "glft-x7Yz99",
    f"/podcast/1/private/{UUID}.rss": UUID,
    f"/ical/me/private-{SHA1[:32]}/basic.rss": SHA1[:32],
    f"/feeds/{SHA1}/": SHA1,
    f"/content/{JWT}.rss": JWT,
    "/f/k7x2p9/rss": "k7x2p9",  # marked in newsletter.toml
}
TARGET, LINKED, REFUSED, PASSWORDS = (
    "redirectT0ken",
    "linkedT0ken",
    "refusedT0ken",
    ("hunter2ann", "hunter2bob", "hunter2cat"),
)
SECRETS = (*PATHS.values(), "apiKey+77", TARGET, LINKED, REFUSED, *PASSWORDS)


def feed(n: int, address: str, secret: str) -> str:
    """Write a feed that repeats its address and its secret wherever it can."""
    see = f"{address} with {secret}"
    address = address.replace("&", "&amp;")
    return f"""<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
      xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Feed {n} at <![CDATA[{see}]]></title>
      <link>{address}</link><atom:link rel="self" href="{address}"/>
      <item><title><![CDATA[First of {n}, {see}]]></title><link>{address}#first</link><author>{secret}</author>
        <description><![CDATA[<p>See <a href="{see}">{see}</a>.</p>]]></description></item>
      <item><title>Second of {n}</title><guid>{address}/2</guid>
        <content:encoded><![CDATA[<p>Text of {see}.</p>]]></content:encoded></item>
      <item><title>Third of {n}</title><link>three</link></item>
      <item><title>Fourth of {n}</title><enclosure url="{address}/4.mp3" type="audio/mpeg"/></item></channel></rss>"""


@pytest.fixture
def web() -> Iterator[Loopback]:
    """Private feeds, a redirect to one, a page that names one, and one that fails."""
    with Loopback() as server:
        for n, (path, secret) in enumerate(PATHS.items()):
            server.answers[path] = Answer(feed(n, server.url(path), secret))
        target = server.url(f"/real?token={TARGET}")
        page = f'<html><head><link rel="alternate" type="application/rss+xml" href="/f?token={LINKED}"></head></html>'
        server.answers |= {
            "/basic": Answer(feed(20, server.url("/basic"), "no secret")),
            "/own": Answer(feed(22, server.url("/own").replace("://", f"://ann:{PASSWORDS[0]}@"), PASSWORDS[0])),
            "/away": Answer(status=301, headers={"Location": target}),
            f"/real?token={TARGET}": Answer(feed(21, target, TARGET)),
            "/page": Answer(page, headers={"Content-Type": "text/html"}),
            "/refused": Answer(status=302, headers={"Location": f"ftp://127.0.0.1/?token={REFUSED}"}),
        }
        yield server


@pytest.fixture
def letter(tmp_path: Path, web: Loopback) -> Workspace:
    """A workspace that follows them."""
    addresses = [web.url(path) for path in (*PATHS, "/away", "/page", "/refused", f"/gone?token={REFUSED}")]
    accounts = zip(("/own", "/basic", "/basic"), ("ann", "bob", "cat"), PASSWORDS, strict=True)
    addresses += [web.url(path).replace("://", f"://{user}:{word}@") for path, user, word in accounts]
    marked = [f'{{ url = {json.dumps(a)}, secret = "k7x2p9" }}' if "k7x2p9" in a else json.dumps(a) for a in addresses]
    workspace = Workspace.create(tmp_path / "letter", "Letter", "blank")
    file = workspace.folder / "newsletter.toml"
    text = file.read_text().replace("\nfeeds = []", f"\nfeeds = [{', '.join(marked)}]")
    text = text.replace('model = "all-MiniLM-L6-v2"', 'model = "hashing"')
    file.write_text(text.replace("allow_hosts = []", 'allow_hosts = ["127.0.0.1"]'))
    return Workspace.open(workspace.folder)


def run_flow(folder: Path) -> None:
    from prefect.logging.handlers import APILogHandler

    from flows.nightly import nightly

    async def run() -> None:
        await nightly(str(folder), return_state=True)
        await APILogHandler.aflush()

    asyncio.run(run())


def from_prefect(api: str) -> str:
    """Return what the API tells of its runs."""
    kinds = ("flow_runs", "task_runs", "logs", "artifacts", "events", "flows", "deployments")
    return "".join(httpx.post(f"{api}/{kind}/filter", json={}, timeout=60).text for kind in kinds)


def from_commands(folder: Path) -> str:
    """Return what the commands print."""
    commands = ["status", "status --json", "shortlist", "shortlist --json", "feeds list", "feeds list --json", "pull"]
    commands += ["pull --json", "draft", "draft --json", "check", "export feeds"]
    commands += [
        f"export {what} --format {kind}" for what in ("feeds", "review", "decisions") for kind in ("csv", "json")
    ]
    runs = [CliRunner().invoke(app, [*command.split(), "--workspace", str(folder)]) for command in commands]
    assert all(run.stdout for run in runs)
    return "".join(run.output for run in runs)


def from_desk(workspace: Workspace, ids: list[str]) -> str:
    """Return the desk's pages."""
    desk = Desk(workspace)
    pages = [
        "",
        "rows",
        "older",
        "draft",
        "draft/preview",
        "draft/issue.md",
        "feeds",
        "feeds.opml",
        "settings",
        "status",
    ]
    pages += ["metrics", "night", "api/stories", "api/issue", "api/status", "api/nights"]
    pages += [page for id in ids for page in (f"story/{id}", f"story/{id}/text", f"api/stories/{id}")]
    web = build(desk, JournalSync(desk, lambda desk: None), "ann")
    with TestClient(web, base_url="http://127.0.0.1:8765", follow_redirects=True) as client:
        answers = [client.get(f"/{page}") for page in pages]
    assert {answer.status_code for answer in answers} == {200}
    return "".join(answer.text for answer in answers)


def from_files(folder: Path) -> str:
    """Return the bytes of every file but the one in which the secrets are written."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.name != "newsletter.toml"]
    return "".join(file.read_bytes().decode("latin-1") for file in files)


def test_no_secret_comes_out(
    letter: Workspace, web: Loopback, prefect_home: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Of a night through Prefect with every kind of private feed, and of what follows it."""
    caplog.set_level(logging.DEBUG)
    run_flow(letter.folder)
    with letter.database.reading() as connection:
        rows = connection.execute("SELECT article_id, feed_url FROM article_feeds").fetchall()
    picks = [Decision(id, "pick", "ann", letter.as_of.time) for id, *_ in rows]
    decisions.record(letter.journal, letter.database, picks)
    told = {
        "prefect": from_prefect(prefect_home),
        "commands": from_commands(letter.folder),
        "desk": from_desk(letter, [id for id, *_ in rows][:12]),
        "files": from_files(letter.folder),
        "log": caplog.text,
    }
    found = {(place, secret) for place, text in told.items() for secret in SECRETS if secret in text}
    assert found == set()
    assert {path for path in PATHS if path not in {request.path for request in web.asked}} == set()
    assert len({feed for *_, feed in rows}) == len(PATHS) + 4  # two accounts of one feed, and the redirect's
    assert len(rows) == 4 * (len(PATHS) + 4)
