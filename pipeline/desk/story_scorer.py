"""Scores of stories that were found by hand, as the night scores its own."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.embedder import Embedder
from models.examples import Examples
from models.sections import SectionClassifier
from pipeline.core.embedding_text import views_of
from pipeline.core.section_choice import best_section
from pipeline.core.types import Article
from pipeline.ranking.fitting import FittedRanker
from pipeline.ranking.snapshot import article_examples
from pipeline.store.shortlist import Story


@dataclass(frozen=True, eq=False)
class StoryScorer:
    """Embeds, classifies and ranks one article."""

    relevance: FittedRanker
    classifier: SectionClassifier
    embedder: Embedder
    section_names: Mapping[str, str]  # by key

    def example(self, article: Article) -> Examples:
        """Return the article with its vectors, as a column of one row."""
        views = views_of(article.title, article.summary)
        vectors = np.zeros((len(views), self.embedder.dimension), dtype=np.float32)
        vectors[[bool(view) for view in views]] = self.embedder.embed([view for view in views if view])
        return article_examples([article], vectors[:1], vectors[1:])

    def story(self, article: Article, example: Examples) -> Story:
        """Return an article as a story without a rank, with its relevance, the reasons for it, and its section."""
        p = self.classifier.section_probabilities(example)[0]
        sections = dict(zip(self.classifier.section_keys_, p.tolist(), strict=True))
        section = best_section(sections)
        scores, reasons = self.relevance.scores_with_reasons(example, self.section_names, [section])
        return Story(
            rank=None, id=article.id, url=article.url, title=article.title, source=article.source,
            author=article.author, published=article.published_at, first_seen=article.first_seen_at, section=section,
            section_probability=sections.get(section) if section else None, sections=sections,
            relevance=float(scores[0]), reasons=reasons[0],
            sources=(article.source,), summary=article.summary, text=article.text, origin=article.origin,
            language=article.language, paywalled=article.paywalled,
        )  # fmt: skip
