"""The figures of a replay as JSON."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from pipeline.core.types import Issue, Pick
from pipeline.evaluation.json_report import section_record
from pipeline.evaluation.results import Outcome, Replay
from pipeline.ranking.snapshot import PublishedPick


@pytest.fixture
def replay() -> Replay:
    """One issue with a pick in section a, one in c and a link inside prose."""
    picks = [Pick("A", "1", None, 1, 1, section="a"), Pick("C", "2", None, 2, 2, section="c")]
    picks.append(replace(picks[0], kind="inline"))
    published = tuple(
        PublishedPick(Issue(1, date(2026, 1, 2), picks=tuple(picks)), pick, "", pick.title) for pick in picks
    )
    probabilities = np.array([[0.3, 0.1, 0.6], [0.2, 0.2, 0.6], [0.9, 0.1, 0.0]])
    none = np.zeros(0)
    outcome = Outcome(1, date(2026, 1, 2), [], [], [], [], published, none, {}, none, probabilities, published)
    return Replay([outcome], ["a", "b", "c"])


def test_sections_are_measured_on_title_lines(replay: Replay) -> None:
    """Of two picks one is put where it ran; the link inside prose does not count."""
    found = section_record(replay)
    assert (found["picks"], found["top1"], found["keys"]) == (2, 0.5, ["a", "b", "c"])
    assert found["confusion"] == [[0, 0, 1], [0, 0, 0], [0, 0, 1]]
    assert found["in_prose"] is False


def test_sections_of_prose_are_measured_on_its_links(replay: Replay) -> None:
    """A newsletter without a title line has figures too: all its links count, of all sections or of some."""
    (outcome,) = replay.outcomes
    prose = [replace(p, pick=replace(p.pick, kind="inline")) for p in outcome.picks]
    written = replace(replay, outcomes=[replace(outcome, picks=prose)])
    found = section_record(written)
    assert (found["picks"], found["top1"], found["in_prose"]) == (3, pytest.approx(2 / 3), True)
    assert section_record(written, ["a", "b"])["picks"] == 2


def test_sections_measured_alone_share_the_whole_probability(replay: Replay) -> None:
    """0.3 and 0.1 of two sections are 0.75 and 0.25 of these two: where the pick is right, 0.25 are missing."""
    found = section_record(replay, ["b", "a"])
    assert (found["picks"], found["top1"], found["keys"]) == (1, 1.0, ["a", "b"])
    assert found["calibration_error"] == pytest.approx(0.25)
