"""Sections are learned from past picks and from what the editor says belongs in them."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from models.conditional_logit import conditional_logit
from models.examples import Briefs, Examples
from models.section_features import FEATURES, LONGEST_PAUSE_DAYS, MIN_PICKS, TOKEN_VIEWS, SectionFeatures
from models.sections import DEFAULT_WEIGHTS, NO_SECTION, SectionClassifier
from models.title_patterns import PATTERNS, match_patterns

BRIEFS = Briefs(["people", "machines"], ["People. teams, managers", "Machines. computers"], np.eye(2, dtype=np.float32))


def test_instructions_alone_place_an_article() -> None:
    """With no past pick, an article goes where the section's own words point."""
    none = Examples([], np.zeros((0, 2), np.float32))
    article = Examples(["new computers"], np.array([[0.1, 0.99]], np.float32))
    classifier = SectionClassifier().fit(none, [], BRIEFS)
    assert list(classifier.classes_) == ["people", "machines", NO_SECTION]
    assert classifier.section_probabilities(article).shape == (1, 2)
    assert classifier.predict(article) == ["machines"]


def test_an_article_far_from_every_section_fits_none() -> None:
    """An article unlike every section and past pick is predicted to have no section."""
    none = Examples([], np.zeros((0, 2), np.float32))
    stranger = Examples(["gardening"], np.array([[-0.7, -0.7]], np.float32))
    classifier = SectionClassifier().fit(none, [], BRIEFS)
    assert classifier.section_probabilities(stranger).sum() < 0.1
    assert classifier.predict(stranger) == [NO_SECTION]
    assert classifier.predict_proba(stranger).sum() == pytest.approx(1)


def _archive(n: int = 300) -> tuple[Examples, list[str]]:
    """Picks whose vectors say their section; a third section has no picks at all."""
    random = np.random.default_rng(0)
    y = random.integers(0, 2, n)
    vectors = np.eye(3)[y] + 0.3 * random.normal(size=(n, 3))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Examples([f"pick {i}" for i in range(n)], vectors.astype(np.float32), days=np.arange(n, dtype=float)), [
        ("people", "machines")[section] for section in y
    ]


BRIEFS_OF_THREE = Briefs([*BRIEFS.keys, "events"], [*BRIEFS.texts, "Events."], np.eye(3, dtype=np.float32))


def test_weights_are_learned_from_past_picks() -> None:
    """With past picks the weights are fitted, and sections are predicted from similar picks."""
    examples, keys = _archive()
    classifier = SectionClassifier().fit(examples, keys, BRIEFS_OF_THREE)
    assert classifier.score(examples, keys) > 0.95
    assert not np.array_equal(classifier.weights_, DEFAULT_WEIGHTS)


def test_a_newsletter_of_prose_alone_is_learned_from() -> None:
    """Where every past link stands inside prose, these say how often each section runs a story."""
    examples, keys = _archive()
    prose = SectionClassifier().fit(examples, keys, BRIEFS_OF_THREE, [False] * len(keys))
    titled = SectionClassifier().fit(examples, keys, BRIEFS_OF_THREE)
    np.testing.assert_array_equal(prose.intercepts_, titled.intercepts_)
    of_old = SectionClassifier().fit(examples, keys, BRIEFS_OF_THREE, [n < 5 for n in range(len(keys))])
    np.testing.assert_array_equal(of_old.intercepts_, titled.intercepts_)  # the latest are prose alone
    assert prose.intercepts_[:2].any()


def test_a_section_without_picks_is_found_by_its_brief() -> None:
    """Shared weights serve a section that never ran."""
    examples, keys = _archive()
    article = Examples(["a conference"], np.array([[0.0, 0.0, 1.0]], np.float32))
    assert SectionClassifier().fit(examples, keys, BRIEFS_OF_THREE).predict_proba(article)[0].argmax() == 2


def test_titles_are_read_for_dates_calls_and_meetings() -> None:
    """A date, a word of calling, a meeting: what calls and events have in common whatever they are about."""
    marks = match_patterns(["Call for papers: storage, due 3 May", "Tape workshop", "A drawer of things", ""]).toarray()
    assert list(PATTERNS) == ["date", "call", "meeting"]
    assert marks.tolist() == [[1, 1, 0], [0, 0, 1], [0, 0, 0], [0, 0, 0]]


def test_words_of_calling_tell_a_call() -> None:
    """Of two titles as near to both sections, the one that calls and names a day is the likelier call."""
    chance = np.random.default_rng(5)
    keys = ["calls", "news"] * 150
    titles = [f"Call for proposals {n % 28 + 1} May" if key == "calls" else f"Notes {n}" for n, key in enumerate(keys)]
    vectors = chance.normal(size=(300, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    past = Examples(titles, vectors, days=np.arange(300, dtype=float))
    briefs = Briefs(["calls", "news"], ["Calls", "News"], np.eye(2, 8, dtype=np.float32))
    found = SectionClassifier().fit(past, keys, briefs)
    same = np.repeat(vectors[:1], 2, axis=0)
    calling, other = found.predict_proba(Examples(["Submissions open until 7 June", "Something else"], same))[:, 0]
    assert calling > 2 * other


def _features(vectors: np.ndarray, days: list[float], y: list[int], article: list[float]) -> dict[str, np.ndarray]:
    """Return the features of one article in relation to two sections, by name; no tokens."""
    none = {view: csr_matrix((len(y), 1)) for view in (*TOKEN_VIEWS, "patterns")}
    extractor = SectionFeatures().fit(vectors.astype(np.float32), none, np.array(days), np.array(y), np.zeros((2, 3)))
    one = {view: csr_matrix((1, 1)) for view in none}
    return dict(zip(FEATURES, extractor.transform(np.array([article], np.float32), one)[0].T, strict=True))


def test_old_picks_are_less_similar() -> None:
    """Of two equal picks, one two years older than the other counts as 0.3 less similar."""
    days = list(np.linspace(0.0, 730.0, 11))
    old, new = _features(np.eye(3)[[0, *[2] * 9, 0]], days, [0, *[1] * 10], [1, 0, 0])["nearest1"]
    assert (old, new) == pytest.approx((0.7, 1.0))


def test_a_pause_makes_no_pick_old() -> None:
    """After two years without an issue the first pick leaves the others as near as after a quarter."""
    found = [_features(np.eye(3)[[0, 2]], [0.0, pause], [0, 1], [1, 0, 0]) for pause in (LONGEST_PAUSE_DAYS, 730.0)]
    assert found[0]["nearest1"][0] == found[1]["nearest1"][0] > 0.9
    assert list(found[0]["prior"]) == list(found[1]["prior"])


def test_a_section_that_began_late_leaves_the_others_theirs() -> None:
    """Before its first pick its likeness was a guess, which is no measure of how alike articles of a section are."""
    random = np.random.default_rng(0)
    y = np.r_[random.integers(0, 2, 590), np.full(10, 2)]
    vectors = 0.3 * (np.eye(384)[y] + random.normal(size=(600, 384)))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    briefs = Briefs(BRIEFS_OF_THREE.keys, BRIEFS_OF_THREE.texts, np.eye(384, dtype=np.float32)[:3])
    past = Examples(["pick"] * 500, vectors[100:], days=np.arange(500.0))
    classifier = SectionClassifier().fit(past, [briefs.keys[section] for section in y[100:]], briefs)
    new = Examples(["new"] * 100, vectors[:100])
    assert np.mean(classifier.predict(new) == NO_SECTION) < 0.1


def test_nearness_is_averaged_over_one_three_and_ten_picks() -> None:
    """Of twelve picks the nearest alone, the nearest three, the nearest ten; fewer where a section has fewer."""
    cosines = np.r_[np.linspace(0.9, 0.35, 12), 0.5, 0.3]
    vectors = np.column_stack([cosines, np.sqrt(1 - cosines**2), np.zeros(14)])
    found = _features(vectors, [0.0] * 14, [0] * 12 + [1] * 2, [1, 0, 0])
    assert found["nearest1"] == pytest.approx([0.9, 0.5])
    assert found["nearest3"] == pytest.approx([cosines[:3].mean(), 0.4])
    assert found["nearest10"] == pytest.approx([cosines[:10].mean(), 0.4])


def test_centroids_follow_the_latest_picks() -> None:
    """A section that changed its subject a year ago has its centroid at the new one."""
    vectors, days = np.eye(3)[[0, 0, 2, 2, 2, 1, 1]], [0.0, 0.0, 90.0, 180.0, 270.0, 365.0, 365.0]
    earlier = _features(vectors, days, [0, 0, 1, 1, 1, 0, 0], [1, 0, 0])["centroid"][0]
    now = _features(vectors, days, [0, 0, 1, 1, 1, 0, 0], [0, 1, 0])["centroid"][0]
    assert now > 2 * earlier


def test_priors_follow_the_latest_picks() -> None:
    """Of two sections with as many picks, the one used lately has the higher prior."""
    past, lately = _features(np.eye(3)[[0, 0, 1, 1]], [0.0, 0.0, 365.0, 365.0], [0, 0, 1, 1], [1, 0, 0])["prior"]
    assert lately > past + 1


def test_intercepts_follow_the_share_of_a_section() -> None:
    """Where titles say nothing, a section is as probable as it is frequent, though small ones weigh more in the fit."""
    keys = ["machines" if n % 10 == 0 else "people" for n in range(400)]
    same = np.full((400, 2), np.sqrt(0.5), dtype=np.float32)
    past = Examples(["a title"] * 400, same, days=np.arange(400, dtype=float))
    found = SectionClassifier().fit(past, keys, BRIEFS)
    people, machines = found.section_probabilities(Examples(["a title"], same[:1]))[0]
    assert machines / (people + machines) == pytest.approx(0.1, abs=0.05)
    assert found.intercepts_.sum() == pytest.approx(0, abs=1e-3)


def test_links_inside_prose_do_not_count_as_runs_of_a_section() -> None:
    """A section's links inside prose teach what it is about, not how often it runs a story."""
    keys = ["machines" if n % 2 else "people" for n in range(400)]
    same = np.full((400, 2), np.sqrt(0.5), dtype=np.float32)
    past = Examples(["a title"] * 400, same, days=np.arange(400, dtype=float))
    is_title = [key == "people" or n % 20 == 1 for n, key in enumerate(keys)]
    found = SectionClassifier().fit(past, keys, BRIEFS, is_title)
    people, machines = found.section_probabilities(Examples(["a title"], same[:1]))[0]
    assert people > 4 * machines


def test_an_offset_leaves_what_is_missing() -> None:
    """Intercepts fitted beside logits that already say the share are zero."""
    y = np.repeat([0, 1], [90, 10])
    logits = np.tile(np.log([0.9, 0.1]), (100, 1))
    is_section = np.broadcast_to(np.eye(2), (100, 2, 2))
    assert conditional_logit(is_section, y, C=0.1, offset=logits) == pytest.approx([0, 0], abs=1e-3)
    assert conditional_logit(is_section, y, C=1e6)[0] == pytest.approx(np.log(9) / 2, abs=1e-3)


@pytest.mark.parametrize(("more", "learned"), [(0, True), (-1, False)])
def test_weights_are_learned_from_enough_picks(more: int, learned: bool) -> None:
    """As many picks as are needed, after as many before them; with one less the default weights stay."""
    n = 2 * MIN_PICKS + more
    keys = ["people" if k % 2 else "machines" for k in range(n)]
    vectors = np.array([[1.0, 0.1 * (k % 5)] if k % 2 else [0.1 * (k % 5), 1.0] for k in range(n)], np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    days = np.array([1.0] * MIN_PICKS + [2.0] * (n - MIN_PICKS))
    examples = Examples([f"title {k}" for k in range(n)], vectors, days=days)
    classifier = SectionClassifier().fit(examples, keys, BRIEFS)
    assert (not np.array_equal(classifier.weights_, DEFAULT_WEIGHTS)) is learned
