"""Score the shortlist anew after each decision, with vectors and model held in memory.

What is learned depends only on what stands decided now, never on the way there, so an undo unlearns.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from sklearn.base import clone

from models.embedding import Embedder
from models.features import Examples
from models.sections import SectionClassifier
from pipeline.candidates import Shortlisted, shortlisted
from pipeline.history import History, load_history
from pipeline.judgement import Relevance, relevance_for, sections_for
from pipeline.lesson import PASSED_OVER, Lesson, lesson_of
from pipeline.moment import Moment
from pipeline.rank import best_section
from pipeline.store.model_cards import all_cards
from pipeline.store.stories import Story
from pipeline.texts import article_text, title_text
from pipeline.types import Article
from pipeline.urls import host_of
from pipeline.workspace import Workspace

LABELS = {"picked": 1, "skipped": 0}  # what is put off says nothing


class LiveJudge:
    """A ranker that is updated as the editor decides.

    Parameters
    ----------
    relevance : Relevance
        The night's ranker: its recipe is fitted anew on what is known now.
    classifier : SectionClassifier
        Says the section of what is found by hand.
    lesson : Lesson
        What is known of all articles but those on the shortlist.
    candidates : Examples
        The shortlist's stories, and
    ids : sequence of str
        their ids.
    """

    def __init__(
        self, relevance: Relevance, classifier: SectionClassifier, lesson: Lesson, candidates: Examples,
        ids: Sequence[str], embedder: Embedder, history: History,
    ) -> None:  # fmt: skip
        self.classifier, self.lesson, self.embedder, self.history = classifier, lesson, embedder, history
        self.candidates, self.ids = candidates, list(ids)
        self.first = relevance
        passed_over = sum(not label.picked for label in lesson.labels)
        # where there are fewer old articles than picks, tonight's candidates are the unlabelled side
        self.weight_undecided = PASSED_OVER if passed_over <= len(history.picks) else 0.0
        self.ranker = clone(relevance.ranker)
        y, weights = self._labels([])
        self.ranker.fit(self._examples(), y, weights, sections=self._sections(), briefs=history.briefs)

    def relevance(self, stories: Sequence[Story]) -> tuple[dict[str, float], dict[str, float]]:
        """Return P(picked) of the stories known to this judge, by id, and how unsure it is of each."""
        self.ranker.update(self._examples(), *self._labels(stories))
        p = self.ranker.predict_proba(self.candidates)[:, 1]
        return dict(zip(self.ids, p.tolist(), strict=True)), dict(zip(self.ids, (p * (1 - p)).tolist(), strict=True))

    def read(self, article: Article) -> Story:
        """Judge an article that was found by hand, and know it from now on."""
        example = self._example(article)
        p = self.classifier.predict_proba(example)[0]
        sections = dict(zip(map(str, self.classifier.classes_), p.tolist(), strict=True))
        section = best_section(sections)
        if article.id not in self.ids:
            self.candidates, self.ids = Examples.concatenate([self.candidates, example]), [*self.ids, article.id]
        return Story(
            rank=None, id=article.id, url=article.url, title=article.title, source=article.source,
            author=article.author, published=article.published_at, first_seen=article.first_seen_at, section=section,
            section_probability=sections.get(section) if section else None, sections=sections,
            relevance=float(self.first.scores(example)[0]), reasons=self.first.reasons(example)[0],
            sources=(article.source,), summary=article.summary, text=article.text, origin=article.origin,
            language=article.language, paywalled=article.paywalled,
        )  # fmt: skip

    def _examples(self) -> Examples:
        return Examples.concatenate([self.lesson.examples, self.candidates])

    def _sections(self) -> list[str | None]:
        return [*self.lesson.sections, *(None for _ in self.ids)]

    def _labels(self, stories: Sequence[Story]) -> tuple[np.ndarray, np.ndarray]:
        said = {story.id: LABELS[story.state] for story in stories if story.state in LABELS}
        put_off = {story.id for story in stories if story.state == "later"}
        y = [said.get(id, 0) for id in self.ids]
        weights = [1.0 if id in said else 0.0 if id in put_off else self.weight_undecided for id in self.ids]
        return np.append(self.lesson.y, y).astype(int), np.append(self.lesson.weights, weights)

    def _example(self, article: Article) -> Examples:
        view = article_text(article.title, article.summary)
        vectors = self.embedder.embed([title_text(article.title), view])
        return Examples(
            titles=[article.title],
            vectors=vectors[:1],
            urls=[article.url],
            sources=[host_of(article.url)],
            authors=[article.author or ""],
            summaries=[article.summary],
            summary_vectors=vectors[1:] if article.summary else np.zeros_like(vectors[:1]),
            days=np.array([article.first_seen_at.toordinal()], dtype=float),
        )


def prepare(workspace: Workspace, moment: Moment) -> LiveJudge | None:
    """Make the judge of a workspace's shortlist; None while there is nothing to rank. Takes seconds."""
    history = load_history(workspace.database, workspace.newsletter, workspace.embedder, moment)
    chosen = shortlisted(history)
    if not len(chosen.rows):
        return None
    with workspace.database.reading() as connection:
        cards = all_cards(connection)
    served = (history, chosen, cards, workspace.models_folder, workspace.embedder.identity)
    return LiveJudge(
        relevance_for(*served),
        sections_for(*served),
        _lesson_without(history, chosen),
        history.article_examples.take(chosen.rows),
        [history.articles[n].id for n in chosen.rows],
        workspace.embedder,
        history,
    )


def _lesson_without(history: History, chosen: Shortlisted) -> Lesson:
    """Return what is known of all articles but those on the shortlist, whose labels change under the editor's hands."""
    on_it = {history.articles[n].id for row, also in zip(chosen.rows, chosen.also, strict=True) for n in (row, *also)}
    said = [decision for decision in history.decisions if decision.article_id not in on_it]
    return lesson_of(replace(history, decisions=said), Shortlisted(chosen.rows[:0], [], []))
