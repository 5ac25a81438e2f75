"""Pages of the newsletter itself are known by the names of its issues, and are no picks."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.archive.files import read_files
from pipeline.archive.importer import read_archive
from pipeline.core.config import Newsletter
from tests.pipeline.archive.test_forms_of_letters import WORDS, N, picks, read, title, url

TITLES = [[title(n, k) for k in range(3)] for n in range(1, N + 1)]


def test_card_of_a_back_issue_is_no_pick(tmp_path: Path) -> None:
    """Its address ends like the name of that issue's file, behind the id that the export gives it."""
    for n in range(1, N + 1):
        stories = "".join(f"<p><a href='{url(n, k)}'>{title(n, k)}</a></p><p>A note.</p>" for k in range(3))
        card = f"https://gulls.example/p/{_slug(n - 1)}?utm_source=embed" if n > 1 else "https://gulls.example/about"
        share = f"https://gulls.example/p/{_slug(n)}?action=share"
        text = f"<h3>News</h3>{stories}<p><a href='{card}'>{title(n - 1, 7)}</a></p><p><a href='{share}'>Share</a></p>"
        (tmp_path / f"{n * 731}.{_slug(n)}.html").write_text(f"<time datetime='2024-01-0{n}'></time>{text}", "utf-8")
    assert picks(read_archive(read_files(tmp_path), Newsletter("Letter", ()))) == TITLES


def _slug(n: int) -> str:
    return f"the-{WORDS[n].lower()}-letter"


def test_page_that_is_picked_at_another_place_each_time_is_a_pick(tmp_path: Path) -> None:
    """A list of releases has the new one at a place of its own; the footer always leads to the same."""

    def write(n: int, day: date) -> str:
        items = [f"- [{title(n, k)}]({url(n, k)})" for k in range(2)]
        release = f"- [{title(n, 2)}](https://depot.example/releases#v{n})"
        footer = "All of it is in [the list](https://depot.example/list#top)."
        return f"# Letter {n}\n\n<!-- date: {day} -->\n\n## News\n\n" + "\n".join([*items, release]) + f"\n\n{footer}\n"

    assert picks(read(tmp_path, write)) == TITLES


@pytest.mark.parametrize("header", ["Archived-At", "List-Post", "List-Archive"])
def test_headers_of_a_mail_name_its_site(tmp_path: Path, header: str) -> None:
    """Cards of back issues lead there; so does the address by which an app opens the mail's page."""

    def write(n: int, day: date) -> str:
        stories = "".join(f"<p><a href='{url(n, k)}'>{title(n, k)}</a></p><p>A note.</p>" for k in range(3))
        card = f"<p><a href='https://gulls.substack.com/p/{_slug(n - 1)}'>{title(n - 1, 7)}</a></p><p>Of old.</p>"
        app = f"<p><a href='https://open.substack.com/pub/gulls/p/{_slug(n)}?r=1'>The one with {_slug(n)}</a></p>"
        heads = f"Subject: Letter {n}\nDate: {day:%d %b %Y} 09:00:00 +0000\nContent-Type: text/html\n"
        return f"{heads}{header}: <https://gulls.substack.com/p/{_slug(n)}>\n\n<h2>News</h2>{stories}{card}{app}"

    assert picks(read(tmp_path, write, "eml")) == TITLES


def test_host_to_which_most_links_lead_is_no_own_site(tmp_path: Path) -> None:
    """A list's archive holds the messages that its digest picks; a header alone does not make them the digest's own."""

    def write(n: int, day: date) -> str:
        stories = "".join(f"<p><a href='{_message(n, k)}'>{title(n, k)}</a></p><p>A note.</p>" for k in range(3))
        heads = f"Subject: Letter {n}\nDate: {day:%d %b %Y} 09:00:00 +0000\nContent-Type: text/html\n"
        return f"{heads}List-Archive: <https://lists.gulls.example/all>\n\n<h2>News</h2>{stories}"

    assert picks(read(tmp_path, write, "eml")) == TITLES


def _message(n: int, k: int) -> str:
    return f"https://lists.gulls.example/message/{n * 7919 + k}"
