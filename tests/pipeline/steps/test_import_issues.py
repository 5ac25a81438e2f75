"""Past issues come from a feed too, and one-liners are called what their pages call themselves."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from loopback import Answer, Loopback

from pipeline.archive.files import read_files
from pipeline.archive.importer import read_archive
from pipeline.core.config import Newsletter
from pipeline.core.errors import InputError
from pipeline.core.types import Issue
from pipeline.ops.workspace import Workspace
from pipeline.steps.fetch_titles import fetch_titles
from pipeline.steps.import_issues import gather_files, import_issues
from pipeline.store.database import Database
from pipeline.store.fetched_pages import known_titles
from pipeline.store.issues import known_issues

HTML = {"Content-Type": "text/html"}
FEED = """<rss version="2.0"><channel><title>L</title><item><title>L #7</title>
<pubDate>Fri, 05 Mar 2021 08:00:00 +0000</pubDate><description>&lt;h2&gt;Random&lt;/h2&gt;
&lt;p&gt;See &lt;a href="https://a.example/1"&gt;here&lt;/a&gt;.&lt;/p&gt;</description></item></channel></rss>"""


@pytest.fixture
def web() -> Iterator[Loopback]:
    """A site with a page, a page that is gone, one in trouble, one that robots may not read, and a feed."""
    with Loopback() as server:
        server.answers |= {
            "/robots.txt": Answer("User-agent: *\nDisallow: /private"),
            "/page": Answer(
                "<head><title>What | Site</title><meta property='og:title' content='What it\n is &amp; called'></head>",
                headers=HTML,
            ),
            "/trouble": Answer("", status=500),
            "/private/page": Answer("<title>Secret</title>", headers=HTML),
            "/feed": Answer(FEED),
        }
        yield server


def letter(workspace: Workspace) -> Newsletter:
    """Return a newsletter that may reach loopback."""
    return replace(workspace.newsletter, allow_hosts=("127.0.0.1",))


def issues(web: Loopback, tmp_path: Path, newsletter: Newsletter) -> list[Issue]:
    """Read an issue of four one-liners and a title line."""
    liners = "".join(f"A [thing]({web.url(path)}).\n\n" for path in ("/page", "/gone", "/trouble", "/private/page"))
    file = tmp_path / "0007.md"
    file.write_text(f"---\ndate: 2021-03-05\n---\n## Teams\n\n[One]({web.url('/one')})\n\n## Random\n\n{liners}")
    return read_archive(read_files(file), newsletter).issues


def titles(database: Database) -> list[str]:
    """Return the titles of all stored picks."""
    with database.reading() as connection:
        return [pick.title for issue in known_issues(connection, date.max) for pick in issue.picks]


def test_pages_are_asked_once_and_politely(web: Loopback, tmp_path: Path, workspace: Workspace) -> None:
    """Only one-liners, only what robots.txt allows; what was answered is never asked again."""
    newsletter = letter(workspace)
    read = issues(web, tmp_path, newsletter)
    first = fetch_titles(workspace.database, newsletter, read)
    assert (first.seen, first.done) == (4, 1)
    assert sorted({asked.path for asked in web.asked}) == ["/gone", "/page", "/robots.txt", "/trouble"]
    web.asked.clear()
    assert fetch_titles(workspace.database, newsletter, read).seen == 2
    assert {asked.path for asked in web.asked} == {"/robots.txt", "/trouble"}


@pytest.mark.parametrize(
    ("title", "charset", "kind"),
    [
        ("Как чинить старые книги", "windows-1251", "text/html"),
        ("도서관 목록의 오늘", "euc-kr", "text/html; charset=euc-kr"),
    ],
)
def test_titles_are_read_in_the_encoding_of_their_page(
    web: Loopback, tmp_path: Path, workspace: Workspace, title: str, charset: str, kind: str
) -> None:
    """As the page or its server declares it; in another encoding than UTF-8 they were question marks."""
    declared = "" if "=" in kind else f"<meta http-equiv='Content-Type' content='text/html; charset={charset}'>"
    web.answers["/page"] = Answer(f"{declared}<title>{title}</title>".encode(charset), headers={"Content-Type": kind})
    newsletter = letter(workspace)
    fetch_titles(workspace.database, newsletter, issues(web, tmp_path, newsletter))
    with workspace.database.reading() as connection:
        assert [found for found in known_titles(connection).values() if found] == [title]


def test_an_endless_title_of_a_page_is_cut(web: Loopback, tmp_path: Path, workspace: Workspace) -> None:
    """A page may call itself whatever it likes; 300 characters of it are kept."""
    web.answers["/page"] = Answer(f"<title>{'word ' * 100}</title>", headers=HTML)
    newsletter = letter(workspace)
    fetch_titles(workspace.database, newsletter, issues(web, tmp_path, newsletter))
    with workspace.database.reading() as connection:
        assert [len(found) for found in known_titles(connection).values() if found] == [300]


def test_titles_of_pages_stay_when_the_archive_is_imported_again(
    web: Loopback, tmp_path: Path, workspace: Workspace
) -> None:
    """With or without the flag, twice changes nothing."""
    newsletter = letter(workspace)
    read = read_archive(read_files(tmp_path), newsletter)
    read.issues = issues(web, tmp_path, newsletter)
    fetch_titles(workspace.database, newsletter, read.issues)
    assert [import_issues(workspace.database, read).done for _ in range(2)] == [1, 0]
    assert titles(workspace.database) == ["One", "What it is & called", "thing", "thing", "thing"]


def test_feed_by_its_address(web: Loopback, workspace: Workspace) -> None:
    """`triage import issues https://…` reads the newsletter's own feed through the guarded client."""
    reading = read_archive(gather_files([web.url("/feed")], letter(workspace)), workspace.newsletter)
    assert [(i.number, [p.title for p in i.picks]) for i in reading.issues] == [(7, ["See here."])]


def test_archive_on_disk_loads_nothing_that_fetches() -> None:
    """What reads the web and its pages takes 20 MB of the memory that a large archive needs."""
    code = "import pipeline.steps.import_issues, sys; print(*{'aiohttp', 'trafilatura'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"


def test_refused_or_missing_feed_is_one_sentence(web: Loopback, workspace: Workspace) -> None:
    """A private address is refused unless allowed; a missing file is named."""
    with pytest.raises(InputError, match="refused"):
        gather_files([web.url("/feed")], workspace.newsletter)
    with pytest.raises(InputError, match="nothing was imported"):
        gather_files([web.url("/nothing")], letter(workspace))
