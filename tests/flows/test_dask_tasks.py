"""What a cluster does not give back is done by the night itself."""

import weakref
from concurrent.futures import CancelledError
from dataclasses import replace

import pytest

from flows import dask_tasks
from pipeline.core.config import FeedEntry


class Future:
    """A future of a batch: its result is there, lost with its worker, or never comes."""

    loss: Exception = TimeoutError()

    def __init__(self, result=None, *, done=True, announced=1):
        self._result, self._done, self._announced = result, done, announced

    def add_done_callback(self, callback):
        """Announce a result as often as it is computed."""
        for _ in range(self._announced if self._done else 0):
            callback(self)

    def result(self, timeout, raise_on_failure):
        """Return the result, or the error that the work ended with; raise what Dask raises where it is gone."""
        if self._result is None:
            raise self.loss
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


@pytest.mark.parametrize("error", [ValueError("a bug"), TimeoutError("an hour is over")])
def test_a_fault_in_a_batch_stops_the_night(error):
    """An error of the work itself, a timeout too, is no silence of the cluster."""
    with pytest.raises(type(error), match=str(error)):
        list(dask_tasks.completed([(Future(error), "a")], str.upper))


@pytest.mark.parametrize("loss", [TimeoutError(), CancelledError("scheduler-connection-lost"), OSError("closed")])
def test_what_a_lost_scheduler_cancels_is_done_here(caplog, monkeypatch, loss):
    """However Dask says that a result is gone, the batch is done here, and no other twice."""
    monkeypatch.setattr(Future, "loss", loss)
    here = []
    sent = [(Future("A"), "a"), (Future(None), "b"), (None, "c")]
    assert dict(dask_tasks.completed(sent, lambda batch: here.append(batch) or batch.upper())) == {
        0: "A",
        1: "B",
        2: "C",
    }
    assert here == ["b", "c"]


def test_a_cluster_that_takes_no_batch_is_asked_once(workspace, caplog):
    """Where Dask's client is closed, what was not sent is done here."""
    asked = []

    def send(n, batch):
        asked.append(n)
        if n:
            raise RuntimeError("Tried sending message after closing")
        return Future(batch.upper())

    sent = dask_tasks.DaskCluster(workspace)._submitted(["a", "b", "c"], send)
    assert dict(dask_tasks.completed(sent, str.upper)) == {0: "A", 1: "B", 2: "C"}
    assert asked == [0, 1]
    assert "takes no more batches (Tried sending message after closing)" in caplog.text


def test_results_are_freed_as_they_are_stored():
    """The memory of a night on a cluster is that of the batches in hand, not of all of them."""
    alive = weakref.WeakSet()

    def sent():
        futures = [Future(str(n)) for n in range(5)]
        alive.update(futures)
        return [(future, "") for future in futures]

    counts = [len(alive) for _ in dask_tasks.completed(sent(), str.upper)]
    assert counts == [4, 3, 2, 1, 0]


def test_workers_are_not_given_the_secrets_of_other_feeds(workspace):
    """A batch carries its own feeds; the newsletter that goes with it has none."""
    workspace = replace(workspace, newsletter=replace(workspace.newsletter, feeds=(FeedEntry("https://a.example/f"),)))
    assert dask_tasks.DaskCluster(workspace).newsletter.feeds == ()
