"""Write the model's contributions to a score as sentences an editor can check."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from models.explanations import Contribution
from models.features import author_names, domain_of
from pipeline.core.counted import counted
from pipeline.core.issue_number import in_issue, issue_name
from pipeline.core.publications import publication_of
from pipeline.core.types import Article, Reason
from pipeline.core.urls import host_of
from pipeline.ranking.candidates import window_start
from pipeline.ranking.snapshot import Snapshot
from pipeline.ranking.training_set import TrainingSet

ALL = ""  # a key among the sources: all articles
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
    sources, authors : mapping of name to (picked, judged)
        How many articles of a host, its domain, an account on a host that many share, and an author were picked, of
        those that could be; under ALL, of all articles. Authors are in lower case.
    sections : mapping of section key to name
    learned_from : str
        "picks", or "sections" while their instructions serve as picks.
    """

    issues: Sequence[int]
    urls: Sequence[str]
    sources: Mapping[str, Sequence[int]] = field(default_factory=dict)
    authors: Mapping[str, Sequence[int]] = field(default_factory=dict)
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
                return self._words(contribution, is_for)
            case "source":
                return self._source(first, is_for)
            case "author":
                return self._author(first, is_for)
            case "section":
                return f"{'fits' if is_for else 'hardly fits'} {self.sections.get(first, first)}"
        return first

    def _neighbours(self, contribution: Contribution, is_for: bool) -> str:
        numbers = [self.issues[example] for example in contribution.examples] or [0]
        if len(numbers) > 1 or not contribution.is_near:
            named = [
                f"“{title}” ({issue_name(number) if number else 'picked'})"
                for title, number in zip(contribution.names, numbers, strict=True)
            ]
            return f"{'like' if contribution.is_near else 'the nearest of your past picks:'} {' and '.join(named)}"
        label = f"picked {in_issue(numbers[0])}" if numbers[0] else "picked" if is_for else "passed over"
        return f"like “{contribution.names[0]}”, {label}"

    def _words(self, contribution: Contribution, is_for: bool) -> str:
        phrase, (picked, passed_over) = f"“{contribution.names[0]}”", contribution.counts
        if self.learned_from == "sections":
            return f"{phrase}: {'words of' if is_for else 'seldom in'} your sections"
        if not is_for:
            return f"{phrase} is in {picked or 'none'} of your past picks, and in {passed_over} stories passed over"
        latest = self.issues[contribution.examples[0]] if contribution.examples else 0
        return f"{phrase} is in {picked} of your past picks" + (f", the latest {in_issue(latest)}" if latest else "")

    def is_borne_out(self, contribution: Contribution) -> bool:
        """Whether the record that would be shown of a source or an author agrees with the sign of the contribution.

        A small or unusual archive gives weights with which a source speaks against a story though more of it was
        picked than of others.
        """
        is_for, name = contribution.contribution > 0, contribution.names[0]
        if contribution.kind not in ("source", "author"):
            return True
        _, picked, judged = (
            self._source_record(name) if contribution.kind == "source" else self._author_record(name, is_for)
        )
        all_picked, all_judged = self.sources.get(ALL, (0, 0))
        if not judged or not all_judged or (picked == judged and not is_for):
            return True
        usual = all_picked * judged / all_judged
        return picked >= usual if is_for else picked <= usual

    def _source(self, name: str, is_for: bool) -> str:
        known, picked, judged = self._source_record(name)
        if not judged and is_for and self._picks_of[name]:
            return f"{counted(self._picks_of[name], 'of your past picks is', 'of your past picks are')} of {name}"
        record = self._record(f"of {known}", picked, judged, is_for)
        return record if known == name else f"{record}; {name} is new"

    def _source_record(self, name: str) -> tuple[str, int, int]:
        """Return the account, host or domain, the first of which articles are known; picked of them; judged of them."""
        host = name.partition("/")[0]
        known = next((n for n in (name, host, domain_of(host)) if self.sources.get(n, (0, 0))[1]), name)
        picked, judged = self.sources.get(known, (0, 0))
        return known, picked, judged

    def _author(self, author: str, is_for: bool) -> str:
        name, picked, judged = self._author_record(author, is_for)
        return self._record(f"by {name}", picked, judged, is_for)

    def _author_record(self, author: str, is_for: bool) -> tuple[str, int, int]:
        """Return the author of whom most was picked, or passed over; how many were picked, and judged."""
        records = {name: self.authors.get(name.casefold(), (0, 0)) for name in author_names(author)}
        name = max(records, key=lambda n: records[n][0] if is_for else records[n][1] - records[n][0], default=author)
        picked, judged = records.get(name, (0, 0))
        return name, picked, judged

    @staticmethod
    def _record(of_whom: str, picked: int, judged: int, is_for: bool) -> str:
        if not judged:
            return f"no issue had an article {of_whom} to choose from yet"
        if picked == judged and not is_for:  # a source of few articles counts less than one of many
            return f"few articles {of_whom} are known: {judged}"
        if judged == 1:
            return f"the one article {of_whom} was {'picked' if picked else 'passed over'}"
        if picked == judged:
            return f"{'both' if judged == 2 else f'all {judged}'} articles {of_whom} were picked"
        number = f"{'' if is_for else 'only '}{picked}" if picked else "none"
        return f"{number} of the {judged} articles {of_whom} {'was' if picked <= 1 else 'were'} picked"

    @cached_property
    def _picks_of(self) -> Counter[str]:
        """Number of past picks of each publisher, those that no feed carried included."""
        return Counter(publisher_of(url) for url in self.urls)


def publisher_of(url: str) -> str:
    """Return who is named for an address: the account on a host that many share, else the host."""
    return publication_of(url) or host_of(url)


def source_counts(snapshot: Snapshot, training_set: TrainingSet) -> dict[str, list[int]]:
    """Return how many articles of each host, domain and account were picked, and how many could have been.

    Those of ALL are of all articles. Picks that no feed carried, and articles that no issue had the choice of yet, are
    not counted.
    """
    return _counts(snapshot, training_set, lambda article: _sources_of(article.url))


def author_counts(snapshot: Snapshot, training_set: TrainingSet) -> dict[str, list[int]]:
    """Return the same for each author, by name in lower case."""
    return _counts(snapshot, training_set, lambda article: author_names((article.author or "").casefold()))


def _sources_of(url: str) -> Collection[str]:
    return {publisher_of(url), host_of(url), domain_of(host_of(url)), ALL}


def _counts(
    snapshot: Snapshot, training_set: TrainingSet, names_of: Callable[[Article], Collection[str]]
) -> dict[str, list[int]]:
    opens_at = window_start(snapshot)
    counts: dict[str, list[int]] = {}
    # the training set may go on with examples that are no stored articles
    for row, label in zip(training_set.article_rows, training_set.labels, strict=False):
        if label.picked or label.label_source or label.labelled_at < opens_at:
            for name in names_of(snapshot.articles[row]):
                of_name = counts.setdefault(name, [0, 0])
                of_name[0] += label.picked
                of_name[1] += 1
    return counts
