"""Formats of tools that editors keep their issues in: Gemtext, LaTeX, Word, wikis, lists of tabs, front matter."""

import html
import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from pipeline.archive.content_kinds import kind_of
from pipeline.archive.files import read_files
from pipeline.archive.formats.format_docx import MOST_UNPACKED, docx_to_html
from pipeline.archive.formats.format_latex import latex_to_markdown
from pipeline.archive.formats.format_markup import gemtext_to_markdown
from pipeline.archive.importer import read_archive
from pipeline.archive.reading import Reading
from pipeline.core.config import Newsletter
from pipeline.core.errors import InputError
from tests.pipeline.archive.test_forms_of_letters import N, picks, read, title, url

TITLES = [[title(n, k) for k in range(6)] for n in range(1, N + 1)]
SECTIONS = ["Reads"] * 3 + ["Tools"] * 3
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'


def day_of(n: int) -> date:
    """Return the day of an issue."""
    return date(2024, 1, 5) + timedelta(weeks=n)


def read_all(path: Path) -> Reading:
    """Read what lies there."""
    return read_archive(read_files(path), Newsletter("Letter", ()))


def with_sections(stories: Callable[[int], str], heading: str) -> str:
    """Return six stories in two sections."""
    parts = [heading.format("Reads"), *map(stories, range(3)), heading.format("Tools"), *map(stories, range(3, 6))]
    return "".join(parts)


def is_read(reading: Reading) -> None:
    """Check that all is right: titles, sections, numbers, days."""
    assert picks(reading) == TITLES
    assert [pick.section_name for pick in reading.issues[0].picks] == SECTIONS
    assert [(issue.number, issue.date) for issue in reading.issues] == [(n, day_of(n)) for n in range(1, N + 1)]


def test_gemtext_is_read(tmp_path: Path) -> None:
    """Its links stand in lines of their own, the note in the line below."""

    def write(n: int, day: date) -> str:
        stories = with_sections(lambda k: f"=> {url(n, k)}\t{title(n, k)}\nA note on it, {n}.\n", "## {}\n")
        return f"# Letter {n}\n{day}\n{stories}=> gemini://pier.example/ Home\n"

    is_read(read(tmp_path, write, "gmi"))


def test_words_of_a_gemtext_link_may_hold_brackets() -> None:
    """A link without words is its address."""
    assert gemtext_to_markdown("=> https://a.example [a]") == r"[\[a\]](https://a.example)"
    assert gemtext_to_markdown("=> https://a.example") == "[https://a.example](https://a.example)"


def test_latex_is_read(tmp_path: Path) -> None:
    """Sections, items, links with escaped signs; number and day are those of the title page."""

    def write(n: int, day: date) -> str:
        head = f"\\documentclass{{article}} % a\n\\title{{Letter No.~{n}}}\\date{{{day:%d %B %Y}}}\n\\begin{{document}}"
        stories = with_sections(
            lambda k: f"\\item \\href{{{url(n, k)}}}{{{title(n, k)}}} -- \\emph{{Ann}}. A \\& B\n", "\\section*{{{}}}\n"
        )
        return f"{head}\\maketitle\nDear all,\n\\begin{{itemize}}{stories}\\end{{itemize}}\\end{{document}}\n"

    is_read(read(tmp_path, write, "tex"))


def test_commands_of_latex_are_no_words() -> None:
    """Comments go, escaped signs and notes stay, an address of its own is a link."""
    text = r"\href{https://a.example/x\%20\_y}{5\% of \textit{all}}\footnote{see \url{https://b.example}} % no" + "\n"
    meta, body = latex_to_markdown(r"\title{A --- B}\date{\today}" + text)
    assert meta == {"title": "A — B"}
    assert "[5% of all](https://a.example/x%20_y) (see [https://b.example](https://b.example))" in body
    assert "no" not in body


def word_document(paragraphs: str, targets: dict[str, str]) -> bytes:
    """Return a document of Word."""
    file = io.BytesIO()
    links = "".join(
        f'<Relationship Id="{key}" Target="{to}" TargetMode="External" Type="{R}/hyperlink"/>'
        for key, to in targets.items()
    )
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("word/document.xml", f'<w:document {W} xmlns:r="{R}"><w:body>{paragraphs}</w:body></w:document>')
        parts.writestr("word/_rels/document.xml.rels", f"<Relationships {PACKAGE}>{links}</Relationships>")
        style = '<w:style w:type="paragraph" w:styleId="Kop1"><w:name w:val="heading 1"/></w:style>'
        parts.writestr("word/styles.xml", f"<w:styles {W}>{style}</w:styles>")
        level = '<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
        lists = f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
        number = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        parts.writestr("word/numbering.xml", f"<w:numbering {W}>{lists}{number}</w:numbering>")
    return file.getvalue()


def word_paragraph(words: str, properties: str = "") -> str:
    """Return a paragraph of Word; `words` may be runs."""
    runs = words if words.startswith("<") else f"<w:r><w:t>{words}</w:t></w:r>"
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def test_word_documents_are_read(tmp_path: Path) -> None:
    """Headings by the name of their style in any language, list items, links of several runs."""
    for n in range(1, N + 1):

        def story(k: int, n: int = n) -> str:
            first, rest = title(n, k)[:7], title(n, k)[7:]
            runs = f"<w:r><w:t>{first}</w:t></w:r><w:r><w:t>{rest}</w:t></w:r>"
            link = f'<w:hyperlink r:id="r{k}">{runs}</w:hyperlink><w:r><w:t> – a note</w:t></w:r>'
            return word_paragraph(link, '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')

        heading = word_paragraph("{}", '<w:pStyle w:val="Kop1"/>')
        text = word_paragraph(f"Letter no. {n}, {day_of(n)}") + with_sections(story, heading)
        (tmp_path / f"{n}.docx").write_bytes(word_document(text, {f"r{k}": url(n, k) for k in range(6)}))
    is_read(read_all(tmp_path))


def test_signs_and_bold_words_of_a_word_document_stay() -> None:
    """Bold that is turned off is none, and what was deleted under track changes is gone."""
    on, off = "<w:rPr><w:b/></w:rPr>", '<w:rPr><w:b w:val="0"/></w:rPr>'
    runs = (
        f"<w:r>{on}<w:t>A &lt; B</w:t></w:r><w:r>{off}<w:t>c</w:t><w:br/></w:r><w:del><w:r><w:t>x</w:t></w:r></w:del>"
    )
    assert docx_to_html(word_document(word_paragraph(runs), {}), "a.docx") == "<p><strong>A &lt; B</strong>c<br /></p>"


def test_links_that_word_writes_as_fields_are_read() -> None:
    """A link that was typed or pasted is often a field, and its address no relation."""
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://a.example/1" </w:instrText>'
        '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>The mill</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    found = docx_to_html(word_document(word_paragraph(field), {}), "a.docx")
    assert found == '<p><a href="https://a.example/1">The mill</a></p>'


@pytest.mark.parametrize(
    "body",
    [
        b"no zip", word_document("<w:p>", {}), word_document("", {})[:40], word_document(" " * MOST_UNPACKED, {}),
        word_document("<w:p>" * 5000 + "</w:p>" * 5000, {}),
        word_document("", {}).replace(b"word/document.xml", b"word/documint.xml"),
    ],
    ids=["no zip", "cut", "short", "bomb", "deep", "no text"],
)  # fmt: skip
def test_damaged_word_document_is_named(body: bytes) -> None:
    """It is no traceback."""
    with pytest.raises(InputError, match=r"^a\.docx (cannot be read as a Word document|unpacks beyond)"):
        docx_to_html(body, "a.docx")


def test_pages_of_a_wikis_export_are_issues(tmp_path: Path) -> None:
    """An export in XML that is no feed: what repeats is a record, its longest text the body."""
    pages = []
    for n in range(1, N + 1):
        items = with_sections(lambda k, n=n: f"* [{url(n, k)} {title(n, k)}] — a note\n", "== {} ==\n")  # type: ignore[misc]
        body = html.escape(f"''Hello.''\n\n{items}[[Category:Letters]]")
        revision = f"<revision><timestamp>{day_of(n)}T12:00:00Z</timestamp><text>{body}</text></revision>"
        pages.append(f"<page><title>Letters/Issue {n}</title><ns>0</ns>{revision}</page>")
    site = "<siteinfo><base>https://wiki.example/wiki/</base></siteinfo>"
    (tmp_path / "wiki.xml").write_text(
        f'<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/">{site}{"".join(pages)}</mediawiki>', "utf-8"
    )
    is_read(read_all(tmp_path))


def test_lines_of_an_address_and_a_title_are_picks(tmp_path: Path) -> None:
    """As extensions of browsers keep open tabs."""

    def write(n: int, day: date) -> str:
        return f"{day}\n\n" + "".join(f"{url(n, k)} | {title(n, k)}\n" for k in range(6))

    assert picks(read(tmp_path, write, "txt")) == TITLES


def test_links_that_front_matter_lists_are_picks(tmp_path: Path) -> None:
    """The site shows them; each under the section that it names itself."""

    def write(n: int, day: date) -> str:
        links = [
            f'  - title: "{title(n, k)}"\n    url: {url(n, k)}\n    category: {SECTIONS[k]}\n    comment: a note\n'
            for k in (0, 3, 1, 4, 2, 5)
        ]
        return f"---\ntitle: Letter {n}\ndate: {day}\nlinks:\n{''.join(links)}---\n\nHello.\n"

    is_read(read(tmp_path, write))


def test_links_of_front_matter_may_have_names(tmp_path: Path) -> None:
    """As projects have, in place of titles."""

    def write(n: int, day: date) -> str:
        lists = "".join(
            f"{key}:\n"
            + "".join(f'  - {word}: "{title(n, k)}"\n    url: {url(n, k)}\n' for k in range(first, first + 3))
            for key, word, first in (("articles", "title", 0), ("projects", "name", 3))
        )
        return f"---\nissue: {n}\ndate: {day}\n{lists}---\n"

    assert picks(read(tmp_path, write)) == TITLES


def test_tables_of_sections_are_an_issue(tmp_path: Path) -> None:
    """A table whose links have no issue and no day is no export; the day of front matter has a key in any language."""

    def write(n: int, day: date) -> str:
        stories = with_sections(
            lambda k: f"| [{title(n, k)}]({url(n, k)}) | A note on it | {k + 3} min |\n",
            "\n## {}\n\n| Hvad | Hvorfor | Tid |\n|:--|:--|--:|\n",
        )
        return f"---\nnummer: {n}\ndato: {day:%d-%m-%Y}\n---\n\nHello.\n{stories}"

    is_read(read(tmp_path, write))


def test_file_without_a_known_name_is_read_by_its_content(tmp_path: Path) -> None:
    """Where a folder holds nothing else: notes of a tool whose name for them is its own."""
    for n in range(1, N + 1):
        stories = with_sections(lambda k, n=n: f"<li><a href='{url(n, k)}'>{title(n, k)}</a></li>", "<h2>{}</h2>")  # type: ignore[misc]
        (tmp_path / f"letter-{n}.note").write_text(f"<html><p>Letter {n}</p><p>{day_of(n)}</p>{stories}", "utf-8")
    is_read(read_all(tmp_path))
    (tmp_path / "README.md").write_text("# Letters\n", "utf-8")
    assert read_all(tmp_path).issues == []


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        ("\ufeff<?xml version='1.0'?><x/>", ".xml"), ("<!doctype html><p>", ".html"), ("\n[{\n", ".json"),
        ("a.b = {\n 'a': 1", ".txt"), ("% a\n\\documentclass{a}", ".tex"), ("From a@b Fri\nTo: a\n", ".mbox"),
        ("To: a\nMessage-ID: <b>\n", ".eml"), ("[a](b) {\n", ".txt"), ("<b@a> wrote", ".txt"), ("", ".txt"),
    ],
)  # fmt: skip
def test_kind_of_a_file_is_seen_at_its_beginning(start: str, kind: str) -> None:
    """A sign of a format within a text makes none of it."""
    assert kind_of(start.encode()) == kind


def test_categories_of_a_feed_are_sections(tmp_path: Path) -> None:
    """Of a feed an issue, whose entries are its links."""
    for n in range(1, N + 1):
        entries = "".join(
            f'<entry><title>{title(n, k)}</title><link href="{url(n, k)}"/><category term="{SECTIONS[k]}"/>'
            f"<updated>{day_of(n)}T08:0{k}:00Z</updated><summary>A note.</summary></entry>"
            for k in range(6)
        )
        feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Letter {n}</title>{entries}</feed>'
        (tmp_path / f"letter-{n}.atom").write_text(feed, "utf-8")
    is_read(read_all(tmp_path))


def test_pages_saved_as_mails_are_read(tmp_path: Path) -> None:
    """MHTML of a browser: the day on which a page was saved is not the issue's."""

    def write(n: int, day: date) -> str:
        stories = with_sections(lambda k: f'<p><a href="{url(n, k)}">{title(n, k)}</a></p>', "<h2>{}</h2>")
        page = MIMEText(f"<h1>Letter {n}, {day:%d %B %Y}</h1>{stories}", "html", "utf-8")
        saved = MIMEMultipart("related")
        saved["Date"] = "Mon, 2 Dec 2024 08:00:00 -0000"
        saved.attach(page)
        return saved.as_string()

    is_read(read(tmp_path, write, "mhtml"))


def test_notes_of_evernote_are_read(tmp_path: Path) -> None:
    """The text of a record may be one element of another vocabulary, with a declaration of its own."""

    def note(n: int) -> str:
        stories = with_sections(lambda k: f'<div><a href="{url(n, k)}">{title(n, k)}</a></div>', "<h2>{}</h2>")
        text = f'<?xml version="1.0"?>\n<!DOCTYPE en-note SYSTEM "enml2.dtd"><en-note>{stories}</en-note>'
        created = f"{day_of(n):%Y%m%d}T080000Z"
        return (
            f"<note><title>Letter {n}</title><created>{created}</created><content><![CDATA[{text}]]></content></note>"
        )

    notes = "".join(map(note, range(1, N + 1)))
    (tmp_path / "notes.enex").write_text(f"<?xml version='1.0'?>\n<en-export>{notes}</en-export>", "utf-8")
    is_read(read_all(tmp_path))


@pytest.mark.parametrize("start", [b"%PDF-1.7\n", rb"{\rtf1\ansi ", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"bplist00"])
def test_documents_that_are_not_read_are_told(tmp_path: Path, start: bytes) -> None:
    """Their addresses, readable here and there, are no issue."""
    (tmp_path / "letter 1.txt").write_bytes(start + f"{title(1, 0)} {url(1, 0)}\n{title(1, 1)} {url(1, 1)}".encode())
    reading = read_all(tmp_path)
    assert not reading.issues
    assert "which is not read; save it as .docx, HTML or text" in reading.skipped[0].why
