"""Sections are learned from past picks and from what the editor says belongs in them."""

import numpy as np

from models.examples import Briefs, Examples
from models.sections import DEFAULT_WEIGHTS, SectionClassifier
from models.title_patterns import FORMS, forms_of

BRIEFS = Briefs(["people", "machines"], ["People. teams, managers", "Machines. computers"], np.eye(2, dtype=np.float32))


def test_instructions_alone_place_an_article() -> None:
    """With no past pick, an article goes where the section's own words point."""
    none = Examples([], np.zeros((0, 2), np.float32))
    article = Examples(["new computers"], np.array([[0.1, 0.99]], np.float32))
    probabilities = SectionClassifier().fit(none, [], BRIEFS).predict_proba(article)
    assert probabilities.shape == (1, 2)
    assert probabilities[0, 1] > probabilities[0, 0]


def test_an_article_far_from_every_section_fits_none() -> None:
    """What resembles no section and no past pick leaves its probability to "none"."""
    none = Examples([], np.zeros((0, 2), np.float32))
    stranger = Examples(["gardening"], np.array([[-0.7, -0.7]], np.float32))
    assert SectionClassifier().fit(none, [], BRIEFS).predict_proba(stranger).sum() < 0.1


def _archive(n: int = 300) -> tuple[Examples, list[str]]:
    """Picks whose vectors say their section; a third section has no picks at all."""
    random = np.random.default_rng(0)
    y = random.integers(0, 2, n)
    vectors = np.eye(3)[y] + 0.3 * random.normal(size=(n, 3))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Examples([f"pick {i}" for i in range(n)], vectors.astype(np.float32), days=np.arange(n, dtype=float)), [
        ("people", "machines")[section] for section in y
    ]


def test_past_picks_teach_and_their_weights_are_rehearsed() -> None:
    """With past picks the weights are learned, and articles go where their like went."""
    examples, keys = _archive()
    briefs = Briefs([*BRIEFS.keys, "events"], [*BRIEFS.texts, "Events."], np.eye(3, dtype=np.float32))
    classifier = SectionClassifier().fit(examples, keys, briefs)
    found = classifier.classes_[classifier.predict_proba(examples).argmax(axis=1)]
    assert np.mean(found == keys) > 0.95
    assert not np.array_equal(classifier.weights_, DEFAULT_WEIGHTS)


def test_a_section_without_picks_is_found_by_its_brief() -> None:
    """Shared weights serve a section that never ran."""
    examples, keys = _archive()
    briefs = Briefs([*BRIEFS.keys, "events"], [*BRIEFS.texts, "Events."], np.eye(3, dtype=np.float32))
    article = Examples(["a conference"], np.array([[0.0, 0.0, 1.0]], np.float32))
    assert SectionClassifier().fit(examples, keys, briefs).predict_proba(article)[0].argmax() == 2


def test_titles_are_read_for_dates_calls_and_meetings() -> None:
    """A date, a word of calling, a meeting: what calls and events have in common whatever they are about."""
    marks = forms_of(["Call for papers: storage, due 3 May", "Tape workshop", "A drawer of things", ""]).toarray()
    assert list(FORMS) == ["date", "calling", "meeting"]
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
