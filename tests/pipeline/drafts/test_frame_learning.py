"""What stands around the stories of a draft repeats from issue to issue; nothing of one single issue is in it."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.archive.files import read_files
from pipeline.archive.importer import read_archive
from pipeline.core.config import Newsletter
from pipeline.drafts.form_learning import learn_form

ISSUES = range(31, 36)
PLACES = ("train", "ferry", "tram", "raft", "barge")


def learned(folder: Path, opening: str = "", closing: str = "", sign: str = "---") -> tuple[str, str]:
    """Learn opening and closing; {n} is the number, {day} the day, {w} a word and {h} a token of an issue."""
    for n in ISSUES:
        day = date(2024, 5, 2) + timedelta(weeks=n)
        written = f"{day:%B} {day.day} {day.year}"
        values = {"n": n, "next": n + 1, "w": PLACES[n % 5], "h": f"{n * 7919:x}f3", "day": written}
        stories = [f"- [Lantern {n}{k} is lit](https://s{n}{k}.example/{k}): Why it was dark." for k in range(1, 5)]
        parts = [f"---\ntitle: Pier {n}\ndate: {day}\n---", opening.format(**values), "## News", "\n".join(stories)]
        (folder / f"pier-{n}.md").write_text("\n\n".join([*parts, sign, closing.format(**values)]) + "\n", "utf-8")
    reading = read_archive(list(read_files(folder)), Newsletter("Pier", ()))
    form = learn_form(reading.examples, lambda _: "news")
    assert form is not None
    return form[0].opening, form[0].closing.removeprefix(f"{sign}\n\n")


@pytest.mark.parametrize(
    ("opening", "expected"),
    [
        ("Ahoy! I write from a {w}. Here is issue {n} of the pier.", "Ahoy! Here is issue {number} of the pier."),
        ("これは第{n}号です。{w}から書いています。", "これは第{number}号です。"),
        ("Ahoy!\n\nI am on a {w}.\n\n----", "Ahoy!\n\n----"),
        ("*Ahoy. I am on a {w}.*", "*Ahoy.*"),
        ("Ahoy, you readers of it, from your {w} man!", "Ahoy, you readers of it, from your … man!"),
        ("Ahoy!\n\n## From the {w}\n\nThe {w} is old and the {w} is {h}.", "Ahoy!"),
        ("Ahoy!\n\n## Seen\n\nThe {w} is old and {h}.", "Ahoy!"),
        ("# Pier News – {day}: {w}s", "# Pier News – {date:%B %-d %Y}: {lead}"),
        ("Was this sent on to you? [Subscribe](https://pier.example/c/{h})\n\nAhoy!", "Ahoy!"),
        ("[Online](https://pier.example/{n}) | [Leave](https://pier.example/u/{h})", "[Online](https://pier.example/{number})"),
    ],
)  # fmt: skip
def test_only_sentences_of_most_issues_open_a_draft(opening: str, expected: str, tmp_path: Path) -> None:
    """A word that is new each time is a gap; what leads to something that is left out is left out with it."""
    assert learned(tmp_path, opening=opening)[0] == expected


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        ("Bye. You can [leave](https://pier.example/u?t={h}) or stay.", "Bye."),
        ("Bye. Leave: https://pier.example/u/{h}", "Bye."),
        ("[Mail](https://pier.example/m) · [Leave](https://x.example/{h})", "[Mail](https://pier.example/m)"),
        ("Printed at 34 Wharf Lane.\n\nSee you in number {next}.", "Printed at 34 Wharf Lane."),
        ("![](https://pier.example/p/{h}.png)\n\nBye.", "Bye."),
        ("## Quotes\n\n> The {w} is {h}, said one of us.\n\nBye.", "Bye."),
    ],
)
def test_nothing_of_one_issue_ends_a_draft(closing: str, expected: str, tmp_path: Path) -> None:
    """No address that counts clicks, no token; a number that is the same in all issues is not the issue's."""
    assert learned(tmp_path, closing=closing)[1] == expected


def test_names_of_sections_that_are_lines_of_a_page_are_headings(tmp_path: Path) -> None:
    """A page says by its style what a heading is; in Markdown such a line would be a paragraph."""
    for n in ISSUES:
        stories = "".join(
            f'<p><strong>{name}</strong></p><p><a href="https://s{n}{k}.example/{name}">Lantern {n}{k} is lit</a></p>'
            f"<p>Why berth {n}{k} of {name} was dark.</p>"
            for k, name in enumerate(("Boats", "Ropes"), 1)
        )
        page = f"<html><head><title>Pier #{n}</title></head><body><h1>Pier</h1>{stories}</body></html>"
        (tmp_path / f"2024-06-{n - 30:02}.html").write_text(page.replace("strong", "span"), "utf-8")
    reading = read_archive(list(read_files(tmp_path)), Newsletter("Pier", ()))
    form = learn_form(reading.examples, str.lower)
    assert form is not None
    assert form[0].section == "## {section}"
