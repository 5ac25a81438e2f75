"""Tell paragraphs that are nothing but one link, and those of them that lead on from what is above."""

import re

from pipeline.archive.blocks import Block, is_address, plain

LONGEST = 40  # characters of a link that stands alone under a comment: "Read the article"
READ_ON = re.compile(
    r"://|\b(?:read|more|full|continue|article|story|link|lire|suite|weiter|mehr|leer|más|leggi|ler|mais|читать|далее)\b|"
    r"[→»›]|阅读|全文|続き|더 ?보기",
    re.IGNORECASE,
)


def is_lone_link(block: Block) -> bool:
    """Is the paragraph nothing but one link, spelt out or to read more?"""
    links = block.links
    if block.kind != "paragraph" or not links or len({link.url for link in links}) != 1:
        return False
    text = plain(tuple(links))
    return block.text.strip(" →»>›|[]()") == text.strip(" →»>›|[]()") and (is_address(text) or len(text) <= LONGEST)


def reads_on(block: Block) -> bool:
    """Is it a lone link that leads on from what is above: an address or "Read the article"?"""
    return is_lone_link(block) and READ_ON.search(block.text) is not None
