"""The texts that are embedded for an article: title, and title with summary. Used for storing and for lookup."""

import hashlib

SUMMARY_WORDS = 150  # the models truncate at 256 word pieces


def title_text(title: str) -> str:
    """Return the text embedded for a title; past picks have only this one."""
    return " ".join(title.split())


def article_text(title: str, summary: str) -> str:
    """Return the text embedded for a title with its summary."""
    return " ".join([*f"{title}.".split(), *summary.split()[:SUMMARY_WORDS]])


def brief_text(name: str, instructions: str) -> str:
    """Return the text embedded for a section: its name and what belongs there."""
    return f"{name}. {instructions}".strip()


def views_of(title: str, summary: str) -> tuple[str, str]:
    """Return both texts of an article, the second "" where there is no summary."""
    return title_text(title), article_text(title, summary) if summary else ""


def text_hash(text: str) -> str:
    """Address a text by its content: the first 32 hex digits of its sha256."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
