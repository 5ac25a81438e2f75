"""A sentence of instructions moves articles into a section that never ran, with the shipped embedding model."""

import numpy as np
import pytest

from models.embedder import SentenceEmbedder
from models.examples import Briefs, Examples
from models.section_features import MIN_PICKS
from models.sections import NO_SECTION, SectionClassifier

PEOPLE = (
    "a one-to-one", "a retrospective", "an honest review", "delegation", "a difficult conversation", "mentoring",
    "a new team lead", "remote work", "burnout", "trust among colleagues", "a reorganisation", "onboarding",
)  # fmt: skip
MACHINES = (
    "a parallel file system", "a batch queue", "a GPU node", "a container image", "a network switch", "a backup",
    "liquid cooling", "a tape library", "an MPI program", "object storage", "a login node", "compiler flags",
)  # fmt: skip
WAYS = (
    "How to plan {}", "What {} taught us", "When {} goes wrong", "{}, one year on", "Notes on {}",
    "The hidden cost of {}", "A small study of {}",
)  # fmt: skip
JOBS = ("Research engineer wanted in Leiden", "We are hiring a head of research IT", "Vacancy: data steward, part-time")
OTHERS = ("How to prepare a retrospective", "Choosing a parallel file system")
INSTRUCTION = "Jobs: vacancies, positions that are open, whom we and others hire."


@pytest.fixture(scope="module")
def embed():
    """The shipped model's vectors of titles."""
    return SentenceEmbedder().embed


@pytest.fixture(scope="module")
def archive(embed) -> tuple[Examples, list[str]]:
    """Past picks of two sections, enough to learn the weights from."""
    titled = [(way.format(thing).capitalize(), key) for way in WAYS
              for key, things in (("people", PEOPLE), ("machines", MACHINES)) for thing in things]  # fmt: skip
    titles = [title for title, _ in titled]
    assert len(titles) > 2 * MIN_PICKS
    return Examples(titles, embed(titles), days=np.arange(len(titles), dtype=float)), [key for _, key in titled]


def places(embed, archive, text: str, titles: tuple[str, ...]) -> tuple[list[str], np.ndarray]:
    """Classes of titles, and their probabilities of the third section, where `text` describes it."""
    briefs = ["People. Teams and their managers.", "Machines. Computers and storage.", text]
    classifier = SectionClassifier().fit(*archive, Briefs(["people", "machines", "board"], briefs, embed(briefs)))
    examples = Examples(titles, embed(titles))
    return list(classifier.predict(examples)), classifier.section_probabilities(examples)[:, 2]


def test_a_sentence_moves_articles_into_a_new_section(embed, archive):
    """Job titles are in the new section once a sentence says that jobs belong there; other titles stay."""
    before, without = places(embed, archive, "Noticeboard.", JOBS)
    after, given = places(embed, archive, f"Noticeboard. {INSTRUCTION}", JOBS)
    assert before.count("board") < len(JOBS)
    assert after == ["board"] * len(JOBS)
    assert (given > without + 0.1).all()
    assert places(embed, archive, f"Noticeboard. {INSTRUCTION}", OTHERS)[0] == ["people", "machines"]


def test_what_no_section_is_for_fits_none(embed, archive):
    """A recipe belongs to none of the sections, and past picks belong to theirs."""
    classes, _ = places(embed, archive, f"Noticeboard. {INSTRUCTION}", ("Sourdough crumpets with rhubarb jam",))
    assert classes == [NO_SECTION]
