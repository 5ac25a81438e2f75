"""Files made to take long, or to be nested without end, are read in linear time or refused with a sentence."""

import json
import time
from collections.abc import Callable
from datetime import date

import pytest

from pipeline.archive.blocks import Block, Span
from pipeline.archive.document import Document
from pipeline.archive.extraction import Found, Story
from pipeline.archive.files import SUFFIXES, File
from pipeline.archive.formats.text_conventions import to_markdown
from pipeline.archive.importer import read_archive
from pipeline.archive.pieces import divide
from pipeline.archive.proposal.proposed_newsletter import common_title
from pipeline.core.config import Newsletter
from pipeline.core.errors import InputError
from pipeline.core.types import Issue
from pipeline.drafts.story_learning import skeleton

LINK = "\n\n[One](https://a.example/1)\n"
MARKDOWN = "# Letter 7\n\n2024-05-03\n\n"
ORG = "#+TITLE: Letter 7\n#+DATE: 2024-05-03\n* a [[https://a.example/][a]]\n"
WIKI = "= Letter 7 2024-05-03 =\n* [https://a.example/ a]\n"
ADOC = "= Letter 7\n:revdate: 2024-05-03\n\n* https://a.example/[a]\n"
TEXT = "Letter 7 - May 3 2024\n\n\n"
LATEX = "\\title{Letter 7}\\date{2024-05-03}\\begin{document}\\href{https://a.example/}{a}"
PAGE = (
    '<title>Letter 7</title><time datetime="2024-05-03"></time><div class="h-entry"><a href="https://a.example/1">a</a>'
)
# name of the file, what it begins with, what is repeated, what it ends with
FILES = {
    "a rule and a table": ("7.md", f"{MARKDOWN}| a |\n\n", "-", LINK),
    "quotes and a table": ("7.md", f"{MARKDOWN}| a |\n\n", "> - ", LINK),
    "a key in a comment": ("7.md", "<!-- date: 2024-05-03", " ", f"x\n{LINK}"),
    "a field before a link": ("7.md", f"{MARKDOWN}## a\n\nlink", ":", "x [One](https://a.example/1)\n"),
    "spaces before a dash": ("7.md", f"{MARKDOWN}## a\n\na b c d", " -", "x [One](https://a.example/1)\n"),
    "headings that name issues": ("7.md", MARKDOWN, "## Issue 7\n", LINK),
    "links without end": ("7.md", MARKDOWN, "[https://a.b/ ", LINK),
    "tags of a heading": ("7.org", f"{ORG}* a", " ", "x\n"),
    "a heading without end": ("7.wiki", f"{WIKI}= ", " ", "x\n"),
    "a link without a title": ("7.wiki", f"{WIKI}[http://a", " ", "\n"),
    "addresses in brackets": ("7.wiki", WIKI, "[http://", "\n"),
    "words of a link": ("7.gmi", "# Letter 7 2024-05-03\n=> https://a.example/ a", " ", "x\n"),
    "comments without end": ("7.wiki", WIKI, "<!--", ""),
    "colons in brackets": ("7.wiki", f"{WIKI}[[", ":", ""),
    "addresses without space": ("7.adoc", ADOC, "https://a", "\n"),
    "titles without end": ("7.adoc", ADOC, "https://a[", "\n"),
    "spaces": ("7.tex", LATEX, " ", ""),
    "items without end": ("7.tex", LATEX, "\\item[", ""),
    "options without end": ("7.tex", LATEX, "\\href[", ""),
    "a title and no byline": ("7.txt", f"{TEXT}One", " ", "a\n"),
    "a note without an address": ("7.txt", f"{TEXT}https://a.example/1\n[1]:", " ", "a\n"),
    "footers without end": ("7.html", PAGE, "<footer>", ""),
}
SENSELESS = (
    b"", b" ", b"\0\1\xff", b"\xff\xfe", b"{}", b"[[]]", b"null", b'{"messages": [{"text": 1, "date": 1}]}',
    b'[{"content": "https://b.example/", "published": {}}]', b"PK\x03\x04", b"---\na: [\n---\n", b"+++\n+++\n",
    b"From x\n", b"<", b"<root><r>https://b.example</r><?x y?></root>", b"<?xml version='1.0' encoding='nope'?><a/>",
    b"[url=x]", b"=> ", b"\\begin{document}\\href{", b"[99/99/99, 08:56] Ann: https://b.example/\n" * 6,
    b"https://b.example | \n", b"@a{",
)  # fmt: skip
NEWSLETTER = Newsletter("Letter", ())
SIZE = 40_000  # characters; a quadratic expression takes seconds, a cubic one days
SOON_S = 1.0  # processor time; below it growth is not measured


@pytest.mark.parametrize("name", FILES)
def test_repeats_in_files_take_linear_time(name: str) -> None:
    """Each kind of file with what its expressions look for, over and over."""
    file, start, piece, end = FILES[name]
    _assert_linear(lambda size: _read(file, f"{start}{piece * (size // len(piece))}{end}"))


def test_notes_of_links_take_linear_time() -> None:
    """The tags of a note are dropped."""
    link = {"title": "a", "url": "https://a.example/1"}
    _assert_linear(lambda size: _read("7.json", _rows(links=[{**link, "note": "<" * size}])))


def test_many_comments_before_a_page_take_linear_time() -> None:
    """A record whose text begins with comments took twice as long with each comment more."""
    _assert_linear(lambda size: _read("7.json", _rows(body="<!-- -->" * (size // 8) + LINK)))


@pytest.mark.parametrize("piece", ["<!--", "\n{%", "\n{{ a\n", "{% a\n"])
def test_parts_that_are_not_seen_take_linear_time(piece: str) -> None:
    """Comments and tags are dropped from each piece of an issue that a draft's form is learned from."""
    _assert_linear(lambda size: _divide(piece * (size // len(piece))))


@pytest.mark.parametrize("piece", ["\n", " ", "\t", "{?", "{blurb", "[{title}"])
def test_skeletons_take_linear_time(piece: str) -> None:
    """Patterns of stories may hold a whole issue."""
    _assert_linear(lambda size: skeleton(piece * (size // len(piece))))


def test_references_to_issues_take_linear_time() -> None:
    """A link whose words are a sign of number and zeros."""
    _assert_linear(lambda size: _read("7.md", f"{MARKDOWN}[#{'0' * size}x](https://a.example/2){LINK}"))


def test_the_name_in_titles_is_found_in_linear_time() -> None:
    """Titles with hundreds of spaces; one has at most a thousand characters."""
    day = date(2024, 5, 3)
    _assert_linear(lambda size: common_title([Issue(n, day, " " * (size // 40) + "x") for n in range(8)]))


@pytest.mark.parametrize("suffix", [*sorted(SUFFIXES), ".enex", ""])
def test_a_file_without_sense_stops_no_import(suffix: str) -> None:
    """Whatever its name says that it is; what stands beside it is read."""
    good = File("3.md", "f", f"# Letter 3\n\n2024-04-05\n\n{LINK}".encode())
    for nth, body in enumerate(SENSELESS):
        reading = read_archive([good, File(f"{nth}{suffix}", "f", body)], NEWSLETTER)
        assert "https://a.example/1" in {pick.url for issue in reading.issues for pick in issue.picks}


@pytest.mark.parametrize(("name", "text"), [("7.rst", "- " * 3_000), ("7.md", f"+++\n{'a = {' * 3_000}\n+++\n")])
def test_lists_nested_without_end_are_refused(name: str, text: str) -> None:
    """A file that Python cannot follow is named; it ended the import of all others."""
    reading = read_archive(
        [File(name, "a", text.encode()), File("a/8.md", "a", f"{MARKDOWN}{LINK}".encode())], NEWSLETTER
    )
    assert [left.why for left in reading.skipped if left.path == name] == ["is nested too deeply to be read"]
    with pytest.raises(InputError, match="nested too deeply"):
        _read(name, text, is_named=True)


def test_a_mail_quoted_a_thousand_times_is_text() -> None:
    """Lines of nothing but quotation marks ended the import."""
    assert to_markdown(f"{'> ' * 3}One\n> > > Two\n") == "One\nTwo"
    assert "https://a.example/1" in to_markdown(f"{'>' * 2_000}https://a.example/1\n")


def test_a_comment_without_an_end_is_text() -> None:
    """A comment and lines of tags are dropped from a piece of an issue; the words "<!--" are not."""
    assert _divide("Write `<!--` in one line.") == "Write `<!--` in one line."
    assert _divide("One<!-- a\nb --> line\n{% note %}\n{{ a\n b }}\nTwo") == "One line\n\n\nTwo"


def _rows(**row: object) -> str:
    return json.dumps([{"title": "Letter 7", "date": "2024-05-03", **row}])


def _read(name: str, text: str, is_named: bool = False) -> object:
    return read_archive([File(name, "a", text.encode(), is_named)], NEWSLETTER)


def _divide(text: str) -> str:
    """Return the Markdown of an issue of one paragraph, without what is not seen."""
    link = Span("One", "https://a.example/1")
    document = Document("7.md", "a", {}, [Block("paragraph", 1, ((link,),))], markdown=text)
    return divide(document, Found([Story(link, (), 0, 1)])).all[0].text


def _assert_linear(work: Callable[[int], object]) -> None:
    """Four times the text may take eight times as long, on a busy machine."""
    whole = _seconds(work, SIZE)
    if whole > SOON_S:
        quarter = _seconds(work, SIZE // 4)
        assert whole < 8 * quarter + SOON_S


def _seconds(work: Callable[[int], object], size: int) -> float:
    started = time.process_time()
    work(size)
    return time.process_time() - started
