"""Tell links to people's accounts: a handle, a row of contributors."""

import re
from collections.abc import Sequence

from pipeline.archive.blocks import Block, Span

MOST = 0.5  # share of a section's blocks
PEOPLE = 3  # accounts in a row
HANDLE = re.compile(r"@[\w.]+")


def is_person(link: Span) -> bool:
    """Does a link lead to somebody's account, named by its handle?"""
    return "@" in link.text[:2] and HANDLE.fullmatch(link.text.strip()) is not None


def is_list_of_people(block: Block) -> bool:
    """Is a block a row of accounts, each named as its address ends?"""
    links = block.links
    return len(links) >= PEOPLE and all(_is_account(link) for link in links)


def names_account(block: Block) -> bool:
    """Is a list item nothing but the name of somebody's account, as in a list of those who helped?"""
    links = block.links
    is_alone = block.kind == "item" and len(links) == 1 and links[0].text.strip() == block.text.strip()
    return is_alone and _is_account(links[0]) and "/" not in links[0].text


def leading_accounts(blocks: Sequence[Block]) -> list[Span]:
    """Return the accounts that blocks begin with, as `[@ann](…) added [a page](…)`, if most blocks with links do."""
    linked = [block for block in blocks if block.links]
    begun = [b for b in linked if len(b.links) > 1 and is_person(b.links[0]) and b.text.startswith(b.links[0].text)]
    return [block.links[0] for block in begun] if len(begun) > MOST * len(linked) else []


def _is_account(link: Span) -> bool:
    path = (link.url or "").partition("://")[2].partition("/")[2].strip("/")
    return path.lstrip("@").casefold() == link.text.strip(" @").casefold() != ""
