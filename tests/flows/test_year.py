"""A simulated year in small; the long one is `python -m bench.year`."""

import os

import pytest

from bench.year import ENTRIES, FEEDS, simulate

# each night's readers are processes that end with the night
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.mark.skipif(not os.environ.get("TRIAGE_SLOW"), reason="ten seconds and more: .ci/run sets TRIAGE_SLOW")
def test_store_is_bounded_and_every_date_has_one_night(tmp_path):
    """What is older than it should be goes, though its feed still shows it; a second firing makes no second night."""
    *_, last = simulate(tmp_path / "letter", nights=5, keep_days=1, every=5)
    assert last["nights_kept"] == 5
    assert last["articles"] < FEEDS * ENTRIES * 5  # of five days; the first ones are gone
