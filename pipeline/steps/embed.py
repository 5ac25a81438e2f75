"""The step `embed`: compute the missing vectors of article titles, summaries, past picks and sections."""

import time
from collections.abc import Sequence

from models.embedder import Embedder
from pipeline.core.as_of import AsOf
from pipeline.core.embedding_text import article_text, brief_text, title_text
from pipeline.core.types import Progress, Section, StepReport
from pipeline.store.database import Connection, Database
from pipeline.store.embeddings import add_vectors, articles_without_vector, missing_texts

CHUNK = 2048  # texts embedded between two stores: at most lost when a run is killed


def embed_articles(
    database: Database,
    embedder: Embedder,
    as_of: AsOf,
    progress: Progress | None = None,
    sections: Sequence[Section] = (),
) -> StepReport:
    """Embed every text known as of a time that has no vector of this model, those of the sections too.

    No connection is open while the model runs.
    """
    started = time.perf_counter()
    briefs = [brief_text(section.name, section.instructions) for section in sections]
    with database.reading() as connection:
        known, missing = lacking_texts(connection, embedder.identity, as_of)
        missing += [text for text in missing_texts(connection, embedder.identity, briefs) if text not in missing]
    known += len(briefs)
    done = 0

    def advance(n: int) -> None:
        nonlocal done
        done += n
        if progress:
            progress(done, len(missing))

    for start in range(0, len(missing), CHUNK):
        chunk = missing[start : start + CHUNK]
        vectors = embedder.embed(chunk, advance)
        with database.writing() as connection:
            add_vectors(connection, embedder.identity, chunk, vectors)
    details = {"model": embedder.identity}
    return StepReport("embed", known, len(missing), 0, time.perf_counter() - started, details)


def lacking_texts(connection: Connection, model: str, as_of: AsOf) -> tuple[int, list[str]]:
    """Return how many texts of articles and picks are known as of a time, and those without a vector."""
    articles = articles_without_vector(connection, model, as_of.articles_until)
    picks = connection.execute(
        "SELECT picks.title FROM picks JOIN issues ON number = issue WHERE issue_date < ? ORDER BY issue, position",
        [as_of.issues_before],
    ).fetchall()
    texts = [title_text(title) for title, _ in articles] + [title_text(title) for (title,) in picks]
    texts += [article_text(title, summary) for title, summary in articles if summary]
    ((known,),) = connection.execute(
        "SELECT count(*) + count(*) FILTER (summary <> '') FROM articles WHERE first_seen_at < ?",
        [as_of.articles_until],
    ).fetchall()
    return known + len(picks), missing_texts(connection, model, texts)
