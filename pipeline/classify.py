"""The step `classify`: P(section) for each candidate, into table `predictions`."""

import time
from pathlib import Path

from models.embedding import Embedder
from pipeline.candidates import shortlisted
from pipeline.history import NIGHT_ARTICLES, load_history
from pipeline.judgement import DIGITS, sections_for
from pipeline.moment import Moment
from pipeline.newsletter import Newsletter
from pipeline.store.database import Database
from pipeline.store.model_cards import all_cards
from pipeline.store.predictions import replace_predictions
from pipeline.types import StepReport


def classify_articles(
    database: Database, newsletter: Newsletter, embedder: Embedder, moment: Moment, models_folder: Path
) -> StepReport:
    """Tell the section of every candidate of a moment, and of the articles that tell the same stories."""
    started = time.monotonic()
    history = load_history(database, newsletter, embedder, moment, NIGHT_ARTICLES)
    with database.reading() as connection:
        cards = all_cards(connection)
    candidates = shortlisted(history)
    rows = [*candidates.rows, *(n for also in candidates.also for n in also)]
    predictions = {}
    if rows:
        classifier = sections_for(history, candidates, cards, models_folder, embedder.identity)
        for n, row in zip(rows, classifier.predict_proba(history.article_examples.take(rows)), strict=True):
            told = zip(classifier.classes_, row, strict=True)
            predictions[history.articles[n].id] = {str(key): round(float(p), DIGITS) for key, p in told}
    with database.writing() as connection:
        replace_predictions(connection, predictions)
    return StepReport("classify", len(rows), len(predictions), 0, time.monotonic() - started)
