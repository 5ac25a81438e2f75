"""What was understood of an archive: its issues, what was left out and why, and some issues as they were read."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pipeline.archive.document import Document
from pipeline.archive.extraction import Found
from pipeline.archive.metadata.missing_dates import Facts
from pipeline.core.config import Newsletter
from pipeline.core.types import Issue


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that is not in the result, and why."""

    path: str  # file, and line where there is one
    why: str


@dataclass(frozen=True)
class ReadIssue:
    """An issue as it was read: to learn the form of drafts from it, and to show what was taken as what."""

    document: Document
    facts: Facts
    found: Found
    layout: str = ""  # as shown to the editor


@dataclass
class Reading:
    """What was understood of the files that were given."""

    issues: list[Issue] = field(default_factory=list)
    skipped: list[LeftOut] = field(default_factory=list)  # files
    set_aside: list[LeftOut] = field(default_factory=list)  # links
    guessed: list[LeftOut] = field(default_factory=list)  # facts
    guessed_days: set[tuple[int, date]] = field(default_factory=set)  # number and day of issues of which one is a guess
    arranged: list[LeftOut] = field(default_factory=list)  # files with many issues, folders that are one
    layouts: dict[str, str] = field(default_factory=dict)  # folder → layout
    tables: dict[str, Mapping[str, str]] = field(default_factory=dict)  # file → what a column holds → its name
    documents: int = 0  # that could be read, issues or not
    links: int = 0  # to others, in the issues
    examples: list[ReadIssue] = field(default_factory=list)  # of the newsletter with most picks, by publication
    example_picks: int = 0  # of that newsletter

    def sections(self, newsletter: Newsletter) -> dict[str, int]:
        """Count the picks of each section, under its present name, in the order of the issue."""
        counts = Counter(pick.section for issue in self.issues for pick in issue.picks)
        return {section.name: counts[section.key] for section in newsletter.sections if counts[section.key]}

    def unmapped(self) -> dict[str, int]:
        """Count the picks under each heading that no alias maps."""
        return dict(Counter(p.section_name for issue in self.issues for p in issue.picks if p.section is None))

    @property
    def n_picks(self) -> int:
        """Number of picks of all issues."""
        return sum(len(issue.picks) for issue in self.issues)
