"""Load what is known at a time (articles, picks, decisions, vectors) once, and slice it to any earlier time.

`classify`, `rank`, `replay` and `retrain` train on it. Fits nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

import numpy as np

from models.embedder import Embedder, Vectors
from models.examples import Briefs, Examples
from models.words import fold, split_words
from pipeline.core.as_of import AsOf, start_of_day
from pipeline.core.config import Newsletter
from pipeline.core.embedding_text import brief_text, title_text, views_of
from pipeline.core.types import Article, Decision, Issue, Pick
from pipeline.core.urls import host_of, url_key
from pipeline.store.articles import newest_articles
from pipeline.store.database import Connection, Database
from pipeline.store.decisions import decisions_before
from pipeline.store.embeddings import add_vectors, fill_vectors
from pipeline.store.issues import known_issues

# A night trains on at most so many articles, about two years of a hundred feeds, however many are stored.
NIGHT_ARTICLES = 20_000


@dataclass(frozen=True, slots=True)
class PublishedPick:
    """A pick with the issue that published it."""

    issue: Issue
    pick: Pick
    url_key: str | None
    title_key: str  # normalized title


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Articles, picks and decisions known at a time, with the columns that models train on."""

    newsletter: Newsletter
    as_of: AsOf
    issues: Sequence[Issue]  # by date, then number
    articles: Sequence[Article]  # by first_seen_at, then id
    url_keys: Sequence[str]  # url_key of each article
    title_keys: Sequence[str]  # normalized title of each article
    article_examples: Examples
    picks: Sequence[PublishedPick]  # in the order of the issues
    pick_examples: Examples
    decisions: Sequence[Decision]  # in the order they were made
    briefs: Briefs

    def at(self, as_of: AsOf) -> "Snapshot":
        """Return what was known at an earlier time: a slice, nothing is read again."""
        n_articles = sum(article.first_seen_at < as_of.articles_until for article in self.articles)
        n_picks = sum(published.issue.date < as_of.issues_before for published in self.picks)
        decided_before = start_of_day(as_of.decisions_before)
        return Snapshot(
            newsletter=self.newsletter,
            as_of=as_of,
            issues=[issue for issue in self.issues if issue.date < as_of.issues_before],
            articles=self.articles[:n_articles],
            url_keys=self.url_keys[:n_articles],
            title_keys=self.title_keys[:n_articles],
            article_examples=self.article_examples.take(slice(n_articles)),
            picks=self.picks[:n_picks],
            pick_examples=self.pick_examples.take(slice(n_picks)),
            decisions=[d for d in self.decisions if d.decided_at < decided_before],
            briefs=self.briefs,
        )


def load_snapshot(
    database: Database, newsletter: Newsletter, embedder: Embedder, as_of: AsOf, newest: int | None = None
) -> Snapshot:
    """Read what was known at a time. Texts without a vector are embedded and their vectors stored.

    Parameters
    ----------
    newest : int, optional
        Read only so many of the newest articles, and those that were published or decided on; default: all.
    """
    with database.reading() as connection:
        issues = _under_todays_sections(known_issues(connection, as_of.issues_before), newsletter)
        articles = newest_articles(connection, as_of, newest)
        decisions = decisions_before(connection, as_of.decisions_before)
        picks = [
            PublishedPick(i, p, url_key(p.url) if p.url else None, normalize_title(p.title))
            for i in issues
            for p in i.picks
        ]
        sections = newsletter.sections
        briefs = [brief_text(section.name, section.instructions) for section in sections]
        views = [views_of(article.title, article.summary) for article in articles]
        titles, summaries = [title for title, _ in views], [view for _, view in views]
        columns = (titles, [title_text(published.pick.title) for published in picks], summaries, briefs)
        matrix, missing = _stored_vectors(connection, embedder, columns)
    if missing:
        _embed(database, embedder, matrix, missing)
    title_vectors, pick_vectors, summary_vectors, brief_vectors = np.split(
        matrix, np.cumsum(list(map(len, columns)))[:-1]
    )
    return Snapshot(
        newsletter,
        as_of,
        issues,
        articles,
        [url_key(article.url) for article in articles],
        [normalize_title(article.title) for article in articles],
        article_examples(articles, title_vectors, summary_vectors),
        picks,
        _pick_examples(picks, pick_vectors),
        decisions,
        Briefs([section.key for section in sections], briefs, brief_vectors),
    )


def _under_todays_sections(issues: Sequence[Issue], newsletter: Newsletter) -> list[Issue]:
    """Return the issues with every pick whose section is none of today's under the one that its heading names today.

    So sections may be merged, renamed, or given the heading of old picks as an alias, without importing again.
    """
    known = {section.key for section in newsletter.sections}
    key_of = cache(newsletter.section_for)

    def placed(pick: Pick) -> Pick:
        key = None if pick.section in known else key_of(pick.section_name) or key_of(pick.section or "")
        return replace(pick, section=key) if key else pick

    return [replace(issue, picks=tuple(map(placed, issue.picks))) for issue in issues]


def normalize_title(title: str) -> str:
    """Return a title in lower case without punctuation, by which copies of one headline are matched."""
    return " ".join(split_words(fold(title)))


def _stored_vectors(
    connection: Connection, embedder: Embedder, columns: Sequence[Sequence[str]]
) -> tuple[Vectors, dict[int, str]]:
    """Return one matrix of vectors for all columns of texts, one below the other; rows of "" are zeros.

    Zeros are also the rows of texts without a stored vector, which the dictionary names.
    """
    rows = [n for n, text in enumerate(chain.from_iterable(columns)) if text]
    texts = [text for text in chain.from_iterable(columns) if text]
    matrix = np.zeros((sum(map(len, columns)), embedder.dimension), dtype=np.float32)
    is_stored = fill_vectors(connection, embedder.identity, texts, matrix, rows)
    return matrix, {rows[n]: texts[n] for n in np.flatnonzero(~is_stored)}


def _embed(database: Database, embedder: Embedder, matrix: Vectors, missing: Mapping[int, str]) -> None:
    """Embed texts, store their vectors, and write each into its row of a matrix."""
    place = {text: n for n, text in enumerate(dict.fromkeys(missing.values()))}
    vectors = embedder.embed(list(place))
    embedder.unload()  # what follows is fitting, in the memory that the model holds
    with database.writing() as connection:
        add_vectors(connection, embedder.identity, list(place), vectors)
    for row, text in missing.items():
        matrix[row] = vectors[place[text]]


def article_examples(articles: Sequence[Article], vectors: Vectors, summary_vectors: Vectors) -> Examples:
    """Return n articles as columns for the models, with the vectors of both their texts: shape (n, d)."""
    return Examples(
        titles=[article.title for article in articles],
        vectors=vectors,
        urls=[article.url for article in articles],
        sources=[host_of(article.url) for article in articles],
        authors=[article.author or "" for article in articles],
        summary_vectors=summary_vectors,
        days=np.array([article.first_seen_at.toordinal() for article in articles], dtype=float),
    )


def _pick_examples(picks: Sequence[PublishedPick], vectors: Vectors) -> Examples:
    return Examples(
        titles=[published.pick.title for published in picks],
        vectors=vectors,
        urls=[published.pick.url or "" for published in picks],
        sources=[host_of(published.pick.url or "") for published in picks],
        days=np.array([published.issue.date.toordinal() for published in picks], dtype=float),
    )
