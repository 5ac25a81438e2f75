"""The step `classify`: P(section) for each candidate, into table `predictions`."""

import time

from pipeline.core.types import StepReport
from pipeline.ranking.context import Tonight
from pipeline.ranking.fitting import DIGITS
from pipeline.store.predictions import replace_predictions


def classify_articles(tonight: Tonight) -> StepReport:
    """Tell the section of every candidate of a moment, and of the articles that tell the same stories."""
    started = time.monotonic()
    history, rows = tonight.history, tonight.candidates.all_rows
    predictions = {}
    if rows:
        told = tonight.classifier.predict_proba(history.article_examples.take(rows)).round(DIGITS).tolist()
        keys = [str(key) for key in tonight.classifier.classes_]
        predictions = {
            history.articles[n].id: dict(zip(keys, row, strict=True)) for n, row in zip(rows, told, strict=True)
        }
    with tonight.database.writing() as connection:
        replace_predictions(connection, predictions)
    return StepReport("classify", len(rows), len(predictions), 0, time.monotonic() - started)
