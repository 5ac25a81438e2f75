"""Step embed: give every title, summary view and past pick the vector it lacks."""

import time
from collections.abc import Callable

from models.embedding import Embedder
from pipeline.moment import Moment
from pipeline.store.database import Connection, Database
from pipeline.store.embeddings import add_vectors, missing_texts
from pipeline.texts import article_text, title_text
from pipeline.types import StepReport

Progress = Callable[[int, int], None]  # told (done, in all)

CHUNK = 2048  # texts embedded between two stores: what a killed night loses at most


def embed_articles(
    database: Database, embedder: Embedder, moment: Moment, progress: Progress | None = None
) -> StepReport:
    """Embed what is known at a moment and has no vector under this model yet.

    No connection is held while the model works.
    """
    started = time.perf_counter()
    with database.reading() as connection:
        texts = known_texts(connection, moment)
        missing = missing_texts(connection, embedder.identity, texts)
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
    return StepReport("embed", len(texts), len(missing), 0, time.perf_counter() - started, details)


def known_texts(connection: Connection, moment: Moment) -> list[str]:
    """List the views of all articles and picks known at the moment, each once."""
    articles = connection.execute(
        "SELECT title, summary FROM articles WHERE first_seen_at < ? ORDER BY id", [moment.articles_until]
    ).fetchall()
    picks = connection.execute(
        "SELECT picks.title FROM picks JOIN issues ON number = issue WHERE issue_date < ? ORDER BY issue, position",
        [moment.issues_before],
    ).fetchall()
    views = [title_text(title) for title, _ in articles] + [title_text(title) for (title,) in picks]
    views += [article_text(title, summary) for title, summary in articles if summary]
    return list(dict.fromkeys(views))
