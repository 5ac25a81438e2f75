"""Find the title of a file that is headed by its own name: `on-tides-ann-roe-2024-05-03`."""

import re
import unicodedata
from collections.abc import Sequence

from pipeline.archive.blocks import Block

SLUG = re.compile(r"[^\W_]+(?:[-_][^\W_]+){3,}")
LONGEST = 300  # characters of a title
FEWEST_WORDS = 3
NAMED = 0.75  # share of a line's words that must be the name's


def is_slug(title: str) -> bool:
    """Are words joined by hyphens, as in names of files?"""
    return SLUG.fullmatch(title) is not None


def line_of_slug(blocks: Sequence[Block], slug: str) -> str:
    """Return the text whose words are the name's more than those of any other, or the name."""
    names = set(_words(slug))
    shares = {block.text: _share(_words(block.text), names) for block in blocks if block.text != slug}
    best = max(shares, key=lambda text: shares[text], default="")
    return best if shares.get(best, 0) >= NAMED else slug


def _words(text: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.findall(r"[a-z]+", letters) if len(text) <= LONGEST and "://" not in text else []


def _share(words: Sequence[str], names: set[str]) -> float:
    return sum(word in names for word in words) / len(words) if len(words) >= FEWEST_WORDS else 0
