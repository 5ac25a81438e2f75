"""Exports, saved mails and feeds: each becomes the issues it holds, and a hostile archive harms nothing."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from pipeline.archive import files
from pipeline.archive.files import read_files
from pipeline.archive.importer import read_archive
from pipeline.archive.reading import Reading
from pipeline.core.config import Newsletter
from pipeline.core.errors import InputError
from pipeline.core.types import Section

LETTER = Newsletter("Letter", (Section("news", "News"),))
MARKDOWN = "## News\n\n[One](https://a.example/1) - Ann\n\nWords.\n\n---\n\n[Two](https://b.example/2) - Bob\n"
HTML = (
    '<h2>News</h2><p><a href="https://a.example/1">One</a> - Ann</p><p>Words.</p><hr>'
    '<p><a href="https://b.example/2">Two</a> - Bob<br></p>'
)
MAIL = """<!DOCTYPE html><html><head><title>Letter #7, 5 March 2021</title><style>p {color: red}</style></head><body>
<table><tr><td><h2>News</h2></td></tr>
<tr><td><h3><a href="https://a.example/1">One</a></h3><p>Words on <b>it</b>.</p></td></tr>
<tr><td><h3>Two</h3><div>More words.</div><div><a href="https://b.example/2?utm_source=m">Read more</a></div></td></tr>
</table><script>alert(1)</script></body></html>"""
FEED = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Letter</title><link>https://letter.example</link>
<item><title>Letter #7</title><pubDate>Fri, 05 Mar 2021 08:00:00 +0000</pubDate><link>https://letter.example/7</link>
<content:encoded><![CDATA[{HTML}]]></content:encoded></item></channel></rss>"""


def read(path: Path) -> Reading:
    """Read an archive."""
    return read_archive(read_files(path), LETTER)


def result(reading: Reading) -> list[tuple[int, str, list[tuple[str, str | None]]]]:
    """Return number, date and picks of every issue."""
    return [(i.number, i.date.isoformat(), [(p.title, p.url) for p in i.picks]) for i in reading.issues]


BOTH: list[tuple[str, str | None]] = [("One", "https://a.example/1"), ("Two", "https://b.example/2")]


def rows_as_csv(rows: list[dict[str, str]]) -> str:
    """Write rows as an export would."""
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


BUTTONDOWN = [
    {"subject": "#7", "publish_date": "2021-03-05T08:00:00Z", "status": "sent", "body": MARKDOWN},
    {"subject": "#8", "publish_date": "2021-03-12T08:00:00Z", "status": "draft", "body": MARKDOWN},
    {"subject": "#9", "publish_date": "2021-03-19T08:00:00Z", "status": "sent", "body": f"<!-- fancy -->{HTML}"},
]


@pytest.mark.parametrize("form", ["csv", "json", "md"])
def test_buttondown_export(tmp_path: Path, form: str) -> None:
    """CSV, API JSON and Markdown files alike; drafts are no issues."""
    if form == "csv":
        (tmp_path / "emails.csv").write_text(rows_as_csv(BUTTONDOWN))
    elif form == "json":
        (tmp_path / "emails.json").write_text(json.dumps({"results": BUTTONDOWN}))
    for n, row in enumerate(BUTTONDOWN if form == "md" else []):
        head = "".join(f"{key}: '{row[key]}'\n" for key in ("subject", "publish_date", "status"))
        (tmp_path / f"letter-{n}.md").write_text(f"---\n{head}---\n{row['body']}")
    reading = read(tmp_path)
    assert result(reading) == [(7, "2021-03-05", BOTH), (9, "2021-03-19", BOTH)]
    assert [left.why for left in reading.skipped] == ["it was not published"]


def test_substack_export(tmp_path: Path) -> None:
    """posts.csv says what a post is, the HTML beside it what it holds."""
    posts = [("11.one", "true", "newsletter", "Letter #7"), ("12.two", "false", "newsletter", "Draft")]
    rows = [
        {"post_id": id, "post_date": "2021-03-05T08:00:00Z", "is_published": sent, "type": kind, "title": title}
        for id, sent, kind, title in (*posts, ("13.pod", "true", "podcast", "Talk"))
    ]
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("posts.csv", rows_as_csv(rows))
        for row in rows:
            archive.writestr(f"posts/{row['post_id']}.html", HTML)
    reading = read(tmp_path / "export.zip")
    assert result(reading) == [(7, "2021-03-05", BOTH)]
    assert sorted(left.why for left in reading.skipped) == ["it is a podcast, not an issue", "it was not published"]


def test_saved_mail(tmp_path: Path) -> None:
    """A mail laid out in tables, titles as headings, links to read more; nothing of its scripts and styles."""
    (tmp_path / "mail.html").write_text(MAIL)
    reading = read(tmp_path / "mail.html")
    assert result(reading) == [(7, "2021-03-05", BOTH)]
    assert [p.context for p in reading.issues[0].picks] == ["Words on it.", "More words."]


def test_feed_with_content(tmp_path: Path) -> None:
    """The newsletter's own feed brings its issues."""
    (tmp_path / "feed.xml").write_text(FEED)
    assert result(read(tmp_path / "feed.xml")) == [(7, "2021-03-05", BOTH)]


def test_zip_names_are_never_paths(tmp_path: Path) -> None:
    """Names that climb, links and system files leave nothing on the disk; the issue among them is read."""
    place = tmp_path / "in" / "deep"
    place.mkdir(parents=True)
    link = zipfile.ZipInfo("link.md")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(place / "evil.zip", "w") as archive:
        archive.writestr("../../0007.md", f"---\ntitle: '#7'\ndate: 2021-03-05\n---\n{MARKDOWN}")
        archive.writestr(link, "/etc/passwd")
        archive.writestr("__MACOSX/0007.md", "x")
    assert result(read(place / "evil.zip")) == [(7, "2021-03-05", BOTH)]
    assert [path.name for path in tmp_path.rglob("*")] == ["in", "deep", "evil.zip"]


def test_a_zip_made_on_windows_has_folders(tmp_path: Path) -> None:
    """Older tools of Windows write names with `\\`; they are folders as any others, and none is climbed."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("letters\\007\\index.md", "..\\..\\letters\\drafts\\008.md"):
            archive.writestr(name, f"---\ndate: 2021-03-05\n---\n{MARKDOWN}")
    found = list(files.read_files(tmp_path / "a.zip"))
    assert [file.folder.removeprefix(f"{tmp_path}/") for file in found] == ["a.zip/letters/drafts", "a.zip/letters/007"]
    assert result(read(tmp_path / "a.zip")) == [(7, "2021-03-05", BOTH)]


@pytest.mark.parametrize("damage", ["bomb", "torn", "many"])
def test_hostile_zip_is_one_sentence(tmp_path: Path, damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A zip that unpacks beyond sense, is damaged, or holds a million files is refused."""
    monkeypatch.setattr(files, "MOST_BYTES_IN_ALL", 100_000)
    monkeypatch.setattr(files, "MOST_FILES", 3)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(9 if damage == "many" else 1):
            archive.writestr(f"{n}.md", "x" * (200_000 if damage == "bomb" else 9_000))
    if damage == "torn":
        path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(InputError, match="nothing was imported") as error:
        read(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(("name", "text"), [("a.json", "{"), ("a.csv", 'a,b\n"x'), ("a.json", "[" * 99_999)])
def test_broken_export_names_file_and_line(tmp_path: Path, name: str, text: str) -> None:
    """The sentence names the file and the line."""
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=f"{name}.*line"):
        read(tmp_path / name)
