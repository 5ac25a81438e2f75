"""What a cluster does not give back is done by the night itself."""

import weakref
from concurrent.futures import CancelledError
from dataclasses import replace
from uuid import uuid4

import pytest

from flows import dask_tasks
from pipeline.core.config import FeedEntry
from pipeline.core.types import Feed, Fetched
from pipeline.feeds.reader import FeedResult
from pipeline.ops.arrow_batches import ResultBatch
from pipeline.steps.pull import Pull


class Future:
    """A future of a batch: its result is there, lost with its worker, or never comes."""

    loss: Exception = TimeoutError()

    def __init__(self, result=None, *, done=True, announced=1):
        self._result, self._done, self._announced = result, done, announced
        self.task_run_id = uuid4()

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
def ended(monkeypatch):
    """A cluster that is silent for a moment is given up. Gives the task runs that are ended for that."""
    monkeypatch.setattr(dask_tasks, "SILENCE_SECONDS", 0.05)
    ended = []
    monkeypatch.setattr(dask_tasks, "end_lost_task_runs", ended.extend)
    return ended


def sender(*rounds):
    """Return a `send` that gives each batch's future of the first round, then of the second, and what it was asked."""
    asked = []

    def send(n, batch):
        asked.append(batch)
        return rounds[asked.count(batch) - 1][n]

    return send, asked


def test_batches_that_do_not_come_back_are_done_here(caplog, ended):
    """One is never done, one is lost twice: both are made here, the others are not made twice."""
    here = []
    first, again = [Future("A"), Future(done=False), Future(None), Future("D")], Future(None)
    send, asked = sender(first, [again] * 4)
    found = dict(dask_tasks.completed("abcd", send, lambda batch: here.append(batch) or batch.upper()))
    assert found == {0: "A", 1: "B", 2: "C", 3: "D"}
    assert (here, asked) == (["b", "c"], [*"abcd", "c"])
    assert set(ended) == {first[1].task_run_id, first[2].task_run_id, again.task_run_id}
    assert "2 of 4 batches did not come back" in caplog.text


@pytest.mark.parametrize("loss", [TimeoutError(), CancelledError("scheduler-connection-lost"), OSError("closed")])
def test_what_a_restarted_scheduler_cancels_is_sent_to_it_again(caplog, monkeypatch, loss):
    """However Dask says that a result is gone, the new workers do the batch, and the night none."""
    monkeypatch.setattr(Future, "loss", loss)
    send, asked = sender([Future("A"), Future(None), Future(None)], [None, Future("B"), Future("C")])
    assert dict(dask_tasks.completed("abc", send, pytest.fail)) == {0: "A", 1: "B", 2: "C"}
    assert asked == [*"abc", *"bc"]
    assert "2 of 3 batches were lost with their workers and sent again" in caplog.text


def test_a_result_computed_twice_is_taken_once(caplog):
    """A batch lost with its worker and computed by another announces itself twice."""
    send, _ = sender([Future("A", announced=2), Future("B")])
    assert list(dask_tasks.completed("ab", send, pytest.fail)) == [(0, "A"), (1, "B")]
    assert not caplog.text


@pytest.mark.parametrize("error", [ValueError("a bug"), TimeoutError("an hour is over")])
def test_a_fault_in_a_batch_stops_the_night(error):
    """An error of the work itself, a timeout too, is no silence of the cluster."""
    with pytest.raises(type(error), match=str(error)):
        list(dask_tasks.completed("a", sender([Future(error)])[0], pytest.fail))


def test_a_cluster_that_takes_no_batch_is_asked_once(workspace, caplog):
    """Where Dask's client is closed, what was not sent is done here."""
    asked = []

    def send(n, batch):
        asked.append(n)
        if n:
            raise RuntimeError("Tried sending message after closing")
        return Future(batch.upper())

    send_in_flow = dask_tasks.DaskCluster(workspace)._in_flow(send)
    assert dict(dask_tasks.completed("abc", send_in_flow, str.upper)) == {0: "A", 1: "B", 2: "C"}
    assert asked == [0, 1]
    assert "takes no more batches (Tried sending message after closing)" in caplog.text


def test_results_are_freed_as_they_are_stored():
    """The memory of a night on a cluster is that of the batches in hand, not of all of them."""
    alive = weakref.WeakSet()

    def send(n, batch):
        alive.add(future := Future(str(n)))
        return future

    assert [len(alive) for _ in dask_tasks.completed("abcde", send, pytest.fail)] == [4, 3, 2, 1, 0]


def test_workers_are_not_given_the_secrets_of_other_feeds(workspace):
    """A batch carries its own feeds; the newsletter that goes with it has none."""
    workspace = replace(workspace, newsletter=replace(workspace.newsletter, feeds=(FeedEntry("https://a.example/f"),)))
    assert dask_tasks.DaskCluster(workspace).newsletter.feeds == ()


def test_the_bar_of_a_pull_moves_with_each_batch(workspace, monkeypatch):
    """As in a night without a cluster: so many of the feeds are stored."""
    feeds = [Feed(f"https://{host}.example/f") for host in "abc"]
    pull = Pull(workspace.database, workspace.newsletter, workspace.as_of)
    pull._due, pull.batches = feeds, [[feed] for feed in feeds]
    read = [ResultBatch.pack([FeedResult(feed, Fetched(feed.url, feed.url, 304))]) for feed in feeds]
    monkeypatch.setattr(dask_tasks, "completed", lambda *given: enumerate(read))
    told = []
    dask_tasks.DaskCluster(workspace).pull(pull, lambda *bar: told.append(bar))
    assert told == [(1, 3), (2, 3), (3, 3)]
