"""What the page offers to skip holds one pick in twenty issues, as far as the probabilities know."""

import re
from datetime import UTC, datetime

import pytest

from pipeline.desk.bulk import tail_of
from pipeline.store.shortlist import Story

VISIBLE = re.compile(r"<(style|script).*?</\1>", re.DOTALL)
NOON = datetime(2026, 1, 9, 12, tzinfo=UTC)


def stories(*probabilities: float) -> list[Story]:
    """Undecided stories of these probabilities."""
    fields = {"author": None, "published": None, "first_seen": NOON, "section": None, "section_probability": None}
    return [
        Story(n, str(n), f"https://a.example/{n}", "T", "a.example", relevance=p, **fields)
        for n, p in enumerate(probabilities, 1)
    ]


def test_tail_holds_a_twentieth_of_a_pick():
    """Forty stories at 0.001 are in it, ten at 0.004 are not; of ninety equal ones none is less probable."""
    tail = tail_of(stories(0.5, *[0.004] * 10, *[0.001] * 40))
    assert (tail.left.stories, tail.below, tail.is_all) == (40, 0.004, False)
    assert tail.left.expected == pytest.approx(0.04)
    assert tail_of(stories(0.5, *[0.001] * 90)) is None


def test_short_or_probable_tail_is_not_offered():
    """Four stories are read sooner than skipped; where none is improbable there is no tail."""
    assert tail_of(stories(0.5, *[0.001] * 4)) is None
    assert tail_of(stories(*[0.06] * 50)) is None


def test_all_that_is_left_can_be_the_tail():
    """When everything probable is decided, what is left is the tail."""
    tail = tail_of(stories(*[0.001] * 20))
    assert (tail.is_all, tail.left.stories) == (True, 20)


def test_nothing_is_promised_where_too_little_is_known(client, desk):
    """Without past issues no page and no answer shows a percentage or says how many picks are left."""
    pages = ["/", f"/story/{desk.stories()[0].id}", "/update"]
    assert not desk.is_calibrated
    assert not any(re.search(r"\d ?%", VISIBLE.sub("", client.get(page).text)) for page in pages)
    assert "more</strong>" not in client.get("/").text
    answer = client.get("/api/stories").json()
    assert (answer["remaining"], answer["is_guess"]) == (None, True)
    assert set(client.get("/update").json()["percent"]) == {None}
    desk.is_calibrated = True
    assert "more</strong>" in client.get("/").text
    assert re.search(r"\d%", client.get("/").text)
    answer = client.get("/api/stories").json()
    assert answer["remaining"]["stories"] == 30
    assert not answer["is_guess"]
