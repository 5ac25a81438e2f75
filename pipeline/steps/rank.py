"""The step `rank`: order the candidates, with reasons, into tables `review` and `exclusions` and review.parquet."""

import time
from collections.abc import Mapping

from models.metrics import ranked
from pipeline.core.atomic_write import replacing
from pipeline.core.collection import collection_paused
from pipeline.core.section_choice import best_section
from pipeline.core.types import Candidate, StepReport
from pipeline.ranking.blas_threads import one_blas_thread
from pipeline.ranking.candidates import CandidateSet
from pipeline.ranking.context import RankingContext
from pipeline.ranking.fitting import FittedRanker
from pipeline.ranking.reasons import DIGITS
from pipeline.ranking.snapshot import Snapshot
from pipeline.store.articles import sources_of
from pipeline.store.predictions import read_predictions
from pipeline.store.review import PARQUET_NAME, replace_exclusions, replace_review, write_parquet


@one_blas_thread()
@collection_paused()
def rank_candidates(context: RankingContext) -> StepReport:
    """Rank the candidates by P(picked)."""
    started = time.monotonic()
    database, selected = context.database, context.candidates
    with database.reading() as connection:
        predictions = read_predictions(connection)
    candidates, is_calibrated = [], False
    if len(selected.rows):
        is_calibrated = context.relevance.is_calibrated
        candidates = order_candidates(context.snapshot, selected, context.relevance, predictions)
    ids = [id for c in candidates for id in (c.article.id, *c.duplicate_ids)]
    with replacing(database.path.with_name(PARQUET_NAME)) as unfinished, database.writing() as connection:
        carried_by = sources_of(connection, ids)
        sources = {
            c.article.id: list(dict.fromkeys(s for id in (c.article.id, *c.duplicate_ids) for s in carried_by[id]))
            for c in candidates
        }
        replace_review(connection, candidates, sources, context.as_of.decisions_before)
        replace_exclusions(connection, selected.exclusions)
        write_parquet(connection, unfinished)
    seen = len(ids) + len(selected.exclusions)
    details = {"is_calibrated": is_calibrated}  # read by `store.shortlist.is_calibrated`
    return StepReport("rank", seen, len(candidates), 0, time.monotonic() - started, details)


def order_candidates(
    snapshot: Snapshot, selected: CandidateSet, relevance: FittedRanker, predictions: Mapping[str, Mapping[str, float]]
) -> list[Candidate]:
    """Order the candidates by relevance, ties by id, with section and reasons. Pure function."""
    examples = snapshot.article_examples.take(selected.rows)
    articles = [snapshot.articles[n] for n in selected.rows]
    shown = [best_section(predictions.get(article.id, {})) for article in articles]
    names = {section.key: section.name for section in snapshot.newsletter.sections}
    scores, reasons = relevance.scores_with_reasons(examples, names, shown)
    scores = scores.round(DIGITS)
    candidates = []
    for rank, n in enumerate(ranked(scores, [article.id for article in articles]), 1):
        sections = dict(predictions.get(articles[n].id, {}))
        duplicate_ids = tuple(snapshot.articles[row].id for row in selected.duplicates[n])
        candidates.append(Candidate(articles[n], shown[n], sections, float(scores[n]), reasons[n], rank, duplicate_ids))
    return candidates
