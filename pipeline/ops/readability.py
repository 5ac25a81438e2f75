"""Tell whether the embedding model reads the language of the titles, and how to get one that does."""

from typing import TYPE_CHECKING

from pipeline.archive.proposal.language import language_of
from pipeline.store.database import Connection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.embedder import Embedder

MULTILINGUAL = "paraphrase-multilingual-MiniLM-L12-v2"
TITLES = 400  # newest, that are looked at
FEWEST = 20
UNREAD = 0.3  # share of the letters in scripts that the model's vocabulary lacks
IN_PIECES = 1.6  # pieces of the vocabulary a word; measured: English 1.3, French 1.7, Portuguese 2.1, German 2.7
ENGLISH = "en"
PAST_PICKS = (
    "SELECT p.title FROM picks p JOIN issues i ON i.number = p.issue ORDER BY i.issue_date DESC, p.position LIMIT ?"
)
ARTICLES = "SELECT title FROM articles ORDER BY first_seen_at DESC, id LIMIT ?"


def readability_alert(titles: "Sequence[str]", embedder: "Embedder", model: str) -> str:
    """Say that the model cannot read the titles, with the commands that get a model which can; "" if it can.

    Parameters
    ----------
    embedder : Embedder
        Its vocabulary is looked at; nothing is embedded.
    model : str
        As newsletter.toml names it.
    """
    scripts = getattr(embedder, "scripts", None)
    if scripts is None or len(titles) < FEWEST:
        return ""
    sample = list(titles)[-TITLES:]
    letters = [sum(map(str.isalpha, title)) for title in sample]
    unread = sum(scripts.unread_share(t) * n for t, n in zip(sample, letters, strict=True)) / max(1, sum(letters))
    is_in_pieces = scripts.pieces_a_word(sample) > IN_PIECES
    if unread < UNREAD and not is_in_pieces:
        return ""  # without the language, which costs 90 MB to find
    language = language_of(sample)
    if unread < UNREAD and (language is None or language.code == ENGLISH):
        return ""
    name = f"in {language.name}" if language else "in a script"
    why = f"cannot read {unread:.0%} of their letters" if unread >= UNREAD else "reads them in pieces"
    return (
        f"titles are mostly {name}, and {model} {why}; get a multilingual model with: "
        f"hf download sentence-transformers/{MULTILINGUAL}, then: triage models use {MULTILINGUAL}"
    )


def sample_titles(connection: Connection) -> list[str]:
    """Return the newest titles of past picks, oldest first; of articles where there are too few picks to tell."""
    picks = _titles(connection, PAST_PICKS)
    return picks if len(picks) >= FEWEST else _titles(connection, ARTICLES)


def _titles(connection: Connection, query: str) -> list[str]:
    return [title for (title,) in reversed(connection.execute(query, [TITLES]).fetchall())]
