"""Load what a workspace knows, in columns, so that steps can stand at any of its past evenings.

`classify`, `rank`, `replay` and `retrain` all learn from here: what is read once serves every issue. Fits nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

import numpy as np

from models.embedder import Embedder, Vectors
from models.examples import Briefs, Examples
from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.core.embedding_text import title_text, views_of
from pipeline.core.types import Article, Decision, Issue, Pick
from pipeline.core.urls import host_of, url_key
from pipeline.store.articles import newest_articles
from pipeline.store.database import Database
from pipeline.store.decisions import decisions_before
from pipeline.store.embeddings import add_vectors, read_vectors
from pipeline.store.issues import known_issues

# A night learns from so many articles, some two years of a hundred feeds: it stays as fast however much is stored.
NIGHT_ARTICLES = 20_000
BEGINNING = datetime.fromisoformat("0001-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class PublishedPick:
    """A pick with the issue that ran it."""

    issue: Issue
    pick: Pick
    url_key: str | None
    name: str  # its title, levelled


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Articles, picks and decisions up to a moment, with what the models need to know of each."""

    newsletter: Newsletter
    as_of: AsOf
    issues: Sequence[Issue]  # by date, then number
    articles: Sequence[Article]  # by first sight, then id
    article_keys: Sequence[str]  # url_key of each article
    article_names: Sequence[str]  # its title, levelled: under which retellings of one headline meet
    article_examples: Examples
    picks: Sequence[PublishedPick]  # in the order of the issues
    pick_examples: Examples
    decisions: Sequence[Decision]  # in the order they were made
    briefs: Briefs

    def at(self, as_of: AsOf) -> "Snapshot":
        """Return what was known at an earlier moment: a slice, nothing is read again."""
        n_articles = sum(article.first_seen_at < as_of.articles_until for article in self.articles)
        n_picks = sum(ran.issue.date < as_of.issues_before for ran in self.picks)
        last = datetime.combine(as_of.issues_before, time.min, BEGINNING.tzinfo)
        return Snapshot(
            newsletter=self.newsletter,
            as_of=as_of,
            issues=[issue for issue in self.issues if issue.date < as_of.issues_before],
            articles=self.articles[:n_articles],
            article_keys=self.article_keys[:n_articles],
            article_names=self.article_names[:n_articles],
            article_examples=self.article_examples.take(slice(n_articles)),
            picks=self.picks[:n_picks],
            pick_examples=self.pick_examples.take(slice(n_picks)),
            decisions=[d for d in self.decisions if d.decided_at < last],
            briefs=self.briefs,
        )


def load_snapshot(
    database: Database, newsletter: Newsletter, embedder: Embedder, as_of: AsOf, newest: int | None = None
) -> Snapshot:
    """Read what was known at a moment. Texts without a vector are embedded and their vectors kept.

    With `newest`, only so many articles are read, besides those that an issue ran or an editor spoke about.
    """
    with database.reading() as connection:
        issues = known_issues(connection, as_of.issues_before)
        articles = newest_articles(connection, as_of.articles_until, newest)
        decisions = decisions_before(connection, as_of.issues_before)
    picks = [
        PublishedPick(i, p, url_key(p.url) if p.url else None, level_title(p.title)) for i in issues for p in i.picks
    ]
    sections = newsletter.sections
    briefs = [f"{section.name}. {section.instructions}".strip() for section in sections]
    views = [views_of(article.title, article.summary) for article in articles]
    pick_views = [title_text(ran.pick.title) for ran in picks]
    texts = [*(title for title, _ in views), *pick_views, *(view for _, view in views if view), *briefs]
    vectors = _vectors(database, embedder, texts)
    return Snapshot(
        newsletter,
        as_of,
        issues,
        articles,
        [url_key(article.url) for article in articles],
        [level_title(article.title) for article in articles],
        article_examples(articles, views, vectors, embedder.dimension),
        picks,
        _pick_examples(picks, _stacked(pick_views, vectors, embedder.dimension)),
        decisions,
        Briefs([section.key for section in sections], briefs, _stacked(briefs, vectors, embedder.dimension)),
    )


def level_title(title: str) -> str:
    """Level case, spaces and punctuation, under which retellings of one headline meet."""
    return " ".join(re.findall(r"\w+", title.casefold()))


def _vectors(database: Database, embedder: Embedder, texts: Sequence[str]) -> Mapping[str, Vectors]:
    wanted = list(dict.fromkeys(texts))
    with database.reading() as connection:
        found = read_vectors(connection, embedder.identity, wanted)
    missing = [text for text in wanted if text not in found]
    if missing:
        vectors = embedder.embed(missing)
        with database.writing() as connection:
            add_vectors(connection, embedder.identity, missing, vectors)
        found = {**found, **dict(zip(missing, vectors, strict=True))}
    return found


def article_examples(
    articles: Sequence[Article], views: Sequence[tuple[str, str]], vectors: Mapping[str, Vectors], dimension: int
) -> Examples:
    """Say of articles what the models need to know; `views` are theirs, `vectors` by text, those of `dimension`."""
    summary_vectors = np.zeros((len(articles), dimension), dtype=np.float32)
    for row, (_, view) in enumerate(views):
        if view:
            summary_vectors[row] = vectors[view]
    return Examples(
        titles=[article.title for article in articles],
        vectors=_stacked([title for title, _ in views], vectors, dimension),
        urls=[article.url for article in articles],
        sources=[host_of(article.url) for article in articles],
        authors=[article.author or "" for article in articles],
        summary_vectors=summary_vectors,
        days=np.array([article.first_seen_at.toordinal() for article in articles], dtype=float),
    )


def _pick_examples(picks: Sequence[PublishedPick], vectors: Vectors) -> Examples:
    return Examples(
        titles=[ran.pick.title for ran in picks],
        vectors=vectors,
        urls=[ran.pick.url or "" for ran in picks],
        sources=[host_of(ran.pick.url or "") for ran in picks],
        days=np.array([ran.issue.date.toordinal() for ran in picks], dtype=float),
    )


def _stacked(texts: Sequence[str], vectors: Mapping[str, Vectors], dimension: int) -> Vectors:
    if not texts:
        return np.zeros((0, dimension), dtype=np.float32)
    return np.stack([vectors[text] for text in texts]).astype(np.float32, copy=False)
