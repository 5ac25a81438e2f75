"""Ranking looks for no garbage cycles: nothing of what it makes is garbage."""

import gc

import pytest

from pipeline.core.collection import collection_paused


def test_collection_goes_on_after_the_outermost_pause():
    """A step within a step does not end the pause of the outer one."""
    with collection_paused():
        with collection_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


@collection_paused()
def broken() -> None:
    """Fail inside a pause."""
    raise ValueError("broken")


def test_collection_goes_on_after_an_error():
    """A step that fails leaves no process without collection."""
    with pytest.raises(ValueError, match="broken"):
        broken()
    assert gc.isenabled()
