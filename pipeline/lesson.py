"""Turn what was known at a moment into labelled examples to learn from. Pure: a History in, arrays out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import numpy as np

from models.features import Examples, Floats
from pipeline.candidates import Shortlisted, runs_of, window_opens_at
from pipeline.history import BEGINNING, History, RanPick
from pipeline.types import Decision

PASSED_OVER = 0.5  # weight of an article merely not picked, beside 1 for a pick or a skip


@dataclass(frozen=True, slots=True)
class Label:
    """What is known of one example, and from whom."""

    picked: bool
    weight: float
    said_by: str  # an editor's name, or "issue 118", or "" for an article merely passed over
    said_at: datetime
    section: str | None = None  # key
    ran: RanPick | None = None  # the pick this example is, where an issue ran it


@dataclass(frozen=True, eq=False)
class Lesson:
    """Examples with their labels, row by row."""

    examples: Examples
    labels: Sequence[Label]
    article_rows: Sequence[int]  # of its history: the examples are these articles, then
    pick_rows: Sequence[int]  # these picks

    @property
    def y(self) -> np.ndarray:
        """1 for picks, 0 for the others: shape (n,)."""
        return np.array([label.picked for label in self.labels], dtype=int)

    @property
    def weights(self) -> Floats:
        """How strong each label is: shape (n,)."""
        return np.array([label.weight for label in self.labels], dtype=float)

    @property
    def sections(self) -> list[str | None]:
        """Under which section each pick ran; None where unknown."""
        return [label.section for label in self.labels]

    def plus(self, examples: Examples, labels: Sequence[Label]) -> "Lesson":
        """Return a lesson that has learned more: labelled articles beside those of its history."""
        return Lesson(
            Examples.concatenate([self.examples, examples]),
            [*self.labels, *labels],
            self.article_rows,
            self.pick_rows,
        )

    def of_sections(self) -> tuple[Examples, list[str]]:
        """Return the picks whose section is known, and their sections."""
        rows = [n for n, label in enumerate(self.labels) if label.picked and label.section]
        return self.examples.take(rows), [label.section or "" for label in (self.labels[n] for n in rows)]


def lesson_of(history: History, candidates: Shortlisted, *, since: datetime | None = None) -> Lesson:
    """Gather all that a model may learn from at a history's moment.

    Picks of known issues and the editor's picks are positives, an editor's skip is a strong negative, an article of
    the issues' time that was passed over is a weak one, "later" is neither, undo revokes. Where there are fewer old
    articles than picks (a real first day), tonight's candidates are the unlabelled side.

    Parameters
    ----------
    since : datetime, optional
        Learn nothing from articles first seen before; default: the weeks of the first known issue.
    """
    spoken = spoken_labels(history.decisions)
    ran = runs_of(history)
    opens_at = window_opens_at(history)
    first_at = since or _first_window(history)
    rows, labels = [], []
    for n, article in enumerate(history.articles):
        if since and article.first_seen_at < since:
            continue
        label = _issue_label(ran[n]) if n in ran else spoken.get(article.id)
        if label is None and article.id not in spoken and first_at <= article.first_seen_at < opens_at:
            label = Label(False, PASSED_OVER, "", article.first_seen_at)
        if label is not None:
            rows.append(n)
            labels.append(label)
    carried = {history.article_keys[n] for n in rows} | {ran[n].url_key for n in rows if n in ran}
    alone = [n for n, pick in enumerate(history.picks) if not pick.url_key or pick.url_key not in carried]
    tonight: list[int] = []
    if sum(not label.picked for label in labels) < len(history.picks) or not history.picks:
        tonight = [int(n) for n in candidates.rows if history.articles[n].id not in spoken]
    return Lesson(
        Examples.concatenate(
            [
                history.article_examples.take([*rows, *tonight]),
                history.pick_examples.take(alone),
            ]
        ),
        [
            *labels,
            *(Label(False, PASSED_OVER, "", history.articles[n].first_seen_at) for n in tonight),
            *(_issue_label(history.picks[n]) for n in alone),
        ],
        [*rows, *tonight],
        alone,
    )


def spoken_labels(decisions: Sequence[Decision]) -> dict[str, Label | None]:
    """Return each article's label after the editor's last verdict; None where that was "later"."""
    labels: dict[str, Label | None] = {}
    sections = {d.article_id: d.section for d in decisions if d.section}
    for decision in decisions:
        if decision.article_id is None:
            continue
        if decision.verdict == "undo":
            labels.pop(decision.article_id, None)
        elif decision.verdict == "later":
            labels[decision.article_id] = None
        elif decision.verdict in ("pick", "skip"):
            labels[decision.article_id] = Label(
                decision.verdict == "pick",
                1.0,
                decision.editor,
                decision.decided_at,
                sections.get(decision.article_id),
            )
    return labels


def _issue_label(ran: RanPick) -> Label:
    at = datetime.combine(ran.issue.date, time.min, BEGINNING.tzinfo)
    return Label(True, 1.0, f"issue {ran.issue.number}", at, ran.pick.section, ran)


def _first_window(history: History) -> datetime:
    """Return the instant from which an article not picked was passed over: nobody judged what came earlier."""
    if not history.issues:
        return datetime.max.replace(tzinfo=BEGINNING.tzinfo)
    first = datetime.combine(history.issues[0].date, time.min, BEGINNING.tzinfo)
    return first - timedelta(days=history.newsletter.limits.candidate_days)
