"""The shortlist is filtered, sorted and described without surprise."""

from datetime import timedelta

import pytest

from helpers import NOW
from pipeline.desk.listing import age, as_record, choose, reading_minutes, short_ids
from pipeline.store.shortlist import Story


def story(id: str, rank: int = 1, **fields: object) -> Story:
    known = {"section": None, "title": f"Story {id}", "source": "a.example", "author": None}
    dates = {"published": NOW, "first_seen": NOW, "section_probability": 0.5}
    return Story(rank=rank, id=id, url=f"https://a.example/{id}", **{**known, **dates, **fields})  # type: ignore[arg-type]


def test_filters_add_up():
    """Section, state, source and words each narrow the list; together they narrow it further."""
    rows = [
        story("a", 1, section="teams", title="Blameless reviews"),
        story("b", 2, section="teams", state="picked", title="Blameless postmortems"),
        story("c", 3, section="data", title="Blameless data", text="Seen in İstanbul, at a cafe\u0301"),
    ]
    assert [s.id for s in choose(rows, words="BLAMELESS")] == ["a", "b", "c"]
    assert [s.id for s in choose(rows, section="teams", state="new", words="blameless rev")] == ["a"]
    assert choose(rows, source="b.example") == []
    assert [s.id for s in choose(rows, words="istanbul CAFÉ")] == ["c"]


def test_sorts_by_what_is_asked():
    """By rank the best comes first, by date the newest, by section like stands with like."""
    rows = [
        story("a", 2, published=NOW, section="teams"),
        story("b", 1, published=NOW - timedelta(days=3), section="teams"),
        story("c", 3, published=None, first_seen=NOW - timedelta(days=1), section="data"),
    ]
    orders = {by: "".join(s.id for s in choose(rows, sort=by)) for by in ("rank", "date", "section")}
    assert orders == {"rank": "bac", "date": "acb", "section": "cba"}


@pytest.mark.parametrize(("hours", "said"), [(0.2, "just now"), (5, "5 h"), (49, "2 d"), (24 * 90, "3 months")])
def test_age_is_told_in_a_word(hours, said):
    """An age is short enough to be read in passing."""
    assert age(story("a", published=NOW - timedelta(hours=hours)), NOW) == said


def test_reading_time_is_unknown_without_the_text():
    """Minutes are estimated from the whole text only: a summary says nothing about the article's length."""
    assert reading_minutes(story("a", text="word " * 476)) == pytest.approx(2.0)
    assert reading_minutes(story("a", summary="word " * 476)) is None


def test_a_text_without_spaces_takes_its_time():
    """Two letters of a script without spaces count as a word, so that a long Chinese article is not one minute."""
    assert reading_minutes(story("a", text="图书馆编目的变化，" * 119)) == pytest.approx(2.0)


def test_short_ids_are_unique():
    """The beginning that is shown names one story only, and is never shorter than four digits."""
    shown = short_ids([story("aaaaaa11"), story("aaaaaa22"), story("bbbbbb33")])
    assert shown == {"aaaaaa11": "aaaaaa1", "aaaaaa22": "aaaaaa2", "bbbbbb33": "bbbb"}


def test_record_has_the_fields_of_the_contract():
    """Scripts find exactly the fields they were promised."""
    assert list(as_record(story("a"))) == [
        "rank", "id", "url", "title", "source", "published", "section", "section_probability", "sections", "relevance",
        "reasons", "state",
    ]  # fmt: skip


def test_a_narrowed_list_says_to_what(client):
    """One is no plural, and the last day has no number."""
    page = client.get("/?age=1&minutes=1").text
    assert " of the last day" in page
    assert "that fit into 1 minute." in page
    assert " of the last 3 days" in client.get("/?age=3").text
