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
Expected = dict[str, list[tuple[str, str]]]  # file → (section, address) of each pick


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
        (folder / name).write_text(text, "utf-8")
        expected[name] = picks
    return expected


def _pairs(words: Words, sections: list[str], n: int) -> list[tuple[str, str, str]]:
    return [(section, words.title(), words.url()) for section in sections for _ in range(n)]


def arrows(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str]]]:
    """Paragraphs that begin with an emoji and a link; sections are lines in bold."""
    lines = [f"Hi friends, {words.sentence()}", "Read [the last issue](https://letter.example/archive) first."]
    rows = _pairs(words, ["Boats", "Tools"], 3)
    for section in ("Boats", "Tools"):
        lines.append(f"**{section}**")
        for _, title, url in (row for row in rows if row[0] == section):
            lines.append(f"👉 [{title}]({url}) {words.sentence()} See [also]({words.url()}).")
    lines.append("Until next week! [Subscribe](https://letter.example/subscribe)")
    text = f"---\ntitle: Harbour Post {number}\ndate: {day}\n---\n" + "\n\n".join(lines)
    return f"post-{number}.md", text, [(section, url) for section, _, url in rows]


def numbered_headings(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str]]]:
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
    return f"pilot_{number:03}.md", "\n\n".join(parts), [(section, url) for section, _, url in rows]


def plain_mail(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str]]]:
    """A mail in plain text: underlined sections, titles with the address on the next line."""
    rows = _pairs(words, ["READING", "LISTENING"], 3)
    lines = [f"Knot Notes #{number}", f"{day.day} {day:%B} {day.year}", "", words.sentence(), ""]
    for section in ("READING", "LISTENING"):
        lines += [section, "=" * len(section), ""]
        for _, title, url in (row for row in rows if row[0] == section):
            lines += [f"* {title}", f"  {url}", f"  {words.sentence()}", ""]
    lines += ["--", "Unsubscribe: https://knots.example/unsubscribe"]
    return f"knots-{number}.txt", "\n".join(lines), [(section, url) for section, _, url in rows]


def changing(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str]]]:
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
    return f"{day}-issue-{number}.md", "\n\n".join(lines), [(section, url) for section, _, url in rows]


def html_mail(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str]]]:
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
    return f"mail{number:02}.html", f"{head}<body><table>{body}</table></body></html>", [(s, url) for s, _, url in rows]


def org_list(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str]]]:
    """An Org file with lists of links."""
    rows = _pairs(words, ["Papers", "Code"], 4)
    lines = [f"#+TITLE: Reef letter {number}", f"#+DATE: <{day}>", "", words.sentence(), ""]
    for section in ("Papers", "Code"):
        lines.append(f"* {section}")
        lines += [f"- [[{url}][{title}]] :: {words.sentence()}" for s, title, url in rows if s == section]
        lines.append("")
    return f"reef-{number}.org", "\n".join(lines), [(section, url) for section, _, url in rows]


def bold_prose(words: Words, number: int, day: date) -> tuple[str, str, list[tuple[str, str]]]:
    """Numbered paragraphs that lead with bold words in Chinese numbering, the link at the end in "here"."""
    rows = _pairs(words, [""], 5)
    lines = [f"# 海港周刊（第 {number} 期）", f"{day.year}年{day.month}月{day.day}日"]
    lines += [f"{nth}、**{title}** {words.sentence()} [链接]({url})" for nth, (_, title, url) in enumerate(rows, 1)]
    return f"w{number}.md", "\n\n".join(lines), [(section, url) for section, _, url in rows]


KINDS: dict[str, Callable[[Words, int, date], tuple[str, str, list[tuple[str, str]]]]] = {
    "arrows": arrows,
    "numbered headings": numbered_headings,
    "plain mail": plain_mail,
    "changing": changing,
    "html mail": html_mail,
    "org": org_list,
    "bold prose": bold_prose,
}
