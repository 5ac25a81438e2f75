"""Build labelled training examples from a snapshot: positives, weak negatives, decisions. Pure functions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from models.examples import Examples, Floats
from pipeline.core.as_of import start_of_day
from pipeline.core.types import Decision
from pipeline.ranking.candidates import CandidateSet, already_published, window_start
from pipeline.ranking.snapshot import PublishedPick, Snapshot

WEAK_NEGATIVE_WEIGHT = 0.5  # of an article merely not picked; a pick or a skip weighs 1
# From so many on, the candidates are no negatives: those that will be picked would lower the expected number of picks.
MIN_NEGATIVES = 10
INLINE_PICK_WEIGHT = 0.05  # of an old pick that was a link inside prose
MIN_TITLE_LINES = 10  # of a section: from so many on, its links inside prose are not used


@dataclass(frozen=True, slots=True)
class Label:
    """The label of one example, and where it comes from."""

    picked: bool
    weight: float
    label_source: str  # an editor's name, "issue 118", or "" for a weak negative
    labelled_at: datetime
    section: str | None = None  # key
    published: PublishedPick | None = None  # the pick, where an issue published this example

    @property
    def is_inline(self) -> bool:
        """Whether an issue published it as a link inside prose."""
        return self.published is not None and self.published.pick.kind == "inline"


@dataclass(frozen=True, eq=False)
class TrainingSet:
    """Examples with their labels, row by row. Holds no copy of the snapshot's vectors: they are many."""

    parts: Sequence[tuple[Examples, Sequence[int]]]  # the examples are these rows of these columns
    labels: Sequence[Label]
    article_rows: Sequence[int]  # of the snapshot: the examples are these articles, then
    pick_rows: Sequence[int]  # these picks
    section_only: tuple[Examples, Sequence[Label]] | None = None  # used for sections only

    @property
    def examples(self) -> Examples:
        """All examples, copied on each access."""
        return Examples.concatenate([examples.take(rows) for examples, rows in self.parts])

    @property
    def content_examples(self) -> Examples:
        """All examples with the vectors that relevance is learned from, copied on each access."""
        return Examples.concatenate([examples.take_content(rows) for examples, rows in self.parts])

    @property
    def sources(self) -> list[str]:
        """The source of each example."""
        return [examples.sources[n] for examples, rows in self.parts for n in rows]

    @property
    def y(self) -> np.ndarray:
        """1 for positives, 0 for negatives: shape (n,)."""
        return np.array([label.picked for label in self.labels], dtype=int)

    @property
    def weights(self) -> Floats:
        """Weight of each label: shape (n,)."""
        return np.array([label.weight for label in self.labels], dtype=float)

    def extended(self, examples: Examples, labels: Sequence[Label]) -> "TrainingSet":
        """Return a training set with more labelled articles."""
        return TrainingSet(
            [*self.parts, (examples, range(len(examples)))],
            [*self.labels, *labels],
            self.article_rows,
            self.pick_rows,
            self.section_only,
        )

    def section_examples(self) -> tuple[Examples, list[str], list[bool]]:
        """Return the picks whose section is known, the keys of their sections, and which are title lines.

        The anchor text of a link inside prose says little about its section: such picks are used only for sections
        with fewer than `MIN_TITLE_LINES` title lines.
        """
        labels, parts = [*self.labels], [*self.parts]
        if self.section_only:
            examples, section_labels = self.section_only
            labels += section_labels
            parts.append((examples, range(len(examples))))
        titled = Counter(label.section for label in labels if label.picked and not label.is_inline)
        is_used = [
            bool(label.picked and label.section) and not (label.is_inline and titled[label.section] >= MIN_TITLE_LINES)
            for label in labels
        ]
        used = [label for label, kept in zip(labels, is_used, strict=True) if kept]
        flags = iter(is_used)
        taken = [examples.take([n for n in rows if next(flags)]) for examples, rows in parts]
        return Examples.concatenate(taken), [label.section or "" for label in used], [not n.is_inline for n in used]


def build_training_set(snapshot: Snapshot, candidates: CandidateSet, *, since: datetime | None = None) -> TrainingSet:
    """Build the training set of a snapshot.

    Positives are the picks of known issues and of the editor, negatives the editor's skips; an article that was a
    candidate for a known issue and not picked is a weak negative. "Later" gives no label, an undo removes one. Where
    there are fewer negatives than `MIN_NEGATIVES` (a first day), the candidates are added as weak negatives.

    A pick that no source carried, in weeks whose articles are known, is used for sections only: the editor found it
    elsewhere, so it says nothing about which articles are relevant. Measured in docs/replay.md.

    Parameters
    ----------
    since : datetime, optional
        Leave out articles first seen before; default: the time of the first known issue.
    """
    decided = decision_labels(snapshot.decisions)
    published = already_published(snapshot)
    window_opens = window_start(snapshot)
    first_at = since or _first_window(snapshot)
    rows, labels = [], []
    for n, article in enumerate(snapshot.articles):
        if since and article.first_seen_at < since:
            continue
        label = _issue_label(published[n]) if n in published else decided.get(article.id)
        if label is None and article.id not in decided and first_at <= article.first_seen_at < window_opens:
            label = Label(False, WEAK_NEGATIVE_WEIGHT, "", article.first_seen_at)
        if label is not None:
            rows.append(n)
            labels.append(label)
    carried = {snapshot.url_keys[n] for n in rows} | {published[n].url_key for n in rows if n in published}
    uncarried = [n for n, pick in enumerate(snapshot.picks) if not pick.url_key or pick.url_key not in carried]
    unlabelled: list[int] = []
    if sum(not label.picked for label in labels) < MIN_NEGATIVES:
        unlabelled = [int(n) for n in candidates.rows if snapshot.articles[n].id not in decided]
    known_from = min((snapshot.articles[n].first_seen_at for n in rows), default=None)
    archive_only, section_only = _split_uncarried(snapshot, uncarried, known_from)
    return TrainingSet(
        [(snapshot.article_examples, [*rows, *unlabelled]), (snapshot.pick_examples, archive_only)],
        [
            *labels,
            *(Label(False, WEAK_NEGATIVE_WEIGHT, "", snapshot.articles[n].first_seen_at) for n in unlabelled),
            *(_pick_label(snapshot.picks[n]) for n in archive_only),
        ],
        [*rows, *unlabelled],
        archive_only,
        (snapshot.pick_examples.take(section_only), [_issue_label(snapshot.picks[n]) for n in section_only]),
    )


def _split_uncarried(
    snapshot: Snapshot, uncarried: Sequence[int], known_from: datetime | None
) -> tuple[list[int], list[int]]:
    """Split picks that no source carried into those older than the known articles, and the others."""
    if known_from is None:
        return list(uncarried), []
    old = {n for n in uncarried if snapshot.picks[n].issue.date <= known_from.date()}
    return [n for n in uncarried if n in old], [n for n in uncarried if n not in old]


def decision_labels(decisions: Sequence[Decision]) -> dict[str, Label | None]:
    """Return each article's label after its last decision; None where that was "later"."""
    labels: dict[str, Label | None] = {}
    sections = {d.article_id: d.section for d in decisions if d.section is not None}
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
                sections.get(decision.article_id) or None,
            )
    return labels


def _issue_label(published: PublishedPick) -> Label:
    at = start_of_day(published.issue.date)
    return Label(True, 1.0, f"issue {published.issue.number}", at, published.pick.section, published)


def _pick_label(published: PublishedPick) -> Label:
    """Label a pick known from the archive only. A link inside prose weighs little: few came as articles of a feed."""
    label = _issue_label(published)
    return replace(label, weight=INLINE_PICK_WEIGHT) if label.is_inline else label


def _first_window(snapshot: Snapshot) -> datetime:
    """Return from when on an article not picked is a weak negative: the start of the first issue's candidates."""
    if not snapshot.issues:
        return datetime.max.replace(tzinfo=UTC)
    return start_of_day(snapshot.issues[0].date) - timedelta(days=snapshot.newsletter.limits.candidate_days)
