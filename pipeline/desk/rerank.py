"""Score the shortlist again after each decision, with vectors and model in memory.

The scores depend only on the current states, not on the order of decisions, so an undo restores them.
"""

from collections.abc import Mapping, Sequence
from threading import Lock

import numpy as np
from scipy.special import expit

from models.embedder import Embedder
from models.examples import Examples
from models.rating import rows_to_rate
from models.sections import SectionClassifier
from pipeline.core.embedding_text import views_of
from pipeline.core.section_choice import best_section
from pipeline.core.types import Article
from pipeline.desk.evidence import Evidence
from pipeline.drafts.repeats import PastStory
from pipeline.ranking.context import RankingContext
from pipeline.ranking.fitting import FittedRanker, online_ranker
from pipeline.ranking.snapshot import article_examples
from pipeline.store.shortlist import Story

LABELS = {"picked": 1, "skipped": 0}  # a story put off is no label


class LiveReranker:
    """The night's ranker, updated by each decision.

    Parameters
    ----------
    relevance : FittedRanker
        Fitted without the decisions on the shortlist.
    classifier : SectionClassifier
        Classifies stories added by hand.
    candidates : Examples
        The shortlist's stories, and
    ids : sequence of str
        their ids.
    embedder : Embedder
        Embeds stories added by hand.
    names : mapping
        The sections' names by key.
    evidence : Evidence, optional
        Finds the sentences that speak for a story, and the past picks near it.
    """

    def __init__(
        self, relevance: FittedRanker, classifier: SectionClassifier, candidates: Examples,
        ids: Sequence[str], embedder: Embedder, names: Mapping[str, str],
        evidence: Evidence | None = None,
    ) -> None:  # fmt: skip
        self.evidence = evidence
        self.ranker, self.classifier, self.embedder, self.names = relevance, classifier, embedder, names
        self.rows = {id: row for row, id in enumerate(ids)}
        self.logits = online_ranker(relevance, candidates)
        self._to_rate: dict[int, list[str]] = {}  # how many → their ids
        self._lock = Lock()  # a story may be added while others are scored

    def relevance(self, stories: Sequence[Story]) -> tuple[dict[str, float], dict[str, float]]:
        """Return P(picked) and uncertainty of the stories known to this reranker, by id."""
        with self._lock:
            labels = {self.rows[s.id]: LABELS[s.state] for s in stories if s.state in LABELS and s.id in self.rows}
            p = expit(self.logits.scores_given(list(labels), list(labels.values())))
            doubt = p * (1 - p) * self.logits.novelty()
            return dict(zip(self.rows, p.tolist(), strict=True)), dict(zip(self.rows, doubt.tolist(), strict=True))

    def stories_to_rate(self, n: int) -> list[str]:
        """Return the ids of the `n` stories whose ratings teach most; the same whatever is decided or added."""
        with self._lock:
            if n not in self._to_rate:  # chosen once: it takes a clustering of all stories
                ids, scores = list(self.rows), self.logits.scores_given([], [])
                self._to_rate[n] = [ids[row] for row in rows_to_rate(scores, self.logits.centred_, ids, n)]
            return self._to_rate[n]

    def read(self, article: Article) -> Story:
        """Score an article that was found by hand, and know it from now on."""
        example = self._example(article)
        p = self.classifier.section_probabilities(example)[0]
        sections = dict(zip(self.classifier.section_keys_, p.tolist(), strict=True))
        section = best_section(sections)
        scores, reasons = self.ranker.scores_with_reasons(example, self.names, [section])
        with self._lock:
            if article.id not in self.rows:
                self.rows[article.id] = len(self.rows)
                self.logits.extend(example)
        return Story(
            rank=None, id=article.id, url=article.url, title=article.title, source=article.source,
            author=article.author, published=article.published_at, first_seen=article.first_seen_at, section=section,
            section_probability=sections.get(section) if section else None, sections=sections,
            relevance=float(scores[0]), reasons=reasons[0],
            sources=(article.source,), summary=article.summary, text=article.text, origin=article.origin,
            language=article.language, paywalled=article.paywalled,
        )  # fmt: skip

    def _example(self, article: Article) -> Examples:
        views = views_of(article.title, article.summary)
        vectors = np.zeros((len(views), self.embedder.dimension), dtype=np.float32)
        vectors[[bool(view) for view in views]] = self.embedder.embed([view for view in views if view])
        return article_examples([article], vectors[:1], vectors[1:])


def prepare(context: RankingContext) -> LiveReranker | None:
    """Build the reranker of a shortlist; None if it is empty. Takes seconds.

    `context` must not have learned from the decisions on the candidates: those change, and are applied here.
    """
    snapshot, rows = context.snapshot, context.candidates.rows
    if not len(rows):
        return None
    past = [PastStory(published.issue.number, published.pick.title, published.pick.url) for published in snapshot.picks]
    return LiveReranker(
        context.relevance,
        context.classifier,
        snapshot.article_examples.take(rows),
        [snapshot.articles[n].id for n in rows],
        context.embedder,
        {section.key: section.name for section in context.newsletter.sections},
        Evidence(context.relevance.ranker, context.embedder, past, snapshot.pick_examples.vectors),
    )
