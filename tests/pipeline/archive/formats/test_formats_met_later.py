"""Formats met after the first: tags of site generators, wikis, chats, BibTeX, notes of reST, terms of AsciiDoc."""

import json
from collections.abc import Callable
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from pipeline.archive.files import read_files
from pipeline.archive.formats.format_bibtex import bibtex_rows
from pipeline.archive.formats.template_tags import without_template_tags
from pipeline.archive.importer import read_archive
from pipeline.core.config import Newsletter
from tests.pipeline.archive.test_forms_of_letters import N, picks, read, title, url

TITLES = [[title(n, k) for k in range(6)] for n in range(1, N + 1)]
STORIES: dict[str, Callable[[str, str, int], str]] = {
    "md, shortcodes of Hugo": lambda t, u, k: (
        f'{{{{< card url="{u}" title="{t}" >}}}}\nA note on it.\n{{{{< /card >}}}}\n'
    ),
    "md, tags of Jekyll": lambda t, u, k: f"{{% include link.html url='{u}'\n  title='{t}' %}}\n\nA note on it.\n",
    "md, tags within items": lambda t, u, k: f'- {{{{ link(href="{u}", text="{t}") }}}}: a note on it\n',
    "wiki, items": lambda t, u, k: f"* '''[{u} {t}]''' — a note of [[Ann|Ann Low]]<br />\n",
    "rst, notes": lambda t, u, k: f"* {t} [{k + 1}]_\n\n  A note on it.\n",
}
HEADINGS = {"md": "## {}\n", "wiki": "== {} ==\n", "rst": "{}\n------\n"}


@pytest.mark.parametrize("form", STORIES)
def test_links_of_a_format_are_picks(tmp_path: Path, form: str) -> None:
    """Title and section are right, whatever sign the format has for a link."""
    suffix = form.partition(",")[0]

    def write(n: int, day: date) -> str:
        parts = [f"Letter {n}, {day}\n"]
        for nth, section in enumerate(("Reads!", "Tools!")):
            stories = (STORIES[form](title(n, k), url(n, k), k) for k in range(nth * 3, nth * 3 + 3))
            parts += [HEADINGS[suffix].format(section), *stories]
        notes = (f".. [{k + 1}] {url(n, k)}\n" for k in range(6))
        return "\n".join(parts + (["".join(notes)] if suffix == "rst" else ["[[Category:Letters]]\n"]))

    reading = read(tmp_path, write, suffix)
    assert picks(reading) == TITLES
    assert [pick.section_name for pick in reading.issues[0].picks] == ["Reads!"] * 3 + ["Tools!"] * 3


def test_terms_of_asciidoc_that_are_links_are_picks(tmp_path: Path) -> None:
    """Short ones too, among sections of list items."""
    names = [[text.replace(" finds number", "") for text in issue] for issue in TITLES]

    def write(n: int, day: date) -> str:
        terms = "".join(f"{url(n, k)}[{names[n - 1][k]}^]::\nA note. See {url(n, k)}/2[that].\n" for k in range(3))
        items = "".join(f"* {url(n, k)}[{names[n - 1][k]}] -- a note\n" for k in range(3, 6))
        return f"= Letter {n}\n:date: {day}\n\n== Reads\n\n{terms}\n== Tools\n\n{items}"

    assert picks(read(tmp_path, write, "adoc")) == names


def test_tags_without_an_address_are_dropped_and_lines_keep_their_numbers() -> None:
    """A picture leads nowhere; sponsors' tags say so; what stands in a line with words stays."""
    text = (
        '{{< figure src="https://a.example/1.png" link="https://a.example" >}}\n'
        '{{< sponsor\n  url="https://b.example"\n  title="B [new]" >}}\n{% endif %}\nBy {{ page.author }}\n'
    )
    expected = "\nSponsor: [B \\[new\\]](https://b.example)\n\n\n\nBy {{ page.author }}\n"
    assert without_template_tags(text) == expected


def test_messages_of_chats_are_issues(tmp_path: Path) -> None:
    """Telegram's runs of text and Discord's Markdown; messages without a link, and their authors' names, are none."""

    def telegram(n: int) -> dict[str, object]:
        runs: list[dict[str, str]] = [
            {"type": "bold", "text": f"Letter #{n}"},
            {"type": "plain", "text": "\n\nHello.\n"},
        ]
        for k in range(6):
            runs += [{"type": "plain", "text": "\n— "}, {"type": "text_link", "text": title(n, k), "href": url(n, k)}]
        return {
            "type": "message",
            "date": f"2024-05-0{n}T08:00:00",
            "from": "Pier 7",
            "text": "",
            "text_entities": runs,
        }

    def discord(n: int) -> dict[str, object]:
        items = "\n".join(f"- [{title(n, k)}](<{url(n, k)}>) a note" for k in range(6))
        content = f"# Letter {n}\n## Reads\n{items}"
        return {"timestamp": f"2024-05-0{n}T08:00:00.000+00:00", "content": content, "author": {"name": "Ann 3"}}

    for write in (telegram, discord):
        talk = {"date": "2024-06-01", "timestamp": "2024-06-01", "content": "Thanks!", "text_entities": []}
        export = {"name": "Pier", "messages": [*map(write, range(1, N + 1)), talk]}
        file = tmp_path / "export.json"
        file.write_text(json.dumps(export), "utf-8")
        reading = read_archive(read_files(file), Newsletter("Letter", ()))
        assert picks(reading) == TITLES
        assert [issue.number for issue in reading.issues] == list(range(1, N + 1))


def test_entries_of_bibtex_are_picks_of_the_day_they_were_saved(tmp_path: Path) -> None:
    """Keywords are sections; braces and backslashes are no part of a title; a doi is an address."""

    def write(n: int, day: date) -> str:
        entries = []
        for k in range(6):
            address = f"url = {{{url(n, k)}}}" if k else f'doi = "10.1000/x{n}"'
            names = f"title = {{{{{title(n, k)}}} \\& more}},\n  date = {{2001-01-01}},\n  urldate = {{{day}}},"
            entries.append(f"@article{{a{k},\n  {names}\n  keywords = {{Maps, b}},\n  {address}\n}}\n")
        return "@comment{a}\n" + "\n".join(entries)

    reading = read(tmp_path, write, "bib")
    assert picks(reading) == [[f"{text} & more" for text in issue] for issue in TITLES]
    assert reading.issues[0].picks[0].url == "https://doi.org/10.1000/x1"
    assert reading.issues[0].date == date(2024, 1, 12)
    assert {pick.section_name for pick in reading.issues[0].picks} == {"Maps"}


def test_a_bibtex_file_without_an_entry_has_no_rows() -> None:
    """An empty library ended the import of all files."""
    assert list(bibtex_rows("% made by hand\n")) == []


def test_values_of_bibtex_hold_signs_and_lines() -> None:
    """An "@" in an address begins no entry, and a line of a note no field; quotes and bare words are values too."""
    text = (
        "@online{a,\n  title = {A map\n    of {GPU}s},\n  url = {https://m.example/@ann/map},\n"
        '  note = "Sent to @bob\nurl = here",\n  year = 2024}\n\n'
        '@misc{b,\n title = "Two",\n url = "https://b.example/@y",\n}\n'
    )
    rows = {line: (row["title"], row["url"], row["notes"]) for line, row in bibtex_rows(text)}
    assert rows[1] == ("A map of GPUs", "https://m.example/@ann/map", "Sent to @bob url = here")
    assert rows[9][1] == "https://b.example/@y"


@pytest.mark.parametrize(
    "headers",
    [
        "De: Pier <pier@pier.example>\nDate: vie, 12 ene 2024 a las 8:02\nAsunto: Letter {n}\nPara: <me@r.example>",
        "From: Pier [mailto:pier@pier.example]\nSent: Friday, January 12, 2024 8:02 AM\nTo: Me\nSubject: Letter {n}",
        "*Von:* Pier <pier@pier.example>\n*Gesendet:* Freitag, 12. Januar 2024 08:02\n*An:* Me\n*Betreff:* Letter {n}",
    ],
)
def test_mail_that_was_forwarded_has_the_day_of_the_original(tmp_path: Path, headers: str) -> None:
    """Not that of forwarding; its subject has no "Fwd:"."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["Date"] = (
        "Fwd: Letter 8",
        "Me <me@r.example>",
        "Mon, 15 Jan 2024 19:00:00 +0000",
    )
    stories = "".join(f'<h3><a href="{url(1, k)}">{title(1, k)}</a></h3><p>A note on it.</p>' for k in range(6))
    escaped = headers.format(n=8).replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
    mail.set_content(
        f"<div>FYI<br><br>---------- Forwarded ---------<br>{escaped}</div><h2>Reads</h2>{stories}", "html"
    )
    file = tmp_path / "mail.eml"
    file.write_bytes(mail.as_bytes())
    reading = read_archive(read_files(file), Newsletter("Letter", ()))
    assert picks(reading) == TITLES[:1]
    assert (reading.issues[0].date, reading.issues[0].title) == (date(2024, 1, 12), "Letter 8")


def test_month_of_a_name_is_made_a_day_by_the_text(tmp_path: Path) -> None:
    """A day of another month is not the issue's."""

    def write(n: int, day: date) -> str:
        return f"# Digest\n\nSent on {day if n > 1 else '2020-02-02'}.\n\n" + "".join(
            f"- [{title(n, k)}]({url(n, k)})\n" for k in range(6)
        )

    for n in range(1, N + 1):
        (tmp_path / f"digest-2024-{n:02d}.md").write_text(write(n, date(2024, n, 17)), "utf-8")
    days = [issue.date.day for issue in read_archive(read_files(tmp_path), Newsletter("Letter", ())).issues]
    assert days == [1, 17, 17, 17, 17, 17]


def test_link_that_an_editor_broke_in_two_is_one(tmp_path: Path) -> None:
    """Pages of Google's editor send each run of a link by a redirect of its own."""

    def write(n: int, day: date) -> str:
        runs = ""
        for k in range(6):
            for nth, part in enumerate((title(n, k)[:9], title(n, k)[9:])):
                end = "<span> – a note on it</span></p>" if nth else ""
                start = "" if nth else "<p>"
                to = f"https://www.google.com/url?q={url(n, k)}&amp;sa=D&amp;ust=17{n}{k}{nth}&amp;usg=A{nth}"
                runs += f'{start}<span><a href="{to}">{part}</a></span>{end}'
        return f"<p>Letter {n}</p><p>{day}</p><h2>Reads</h2>{runs}"

    assert picks(read(tmp_path, write, "html")) == TITLES


def test_of_two_links_of_the_same_words_the_first_is_the_storys(tmp_path: Path) -> None:
    """As in "… words. LINK, LINK"."""

    def write(n: int, day: date) -> str:
        entries = "".join(
            f"**{title(n, k)}**\n\nWhat it says. [LINK]({url(n, k)})"
            + (f", [LINK](https://other{n}.example/{k})\n\n" if k % 2 else "\n\n")
            for k in range(6)
        )
        return f"# Letter {n}\n\n{day}\n\n## News\n\n{entries}"

    reading = read(tmp_path, write)
    assert [[pick.url for pick in issue.picks] for issue in reading.issues] == [
        [url(n, k) for k in range(6)] for n in range(1, N + 1)
    ]


def test_address_among_the_properties_of_a_page_is_its_own(tmp_path: Path) -> None:
    """As pages of Notion have them; links in a table of the header that are worded are navigation."""

    def write(n: int, day: date) -> str:
        own = f"https://pier.example/{n}"
        row = f'<tr><th>URL</th><td><a href="{own}">{own}</a></td></tr>'
        head = f"<header><h1>Letter {n}</h1><table>{row}</table></header>"
        stories = "".join(f'<li><a href="{url(n, k)}">{title(n, k)}</a>: a note</li>' for k in range(6))
        return f"<html><body><article>{head}<p>{day}</p><h2>Reads</h2><ul>{stories}</ul></article></body></html>"

    assert picks(read(tmp_path, write, "html")) == TITLES
