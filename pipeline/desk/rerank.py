"""Score the shortlist again after each decision, with vectors and model in memory.

The scores depend only on the current states, not on the order of decisions, so an undo restores them.
"""

from collections.abc import Sequence
from threading import Lock

from scipy.special import expit

from models.examples import Examples
from models.rating import rows_to_rate
from pipeline.core.types import Article
from pipeline.desk.evidence import Evidence
from pipeline.desk.story_scorer import StoryScorer
from pipeline.drafts.repeats import PastStory
from pipeline.ranking.context import RankingContext
from pipeline.ranking.fitting import online_ranker
from pipeline.store.shortlist import Story

LABELS = {"picked": 1, "skipped": 0}  # a story put off is no label


class LiveReranker:
    """The night's ranker, updated by each decision.

    Parameters
    ----------
    scorer : StoryScorer
        Fitted without the decisions on the shortlist; scores stories added by hand.
    candidates : Examples
        The shortlist's stories, and
    ids : sequence of str
        their ids.
    evidence : Evidence, optional
        Finds the sentences that speak for a story, and the past picks near it.
    """

    def __init__(
        self, scorer: StoryScorer, candidates: Examples, ids: Sequence[str], evidence: Evidence | None = None
    ) -> None:
        self.scorer, self.evidence = scorer, evidence
        self.rows = {id: row for row, id in enumerate(ids)}
        self.logits = online_ranker(scorer.relevance, candidates)
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
        example = self.scorer.example(article)
        story = self.scorer.story(article, example)
        with self._lock:
            if article.id not in self.rows:
                self.rows[article.id] = len(self.rows)
                self.logits.extend(example)
        return story


def prepare(context: RankingContext) -> LiveReranker | None:
    """Build the reranker of a shortlist; None if it is empty. Takes seconds.

    `context` must not have learned from the decisions on the candidates: those change, and are applied here.
    """
    snapshot, rows = context.snapshot, context.candidates.rows
    if not len(rows):
        return None
    past = [PastStory(published.issue.number, published.pick.title, published.pick.url) for published in snapshot.picks]
    scorer = StoryScorer(
        context.relevance,
        context.classifier,
        context.embedder,
        {section.key: section.name for section in context.newsletter.sections},
    )
    return LiveReranker(
        scorer,
        snapshot.article_examples.take(rows),
        [snapshot.articles[n].id for n in rows],
        Evidence(context.relevance.ranker, context.embedder, past, snapshot.pick_examples.vectors),
    )
