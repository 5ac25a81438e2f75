"""Compare embedding models by replaying past issues with each, and switch the newsletter from one to another."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from models.embedder import SentenceEmbedder, UnknownModelError, load_embedder
from models.embedder_benchmark import measure_embedder
from models.intervals import Interval, bootstrap
from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.core.errors import InputError
from pipeline.core.types import Progress, StepReport
from pipeline.evaluation.json_report import finite, section_record
from pipeline.evaluation.results import OURS, Replay, figures_of
from pipeline.ops.newsletter_file import save_settings
from pipeline.ranking.snapshot import load_snapshot
from pipeline.steps.embed import embed_articles
from pipeline.steps.replay import replay_issues, select_issues
from pipeline.store.database import Database

SPEED_TEXTS = 512  # titles embedded to measure a model's speed and memory
BYTES_PER_MB = 1_000_000

Bar = Callable[[str], AbstractContextManager[Progress]]


@dataclass(frozen=True)
class ModelFigures:
    """One embedding model's replay, speed and size."""

    model: str  # as it is named in newsletter.toml
    identity: str
    figures: dict[str, float]  # of the replay, as `triage replay` prints them; empty if nothing can be measured
    section_top1: float | None
    gain: Interval | None  # of nDCG@20 against the first model, paired by issue; None for the first
    texts_per_second: float
    memory_mb: float  # peak of a process that embeds with it
    disk_mb: float | None  # the model's files; None for the hashing embedder

    def as_record(self) -> dict[str, Any]:
        """Return the figures as plain values; what cannot be measured is null."""
        record: dict[str, Any] = finite(asdict(self))
        return record


def compare_embedders(
    database: Database, newsletter: Newsletter, names: Sequence[str], as_of: AsOf, last: int, bar: Bar
) -> list[ModelFigures]:
    """Replay the last issues with each embedding model.

    The vectors of each model are stored, so that a later switch to it starts at once; nothing else changes.

    Parameters
    ----------
    names : sequence of str
        Models as newsletter.toml names them; the first is the one the others are compared with.
    last : int
        How many of the newest issues are replayed.
    bar : callable
        Given a label, opens a progress bar.

    Raises
    ------
    InputError
        If a model is not on this machine.
    """
    found: list[ModelFigures] = []
    first: Replay | None = None
    for name in names:
        _load(name)  # all names are checked before the long work begins
    for name in names:
        embedder = _load(name)
        with bar(f"{name}: texts") as progress:
            embed_articles(database, embedder, as_of, progress)
        snapshot = load_snapshot(database, replace(newsletter, embedding_model=name), embedder, as_of)
        with bar(f"{name}: issues") as progress:
            replay = replay_issues(snapshot, select_issues(snapshot.issues, last=last), progress=progress)
        titles = [*snapshot.article_examples.titles, *snapshot.pick_examples.titles][:SPEED_TEXTS]
        speed, memory_mb = measure_embedder(name, titles)
        found.append(
            ModelFigures(
                name,
                embedder.identity,
                {} if replay.unmeasurable_reason else figures_of(replay)[OURS],
                section_record(replay).get("top1"),
                _gain(first, replay) if first else None,
                speed,
                memory_mb,
                _disk_mb(embedder),
            )
        )
        first = first or replay
    return found


def switch_embedder(database: Database, file: Path, name: str, as_of: AsOf, progress: Progress) -> StepReport:
    """Embed everything with another model, then name that model in newsletter.toml; its comments stay.

    A run that is interrupted leaves newsletter.toml as it was, and the next one embeds only what is missing.
    The vectors of the earlier model are kept, so switching back needs no embedding.

    Parameters
    ----------
    file : Path
        newsletter.toml.

    Raises
    ------
    InputError
        If the model is not on this machine.
    """
    report = embed_articles(database, _load(name), as_of, progress)
    save_settings(file, {}, {"embedding": {"model": name}})
    return report


def _load(name: str) -> Any:
    try:
        return load_embedder(name)
    except UnknownModelError as error:
        raise InputError(str(error)) from error


def _gain(first: Replay, other: Replay) -> Interval:
    """Return the paired difference of nDCG@20, issue by issue."""
    before = {outcome.issue: outcome.figures(OURS)["ndcg@20"] for outcome in first.measurable}
    after = {outcome.issue: outcome.figures(OURS)["ndcg@20"] for outcome in other.measurable}
    return bootstrap([after[issue] - before[issue] for issue in before if issue in after])


def _disk_mb(embedder: Any) -> float | None:
    if not isinstance(embedder, SentenceEmbedder):
        return None
    return sum(file.stat().st_size for file in embedder.folder.rglob("*") if file.is_file()) / BYTES_PER_MB
