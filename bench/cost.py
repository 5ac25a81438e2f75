"""What 1,000 feeds and 1,000 articles cost: python -m bench.cost. The figures under docs/scale.md.

Counts seconds of processor time, ours and our children's, so that a busy machine changes them little. The server of the
feeds is a process of its own and is not counted. Two sizes each, to see how the cost grows.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import invented
from bench.server import serve_folder, write_feeds
from models.embedder import load_embedder
from pipeline.core.as_of import AsOf
from pipeline.core.types import Feed
from pipeline.ops.workspace import Workspace
from pipeline.ranking.context import RankingContext
from pipeline.steps.classify import classify_articles
from pipeline.steps.embed import embed_articles
from pipeline.steps.pull import pull_feeds
from pipeline.steps.rank import rank_candidates
from pipeline.store.articles import add_articles
from pipeline.store.feeds import save_feeds
from pipeline.store.issues import add_issues

ENTRIES = 20  # in a feed


def main() -> None:
    """Print one line a measurement."""
    with tempfile.TemporaryDirectory() as folder:
        for n in (100, 200):
            measure_feeds(Path(folder) / f"feeds-{n}", n)
        for n in (500, 1000):
            measure_articles(Path(folder) / f"articles-{n}", n)
        measure_embedding(300)


def measure_feeds(folder: Path, n: int) -> None:
    """Pull n feeds that are new, and again when nothing is."""
    workspace = make(folder)
    paths = write_feeds(folder / "served", invented.feeds(n, ENTRIES))
    with serve_folder(folder / "served") as address:
        with workspace.database.writing() as connection:
            save_feeds(connection, [Feed(address + path) for path in paths])
        as_of = AsOf.now()
        for what in (f"pulling, {ENTRIES} new entries each", "pulling, nothing new"):
            report(what, n, "feeds", lambda: pull_feeds(workspace.database, workspace.newsletter, as_of))


def measure_articles(folder: Path, n: int) -> None:
    """Classify and rank n candidates of tonight, learning from 60 issues; what they weigh on disk."""
    workspace = make(folder)
    before = workspace.database.path.stat().st_size
    ran = invented.articles(600, seed=1)
    sections = [section.key for section in workspace.newsletter.sections]
    with workspace.database.writing() as connection:
        add_issues(connection, invented.issues(60, 10, sections, ran))
        add_articles(connection, invented.articles(n, days=7, first_day=AsOf.now().run_date))
    hashing, letter, as_of = load_embedder("hashing"), workspace.newsletter, AsOf.now()
    embed_articles(workspace.database, hashing, as_of)
    weight = workspace.database.path.stat().st_size - before
    print(f"{'on disk, with vectors of 256':<40} {n:>5} articles {weight / n / 1000:8.2f} kB each", flush=True)

    def context() -> RankingContext:
        return RankingContext(workspace.database, letter, hashing, as_of, workspace.models_folder)

    report("classifying", n, "articles", lambda: classify_articles(context()))
    report("ranking", n, "articles", lambda: rank_candidates(context()))


def measure_embedding(n: int) -> None:
    """Embed n texts of about 100 words with the shipped model, loading it first."""
    embedder = load_embedder()
    embedder.embed(["warm"])
    texts = invented.texts(n)
    report(f"embedding, {embedder.identity}", n, "texts", lambda: embedder.embed(texts))


def make(folder: Path) -> Workspace:
    """Create a workspace that may fetch from loopback."""
    workspace = Workspace.create(folder, "Cost", "blank")
    file = folder / "newsletter.toml"
    file.write_text(file.read_text().replace("allow_hosts = []", 'allow_hosts = ["127.0.0.1"]'))
    return Workspace.open(workspace.folder)


def report(what: str, n: int, unit: str, work: Callable[[], object]) -> None:
    """Print the processor time of some work, for 1,000."""
    before = os.times()
    work()
    after = os.times()
    spent = sum(after[:4]) - sum(before[:4])
    print(f"{what:<40} {n:>5} {unit:<8} {spent / n * 1000:8.1f} processor seconds for 1,000", flush=True)


if __name__ == "__main__":
    main()
