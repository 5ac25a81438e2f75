"""Time the desk: a page of 5,000 candidates, deciding and re-ranking among 2,000, 500 decisions beside a night.

Run it with: python bench/desk.py
Times are of the server alone, over its web application. On a busy machine believe the processor's share.
"""

import asyncio
import tempfile
import threading
import time
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import httpx
import numpy as np

from models.embedder import HashingEmbedder
from models.examples import Briefs, Examples
from models.relevance import RelevanceRanker
from models.sections import SectionClassifier
from pipeline.core.types import Reason
from pipeline.core.urls import article_id
from pipeline.desk import commands
from pipeline.desk.rerank import LiveReranker
from pipeline.desk.session import Desk
from pipeline.desk.story_scorer import StoryScorer
from pipeline.desk.sync import JournalSync
from pipeline.desk.web import build
from pipeline.ops.workspace import Workspace
from pipeline.ranking.fitting import FittedRanker
from pipeline.store import shortlist
from pipeline.store.shortlist import Story

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
WORDS = ("cluster", "review", "feedback", "storage", "python", "queue", "metadata", "lab", "career", "outage")
THEMES, WIDTH = 40, 384
PAGE, CANDIDATES, PICKS, PASSED_OVER = 5000, 2000, 3000, 3000
EDITORS, DECISIONS = 2, 500


def main() -> None:
    """Print each figure beside its bound."""
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        desk = lay_desk(Path(folder) / "page", PAGE, rng)
        say("page of 5,000 candidates", asyncio.run(time_page(desk)), bound=100)
        desk = lay_desk(Path(folder) / "rank", CANDIDATES, rng)
        desk.use_reranker(reranker_of(desk, rng))
        say("decide and re-rank, to the answer", asyncio.run(time_deciding(desk)), bound=200)
        desk = lay_desk(Path(folder) / "night", DECISIONS, rng)
        print(f"decisions lost of {DECISIONS}, {EDITORS} editors and a night: {count_lost(desk)} (bound 0)")


def say(what: str, times: list[tuple[float, float]], bound: float) -> None:
    """Print the middle and the slow end of some times, and of the processor's share in them."""
    (middle, busy), (slow, slow_busy) = 1000 * np.percentile(times, [50, 95], axis=0)
    print(f"{what}: p50 {middle:.0f} ms, p95 {slow:.0f} ms (bound on p95: {bound:.0f} ms), n {len(times)};")
    print(f"  of it at work on the processor: p50 {busy:.0f} ms, p95 {slow_busy:.0f} ms")


def lay_desk(folder: Path, n: int, rng: np.random.Generator) -> Desk:
    """Lay n invented stories on a new shortlist."""
    workspace = Workspace.create(folder)
    keys = [section.key for section in workspace.newsletter.sections]
    reason = Reason("neighbour", "like “An old pick” in #118", 0.9, 118, "https://old.example/")
    with workspace.database.writing() as connection:
        for rank in range(1, n + 1):
            url = f"https://source{rank % 90}.example/{rank}"
            key = keys[rank % len(keys)]
            story = Story(
                rank, article_id(url), url, " ".join(rng.choice(WORDS, 8)), f"source{rank % 90}.example", "A. Writer",
                NOW, NOW, key, 0.5, {key: 0.5, keys[0]: 0.3}, 1 / (1 + rank),
                (reason, replace(reason, contribution=-0.2)),
            )  # fmt: skip
            shortlist.add(connection, story)
    return Desk(workspace)


def reranker_of(desk: Desk, rng: np.random.Generator) -> LiveReranker:
    """Fit a ranker on invented picks and others, and return the desk's re-ranker."""
    centres = rng.normal(size=(THEMES, WIDTH))
    seen = invent(PICKS + PASSED_OVER, centres, rng)
    y = rng.permutation(np.repeat([1, 0], [PICKS, PASSED_OVER]))
    ranker = RelevanceRanker().fit(seen, y, briefs=briefs(desk, centres))
    rows = desk.stories()
    candidates = invent(len(rows), centres, rng, [story.title for story in rows])
    classifier = SectionClassifier().fit(seen.take(slice(200)), ["teams", "data"] * 100, briefs(desk, centres))
    nothing = [0] * len(y)
    relevance = FittedRanker(ranker, nothing, [""] * len(y))
    return LiveReranker(StoryScorer(relevance, classifier, HashingEmbedder(), {}), candidates, [s.id for s in rows])


def invent(n: int, centres: np.ndarray, rng: np.random.Generator, titles: Sequence[str] = ()) -> Examples:
    """Invent n articles around some themes."""
    vectors = centres[rng.integers(THEMES, size=n)] + 0.7 * rng.normal(size=(n, WIDTH))
    return Examples(
        titles=titles or [" ".join(rng.choice(WORDS, 8)) for _ in range(n)],
        vectors=(vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32),
        sources=[f"source{i}.example" for i in rng.integers(90, size=n)],
        days=NOW.toordinal() - rng.integers(1, 700, size=n).astype(float),
    )


def briefs(desk: Desk, centres: np.ndarray) -> Briefs:
    """The newsletter's sections, each near a theme."""
    sections = desk.workspace.newsletter.sections
    vectors = centres[: len(sections)] / np.linalg.norm(centres[: len(sections)], axis=1, keepdims=True)
    return Briefs([s.key for s in sections], [s.instructions for s in sections], vectors.astype(np.float32))


def visitor(desk: Desk) -> httpx.AsyncClient:
    """Ask the desk's web application without a network between."""
    app = build(desk, JournalSync(desk, lambda desk: None), "ann")
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8765")


async def time_page(desk: Desk, times: int = 60) -> list[tuple[float, float]]:
    """Time the shortlist's page."""
    async with visitor(desk) as client:
        return [await timed(client.get("/")) for _ in range(times)][3:]


async def time_deciding(desk: Desk, times: int = 200) -> list[tuple[float, float]]:
    """Time a decision until it is fsynced, all others are re-ranked and the answer is there."""
    ids = [story.id for story in desk.stories()][: times + 3]
    async with visitor(desk) as client:
        return [
            await timed(client.post("/api/decisions", json={"ids": [id], "verdict": "pick" if n % 4 == 0 else "skip"}))
            for n, id in enumerate(ids)
        ][3:]


async def timed(asked: Awaitable[httpx.Response]) -> tuple[float, float]:
    """Wait for an answer; how long it took, and how long the processor was at work on it."""
    started, worked = time.perf_counter(), time.process_time()
    answer = await asked
    assert answer.status_code == 200, answer.text
    return time.perf_counter() - started, time.process_time() - worked


def count_lost(desk: Desk) -> int:
    """Let two editors decide at once while a night writes; count what journal or table do not hold in the end."""
    folder = desk.workspace.folder
    night = get_context("spawn").Process(target=write_like_a_night, args=(folder,))
    night.start()
    ids = [story.id for story in desk.stories()]
    with JournalSync(desk, lambda desk: None):
        editors = [threading.Thread(target=decide, args=(desk, f"editor{n}", ids[n::EDITORS])) for n in range(EDITORS)]
        for editor in editors:
            editor.start()
        for editor in editors:
            editor.join()
    night.terminate()
    night.join()
    with desk.workspace.database.reading() as connection:
        stored = {id for (id,) in connection.execute("SELECT article_id FROM decisions").fetchall()}
    said = {decision.article_id for decision in desk.workspace.journal.read()}
    return len(set(ids) - said) + len(set(ids) - stored)


def decide(desk: Desk, editor: str, ids: list[str]) -> None:
    """Decide on stories one by one."""
    for id in ids:
        desk.record(commands.decide([id], "skip", editor, NOW, desk.workspace.newsletter))
        time.sleep(0.01)


def write_like_a_night(folder: Path) -> None:
    """Hold the database again and again until ended."""
    workspace = Workspace.open(folder)
    while True:
        with workspace.database.writing() as connection:
            connection.execute("UPDATE review SET author = 'A. Writer'")
            time.sleep(0.05)
        time.sleep(0.01)


if __name__ == "__main__":
    main()
