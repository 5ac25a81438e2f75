"""What was never sent, what has no pick and no number, and lists of readers are no issues; each is told."""

import csv
import io
from collections.abc import Mapping, Sequence

import pytest

from pipeline.archive.files import File
from pipeline.archive.importer import read_archive
from pipeline.archive.metadata.date_keys import kinds_never_sent
from pipeline.archive.reading import Reading
from pipeline.core.config import Newsletter

DAYS = [f"2024-05-{n * 7:02d}" for n in range(1, 5)]
LETTER = Newsletter("Weir", ())


def table(rows: Sequence[Mapping[str, str]]) -> bytes:
    """Write rows as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def post(n: int, **more: str) -> dict[str, str]:
    """Return a row with an issue of two stories."""
    links = "".join(f'<li><a href="https://s{n}{k}.example/a">Lock {n}{k} of the canal</a></li>' for k in "ab")
    return {"title": f"Weir #{n}", "created_at": DAYS[n % 4], "content_html": f"<ul>{links}</ul>", **more}


def read(name: str, body: bytes, *others: File) -> Reading:
    """Read a file, and others beside it."""
    return read_archive([File(name, "", body), *others], LETTER)


def test_rows_of_a_status_that_was_never_sent_are_left_out() -> None:
    """A column that says the mail's subject is filled for what was sent."""
    sent = [post(n, status="confirmed", email_subject_line=f"Weir {n}") for n in range(4)]
    reading = read("posts.csv", table([*sent, post(9, status="put away", email_subject_line="")]))
    assert [issue.number for issue in reading.issues] == [0, 1, 2, 3]
    assert [left.why for left in reading.skipped] == ["its status is 'put away', of which none was sent"]


@pytest.mark.parametrize(
    ("key", "other", "never"),
    [
        ("type", {"type": "note", "post_date": "2024-05-01", "email_sent_at": ""}, {("type", "note")}),
        ("status", {"status": "imported", "publish_date": "2024-05-01", "email_sent_at": ""}, set()),
        ("status", {"status": "sent again", "email_sent_at": "2024-05-02"}, set()),
    ],
)
def test_kinds_of_which_none_was_sent(key: str, other: dict[str, str], never: set[tuple[str, str]]) -> None:
    """A kind must have been mailed; what was published is an issue, whatever its status is."""
    sent = {key: "letter", "email_sent_at": "2024-05-01", "post_date": "2024-05-01"}
    assert kinds_never_sent([sent, sent, sent, other]) == never
    assert kinds_never_sent([{**sent, "email_sent_at": ""}] * 3 + [other]) == set()  # nobody's mails are known


def test_mail_without_pick_or_number_is_no_issue() -> None:
    """A note to somebody among issues is told; an issue that has a number stays, for it counts in the series."""
    links = {day: f'<ul><li><a href="https://s{day}.example/a">Lock {day}</a></li></ul>' for day in DAYS}
    mails = [File(f"{day}.html", "", f"<p>Hello.</p>{link}".encode()) for day, link in links.items()]
    reading = read("2024-05-30-i-agree.html", b"<p>I agree about the locks, thank you.</p>", *mails)
    assert [str(issue.date) for issue in reading.issues] == DAYS
    assert [(left.path, left.why) for left in reading.skipped] == [
        ("2024-05-30-i-agree.html", "no pick: it has no link")
    ]


def test_table_of_readers_is_no_table_of_links() -> None:
    """Where readers came from is the same address again and again."""
    reader = {"created_at": DAYS[0], "came_from": "https://weir.example/join"}
    readers = [{"email": f"r{k}@mail.example", **reader} for k in range(8)]
    reading = read("posts.csv", table([post(n) for n in range(4)]), File("readers.csv", "", table(readers)))
    assert [issue.number for issue in reading.issues] == [0, 1, 2, 3]
    assert [left.path for left in reading.skipped] == ["readers.csv"]


def test_entries_of_wordpress_that_are_no_posts_are_told() -> None:
    """Files, menus, and types of which no entry has a link, each with its place, title and reason."""

    def item(title: str, kind: str, body: str = "") -> str:
        return (
            f"<item><title>{title}</title><pubDate>Tue, 07 May 2024 09:00:00 +0000</pubDate>"
            f"<content:encoded><![CDATA[{body}]]></content:encoded><wp:post_type>{kind}</wp:post_type></item>"
        )

    posts = [item(f"Weir #{n}", "post", post(n)["content_html"]) for n in range(4)]
    others = [
        item("lock.jpg", "attachment", '<a href="https://weir.example/lock.jpg">Lock</a>'),
        item("Home", "nav_menu_item"),
        item("Contact form", "wpforms", "{}"),
    ]
    space = 'xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    reading = read("export.xml", f"<rss {space}><channel>{''.join(posts + others)}</channel></rss>".encode())
    assert [issue.number for issue in reading.issues] == [0, 1, 2, 3]
    assert [(left.path, left.why) for left in reading.skipped] == [
        ("export.xml, entry 5 (lock.jpg)", "it is of the type attachment, which is no post"),
        ("export.xml, entry 6 (Home)", "it is of the type nav_menu_item, which is no post"),
        ("export.xml, entry 7 (Contact form)", "it is of the type wpforms, of which no entry has a link"),
    ]
