"""`triage add` says what it stored, and on stderr what it could not read."""

from pathlib import Path

from loopback import Answer, Loopback
from typer.testing import CliRunner, Result

from flows.cli.app import app
from pipeline.ops.workspace import Workspace

PAGE = f"<html><head><title>On teams</title></head><body><article>{'<p>Teams are people who talk.</p>' * 8}</article>"


def add(folder: Path, url: str) -> Result:
    """Add a link as an editor would in a terminal."""
    return CliRunner().invoke(app, ["add", url, "--workspace", str(folder)], catch_exceptions=False)


def test_stored_link_is_printed_and_a_problem_is_told(workspace: Workspace) -> None:
    """The id and the title; nothing else where the page was read."""
    file = workspace.folder / "newsletter.toml"
    file.write_text(file.read_text().replace("allow_hosts = []", 'allow_hosts = ["127.0.0.1"]'))
    with Loopback({"/read": Answer(PAGE, headers={"Content-Type": "text/html"})}) as web:
        read, missing = add(workspace.folder, web.url("/read")), add(workspace.folder, web.url("/gone"))
    assert (read.stdout.split(maxsplit=1)[1], read.stderr) == ("On teams\n", "")
    assert missing.stderr.startswith("its page ")
    assert "stored without the page's title and text" in missing.stderr
