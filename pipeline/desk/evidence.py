"""What speaks for a story beside its reasons: sentences of its text, and the past picks nearest to it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.embedder import Embedder
from models.examples import Examples
from models.relevance import RelevanceRanker
from pipeline.core.embedding_text import title_text
from pipeline.core.urls import url_key
from pipeline.desk.article_text import Sentence
from pipeline.drafts.repeats import PastStory

NEAR = 0.45  # cosine of two titles from which a past pick is named
N_NEAR = 3
MARKED_SHARE = 8  # of so many sentences one is marked …
MOST_MARKED = 3  # … but at most so many
CLEAR = 0.5  # standard deviations above the mean of the text's own sentences


@dataclass(frozen=True, slots=True)
class NearPick:
    """A past pick that is near a story."""

    past: PastStory
    similarity: float  # cosine
    is_same: bool  # the same address


class Evidence:
    """Judges sentences by the night's ranker, and finds the nearest past picks.

    Parameters
    ----------
    ranker : RelevanceRanker
    embedder : Embedder
    past : sequence of PastStory
        m past picks, oldest first.
    past_vectors : array of shape (m, d)
        Unit vectors of their titles.
    """

    def __init__(
        self, ranker: RelevanceRanker, embedder: Embedder, past: Sequence[PastStory], past_vectors: np.ndarray
    ) -> None:
        self.ranker, self.embedder, self.past, self.past_vectors = ranker, embedder, past, past_vectors
        self._near: dict[tuple[str, str], list[NearPick]] = {}
        self._ran = {url_key(story.url): story for story in past if story.url}

    def strongest(self, sentences: Sequence[Sentence]) -> list[Sentence]:
        """Return the sentences that the ranker would like best as titles, clearly better than the text's others."""
        if len(sentences) < 2:
            return []
        texts = [sentence.text for sentence in sentences]
        logits = self.ranker.decision_function(Examples(texts, self.embedder.embed(texts)))
        bound = logits.mean() + CLEAR * logits.std()
        most = min(MOST_MARKED, max(1, len(sentences) // MARKED_SHARE))
        best = np.argsort(-logits, kind="stable")[:most]
        return [sentences[n] for n in sorted(best.tolist()) if logits[n] > bound]

    def near(self, url: str, title: str) -> list[NearPick]:
        """Return the past picks nearest to a story, the same story first."""
        if (url, title) not in self._near:
            self._near[url, title] = self._find_near(url, title)
        return self._near[url, title]

    def _find_near(self, url: str, title: str) -> list[NearPick]:
        same = self._ran.get(url_key(url))
        found = [NearPick(same, 1.0, True)] if same else []
        if not self.past:
            return found
        similarity = self.past_vectors @ self.embedder.embed([title_text(title)])[0]
        for n in np.argsort(-similarity, kind="stable")[: N_NEAR + len(found)].tolist():
            if similarity[n] >= NEAR and self.past[n] is not same:
                found.append(NearPick(self.past[n], float(similarity[n]), False))
        return found[:N_NEAR]
