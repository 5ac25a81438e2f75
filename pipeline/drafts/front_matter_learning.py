"""Learn the front matter of a newsletter's issues, with names for what varies."""

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.archive.formats.format_markdown import BARE_MATTER, FRONT_MATTER, TOML_MATTER
from pipeline.drafts.past_issues import REPEATS, Past
from pipeline.drafts.title_learning import common_start, highlights

TITLES = ("title", "subject", "subtitle", "description", "summary", "excerpt")
PLAIN_MATTER = '---\ntitle: "TITLE"\ndate: {date}\n---'
PLAIN_TITLE = "{newsletter} {date}"


def learn_front_matter(past: Sequence[Past]) -> str:
    """Return the front matter of the last issue with names for what varies; of an archive without, a plain one."""
    matters = [_matter(one.issue.document.source) for one in past]
    last = matters[-1]
    if not last:
        return "" if past[-1].issue.document.source else PLAIN_MATTER.replace("TITLE", _common_title(past))
    fence, lines = last
    learned = []
    for key, block in _keys(lines):
        others = [
            one.general(text)
            for one, matter in zip(past, matters, strict=True)
            if matter
            for name, text in _keys(matter[1])
            if name == key
        ]
        if line := _common_key(key, block, others, past):
            learned.append(line)
    return "\n".join(filter(None, [fence, *learned, fence]))


def _common_title(past: Sequence[Past]) -> str:
    """Return how most issues are titled, if that holds their number or day; else the newsletter's name and the day."""
    titles = Counter(one.general(one.issue.facts.title.replace('"', "”")) for one in past)
    title, n = titles.most_common(1)[0]
    return title if n >= max(2, REPEATS * len(past)) and "{" in title else PLAIN_TITLE


def _matter(source: str) -> tuple[str, list[str]] | None:
    for expression, fence in ((FRONT_MATTER, "---"), (TOML_MATTER, "+++")):
        if match := expression.match(source):
            return fence, match[1].splitlines()
    match = BARE_MATTER.match(source)
    return ("", match[0].splitlines()) if match else None


def _keys(lines: Sequence[str]) -> list[tuple[str, str]]:
    """Split front matter at its keys; lines below one belong to it."""
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        match = re.match(r"([\w-]+)\s*[:=]", line)
        if match:
            found.append((match[1], [line]))
        elif found and line.strip():
            found[-1][1].append(line)
    return [(key, "\n".join(block)) for key, block in found]


def _common_key(key: str, block: str, others: Sequence[str], past: Sequence[Past]) -> str:
    """Return a key as most issues have it: whole, or what its values begin with and the highlights."""
    text, n = Counter(others).most_common(1)[0]
    if n >= max(2, REPEATS * len(others)):
        return text
    match = re.match(r"([\w-]+[ \t]*[:=][ \t]*)(![ \t]*)?([\"']?)", block)
    head, quote = (match[1], match[3]) if match else ("", "")
    if key.lower() in TITLES:
        start = common_start([_value(text) for text in others])
        return f'{head}"{start}{{{highlights(past, key)}}}"'
    if "\n" in block:
        return ""  # a list or a text of its own
    days = [match[0] for text in others if (match := re.search(r"\{date[^}]*\}", text))]
    if len(days) >= REPEATS * len(others):
        return f"{head}{quote}{Counter(days).most_common(1)[0][0]}{quote}"
    return f'{head}""' if len(others) >= REPEATS * 2 else ""


def _value(text: str) -> str:
    value = re.sub(r"^[\w-]+\s*[:=]\s*(?:!\s*)?", "", text)
    return " ".join(value.split()).strip("\"'")
