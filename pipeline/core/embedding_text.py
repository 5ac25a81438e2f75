"""The views under which a text is embedded. One place, so that what is stored is what is looked up."""

import hashlib

SUMMARY_WORDS = 150  # beyond these the models read nothing: 256 word pieces


def title_text(title: str) -> str:
    """Return the view of a headline: what past picks and candidates have in common."""
    return " ".join(title.split())


def article_text(title: str, summary: str) -> str:
    """Return the view of an article with its summary."""
    return title_text(f"{title}. {' '.join(summary.split()[:SUMMARY_WORDS])}")


def views_of(title: str, summary: str) -> tuple[str, str]:
    """Return both views of an article, the second "" where there is no summary."""
    return title_text(title), article_text(title, summary) if summary else ""


def text_hash(text: str) -> str:
    """Address a text by its content: the first 32 hex digits of its sha256."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
