"""What a model's pulls become in words."""

import pytest

from models.relevance import Pull
from pipeline.judgement import Relevance


class Explaining:
    """A ranker that explains every article by one pull."""

    def __init__(self, pull: Pull) -> None:
        self.pull = pull

    def explain(self, examples: object) -> list[list[Pull]]:
        return [[self.pull]]


def reason(pull: Pull):
    """The reason that a pull becomes, where example 1 ran in issue 118."""
    relevance = Relevance(Explaining(pull), [0, 118], ["", "https://a.example/1"])  # type: ignore[arg-type]
    return relevance.reasons(None, {"teams": "Managing Teams"})[0][0]  # type: ignore[arg-type]


def test_a_neighbour_names_its_issue_and_link():
    """The nearest past pick carries issue number and link, so that the editor can look."""
    found = reason(Pull("neighbour", "An old pick", 0.8, 1))
    assert (found.issue, found.url) == (118, "https://a.example/1")
    assert found.text == "like “An old pick”, picked in #118"


@pytest.mark.parametrize(
    ("pull", "text"),
    [
        (Pull("neighbour", "Gossip", -0.5, 0), "like “Gossip”, passed over"),
        (Pull("words", "webinar", -0.3), "“webinar” speaks against it"),
        (Pull("source", "a.example", 0.4), "a.example is often picked"),
        (Pull("section", "teams", 0.4), "fits Managing Teams"),
    ],
)
def test_every_kind_is_a_sentence(pull, text):
    """What speaks for a story and what speaks against it are told apart in words."""
    assert reason(pull).text == text
    assert reason(pull).issue is None
