"""Outlet names are learned from past bylines."""

from datetime import date

from pipeline.core.types import Issue, Pick
from pipeline.drafts.outlets import learn_outlets


def issue(*bylines: tuple[str, str, str]) -> Issue:
    """Build an issue of (section, url, byline)."""
    picks = (Pick(s, "t", url, n, n, s, byline) for n, (s, url, byline) in enumerate(bylines, 1))
    return Issue(1, date(2021, 1, 1), picks=tuple(picks))


def test_outlet_is_what_the_bylines_of_a_site_agree_on() -> None:
    """A magazine by its short name, a blog by its author; a site of many authors has none."""
    learned = learn_outlets(
        [
            issue(
                ("teams", "https://www.mag.example/1", "Ann Low, MAG"), ("teams", "https://mag.example/2", "Bob, MAG")
            ),
            issue(("teams", "https://blog.example/1", "Cleo Ray"), ("teams", "https://blog.example/2", "Cleo Ray")),
            issue(("teams", "https://many.example/1", "Ann"), ("teams", "https://many.example/2", "Bob")),
        ]
    )
    assert learned == {"mag.example": "MAG", "blog.example": "Cleo Ray"}


def test_dates_of_calls_name_nobody() -> None:
    """In calls and events the byline is no author."""
    assert learn_outlets([issue(("calls", "https://c.example", "Papers due 1 May"))], {"calls"}) == {}
