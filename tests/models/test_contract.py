"""Estimators follow scikit-learn's conventions.

Those that take one matrix pass scikit-learn's own checks. The others take Examples (titles, addresses and vectors
together), so the main conventions are checked here on such examples.
"""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, clone, is_classifier
from sklearn.utils.estimator_checks import parametrize_with_checks

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
    pytest.param(NeighbourSimilarity(n_others=50), (VECTORS, Y), id="NeighbourSimilarity"),
    pytest.param(TokenLogOdds(smoothing=2.0), (TOKENS, Y), id="TokenLogOdds"),
    pytest.param(TokenFeatures(without=("source",)), (EXAMPLES,), id="TokenFeatures"),
    pytest.param(FeatureExtractor(), (VECTORS, {"words": TOKENS}, Y, np.ones(N)), id="FeatureExtractor"),
]


EMPTY = {
    "check_estimators_empty_data_messages": "a newsletter without past articles, or without tokens, is fitted too",
    "check_all_zero_sample_weights_error": "examples of weight zero are as none",
}
NOT_MET = {
    "TokenLogOdds": EMPTY,
    "NeighbourSimilarity": EMPTY
    | {"check_sample_weight_equivalence_on_dense_data": "a repeated neighbour is not the same as a heavier one"},
}


@parametrize_with_checks(
    [NeighbourSimilarity(), TokenLogOdds()],
    expected_failed_checks=lambda estimator: NOT_MET.get(type(estimator).__name__, {}),
)
def test_scikit_learns_checks_pass(estimator: BaseEstimator, check) -> None:
    """Estimators that take one matrix pass check_estimator; exceptions are listed with their reason."""
    check(estimator)


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


def test_classifiers_predict_and_their_rows_sum_to_one() -> None:
    """A classifier's probabilities are of its classes, sum to one, and agree with `predict`."""
    for classifier in (
        RelevanceRanker().fit(EXAMPLES, Y),
        SectionClassifier().fit(EXAMPLES, np.where(Y, "a", "b"), BRIEFS),
    ):
        assert is_classifier(classifier)
        probabilities = classifier.predict_proba(EXAMPLES)
        assert probabilities.shape == (N, len(classifier.classes_))
        assert probabilities.sum(axis=1) == pytest.approx(np.ones(N))
        assert np.array_equal(classifier.predict(EXAMPLES), classifier.classes_[probabilities.argmax(axis=1)])
