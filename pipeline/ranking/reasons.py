"""Write the model's contributions to a score as sentences an editor can check."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from models.explanations import Contribution, joined
from pipeline.core.counted import counted
from pipeline.core.types import Reason
from pipeline.core.urls import host_of
from pipeline.ranking.candidates import window_start
from pipeline.ranking.snapshot import Snapshot
from pipeline.ranking.training_set import TrainingSet

DIGITS = 6  # of stored scores and contributions, so that the same inputs give the same tables on any machine


@dataclass(frozen=True, eq=False)
class ReasonWriter:
    """Names the issues, addresses, sections and counts behind contributions.

    Parameters
    ----------
    issues : sequence of int
        Issue number of each training example; 0 where no issue published it.
    urls : sequence of str
        Its address; "" where unknown.
    sources : mapping of source to (picked, judged)
        How many of a source's articles were picked, of those that could be.
    sections : mapping of section key to name
    learned_from : str
        "picks", or "sections" while their instructions serve as picks.
    """

    issues: Sequence[int]
    urls: Sequence[str]
    sources: Mapping[str, Sequence[int]] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)
    learned_from: str = "picks"

    def reason(self, contribution: Contribution) -> Reason:
        """Return a reason with its sentence, and the issue and address of the first pick it names."""
        issue, url = 0, ""
        if contribution.examples:
            issue, url = self.issues[contribution.examples[0]], self.urls[contribution.examples[0]]
        rounded = round(float(contribution.contribution), DIGITS)
        return Reason(contribution.kind, self._sentence(contribution), rounded, issue or None, url or None)

    def _sentence(self, contribution: Contribution) -> str:
        is_for, first = contribution.contribution > 0, contribution.names[0]
        match contribution.kind:
            case "neighbour":
                return self._neighbours(contribution, is_for)
            case "words":
                words = " · ".join(f"“{word}”" for word in joined(contribution.names))
                return f"{words}: {'words of' if is_for else 'seldom in'} your {self.learned_from}"
            case "source":
                return self._source(first, is_for)
            case "author":
                return f"{first} is {'often' if is_for else 'seldom'} picked"
            case "section":
                return f"{'fits' if is_for else 'hardly fits'} {self.sections.get(first, first)}"
        return first

    def _neighbours(self, contribution: Contribution, is_for: bool) -> str:
        numbers = [self.issues[example] for example in contribution.examples] or [0]
        if len(contribution.names) > 1:
            named = [
                f"“{title}” ({f'#{number}' if number else 'picked'})"
                for title, number in zip(contribution.names, numbers, strict=True)
            ]
            return f"like {' and '.join(named)}"
        label = f"picked in #{numbers[0]}" if numbers[0] else "picked" if is_for else "passed over"
        return f"like “{contribution.names[0]}”, {label}"

    def _source(self, name: str, is_for: bool) -> str:
        picked, judged = self.sources.get(name, (0, 0))
        if not judged and is_for and self._picks_of[name]:
            return f"{counted(self._picks_of[name], 'of your past picks is', 'of your past picks are')} of {name}"
        if not judged:
            return f"no issue had an article of {name} to choose from yet"
        if picked == judged and not is_for:  # a source of few articles counts less than one of many
            return f"few articles of {name} are known: {judged}"
        if judged == 1:
            return f"the one article of {name} was {'picked' if picked else 'passed over'}"
        if picked == judged:
            return f"{'both' if judged == 2 else f'all {judged}'} articles of {name} were picked"
        return f"{picked or 'none'} of the {judged} articles of {name} {'was' if picked <= 1 else 'were'} picked"

    @cached_property
    def _picks_of(self) -> Counter[str]:
        """Number of past picks of each source, those that no feed carried included."""
        return Counter(host_of(url) for url in self.urls)


def source_counts(snapshot: Snapshot, training_set: TrainingSet) -> dict[str, list[int]]:
    """Return how many articles of each source were picked, and how many could have been.

    Picks that no feed carried, and articles that no issue had the choice of yet, are not counted.
    """
    opens_at = window_start(snapshot)
    n = len(training_set.article_rows)
    counts: dict[str, list[int]] = {}
    for source, label in zip(training_set.sources[:n], training_set.labels[:n], strict=True):
        if source and (label.picked or label.label_source or label.labelled_at < opens_at):
            of_source = counts.setdefault(source, [0, 0])
            of_source[0] += label.picked
            of_source[1] += 1
    return counts
