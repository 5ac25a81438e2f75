"""Archives of several kinds, with the picks that each issue holds: invented text, no newsletter's."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

NOUNS = [
    "kelp", "tide", "rope", "lantern", "ferry", "anchor", "gull", "harbour", "compass", "barrel", "sail", "crane",
    "buoy", "knot", "pilot", "reef",
]  # fmt: skip
VERBS = [
    "drifts", "holds", "turns", "breaks", "learns", "carries", "hides", "returns", "measures", "outlives",
]  # fmt: skip
N_ISSUES = 12
Expected = dict[str, list[tuple[str, str, str]]]  # file → (section, address) of each pick


class Words:
    """Titles, sentences and addresses that repeat as little as real ones."""

    def __init__(self, kind: str) -> None:
        self.random = random.Random(kind)
        self.n = 0

    def title(self) -> str:
        """Return a title of four to seven words."""
        self.n += 1
        nouns = self.random.sample(NOUNS, 3)
        return f"{nouns[0].title()} {self.random.choice(VERBS)} the {nouns[1]} of {nouns[2]}s"

    def noun(self) -> str:
        """Return one word."""
        return self.random.choice(NOUNS)

    def sentence(self) -> str:
        """Return a sentence."""
        nouns = self.random.sample(NOUNS, 4)
        verb = self.random.choice(VERBS)
        return f"Why the {nouns[0]} {verb} where a {nouns[1]} and the {nouns[2]} meet {nouns[3]} {self.n}."

    def url(self) -> str:
        """Return an address that occurs once."""
        self.n += 1
        return f"https://{self.random.choice(NOUNS)}{self.n}.example/{self.random.choice(VERBS)}/{self.n}"


def write_archive(folder: Path, kind: str) -> Expected:
    """Write an archive of one kind and return what its issues pick."""
    words = Words(kind)
    expected: Expected = {}
    for nth in range(N_ISSUES):
        day = date(2023, 1, 6) + timedelta(weeks=nth)
        name, text, picks = KINDS[kind](words, nth + 1, day)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
        expected[name.rpartition("/")[2]] = picks
    return expected


def _pairs(words: Words, sections: list[str], n: int) -> list[tuple[str, str, str]]:
    return [(section, words.title(), words.url()) for section in sections for _ in range(n)]


def arrows(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str, str]]]:
    """Paragraphs that begin with an emoji and a link; sections are lines in bold."""
    lines = [f"Hi friends, {words.sentence()}", "Read [the last issue](https://letter.example/archive) first."]
    rows = _pairs(words, ["Boats", "Tools"], 3)
    for section in ("Boats", "Tools"):
        lines.append(f"**{section}**")
        for _, title, url in (row for row in rows if row[0] == section):
            lines.append(f"👉 [{title}]({url}) {words.sentence()} See [also]({words.url()}).")
    lines.append("Until next week! [Subscribe](https://letter.example/subscribe)")
    text = f"---\ntitle: Harbour Post {number}\ndate: {day}\n---\n" + "\n\n".join(lines)
    return f"post-{number}.md", text, rows


def numbered_headings(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str, str]]]:
    """Numbered headings without link, a comment, and "Read the article" below."""
    rows = _pairs(words, ["This week"], 4)
    parts = [f"# The Pilot, No. {number}", f"{day:%B} {day.day}, {day.year}", words.sentence(), "## This week"]
    for nth, (_, title, url) in enumerate(rows, 1):
        parts += [
            f"### {nth}. {title}",
            f"{words.sentence()} More at [a blog]({words.url()}).",
            f"[Read the article →]({url})",
        ]
    parts += ["## About", "Sent by [the pilot](https://pilot.example)."]
    return f"pilot_{number:03}.md", "\n\n".join(parts), rows


def plain_mail(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str, str]]]:
    """A mail in plain text: underlined sections, titles with the address on the next line."""
    rows = _pairs(words, ["READING", "LISTENING"], 3)
    lines = [f"Knot Notes #{number}", f"{day.day} {day:%B} {day.year}", "", words.sentence(), ""]
    for section in ("READING", "LISTENING"):
        lines += [section, "=" * len(section), ""]
        for _, title, url in (row for row in rows if row[0] == section):
            lines += [f"* {title}", f"  {url}", f"  {words.sentence()}", ""]
    lines += ["--", "Unsubscribe: https://knots.example/unsubscribe"]
    return f"knots-{number}.txt", "\n".join(lines), rows


def changing(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str, str]]]:
    """Bullets in the first half of the years, linked headings in the second."""
    rows = _pairs(words, ["Sea", "Land"], 3)
    lines = [words.sentence()]
    for section in ("Sea", "Land"):
        lines.append(f"## {section}")
        for _, title, url in (row for row in rows if row[0] == section):
            if number <= N_ISSUES / 2:
                lines.append(f"- [{title}]({url}) - {words.sentence()}")
            else:
                lines += [f"### [{title}]({url})", f"{words.sentence()} And [this]({words.url()}) too."]
    return f"{day}-issue-{number}.md", "\n\n".join(lines), rows


def html_mail(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str, str]]]:
    """A mail laid out in tables, titles in bold links, a button below each, sponsors between."""
    rows = _pairs(words, ["Harbour news", "Deep reads"], 3)
    cells = [f"<h1>Mole Mail</h1><p>{words.sentence()}</p>"]
    for section in ("Harbour news", "Deep reads"):
        cells.append(f"<h2>{section}</h2>")
        for _, title, url in (row for row in rows if row[0] == section):
            cells.append(
                f'<p><strong><a href="{url}">{title}</a></strong></p><p>{words.sentence()}</p>'
                f'<p><a href="{url}">Read more</a></p>'
            )
        cells.append(f'<p><b>Sponsored:</b> <a href="{words.url()}">Buy {words.title()}</a></p>')
    cells.append('<p>You get this because. <a href="https://mole.example/unsub">Unsubscribe</a></p>')
    body = "".join(f"<tr><td>{cell}</td></tr>" for cell in cells)
    head = f"<html><head><title>Mole Mail #{number} – {day.day}. {day:%B} {day.year}</title></head>"
    return f"mail{number:02}.html", f"{head}<body><table>{body}</table></body></html>", rows


def org_list(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str, str]]]:
    """An Org file with lists of links."""
    rows = _pairs(words, ["Papers", "Code"], 4)
    lines = [f"#+TITLE: Reef letter {number}", f"#+DATE: <{day}>", "", words.sentence(), ""]
    for section in ("Papers", "Code"):
        lines.append(f"* {section}")
        lines += [f"- [[{url}][{title}]] :: {words.sentence()}" for s, title, url in rows if s == section]
        lines.append("")
    return f"reef-{number}.org", "\n".join(lines), rows


def bold_prose(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str, str]]]:
    """Numbered paragraphs that lead with bold words in Chinese numbering, the link at the end in "here"."""
    rows = _pairs(words, [""], 5)
    lines = [f"# 海港周刊（第 {number} 期）", f"{day.year}年{day.month}月{day.day}日"]
    lines += [f"{nth}、**{title}** {words.sentence()} [链接]({url})" for nth, (_, title, url) in enumerate(rows, 1)]
    return f"w{number}.md", "\n\n".join(lines), rows


def read_on(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str, str]]]:
    """Bold leads with a link to an older text first and the story's behind words that recur, in the next paragraph."""
    rows = _pairs(words, ["Ports"], 4)
    lines = [f"# Jetty {number}", f"*{day:%B} {day.day}, {day.year}*", "## Ports"]
    for _, title, url in rows:
        older = f"[{words.title()}](https://old{words.n}.example/archive)"
        lines += [f"**{title}.** {words.sentence()} As in {older}.", words.sentence(), f"[Onwards]({url})"]
    return f"jetty-{number}.md", "\n\n".join(lines), rows


def list_headings(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str, str]]]:
    """Items that name the list below them, or stand before the only link; "talk" beside each."""
    rows: list[tuple[str, str, str]] = []
    lines = [f"# Shoals #{number}, {day}", ""]
    for section, n in (("Charts", 3), ("Winds", 1 + number % 2), ("Crews", 2)):
        links = [(words.title(), words.url()) for _ in range(n)]
        rows += [(section, title, url) for title, url in links]
        texts = [
            f"[{title}]({url}) ([talk](https://talk.example/t/{words.n}{k}))" for k, (title, url) in enumerate(links)
        ]
        lines += [f"- {section}: {texts[0]}"] if n == 1 else [f"- {section}:", *(f"  - {text}" for text in texts)]
    return f"shoals-{number}.md", "\n".join(lines), rows


def notes_mail(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str, str]]]:
    """A text mail between bars, with `[1]` after each title and the addresses at its end."""
    rows = _pairs(words, ["Harbour", "Weather"], 3)
    bar = "~" * 40
    lines = [bar, f"Quay Mail {number:03} - {day.day}/{day.month:02}/{day.year}", bar, "", words.sentence(), ""]
    for section in ("Harbour", "Weather"):
        lines += [bar, section, bar, ""]
        for nth, (name, title, _) in enumerate(rows, 1):
            lines += [f"* {title} [{nth}]", f"  {words.sentence()}", ""] if name == section else []
    lines += [bar, *(f"[{nth}] {url}" for nth, (_, _, url) in enumerate(rows, 1))]
    return f"q{number}.txt", "\n".join(lines), rows


def records(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str, str]]]:
    """Fields on lines of their own, a second address in some."""
    rows = _pairs(words, [""], 5)
    lines = [f"{number:03} * Logbook * Sent: {day:%d/%m/%Y}", ""]
    for nth, (_, title, url) in enumerate(rows):
        lines += [f"Where: {url}", *([f"Code: {words.url()}"] if nth % 2 else []), f"What: {title}.", ""]
    return f"{number} - logbook.txt", "\n".join(lines), rows


def author_first(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str, str]]]:
    """Paragraphs that begin with the link, with an author before a title in quotes, or in italics."""
    rows = _pairs(words, ["Reading"], 6)
    lines = [f"# Pier letter, issue {number}", f"{day:%B} {day.day}, {day.year}", "## Reading"]
    for nth, (_, title, url) in enumerate(rows):
        form = (f"[{title}]({url})", f"Ann Roe, “[{title}]({url})”:", f"[*{title}*]({url}). {words.sentence()}")[
            nth % 3
        ]
        lines += [form, f"> {words.sentence()}"]
    return f"pier{number}.md", "\n\n".join(lines), rows


def bold_titles(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str, str]]]:
    """A bold line for each title, the link below in words that recur, other links after it; two links in a row."""
    rows = _pairs(words, ["Papers", "Essays"], 4)
    lines = [f"# Depths {number}", f"{day}"]
    for section in ("Papers", "Essays"):
        lines.append(f"# {section}")
        for _, title, url in (row for row in rows if row[0] == section):
            lines += [
                f"***{title}***",
                f"They wrote a [paper]({url}) on it. {words.sentence()} ([code]({words.url()}))",
            ]
    return f"depths-{number}.md", "\n\n".join(lines), rows


def headlines(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str, str]]]:
    """Headlines in plain words, the link in the name of the paper behind them, at times a second one."""
    rows = _pairs(words, ["World", "Trade"], 4)
    papers = ["The Mole", "Kelp Post", "Reef Times"]
    lines = []
    for section in ("World", "Trade"):
        lines += [f"## {section}", ""]
        for nth, (_, title, url) in enumerate(row for row in rows if row[0] == section):
            also = f", [{papers[0]}]({words.url()})" if nth == 1 else ""
            lines.append(f"- {title} ([{papers[nth % 3]}]({url}){also})")
        lines.append("")
    return f"{day}.md", f"---\ntitle: Lines {number}\n---\n" + "\n".join(lines), rows


def fields(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str, str]]]:
    """A heading for each story, and below it fields in a list, one of which is the address."""
    rows = _pairs(words, ["Craft"], 4)
    lines = [f"# Hull notes no. {number}", "", f"Sent: {day:%b} {day.day}, {day.year}", "", "## Craft", ""]
    for nth, (_, title, url) in enumerate(rows, 1):
        lines += [
            f"### {nth}. {title}",
            "",
            f"- Link: {url}",
            f"- Why: {words.sentence()}",
            f"- Also: {words.url()}",
            "",
        ]
    return f"Hull notes {number:02} 9f3a{number:04x}.md", "\n".join(lines), rows


def sign_links(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str, str]]]:
    """A sign that links, before a title in bold in some years, behind the title in others."""
    rows = _pairs(words, ["Design"], 5)
    lines = [f"# Swell {number}", f"*{day.day} {day:%B} {day.year}*", "## Design"]
    for _, title, url in rows:
        is_late = number > N_ISSUES / 2
        lines.append(
            f"{title} [↗]({url})  \n{words.sentence()}" if is_late else f"[🔗]({url}) **{title}** — {words.sentence()}"
        )
    return f"swell-{number}.md", "\n\n".join(lines), rows


def anchored(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str, str]]]:
    """Headings that link to themselves, in Markdown and in HTML, and labels below; the date is a path of words."""
    rows = [
        (section, title, f"{url}/{title.replace(' ', '-').lower()}")
        for section, title, url in _pairs(words, ["Guides", "Tools"], 3)
    ]
    lines = [f"# Neap tide #{number}", "", f"> News of [Neap](https://neap.example/{number}) itself.", ""]
    for section in ("Guides", "Tools"):
        lines += [f"## [{section}](#{section.lower()}) {{#{section.lower()}}}", ""]
        for _, title, url in (row for row in rows if row[0] == section):
            lines += [f'<h3 id="{title[:4]}">', f'  <a href="#{title[:4]}"><span>{title}</span></a>', "</h3>", ""]
            lines += [f"[@{words.noun()}] wrote it. {words.sentence()}", "", f"- [Forum]({url})"]
            lines += [f"- [Code]({words.url()})", "", "---", ""]
    return f"{day.year}/{day:%B}/{day:%d}/neap-{number}.md", "\n".join(lines), rows


def changes(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str, str]]]:
    """Items of a project, a number that links to a page of it, the title in plain words, and the author's account."""
    rows = []
    lines = [f"# Changes #{number}", "", "## Merged", ""]
    for nth in range(5):
        project, title = f"https://code.example/{words.noun()}/{words.noun()}", words.title()
        rows.append(("Merged", title, f"{project}/pull/{100 * number + nth}"))
        lines.append(f"- [the project]({project}) [#{100 * number + nth}]({rows[-1][2]}) {title} ([@{words.noun()}])")
    return f"{day}.md", "\n".join(lines), rows


def card_mail(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str, str]]]:
    """A mail of nested tables: a linked picture, the title in plain letters, and a button that leads nowhere."""
    rows = _pairs(words, [""], 4)
    contents = "".join(f'<tr><td>•</td><td><a href="#pod{nth}">{row[1]}</a></td></tr>' for nth, row in enumerate(rows))
    cards = "".join(
        f'<table id="pod{nth}"><tr><td><a href="{url}"><img alt="Banner" src="b.png"></a></td></tr></table><table>'
        f"<tr><td>{title}</td></tr><tr><td>{words.sentence()}</td></tr>"
        '<tr><td><a href="#">Learn more</a></td></tr></table>'
        for nth, (_, title, url) in enumerate(rows)
    )
    head = f"<html><head><title>Capstan Mail #{number}, {day.day} {day:%B} {day.year}</title></head>"
    body = f"<table><tr><td><table>{contents}</table>{cards}</td></tr></table>"
    return f"{day:%B}{day.day}_as_sent.html", f"{head}<body>{body}</body></html>", rows


def tight(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str, str]]]:
    """Headings without a space, right above their links; bold titles a line each; those who helped in a list."""
    rows = _pairs(words, ["Reading:", "Tools"], 4)
    links = "\n\n".join(f"[{title}]({url}): {words.sentence()}" for _, title, url in rows[:4])
    lines = "\n".join(f"— **{title}** — {words.sentence()} [Notes]({url})." for _, title, url in rows[4:])
    people = "\n".join(f"- [{noun}](https://people.example/{noun})" for noun in words.random.sample(NOUNS, 4))
    text = f"##{day:%Y%m%d} letter\n\nBy Ann.\n###Reading:\n{links}\n\n###Tools\n{lines}\n\n###Thanks\n{people}\n"
    return f"{day}-letter-{number}.md", text, rows


KINDS: dict[str, Callable[[Words, int, date], tuple[str, str, list[tuple[str, str, str]]]]] = {
    "arrows": arrows,
    "numbered headings": numbered_headings,
    "plain mail": plain_mail,
    "changing": changing,
    "html mail": html_mail,
    "org": org_list,
    "bold prose": bold_prose,
    "read on": read_on,
    "list headings": list_headings,
    "notes mail": notes_mail,
    "records": records,
    "author first": author_first,
    "bold titles": bold_titles,
    "headlines": headlines,
    "fields": fields,
    "sign links": sign_links,
    "anchored": anchored,
    "changes": changes,
    "card mail": card_mail,
    "tight": tight,
}
