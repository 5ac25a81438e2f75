"""The ranker learns what the editor picks."""

import copy
from collections import Counter
from dataclasses import replace

import numpy as np

from models.examples import Briefs, Examples
from models.explanations import Explainer
from models.features import VIEWS, FeatureExtractor
from models.knn import N_NEIGHBOURS, NeighbourSimilarity, _largest
from models.log_odds import TokenLogOdds, log_odds_of_classes, token_matrix, vocabulary
from models.relevance import RelevanceRanker


def _examples() -> Examples:
    titles = ["managing teams", "leading teams", "teams and feedback", "cats at play", "cats asleep", "cats and dogs"]
    vectors = np.repeat(np.eye(2, dtype=np.float32), 3, axis=0)
    return Examples(titles, vectors, sources=["a.org"] * 3 + ["b.org"] * 3)


def test_articles_like_past_picks_rank_first() -> None:
    """Articles similar to picks score above the rest."""
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


def test_log_odds_by_hand() -> None:
    """Two picks of three articles, at a base rate of one half, with one pseudo-count."""
    rows = [["a"], ["a"], ["a"], ["b"], ["b"], ["b"]]
    matrix = token_matrix(rows, vocabulary(rows))
    record = TokenLogOdds(smoothing=1.0).fit(matrix, [1, 1, 0, 1, 0, 0])
    share = (2 + 0.5) / (3 + 1)
    assert record.rate_ == 0.5
    assert np.isclose(record.transform(matrix)[0, 0], np.log(share / (1 - share)))


def test_a_token_seen_once_tells_of_a_pick_more_than_of_its_section() -> None:
    """Every view of an article is smoothed by half an example, the record of a section by five."""
    rows = [["a"], ["b"], ["c"], ["d"], ["e"], ["f"], ["g"], ["h"]]
    matrix, y = token_matrix(rows, vocabulary(rows)), np.array([1, 0, 0, 0, 0, 0, 0, 0])
    extractor = FeatureExtractor().fit(np.eye(8, dtype=np.float32), dict.fromkeys(VIEWS, matrix), y, np.ones(8))
    rate = 1.5 / 9
    for estimator in extractor.log_odds_.values():
        share = (1 + 0.5 * rate) / 1.5
        assert np.isclose(estimator.transform(matrix)[0, 0], np.log(share / (1 - share)) - np.log(rate / (1 - rate)))
    share = (1 + 5 * rate) / 6
    expected = np.log(share / (1 - share)) - np.log(rate / (1 - rate))
    assert np.isclose(log_odds_of_classes(matrix, y, 2)[0, 1], expected)


def test_the_strongest_tokens_by_hand() -> None:
    """Of each article the token most for it and the one most against it count, however many others it has."""
    rows = [["a"], ["a", "c"], ["b"], ["b", "c"], ["d"]]
    matrix = token_matrix(rows, vocabulary(rows))
    record = TokenLogOdds(smoothing=1.0).fit(matrix, [1, 1, 0, 0, 0])
    base = 2.5 / 6
    most, even, least = ((picked + base) / (2 + 1) for picked in (2, 1, 0))
    expected = [np.log(share / (1 - share)) - np.log(base / (1 - base)) for share in (most, even, least)]
    title = token_matrix([["a", "c"], ["b"], ["a", "b", "c"], []], vocabulary(rows))
    assert np.allclose(record.strongest(title).ravel(), [expected[0], expected[2], expected[0] + expected[2], 0])


def test_log_odds_of_classes() -> None:
    """The log-odds of all classes at once are those of each class against the rest."""
    rows = [["a", "b"], ["a"], ["c", "a"], ["b"], ["c"]]
    matrix, classes = token_matrix(rows, vocabulary(rows)), np.array([0, 0, 2, 2, 2])
    together = log_odds_of_classes(matrix, classes, 4, smoothing=2.0)
    for n in range(4):
        alone = TokenLogOdds(smoothing=2.0).fit(matrix, classes == n)
        assert np.allclose(matrix @ together[:, n], alone.log_odds(matrix).sum(axis=1).ravel(), rtol=1e-12)


def test_an_articles_own_label_is_subtracted() -> None:
    """The log-odds of a training example exclude its own label."""
    rows = [["a"], ["b"]]
    record = TokenLogOdds(smoothing=1.0).fit(token_matrix(rows, vocabulary(rows)), [1, 0])
    own = np.array([[1.0, 1.0], [0.0, 1.0]])
    assert np.allclose(record.transform(token_matrix(rows, vocabulary(rows)), own), 0.0)


def test_a_retitled_training_example_takes_no_more_than_there_is() -> None:
    """Passed over under another title, an article added nothing to its new word: the share of picks is below 1."""
    rows = [["a"], ["a"], ["a"], ["b"]]
    numbers = vocabulary(rows)
    record = TokenLogOdds(smoothing=1.0).fit(token_matrix(rows, numbers), [1, 1, 1, 0])
    share = (2 + record.rate_) / (2 + 1)
    expected = np.log(share / (1 - share)) - np.log(record.rate_ / (1 - record.rate_))
    assert np.isclose(record.transform(token_matrix([["a"]], numbers), np.array([[0.0, 1.0]]))[0, 0], expected)


def test_the_largest_are_found_in_blocks_as_by_sorting() -> None:
    """The search in blocks is exact."""
    values = np.random.default_rng(0).normal(size=(5, 4000)).astype(np.float32)
    assert np.array_equal(_largest(values, N_NEIGHBOURS), np.argsort(-values, axis=1)[:, :N_NEIGHBOURS])


def test_an_article_is_not_its_own_neighbour() -> None:
    """The nearest pick of a past pick is another one."""
    vectors = np.eye(3, dtype=np.float32)
    neighbours = NeighbourSimilarity().fit(vectors, [1, 1, 0])
    (_, rows), _ = neighbours.nearest(vectors[:1], np.array([0]))
    assert rows[0, 0] == 1


def _themed() -> tuple[Examples, np.ndarray]:
    """A past whose picks are about managing people, and whose others are gossip; no title twice."""
    examples, y = _past()
    themes = ["managing people" if picked else "gossip" for picked in y]
    titles = [f"{title} {theme}: {n}" for n, (title, theme) in enumerate(zip(examples.titles, themes, strict=True))]
    return replace(examples, titles=titles), y


def test_each_contribution_is_the_change_of_the_score() -> None:
    """Removing the named phrase or source from an article changes its score by the contribution."""
    examples, y = _themed()
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
            title = one.titles[0]
            for word in contribution.names:
                title = title.replace(word, " ")
            bare = replace(
                one, **({f"{contribution.kind}s": ("",)} if contribution.kind != "words" else {"titles": (title,)})
            )
            moved = ranker.decision_function(one)[0] - ranker.decision_function(bare)[0]
            assert np.isclose(moved, contribution.contribution)
            kinds[contribution.kind] += 1
    assert kinds.total() > 100
    assert set(kinds) == {"source", "author", "words"}


def test_a_neighbours_contribution_is_about_the_change_of_the_score() -> None:
    """Removing the named neighbours from the training set changes the score by about the contribution."""
    examples, y = _past()
    ranker = RelevanceRanker().fit(examples.take(slice(1100)), y[:1100])
    context = examples.take(slice(1100, 1200))
    said, moved = [], []
    for n, contributions in enumerate(Explainer(ranker, context).contributions()):
        for contribution in (contribution for contribution in contributions if contribution.kind == "neighbour"):
            left = np.delete(np.arange(1100), contribution.examples)
            poorer = copy.deepcopy(ranker)
            poorer.row_by_url_ = {}
            poorer.extractor_.neighbours_ = NeighbourSimilarity().fit(examples.vectors[left], y[left])
            one = context.take([n])
            said.append(contribution.contribution)
            moved.append(ranker.decision_function(one)[0] - poorer.decision_function(one)[0])
    assert len(said) > 100
    assert (np.sign(said) == np.sign(moved)).mean() > 0.98
    assert np.corrcoef(said, moved)[0, 1] > 0.98


def test_what_raises_a_score_is_a_phrase_that_past_picks_share() -> None:
    """The phrase stands as in the title, with the latest pick that has it and how many have; against it, a word."""
    examples, y = _themed()
    past = examples.take(slice(1100))
    ranker = RelevanceRanker().fit(past, y[:1100])
    found: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for contributions in Explainer(ranker, examples.take(slice(1100, 1200))).contributions():
        for contribution in contributions:
            if contribution.kind == "words":
                [phrase], is_for = contribution.names, contribution.contribution > 0
                having = [n for n, title in enumerate(past.titles) if f" {phrase} " in f" {title} ".replace(":", " ")]
                assert contribution.counts == (sum(y[having]), sum(1 - y[having]))
                assert contribution.examples == tuple(n for n in having if y[n])[-1:]
                found[is_for][phrase] += 1
    assert set(found[True]) >= {"managing people"}
    assert all(" " in phrase for phrase in found[True])
    assert set(found[False]) >= {"gossip"}


def test_two_similar_picks_are_named_together() -> None:
    """A second neighbour is named if it is about as similar as the first, and only among picks."""
    examples, y = _past()
    ranker = RelevanceRanker().fit(examples.take(slice(1100)), y[:1100])
    numbers = {True: set(), False: set()}
    for contributions in Explainer(ranker, examples.take(slice(1100, 1200))).contributions():
        for contribution in contributions:
            if contribution.kind == "neighbour":
                assert [examples.titles[n] for n in contribution.examples] == list(contribution.names)
                assert len({bool(y[n]) for n in contribution.examples}) == 1
                numbers[bool(y[contribution.examples[0]])].add(len(contribution.names))
    assert 2 in numbers[True]
    assert numbers[False] <= {1}


def test_only_what_is_near_speaks_against_a_story() -> None:
    """An article passed over is named if it is nearer than usual; of past picks it is said whether they are."""
    examples, y = _past()
    ranker, context = RelevanceRanker().fit(examples.take(slice(1100)), y[:1100]), examples.take(slice(1100, 1200))
    explainer = Explainer(ranker, context)
    (picks, _), (others, _) = explainer.nearest
    is_near = picks[:, 0] >= ranker.mean_[ranker.extractor_.names_.index("pick1")]
    assert 10 < is_near.sum() < 90
    assert [found[0].is_near for found in explainer.neighbours(0)] == is_near.tolist()
    is_near = others[:, 0] >= ranker.mean_[ranker.extractor_.names_.index("other1")]
    assert [len(found) for found in explainer.neighbours(1)] == is_near.astype(int).tolist()


def test_the_nearest_of_few_picks_need_not_be_alike() -> None:
    """Of ten past picks one is the nearest to any story; only a story that is about the same is said to be like it."""
    random = np.random.default_rng(0)
    vectors = random.normal(size=(310, 64)).astype(np.float32)
    vectors[300:] = vectors[:10] + 0.3 * vectors[300:]  # the last ten stories are each about a past pick's subject
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    examples = Examples([f"title {n}" for n in range(310)], vectors)
    ranker = RelevanceRanker().fit(examples.take(slice(200)), np.arange(200) < 10)
    near = [found[0].is_near for found in Explainer(ranker, examples.take(slice(200, 310))).neighbours(0)]
    assert all(near[100:])
    assert sum(near[:100]) <= 20


def test_a_title_is_named_once() -> None:
    """Two past picks of one title are named as one: the second tells the editor nothing."""
    examples, y = _past()
    twice = Examples.concatenate([examples.take(slice(1100)), examples.take(slice(1100))])
    twice = replace(twice, urls=tuple(f"https://x.example/{n}" for n in range(len(twice))))
    ranker = RelevanceRanker().fit(twice, np.append(y[:1100], y[:1100]))
    named = [
        contribution.names
        for contributions in Explainer(ranker, examples.take(slice(1100, 1200))).contributions()
        for contribution in contributions
        if contribution.kind == "neighbour"
    ]
    assert named
    assert all(len(set(names)) == len(names) for names in named)


def test_a_training_examples_score_excludes_its_own_label() -> None:
    """An article scores as with a training set that lacks it, so a pick gains nothing from its own label."""
    examples, y = _past()
    ranker = RelevanceRanker().fit(examples, y)
    tokens = ranker.token_features_.transform(examples)
    for n in [*np.flatnonzero(y == 1)[:10], *np.flatnonzero(y == 0)[:10]]:
        left = np.delete(np.arange(len(y)), n)
        without = copy.deepcopy(ranker)
        without.row_by_url_ = {}
        without.extractor_ = FeatureExtractor().fit(
            examples.vectors[left], {view: matrix[left] for view, matrix in tokens.items()}, y[left], np.ones(len(left))
        )
        one = examples.take([n])
        assert np.isclose(ranker.decision_function(one), without.decision_function(one), atol=0.05)


def test_several_authors_are_counted_one_by_one() -> None:
    """An author is recognised beside another one, and in other letter case."""
    examples, y = _past()
    ranker = RelevanceRanker().fit(examples, y)
    one = replace(examples.take([0]), authors=("Somebody New, ANN LIKED",), urls=("",))
    unknown = replace(one, authors=("",))
    assert ranker.decision_function(one)[0] > ranker.decision_function(unknown)[0] + 0.1


def test_weights_are_learned_out_of_time() -> None:
    """Where both labels occur throughout, unseen picks score above unseen others."""
    examples, y = _past()
    ranker = RelevanceRanker().fit(examples.take(slice(1000)), y[:1000])
    scores = ranker.predict_proba(examples.take(slice(1000, 1200)))[:, 1]
    assert scores[y[1000:] == 1].mean() > 2 * scores[y[1000:] == 0].mean()
    assert abs(scores.mean() - y[1000:].mean()) < 0.05


def test_without_source_its_views_are_not_read() -> None:
    """A ranker without sources and addresses has title words alone."""
    examples, y = _past()
    ranker = RelevanceRanker(without=("source", "url")).fit(examples, y)
    n = len(examples)
    moved = replace(examples, sources=("x.org",) * n, urls=("",) * n).take(slice(50))
    assert ranker.extractor_.names_[-2:] == ["words", "strongest"]
    assert set(ranker.token_features_.transform(moved)) == {"words"}


def test_briefs_rank_while_there_are_no_picks() -> None:
    """With no past issue, articles like the sections' texts come first."""
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


def test_expected_picks_are_capped() -> None:
    """All odds are lowered by the same factor; nothing changes where fewer picks are expected."""
    examples, y = _past()
    ranker, context = RelevanceRanker().fit(examples, y), examples.take(slice(200))
    scores = ranker.predict_proba(context)[:, 1]
    capped = ranker.cap_expected_picks(context, 7.0).predict_proba(context)[:, 1]
    assert scores.sum() > 20
    assert np.isclose(capped.sum(), 7.0)
    assert np.array_equal(np.argsort(capped, kind="stable"), np.argsort(scores, kind="stable"))
    assert ranker.cap_expected_picks(context, 1000.0) is ranker


def test_chances_follow_the_latest_issues() -> None:
    """An editor who now picks a third of what she picked is promised about as few, not the mean of all her years."""
    examples, y = _past(2400)
    random = np.random.default_rng(1)
    y[1600:] *= random.random(800) < 1 / 3
    ranker = RelevanceRanker().fit(examples.take(slice(2200)), y[:2200])
    expected = ranker.predict_proba(examples.take(slice(2200, 2400)))[:, 1].sum()
    assert abs(expected - 200 * y[1600:2200].mean()) < 0.35 * 200 * y[:1600].mean()
    assert ranker.is_calibrated_


def test_default_weights_are_standardised_on_the_latest_others() -> None:
    """Picks from before all other articles teach no weights; then a few thousand others are enough, of any number."""
    examples, _ = _past(400)
    y = (np.arange(400) < 40).astype(int)
    ranker = RelevanceRanker(n_out_of_time=100).fit(examples, y)
    latest = np.arange(300, 400)
    tokens = ranker.token_features_.transform(examples.take(latest))
    features = ranker.extractor_.transform(examples.take(latest).vectors, tokens, latest)
    assert not ranker.is_calibrated_
    assert np.allclose(ranker.mean_, features.mean(axis=0))
