"""The step `classify`: P(section) for each candidate, into table `predictions`."""

import time

from pipeline.core.types import StepReport
from pipeline.ranking.context import RankingContext
from pipeline.ranking.reasons import DIGITS
from pipeline.store.predictions import replace_predictions


def classify_articles(context: RankingContext) -> StepReport:
    """Classify every candidate and its duplicates by section."""
    started = time.monotonic()
    snapshot, rows = context.snapshot, context.candidates.all_rows
    predictions = {}
    if rows:
        probabilities = (
            context.classifier.section_probabilities(snapshot.article_examples.take(rows)).round(DIGITS).tolist()
        )
        keys = context.classifier.section_keys_
        predictions = {
            snapshot.articles[n].id: dict(zip(keys, row, strict=True))
            for n, row in zip(rows, probabilities, strict=True)
        }
    with context.database.writing() as connection:
        replace_predictions(connection, predictions)
    return StepReport("classify", len(rows), len(predictions), 0, time.monotonic() - started)
