"""The step `classify`: P(section) for each candidate, into table `predictions`."""

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from pipeline.core.collection import collection_paused
from pipeline.core.types import StepReport
from pipeline.ranking.blas_threads import one_blas_thread
from pipeline.ranking.context import RankingContext
from pipeline.ranking.reasons import DIGITS
from pipeline.store.predictions import replace_predictions


@one_blas_thread()
@collection_paused()
def classify_articles(context: RankingContext) -> StepReport:
    """Classify every candidate and its duplicates by section."""
    started = time.monotonic()
    snapshot, rows = context.snapshot, context.candidates.all_rows
    keys, probabilities = [], np.zeros((0, 0))
    with ThreadPoolExecutor(1) as beside:
        if rows:
            beside.submit(getattr, context, "relevance")  # for `rank`, while products of matrices fill the other cores
            keys = context.classifier.section_keys_
            probabilities = context.classifier.section_probabilities(snapshot.article_examples.take(rows)).round(DIGITS)
        with context.database.writing() as connection:
            replace_predictions(connection, [snapshot.articles[n].id for n in rows], keys, probabilities)
    return StepReport("classify", len(rows), len(rows), 0, time.monotonic() - started)
