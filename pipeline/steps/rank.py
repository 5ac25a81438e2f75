"""The step `rank`: the candidates in order, with reasons, into tables `review` and `exclusions` and review.parquet."""

import time
from collections.abc import Mapping

from models.metrics import ranked
from pipeline.core.types import Candidate, StepReport
from pipeline.ranking.candidates import CandidateSet
from pipeline.ranking.context import RankingContext
from pipeline.ranking.fitting import DIGITS, FittedRanker
from pipeline.ranking.snapshot import Snapshot
from pipeline.store.articles import sources_of
from pipeline.store.predictions import read_predictions
from pipeline.store.review import PARQUET_NAME, replace_exclusions, replace_review, write_parquet


def rank_candidates(context: RankingContext) -> StepReport:
    """Rank the candidates of a moment by how likely the editor picks them."""
    started = time.monotonic()
    database, chosen = context.database, context.candidates
    with database.reading() as connection:
        predictions = read_predictions(connection)
    candidates = in_order(context.snapshot, chosen, context.relevance, predictions) if len(chosen.rows) else []
    ids = [id for c in candidates for id in (c.article.id, *c.duplicate_ids)]
    with database.writing() as connection:
        carried_by = sources_of(connection, ids)
        sources = {
            c.article.id: list(dict.fromkeys(s for id in (c.article.id, *c.duplicate_ids) for s in carried_by[id]))
            for c in candidates
        }
        replace_review(connection, candidates, sources, context.as_of.issues_before)
        replace_exclusions(connection, chosen.exclusions)
    write_parquet(database, database.path.with_name(PARQUET_NAME))
    seen = len(ids) + len(chosen.exclusions)
    return StepReport("rank", seen, len(candidates), 0, time.monotonic() - started)


def in_order(
    snapshot: Snapshot, chosen: CandidateSet, relevance: FittedRanker, predictions: Mapping[str, Mapping[str, float]]
) -> list[Candidate]:
    """Order the candidates by relevance, ties by id, with section and reasons. Pure."""
    examples = snapshot.article_examples.take(chosen.rows)
    scores, reasons = relevance.judge(examples, {s.key: s.name for s in snapshot.newsletter.sections})
    scores = scores.round(DIGITS)
    articles = [snapshot.articles[n] for n in chosen.rows]
    candidates = []
    for rank, n in enumerate(ranked(scores, [article.id for article in articles]), 1):
        sections = dict(predictions.get(articles[n].id, {}))
        duplicate_ids = tuple(snapshot.articles[row].id for row in chosen.duplicates[n])
        candidates.append(
            Candidate(articles[n], best_section(sections), sections, float(scores[n]), reasons[n], rank, duplicate_ids)
        )
    return candidates


def best_section(sections: Mapping[str, float]) -> str | None:
    """Return the most probable section; None where "none of them" is likelier than each."""
    if not sections:
        return None
    best = max(sections, key=lambda key: (sections[key], key))
    return best if sections[best] >= 1 - sum(sections.values()) else None
