"""The ranker learns what the editor picks."""

import copy
from collections import Counter
from dataclasses import replace

import numpy as np

from models.examples import Briefs, Examples
from models.explanations import Explainer
from models.knn import DEEPEST, NeighbourSimilarity, _largest
from models.log_odds import TokenLogOdds, token_matrix, vocabulary
from models.relevance import RelevanceRanker


def _examples() -> Examples:
    titles = ["managing teams", "leading teams", "teams and feedback", "cats at play", "cats asleep", "cats and dogs"]
    vectors = np.repeat(np.eye(2, dtype=np.float32), 3, axis=0)
    return Examples(titles, vectors, sources=["a.org"] * 3 + ["b.org"] * 3)


def test_articles_like_past_picks_rank_first() -> None:
    """What resembles the picks scores above what resembles the rest."""
    examples = _examples()
    ranker = RelevanceRanker().fit(examples, [1, 1, 1, 0, 0, 0])
    scores = ranker.predict_proba(examples)[:, 1]
    assert scores[:3].min() > scores[3:].max()


def test_taking_rows_keeps_columns_together() -> None:
    """Rows are taken from every column alike."""
    taken = _examples().take([5, 0])
    assert taken.titles == ("cats and dogs", "managing teams")
    assert taken.sources == ("b.org", "a.org")


def _past(n: int = 1200, seed: int = 0) -> tuple[Examples, np.ndarray]:
    """A past in which one direction of the vectors, one word and one source go with picks."""
    random = np.random.default_rng(seed)
    y = (random.random(n) < 0.2).astype(int)
    vectors = random.normal(size=(n, 8)) + 1.5 * np.outer(y, np.eye(8)[0])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    liked = random.random(n) < np.where(y, 0.8, 0.2)
    titles = [f"{'teams' if like else 'lambda'} story{i % 40} part" for i, like in enumerate(liked)]
    sources = [("good.org" if s < 0.7 else "bad.org") if k else ("good.org" if s < 0.2 else "bad.org")
               for k, s in zip(y, random.random(n), strict=True)]  # fmt: skip
    urls = [f"https://{source}/post/{i}" for i, source in enumerate(sources)]
    authors = [
        f"Ann Liked and Jo Other{i % 7}" if like else "" for i, like in enumerate(random.random(n) < 0.3 * y + 0.02)
    ]
    return Examples(titles, vectors.astype(np.float32), urls, sources, authors, days=np.arange(n, dtype=float) // 10), y


def test_records_are_worked_by_hand() -> None:
    """Two picks of three article_feeds, at a base rate near one half, with one imagined sighting beside them."""
    rows = [["a"], ["a"], ["a"], ["b"], ["b"], ["b"]]
    matrix = token_matrix(rows, vocabulary(rows))
    record = TokenLogOdds(smoothing=1.0).fit(matrix, [1, 1, 0, 1, 0, 0])
    share = (2 + 0.5) / (3 + 1)
    assert record.rate_ == 0.5
    assert np.isclose(record.transform(matrix)[0], np.log(share / (1 - share)))


def test_nobody_is_their_own_witness() -> None:
    """What became of an article is taken out of the records before it is scored itself."""
    rows = [["a"], ["b"]]
    record = TokenLogOdds(smoothing=1.0).fit(token_matrix(rows, vocabulary(rows)), [1, 0])
    own = np.array([[1.0, 1.0], [0.0, 1.0]])
    assert np.allclose(record.transform(token_matrix(rows, vocabulary(rows)), own), 0.0)


def test_the_largest_are_found_in_blocks_as_by_sorting() -> None:
    """Seeking in blocks is exact."""
    values = np.random.default_rng(0).normal(size=(5, 4000)).astype(np.float32)
    assert np.array_equal(_largest(values, DEEPEST), np.argsort(-values, axis=1)[:, :DEEPEST])


def test_an_article_is_not_its_own_neighbour() -> None:
    """The nearest pick of a past pick is another one."""
    vectors = np.eye(3, dtype=np.float32)
    neighbours = NeighbourSimilarity().fit(vectors, [1, 1, 0])
    (_, rows), _ = neighbours.nearest(vectors[:1], np.array([0]))
    assert rows[0, 0] == 1


def test_every_reason_moves_the_score_as_it_says() -> None:
    """Taking the named word or source away, and scoring anew, moves a hundred scores by what was said."""
    examples, y = _past()
    ranker = RelevanceRanker().fit(examples.take(slice(1100)), y[:1100])
    context = examples.take(slice(1100, 1200))
    kinds = Counter[str]()
    for n, contributions in enumerate(Explainer(ranker, context).contributions()):
        one = context.take([n])
        assert sum(contribution.contribution > 0 for contribution in contributions) <= 3
        assert sum(contribution.contribution < 0 for contribution in contributions) <= 1
        for contribution in contributions:
            if contribution.kind == "neighbour":
                continue
            title = one.titles[0].replace(contribution.text, " ")
            bare = replace(
                one, **({f"{contribution.kind}s": ("",)} if contribution.kind != "words" else {"titles": (title,)})
            )
            moved = ranker.decision_function(one)[0] - ranker.decision_function(bare)[0]
            assert np.isclose(moved, contribution.contribution)
            kinds[contribution.kind] += 1
    assert kinds.total() > 100
    assert set(kinds) == {"source", "author", "words"}


def test_a_neighbour_moves_the_score_as_it_says() -> None:
    """With the named neighbour gone from the past, a hundred scores move the way that was said, about as far."""
    examples, y = _past()
    ranker = RelevanceRanker().fit(examples.take(slice(1100)), y[:1100])
    context = examples.take(slice(1100, 1200))
    said, moved = [], []
    for n, contributions in enumerate(Explainer(ranker, context).contributions()):
        for contribution in (contribution for contribution in contributions if contribution.kind == "neighbour"):
            left = np.delete(np.arange(1100), contribution.example)
            poorer = copy.deepcopy(ranker)
            poorer.addresses_ = {}
            poorer.extractor_.neighbours_ = NeighbourSimilarity().fit(examples.vectors[left], y[left])
            one = context.take([n])
            said.append(contribution.contribution)
            moved.append(ranker.decision_function(one)[0] - poorer.decision_function(one)[0])
    assert len(said) > 100
    assert (np.sign(said) == np.sign(moved)).mean() > 0.98
    assert np.corrcoef(said, moved)[0, 1] > 0.98


def test_several_authors_each_have_a_record() -> None:
    """An author is known again beside another one, and in other letters."""
    examples, y = _past()
    ranker = RelevanceRanker().fit(examples, y)
    one = replace(examples.take([0]), authors=("Somebody New, ANN LIKED",), urls=("",))
    nobody = replace(one, authors=("",))
    assert ranker.decision_function(one)[0] > ranker.decision_function(nobody)[0] + 0.1


def test_weights_are_learned_from_rehearsals() -> None:
    """On a past with both labels throughout, unseen picks stand above what is passed over."""
    examples, y = _past()
    ranker = RelevanceRanker().fit(examples.take(slice(1000)), y[:1000])
    scores = ranker.predict_proba(examples.take(slice(1000, 1200)))[:, 1]
    assert scores[y[1000:] == 1].mean() > 2 * scores[y[1000:] == 0].mean()
    assert abs(scores.mean() - y[1000:].mean()) < 0.05


def test_without_source_nothing_of_it_is_read() -> None:
    """Other sources and addresses leave a score untouched that was learned without them."""
    examples, y = _past()
    ranker = RelevanceRanker(without=("source", "url")).fit(examples, y)
    n = len(examples)
    moved = replace(examples, sources=("x.org",) * n, urls=("",) * n).take(slice(50))
    assert ranker.extractor_.names_[-1] == "words"
    assert set(ranker.token_features_.transform(moved)) == {"words"}


def test_briefs_rank_while_there_are_no_picks() -> None:
    """With no past issue, what the sections' texts describe comes first."""
    briefs = Briefs(["people"], ["People. managing teams"], np.array([[1.0, 0.0]], np.float32))
    examples = _examples()
    ranker = RelevanceRanker().fit(examples, np.zeros(6, int), np.full(6, 0.5), briefs=briefs)
    scores = ranker.decision_function(examples)
    assert scores[:3].min() > scores[3:].max()
    assert {
        contribution.kind
        for contributions in Explainer(ranker, examples).contributions()
        for contribution in contributions
    } >= {"section"}


def test_no_more_picks_are_foretold_than_may_be() -> None:
    """The odds of all articles are lowered alike, so the order stays; where few are foretold nothing changes."""
    examples, y = _past()
    ranker, context = RelevanceRanker().fit(examples, y), examples.take(slice(200))
    scores = ranker.predict_proba(context)[:, 1]
    cap_expected_picks = ranker.cap_expected_picks(context, 7.0).predict_proba(context)[:, 1]
    assert scores.sum() > 20
    assert np.isclose(cap_expected_picks.sum(), 7.0)
    assert np.array_equal(np.argsort(cap_expected_picks, kind="stable"), np.argsort(scores, kind="stable"))
    assert ranker.cap_expected_picks(context, 1000.0) is ranker
