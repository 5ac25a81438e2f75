"""Sections are learned from past picks and from what the editor says belongs in them."""

import numpy as np

from models.features import Briefs, Examples
from models.sections import SectionClassifier

BRIEFS = Briefs(["people", "machines"], ["People. teams, managers", "Machines. computers"], np.eye(2, dtype=np.float32))


def test_instructions_alone_place_an_article() -> None:
    """With no past pick, an article goes where the section's own words point."""
    none = Examples([], np.zeros((0, 2), np.float32))
    article = Examples(["new computers"], np.array([[0.1, 0.99]], np.float32))
    probabilities = SectionClassifier().fit(none, [], BRIEFS).predict_proba(article)
    assert probabilities.shape == (1, 2)
    assert probabilities[0, 1] > probabilities[0, 0]
