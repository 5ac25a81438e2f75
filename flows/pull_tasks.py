"""The pull of a nightly run as Prefect tasks: one for each batch of hosts, with a state and retries of its own."""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.artifacts import PullProgress
from pipeline.core.counted import counted
from pipeline.core.errors import TriageError
from pipeline.feeds.reader import FeedReader, FeedResult
from pipeline.ops import runner
from pipeline.steps.pull import BATCHES_AT_ONCE, Pull

HOUR_S = 3600.0
NETWORK_RETRY_S = [5.0, 20.0]  # a laptop that just woke has no network yet
WARNING_STATE = "CompletedWithWarnings"


class NoFeedAnsweredError(TriageError):
    """No server of a batch answered, so the network is likely down: worth a retry."""

    def __init__(self, message: str, results: Sequence[FeedResult] = ()) -> None:
        super().__init__(message, results)
        self.message, self.results = message, results

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        # Prefect logs it: without the results, which hold the feeds' secret addresses
        return f"{type(self).__name__}({self.message!r})"


def _may_pass(_task: object, _run: object, state: State[Any]) -> bool:
    """Return whether a retry may help: nothing answered. A store that cannot be written, or a bug, does not pass."""
    return isinstance(state.data, NoFeedAnsweredError)


BATCH_OPTIONS: dict[str, Any] = {
    "name": "pull-feeds",
    "task_run_name": "pull-feeds {number} of {total}",
    "tags": ["triage-pull"],  # `prefect concurrency-limit create triage-pull 4` limits the batches of all newsletters
    "retries": len(NETWORK_RETRY_S),
    "retry_delay_seconds": NETWORK_RETRY_S,
    "retry_condition_fn": _may_pass,
    "timeout_seconds": HOUR_S,
    "cache_policy": NO_CACHE,
    "persist_result": False,
}


class LocalPull:
    """A pull on this machine: its batches share one HTTP client and the parser processes."""

    def __init__(self, pull: Pull, reader: FeedReader, progress: PullProgress) -> None:
        self.pull, self.reader, self.progress = pull, reader, progress

    async def read(self, number: int) -> list[FeedResult]:
        """Read a batch, numbered from 1, and store it."""
        results = await self.reader.read(self.pull.batches[number - 1], self._store)
        await self.progress.update(len(self.pull.results), self.pull.n_due)
        return results

    def _store(self, results: Sequence[FeedResult]) -> None:
        try:
            self.pull.store(results)
        except BaseException as error:
            error.add_note(runner.STEP_ERROR)
            raise


@task(**BATCH_OPTIONS)
async def pull_batch(number: int, total: int, local: LocalPull) -> State[None]:
    """Fetch, parse and store a batch of feeds."""
    state = batch_state(check_answers(await local.read(number)))
    level = logging.WARNING if state.name == WARNING_STATE else logging.INFO
    runner.log.log(level, "pull      batch %d of %d: %s", number, total, state.message, extra=runner.IS_DETAIL)
    return state


def batch_state(results: Sequence[FeedResult], data: Any = None) -> State[Any]:
    """Return the state in which a batch ends: completed, with a warning if feeds failed."""
    failed = [result for result in results if result.error is not None]
    entries = sum(len(result.articles) for result in results)
    read = f"{counted(len(results), 'feed')}, {counted(entries, 'entry', 'entries')}"
    if failed:
        read += f", {len(failed)} failed: {count_reasons(failed)}"
        return Completed(name=WARNING_STATE, message=read, data=data)
    return Completed(message=read, data=data)


async def pull_batches(pull: Pull) -> None:
    """Read all batches here, some at once. A batch that stays without an answer leaves the others to go on."""
    if not pull.batches:
        return
    slots, total = asyncio.Semaphore(BATCHES_AT_ONCE), len(pull.batches)
    progress = await PullProgress.create(pull.newsletter.name)
    async with FeedReader(pull.newsletter, pull.as_of.time) as reader:
        local = LocalPull(pull, reader, progress)

        async def one(number: int) -> None:
            async with slots:
                await pull_batch(number, total, local)

        outcomes = await asyncio.gather(*(one(n) for n in range(1, total + 1)), return_exceptions=True)
    for outcome in outcomes:
        if outcome is not None and not isinstance(outcome, NoFeedAnsweredError):
            raise outcome


def check_answers(results: list[FeedResult]) -> list[FeedResult]:
    """Return the results of a batch.

    Raises
    ------
    NoFeedAnsweredError
        If no server answered.
    """
    if results and not any(result.answered for result in results):
        raise NoFeedAnsweredError(f"none of {len(results)} feeds answered: {count_reasons(results)}", results)
    return results


def count_reasons(failed: Sequence[FeedResult]) -> str:
    """Return the reason codes of failed feeds with their numbers, the most frequent first: "timeout 3, tls 1"."""
    counted = Counter(result.reason or "unknown" for result in failed)
    return ", ".join(f"{reason} {n}" for reason, n in counted.most_common())
