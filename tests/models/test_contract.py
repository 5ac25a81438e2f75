"""All that learns keeps scikit-learn's contract.

`check_estimator` feeds matrices of numbers; ours take titles, addresses and vectors together, so what it would check is
checked here on such examples.
"""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, clone

from models.examples import Briefs, Examples
from models.features import FeatureExtractor, TokenFeatures
from models.knn import NeighbourSimilarity
from models.log_odds import TokenLogOdds, token_matrix, vocabulary
from models.relevance import RelevanceRanker
from models.sections import SectionClassifier

N = 240
RANDOM = np.random.default_rng(3)
VECTORS = RANDOM.normal(size=(N, 8)).astype(np.float32)
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)
Y = (VECTORS[:, 0] > 0.3).astype(int)
TITLES = [f"{'teams' if y else 'lambda'} number{n % 9}" for n, y in enumerate(Y)]
EXAMPLES = Examples(
    TITLES,
    VECTORS,
    urls=[f"https://s{n % 5}.example/{n}" for n in range(N)],
    sources=[f"s{n % 5}.example" for n in range(N)],
    days=np.arange(N, dtype=float),
)
BRIEFS = Briefs(["a", "b"], ["A. one", "B. two"], np.eye(2, 8, dtype=np.float32))
WORDS = [title.split() for title in TITLES]
TOKENS = token_matrix(WORDS, vocabulary(WORDS))

ESTIMATORS = [
    pytest.param(RelevanceRanker(without=("url",), n_out_of_time=150), (EXAMPLES, Y), id="RelevanceRanker"),
    pytest.param(SectionClassifier(n_splits=4), (EXAMPLES, np.where(Y, "a", "b"), BRIEFS), id="SectionClassifier"),
    pytest.param(NeighbourSimilarity(n_others=50), (VECTORS, Y), id="Neighbours"),
    pytest.param(TokenLogOdds(smoothing=2.0), (TOKENS, Y), id="Records"),
    pytest.param(TokenFeatures(without=("source",)), (EXAMPLES,), id="Views"),
    pytest.param(FeatureExtractor(), (VECTORS, {"words": TOKENS}, Y, np.ones(N)), id="Evidence"),
]


@pytest.mark.parametrize(("estimator", "given"), ESTIMATORS)
def test_estimator_keeps_the_contract(estimator: BaseEstimator, given: tuple[object, ...]) -> None:
    """It can be cloned; fit returns itself, changes no parameter, and what it learned ends in an underscore."""
    parameters = estimator.get_params()
    fresh = clone(estimator)
    assert fresh.get_params() == parameters
    before = set(vars(fresh))
    assert before == set(parameters)
    assert fresh.fit(*given) is fresh
    assert fresh.get_params() == parameters
    learned = set(vars(fresh)) - before
    assert learned
    assert all(name.endswith("_") for name in learned)


def test_the_same_inputs_give_the_same_scores() -> None:
    """Fitting is deterministic, and fitting anew forgets."""
    ranker = RelevanceRanker().fit(EXAMPLES, Y)
    scores = ranker.decision_function(EXAMPLES)
    ranker.fit(EXAMPLES.take(slice(100)), Y[:100])
    assert np.array_equal(ranker.fit(EXAMPLES, Y).decision_function(EXAMPLES), scores)
    sections = SectionClassifier().fit(EXAMPLES, np.where(Y, "a", "b"), BRIEFS).predict_proba(EXAMPLES)
    again = SectionClassifier().fit(EXAMPLES, np.where(Y, "a", "b"), BRIEFS).predict_proba(EXAMPLES)
    assert np.array_equal(sections, again)
