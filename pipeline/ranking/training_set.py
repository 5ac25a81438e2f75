"""Turn what was known at a moment into labelled examples to learn from. Pure: a History in, arrays out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import numpy as np

from models.examples import Examples, Floats
from pipeline.core.types import Decision
from pipeline.ranking.candidates import CandidateSet, already_published, window_opens_at
from pipeline.ranking.snapshot import BEGINNING, PublishedPick, Snapshot

PASSED_OVER = 0.5  # weight of an article merely not picked, beside 1 for a pick or a skip
ONE_LINER = 0.05  # weight of an old pick from inside prose
FEW = 10  # title lines of a section; where there are as many, links inside prose do not tell of it


@dataclass(frozen=True, slots=True)
class Label:
    """What is known of one example, and from whom."""

    picked: bool
    weight: float
    label_source: str  # an editor's name, or "issue 118", or "" for an article merely passed over
    labelled_at: datetime
    section: str | None = None  # key
    ran: PublishedPick | None = None  # the pick this example is, where an issue ran it

    @property
    def in_prose(self) -> bool:
        """Whether an issue ran it as a link inside prose."""
        return self.ran is not None and self.ran.pick.kind == "inline"


@dataclass(frozen=True, eq=False)
class TrainingSet:
    """Examples with their labels, row by row."""

    examples: Examples
    labels: Sequence[Label]
    article_rows: Sequence[int]  # of its history: the examples are these articles, then
    pick_rows: Sequence[int]  # these picks
    elsewhere: tuple[Examples, Sequence[Label]] | None = None  # picks that tell of sections alone

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

    def plus(self, examples: Examples, labels: Sequence[Label]) -> "TrainingSet":
        """Return a lesson that has learned more: labelled articles beside those of its history."""
        return TrainingSet(
            Examples.concatenate([self.examples, examples]),
            [*self.labels, *labels],
            self.article_rows,
            self.pick_rows,
            self.elsewhere,
        )

    def of_sections(self) -> tuple[Examples, list[str]]:
        """Return the picks whose section is known, and their sections.

        A link inside prose tells little of its section: it is asked only where title lines are few.
        """
        parts = [(self.examples, self.labels), *([self.elsewhere] if self.elsewhere else [])]
        titled = Counter(
            label.section for _, labels in parts for label in labels if label.picked and not label.in_prose
        )
        rows = [
            [
                n
                for n, of in enumerate(labels)
                if of.picked and of.section and not (of.in_prose and titled[of.section] >= FEW)
            ]
            for _, labels in parts
        ]
        keys = [labels[n].section or "" for (_, labels), chosen in zip(parts, rows, strict=True) for n in chosen]
        return Examples.concatenate([e.take(chosen) for (e, _), chosen in zip(parts, rows, strict=True)]), keys


def build_training_set(snapshot: Snapshot, candidates: CandidateSet, *, since: datetime | None = None) -> TrainingSet:
    """Gather all that a model may learn from at a history's moment.

    Picks of known issues and the editor's picks are positives, an editor's skip is a strong negative, an article of
    the issues' time that was passed over is a weak one, "later" is neither, undo revokes. Where there are no more old
    articles than picks among them (a real first day), tonight's candidates are the unlabelled side.

    A pick that no source carried, in weeks whose articles are known, tells a section and nothing of relevance: it came
    from elsewhere, and its title is the archive's. Measured in docs/replay.md.

    Parameters
    ----------
    since : datetime, optional
        Learn nothing from articles first seen before; default: the weeks of the first known issue.
    """
    spoken = spoken_labels(snapshot.decisions)
    ran = already_published(snapshot)
    opens_at = window_opens_at(snapshot)
    first_at = since or _first_window(snapshot)
    rows, labels = [], []
    for n, article in enumerate(snapshot.articles):
        if since and article.first_seen_at < since:
            continue
        label = _issue_label(ran[n]) if n in ran else spoken.get(article.id)
        if label is None and article.id not in spoken and first_at <= article.first_seen_at < opens_at:
            label = Label(False, PASSED_OVER, "", article.first_seen_at)
        if label is not None:
            rows.append(n)
            labels.append(label)
    carried = {snapshot.article_keys[n] for n in rows} | {ran[n].url_key for n in rows if n in ran}
    alone = [n for n, pick in enumerate(snapshot.picks) if not pick.url_key or pick.url_key not in carried]
    context: list[int] = []
    if sum(not label.picked for label in labels) <= sum(label.picked for label in labels):
        context = [int(n) for n in candidates.rows if snapshot.articles[n].id not in spoken]
    known_from = min((snapshot.articles[n].first_seen_at for n in rows), default=None)
    telling, elsewhere = _parted(snapshot, alone, known_from)
    return TrainingSet(
        Examples.concatenate(
            [snapshot.article_examples.take([*rows, *context]), snapshot.pick_examples.take(telling)],
        ),
        [
            *labels,
            *(Label(False, PASSED_OVER, "", snapshot.articles[n].first_seen_at) for n in context),
            *(_pick_label(snapshot.picks[n]) for n in telling),
        ],
        [*rows, *context],
        telling,
        (snapshot.pick_examples.take(elsewhere), [_issue_label(snapshot.picks[n]) for n in elsewhere]),
    )


def _parted(snapshot: Snapshot, alone: Sequence[int], known_from: datetime | None) -> tuple[list[int], list[int]]:
    """Part picks that no source carried into those older than the articles, and those from elsewhere."""
    if known_from is None:
        return list(alone), []
    old = {n for n in alone if snapshot.picks[n].issue.date <= known_from.date()}
    return [n for n in alone if n in old], [n for n in alone if n not in old]


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


def _issue_label(ran: PublishedPick) -> Label:
    at = datetime.combine(ran.issue.date, time.min, BEGINNING.tzinfo)
    return Label(True, 1.0, f"issue {ran.issue.number}", at, ran.pick.section, ran)


def _pick_label(ran: PublishedPick) -> Label:
    """Label a pick known from the archive alone; a link inside prose seldom came as an article does."""
    label = _issue_label(ran)
    return replace(label, weight=ONE_LINER) if label.in_prose else label


def _first_window(snapshot: Snapshot) -> datetime:
    """Return the instant from which an article not picked was passed over: nobody judged what came earlier."""
    if not snapshot.issues:
        return datetime.max.replace(tzinfo=BEGINNING.tzinfo)
    first = datetime.combine(snapshot.issues[0].date, time.min, BEGINNING.tzinfo)
    return first - timedelta(days=snapshot.newsletter.limits.candidate_days)
