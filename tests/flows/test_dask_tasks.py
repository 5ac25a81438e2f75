"""What a cluster does not give back is done by the night itself."""

import pytest

from flows import dask_tasks


class Future:
    """A future of a batch: its result is there, lost with its worker, or never comes."""

    def __init__(self, result=None, *, done=True, announced=1):
        self._result, self._done, self._announced = result, done, announced

    def add_done_callback(self, callback):
        """Announce a result as often as it is computed."""
        for _ in range(self._announced if self._done else 0):
            callback(self)

    def result(self, timeout):
        """Return the result, or time out as for one whose worker is gone."""
        if self._result is None:
            raise TimeoutError
        return self._result


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """A cluster that is silent for a moment is given up."""
    monkeypatch.setattr(dask_tasks, "SILENCE_SECONDS", 0.05)


def test_batches_that_do_not_come_back_are_done_here(caplog):
    """One is never done, one is done and its result is gone: both are made here, the others are not made twice."""
    here = []
    sent = [(Future("A"), "a"), (Future(done=False), "b"), (Future(None), "c"), (Future("D"), "d")]
    found = dict(dask_tasks.completed(sent, lambda batch: here.append(batch) or batch.upper()))
    assert found == {0: "A", 1: "B", 2: "C", 3: "D"}
    assert here == ["b", "c"]
    assert "2 of 4 batches did not come back" in caplog.text


def test_a_result_computed_twice_is_taken_once(caplog):
    """A batch lost with its worker and computed by another announces itself twice."""
    sent = [(Future("A", announced=2), "a"), (Future("B"), "b")]
    assert list(dask_tasks.completed(sent, str.upper)) == [(0, "A"), (1, "B")]
    assert not caplog.text


def test_a_fault_in_a_batch_stops_the_night():
    """An error of the work itself is no silence of the cluster."""

    class Broken(Future):
        def result(self, timeout):
            raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        list(dask_tasks.completed([(Broken(), "a")], str.upper))
