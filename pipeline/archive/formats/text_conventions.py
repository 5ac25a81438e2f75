"""Turn the conventions of plain text into Markdown: lines of signs around headings, `[3]` for notes, `URL | Title`."""

import re

from pipeline.archive.formats.format_markup import without_brackets

BAR = re.compile(r"\s*([^\w\s])(?:\s?\1){3,}\s*")  # a line of one sign, repeated
DEFINITION = re.compile(r"^[ \t]*\[(\d{1,3})\]:?[ \t]*+(?:\n[ \t]*+)?<?(https?://[^\s<>]++)>?[ \t]*$", re.MULTILINE)
REFERENCE = re.compile(r"\[(\d{1,3})\](?![:(])")
LONGEST_HEADING = 70  # characters of a line between bars
FEWEST_NOTES = 2
BULLET = re.compile(r"^[ \t]*[•●▪‣◦][ \t]+", re.MULTILINE)
ADDRESS_FIRST = re.compile(
    r"^[ \t]*(?:[-*•][ \t]+)?<?(https?://[^\s<>|]+)>?(?:[ \t]*\|[ \t]*|[ \t]+[-–—:][ \t]+|\t+)(\S.*)$", re.MULTILINE
)
ADDRESS = re.compile(r"https?://")
QUOTE = re.compile(r"^>[ \t]?", re.MULTILINE)
# `here("https://…")`, as RTF becomes text
QUOTED_LINK = re.compile(r"""\(["“”]((?:https?://|mailto:)[^\s"“”]*)["“”]\)""")
MARKED = re.compile(r"\s*(?:[-*+>|#]|\d{1,3}[.)])")  # as an item already
FEWEST_LINES = 3  # of a paragraph that is a list
FIRST = 0.8  # share of the addresses that begin a line with words behind them
MOST_QUOTES = 20  # mails that were forwarded or answered, one within the other
QUOTED = 0.6  # share of the lines that begin with ">"


def to_markdown(text: str) -> str:
    """Return plain text as Markdown that means the same."""
    plain = _with_links(_without_quoting(text))
    return _with_titles(_with_items(_with_notes(_with_headings(BULLET.sub("- ", plain)))))


def _with_items(text: str) -> str:
    """Make items of the lines of a paragraph that have a link each, behind words."""
    paragraphs = re.split(r"(\n[ \t]*\n)", text)
    return "".join("\n".join(_items(part.splitlines())) if part.strip() else part for part in paragraphs)


def _items(lines: list[str]) -> list[str]:
    are_behind = sum(not ADDRESS.match(line.lstrip(" <")) for line in lines) > len(lines) / 2
    is_list = len(lines) >= FEWEST_LINES and all(_may_be_item(line) for line in lines)
    return [f"- {line}" for line in lines] if is_list and are_behind else lines


def _may_be_item(line: str) -> bool:
    return len(ADDRESS.findall(line)) == 1 and not MARKED.match(line)


def _with_links(text: str) -> str:
    """Write addresses behind their words; what is no page, or said already, is dropped."""

    def written(link: re.Match[str]) -> str:
        is_said = text.startswith(link[1], max(0, link.start() - len(link[1])))
        return "" if is_said or link[1].startswith("mailto:") else f" <{link[1]}>"

    return QUOTED_LINK.sub(written, text)


def _without_quoting(text: str) -> str:
    """Drop the `>` before lines where most lines have one: a mail that was forwarded or answered as a whole."""
    for _ in range(MOST_QUOTES):
        lines = [line for line in text.splitlines() if line.strip()]
        if sum(line.startswith(">") for line in lines) < QUOTED * max(len(lines), 1):
            break
        text = QUOTE.sub("", text)
    return text


def _with_headings(text: str) -> str:
    """Underline lines that stand between or above lines of signs; drop other lines of signs, and pictures."""
    lines = text.splitlines()
    is_bar = [BAR.fullmatch(line) is not None for line in lines]
    kept: list[str] = []
    for nth, line in enumerate(lines):
        if not is_bar[nth]:
            kept.append("" if line.strip() and not re.search(r"\w", line) else line)
        elif nth and _may_head(lines, is_bar, nth - 1):
            kept.append("-----" if "-" in line or "─" in line else "=====")
        else:
            kept.append("")
    return "\n".join(kept)


def _may_head(lines: list[str], is_bar: list[bool], nth: int) -> bool:
    """Is it a short line, alone or below another line of signs?"""
    text = lines[nth].strip()
    is_alone = nth == 0 or is_bar[nth - 1] or not lines[nth - 1].strip()
    return not is_bar[nth] and 0 < len(text) <= LONGEST_HEADING and is_alone and "://" not in text


def _with_notes(text: str) -> str:
    """Link `[3]` to the address that a list at the end gives it."""
    addresses = dict(DEFINITION.findall(text))
    if len(addresses) < FEWEST_NOTES:
        return text
    rest = DEFINITION.sub("", text)
    return REFERENCE.sub(
        lambda note: f"[\\[{note[1]}\\]]({addresses[note[1]]})" if note[1] in addresses else note[0], rest
    )


def _with_titles(text: str) -> str:
    """Make list items of lines such as `https://… | Title`, if most addresses stand in one."""
    if len(ADDRESS_FIRST.findall(text)) < max(FIRST * len(ADDRESS.findall(text)), 1):
        return text
    return ADDRESS_FIRST.sub(lambda line: f"- [{without_brackets(line[2])}]({line[1]})", text)
