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
EXTRACTED, MIN_EXTRACTED_FROM = 2, 6  # sentences of an extract, and of the text it is made from
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

    def logits(self, sentences: Sequence[Sentence]) -> np.ndarray:
        """Return how much the ranker would like each of n sentences as a title: shape (n,)."""
        if not sentences:
            return np.zeros(0)
        texts = [sentence.text for sentence in sentences]
        return self.ranker.decision_function(Examples(texts, self.embedder.embed(texts)))

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


def strongest(sentences: Sequence[Sentence], logits: np.ndarray) -> list[Sentence]:
    """Return the sentences that the ranker likes best, clearly better than the text's others, in their order."""
    if len(sentences) < 2:
        return []
    bound = logits.mean() + CLEAR * logits.std()
    most = min(MOST_MARKED, max(1, len(sentences) // MARKED_SHARE))
    return [sentences[n] for n in _best(logits, most) if logits[n] > bound]


def extract(sentences: Sequence[Sentence], logits: np.ndarray) -> str:
    """Return the two sentences that the ranker likes best, in their order; "" where the text has few more than these.

    Of equally liked sentences the first are taken: articles say early what they are about.
    """
    if len(sentences) < MIN_EXTRACTED_FROM:
        return ""
    return " ".join(sentences[n].text for n in _best(logits, EXTRACTED))


def _best(logits: np.ndarray, n: int) -> list[int]:
    return sorted(np.argsort(-logits, kind="stable")[:n].tolist())
