"""Tell by its first characters what a file is whose name does not say it. Text in, the usual end of a name out."""

import re

STARTS = (
    (re.compile(r"\s*(?:<!--.*?-->\s*)*+<(?:!doctype html|html|body|div|p|h[1-6])\b", re.I | re.S), ".html"),
    (re.compile(r"\s*<(?:\?xml|!DOCTYPE|rss|feed)\b"), ".xml"),
    (re.compile(r"\s*(?:[\w.$ ]{1,80}=\s*)?(?:\{\s*[\"}]|\[\s*[\[{\"])"), ".json"),
    (re.compile(r"\s*(?:%.*\n\s*)*\\document(?:class|style)\b"), ".tex"),
    (re.compile(r"From \S+.*\n[\w-]+: "), ".mbox"),
    (re.compile(r"(?:[\w-]+: .*\n(?:[ \t].*\n)*)*Message-ID: ", re.IGNORECASE), ".eml"),
)  # fmt: skip
MOST = 2_000  # characters that are looked at


def kind_of(body: bytes) -> str:
    """Return `.xml`, `.json` or what else the bytes begin like; `.txt` if they begin like nothing of these."""
    start = body[: 2 * MOST].decode("utf-8-sig", "replace")[:MOST]
    return next((suffix for pattern, suffix in STARTS if pattern.match(start)), ".txt")
