"""Words that say nothing of one story: of links ("Read more", "comments"), of bold leads ("Why it matters").

They are found by recurrence in the archive (`label_learning`), whatever the language: words that lead to many addresses
name none of them.
"""

import re
from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pipeline.archive.blocks import Span, is_address
from pipeline.core.urls import host_of

LONGEST = 40  # characters
COUNTED = re.compile(r"^\d+(?= [^\W\d_]+$)")  # "14 comments"
WORD = re.compile(r"\w+")
VERSION = re.compile(r"\d+(?:\.\d+){2,3}")
HASH = re.compile(r"(?=[a-f]*\d)[0-9a-f]{7,40}")  # "e76b1a2", of a commit
LETTER = re.compile(r"[^\W\d_]")
ENDING = re.compile(r"[(\[（【]([^()\[\]（）【】]{2,30})[)\]）】]\s*$")
ARROWS = "→➔➜⟶➝"


@dataclass(frozen=True)
class Labels:
    """Words that recur."""

    links: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()  # bold words that begin paragraphs
    endings: frozenset[str] = frozenset()  # of titles, in brackets: "5 minute read"
    kinds: frozenset[str] = frozenset()  # before titles: "Residency: "

    def is_label(self, link: Span) -> bool:
        """Do the words of a link say nothing of where it leads?"""
        if is_mark(link.text):
            return True
        return bool(self.links) and key_among(link.text, self._first_words) in self.links

    @cached_property
    def _first_words(self) -> frozenset[str]:
        return frozenset(map(first_word, self.links))

    def is_lead_label(self, lead: str) -> bool:
        """Do the bold words at the beginning of a paragraph name no story?"""
        return label_key(lead) in self.leads

    def without_ending(self, title: str, url: str = "") -> str:
        """Drop from a title an arrow, and in brackets words that end many, "(5 minute read)", or its site."""
        title = without_arrow(title) or title
        found = ENDING.search(title)
        rest = title[: found.start()].rstrip() if found else ""
        is_extra = found is not None and (ending_key(found[1]) in self.endings or _is_site(found[1], url))
        return rest if rest and is_extra else title


def is_mark(text: str) -> bool:
    """Is the text of a link a number, hash, sign or address, without words? The number of a version is a name."""
    return (
        is_address(text)
        or HASH.fullmatch(text) is not None
        or (not text[:1].isalpha() and LETTER.search(text) is None and not VERSION.fullmatch(text))
    )


@lru_cache(maxsize=1_000)  # asked for several times about one link
def label_key(text: str) -> str:
    """Return the words as they are compared: small letters, without marks, and with any count as the same."""
    words = text.casefold()
    is_plain = words.replace(" ", "").isalnum()  # as most are, and read in a third of the time
    words = " ".join(words.split() if is_plain else WORD.findall(words))
    return COUNTED.sub("0", words, count=1) if words[:1].isdigit() else words


def key_among(text: str, first_words: Set[str]) -> str:
    """Return the key of short words that begin as some keys do; "" of others, for which it need not be made."""
    return label_key(text) if len(text) <= LONGEST and first_word(text) in first_words else ""


def first_word(text: str) -> str:
    """Return the first word of a text, which its key begins with too; any count is the same."""
    found = WORD.search(text.casefold())
    return "" if found is None else "0" if found[0][0].isdigit() else found[0]


def ending_key(words: str) -> str:
    """Return the words at the end of a title as they are compared: any number is the same."""
    return re.sub(r"\d+", "0", " ".join(words.casefold().split()))


def _is_site(words: str, url: str) -> bool:
    site = words.strip().casefold().removeprefix("www.")
    return "." in site and f".{host_of(url)}".endswith(f".{site}")


def without_arrow(title: str) -> str:
    """Drop the arrows that end a title."""
    bare = title.rstrip()
    return bare.rstrip(ARROWS).rstrip() if bare[-1:] in ARROWS else title
