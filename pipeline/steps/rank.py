"""The step `rank`: the candidates in order, with reasons, into tables `review` and `kept_out` and review.parquet."""

import time
from collections.abc import Mapping

from models.metrics import ranked
from pipeline.core.types import Candidate, StepReport
from pipeline.ranking.candidates import Shortlisted
from pipeline.ranking.context import Tonight
from pipeline.ranking.fitting import DIGITS, Relevance
from pipeline.ranking.snapshot import History
from pipeline.store.articles import sources_of
from pipeline.store.predictions import read_predictions
from pipeline.store.review import PARQUET_NAME, replace_kept_out, replace_review, write_parquet


def rank_candidates(tonight: Tonight) -> StepReport:
    """Rank the candidates of a moment by how likely the editor picks them."""
    started = time.monotonic()
    database, chosen = tonight.database, tonight.candidates
    with database.reading() as connection:
        predictions = read_predictions(connection)
    candidates = in_order(tonight.history, chosen, tonight.relevance, predictions) if len(chosen.rows) else []
    ids = [id for c in candidates for id in (c.article.id, *c.also)]
    with database.writing() as connection:
        carried_by = sources_of(connection, ids)
        sources = {
            c.article.id: list(dict.fromkeys(s for id in (c.article.id, *c.also) for s in carried_by[id]))
            for c in candidates
        }
        replace_review(connection, candidates, sources, tonight.moment.issues_before)
        replace_kept_out(connection, chosen.kept_out)
    write_parquet(database, database.path.with_name(PARQUET_NAME))
    seen = len(ids) + len(chosen.kept_out)
    return StepReport("rank", seen, len(candidates), 0, time.monotonic() - started)


def in_order(
    history: History, chosen: Shortlisted, relevance: Relevance, predictions: Mapping[str, Mapping[str, float]]
) -> list[Candidate]:
    """Order the candidates by relevance, ties by id, with section and reasons. Pure."""
    examples = history.article_examples.take(chosen.rows)
    scores, reasons = relevance.judge(examples, {s.key: s.name for s in history.newsletter.sections})
    scores = scores.round(DIGITS)
    articles = [history.articles[n] for n in chosen.rows]
    candidates = []
    for rank, n in enumerate(ranked(scores, [article.id for article in articles]), 1):
        sections = dict(predictions.get(articles[n].id, {}))
        also = tuple(history.articles[row].id for row in chosen.also[n])
        candidates.append(
            Candidate(articles[n], best_section(sections), sections, float(scores[n]), reasons[n], rank, also)
        )
    return candidates


def best_section(sections: Mapping[str, float]) -> str | None:
    """Return the most probable section; None where "none of them" is likelier than each."""
    if not sections:
        return None
    best = max(sections, key=lambda key: (sections[key], key))
    return best if sections[best] >= 1 - sum(sections.values()) else None
