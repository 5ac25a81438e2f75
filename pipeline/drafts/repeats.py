"""Compare stories with all past picks: the same story, or a similar one that the editor may refer back to. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.core.issue_number import in_issue
from pipeline.core.urls import url_key

Vectors = NDArray[np.float32]

NEAR = 0.65  # cosine of two titles; measured against the real newsletter's own references, see docs/archives.md
BLOCK = 2048  # rows compared at once


@dataclass(frozen=True, slots=True)
class PastStory:
    """A pick, and the issue that ran it."""

    issue: int
    title: str
    url: str | None = None  # None in plain-text archives


@dataclass(frozen=True, slots=True)
class Repeat:
    """A past pick that is the same story or a similar one."""

    past: PastStory
    similarity: float  # cosine, 1.0 for the same story
    is_same: bool

    @property
    def sentence(self) -> str:
        """The remark shown to the editor."""
        what = "you ran this" if self.is_same else "you ran something near"
        address = f" ({self.past.url})" if self.past.url else ""
        return f"{what} {in_issue(self.past.issue)}: {self.past.title}{address}"


def find_repeats(
    urls: Sequence[str], vectors: Vectors, past: Sequence[PastStory], past_vectors: Vectors
) -> list[Repeat | None]:
    """Find for each story the past pick it repeats, else the most similar one from a cosine of NEAR on.

    Parameters
    ----------
    urls : sequence of str
        Addresses of n stories.
    vectors : (n, d) array
        Unit vectors of their titles.
    past : sequence of PastStory
        m picks, oldest first.
    past_vectors : (m, d) array
        Unit vectors of their titles.

    Returns
    -------
    list of Repeat or None
        One for each story. Of several runs of the same story the last is named.
    """
    ran = {url_key(story.url): story for story in past if story.url}
    found: list[Repeat | None] = [Repeat(ran[key], 1.0, True) if (key := url_key(url)) in ran else None for url in urls]
    for start in range(0, len(urls) if past else 0, BLOCK):
        similarity = vectors[start : start + BLOCK] @ past_vectors.T
        nearest = similarity.argmax(axis=1)
        for n, column in enumerate(nearest, start):
            cosine = float(similarity[n - start, column])
            if found[n] is None and cosine >= NEAR:
                found[n] = Repeat(past[column], cosine, False)
    return found
