"""Learn how the titles of issues are written: what they begin with, and how many stories they name."""

import re
from collections import Counter
from collections.abc import Sequence
from statistics import median

from pipeline.drafts.past_issues import REPEATS, Past

FEW_HIGHLIGHTS = 3
START = re.compile(r"\{(?:number|date)|[:：|–—-]\s*$")  # a beginning that titles share names the issue


def highlights(past: Sequence[Past], key: str = "title") -> str:
    """Return the name of the placeholder that titles of issues are made of: the first story, or several of them."""
    texts = [_first(one.issue.document.meta.get(key) or one.issue.facts.title) for one in past]
    parts = [len(re.split(r"[;,，、]|\s&\s|\sand\s", text)) for text in texts if text]
    n = round(median(parts)) if parts else 1
    leads = sum(one.pieces.entries[0].stories[0].link.text[:20] in text for one, text in zip(past, texts, strict=True))
    return "lead" if n < FEW_HIGHLIGHTS and (n == 1 or leads >= REPEATS * len(past)) else f"highlights:{min(n, 8)}"


def _first(value: object) -> str:
    return " ".join(str(value or "").split())


def common_start(texts: Sequence[str]) -> str:
    """Return the words that most texts begin with, names of number and day among them."""
    starts: Counter[str] = Counter()
    for text in texts:
        words = re.split(r"(?:(?<=\s)|(?<=[：｜]))(?![^{}]*\})", text)  # a name in braces is one word
        starts.update({"".join(words[:n]) for n in range(1, len(words))})
    shared = [start for start, n in starts.items() if n >= max(2, REPEATS * len(texts)) and START.search(start)]
    start = max(shared, key=len, default="")
    return start.replace('"', "'")
