"""A table that lists an export's mails brings the files that hold them, with their titles and days."""

import csv
import io

import pytest

from pipeline.archive.files import File
from pipeline.archive.importer import read_archive
from tests.pipeline.archive.formats.test_exports import LETTER, N, check, day, html, links

MAIL = '<html><head><title>*|MC:SUBJECT|*</title></head><body><a href="*|ARCHIVE|*">In your browser</a>{}</body></html>'


def table(names: list[str], rows: list[list[object]]) -> bytes:
    """Write a table."""
    text = io.StringIO()
    csv.writer(text).writerows([names, *rows])
    return text.getvalue().encode()


def markdown(n: int) -> str:
    """Write a mail in Markdown."""
    return "## News\n\n" + "\n".join(f"- [{title}]({url}): words." for title, url in links(n))


SUBSTACK = [
    *(File(f"e/posts/{7000 + n}.pier-{n}.html", "e/posts", html(n).encode()) for n in N),
    *(File(f"e/posts/{7000 + n}.pier-{n}.opens.csv", "e/posts", b"post_id,email\n7001,a@b.example\n") for n in N),
    File("e/posts.csv", "e", table(
        ["post_id", "post_date", "is_published", "type", "title"],
        [[f"{7000 + n}.pier-{n}", f"{day(n)}T05:30:00.000Z", "true", "newsletter", f"Pier #{n}"] for n in N])),
]  # fmt: skip
BUTTONDOWN = [
    File("e/emails.csv", "e", table(
        ["id", "subject", "publish_date", "slug"],
        [[f"{n}-ab", f"Pier #{n}", f"{day(n)} 06:30:00+00:00", f"the-tide-{'abcd'[n - 1]}"] for n in N])),
    *(File(f"e/emails/the-tide-{'abcd'[n - 1]}.md", "e/emails", markdown(n).encode()) for n in N),
]  # fmt: skip
MAILCHIMP = [
    File("e/campaigns.csv", "e", table(
        ["Title", "Subject", "List", "Send Date"],
        [[f"Tides {'abcd'[n - 1]}", f"Pier #{n}", "Friends", f"May {day(n)[-2:]}, 2024 09:30 am"] for n in N])),
    *(File(f"e/content/{512 + n}-tides-{'abcd'[n - 1]}.{end}", "e/content", body.encode())
      for n in N for end, body in (("html", MAIL.format(html(n))), ("txt", markdown(n)))),
    File("e/templates/811-two.html", "e/templates", MAIL.format("<p>Drag blocks</p>").encode()),
]  # fmt: skip


@pytest.mark.parametrize(("files", "told"), [(SUBSTACK, 4), (BUTTONDOWN, 0), (MAILCHIMP, 5)])
def test_files_that_a_table_lists(files: list[File], told: int) -> None:
    """Whichever column names them; lists of readers, mails as text beside their HTML and templates are told."""
    reading = read_archive(files, LETTER)
    check(reading)
    assert [issue.title for issue in reading.issues] == [f"Pier #{n}" for n in N]
    assert len(reading.skipped) == told


def test_pages_beside_marked_posts() -> None:
    """Where posts carry the mark of microformats, lists of bookmarks and a profile beside them are no issues."""
    posts = [
        File(f"e/posts/{day(n)}_pier-{n}-{'a1' * 6}.html", "e/posts",
             f'<article class="h-entry"><h1>Pier #{n}</h1>{html(n)}</article>'.encode()) for n in N
    ]  # fmt: skip
    marks = f'<ul><li><a href="https://medium.com/p/1">Mine</a> <time>{day(1)}</time></li></ul>'.encode()
    reading = read_archive([*posts, File("e/bookmarks/1.html", "e/bookmarks", marks)], LETTER)
    check(reading)
    assert [(left.path, left.why[:15]) for left in reading.skipped] == [("e/bookmarks/1.html", "it is not marke")]
