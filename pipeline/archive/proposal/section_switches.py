"""Infer what a section of newsletter.toml switches on: deadlines, dates of events, a story in each paragraph."""

from collections import Counter
from collections.abc import Sequence

from pipeline.archive.extraction import Found
from pipeline.archive.layout.layout_titles import NAME, NOT_FIRST
from pipeline.archive.proposal.proposed_sections import ProposedSection, letters
from pipeline.archive.reading import ReadIssue
from pipeline.core.deadlines import Deadline, find_deadlines, names_deadline
from pipeline.core.types import Issue

MOST = 0.5  # share of a section's picks that name a day
SURE = 0.7  # confidence of a deadline from which it counts
MANY = 2  # paragraphs of prose with a link for each title line and each issue of a section of one-liners


def set_switches(sections: Sequence[ProposedSection], issues: Sequence[Issue], examples: Sequence[ReadIssue]) -> None:
    """Set `switches` of each section from its picks and from the examples.

    Parameters
    ----------
    sections : sequence of ProposedSection
    issues : sequence of Issue
        In the order that `ProposedSection.picks` counts.
    examples : sequence of ReadIssue
        Only issues of title lines tell where each paragraph is a story; other layouts find all stories without that.
    """
    counts = [_count(issue.found) for issue in examples if issue.layout == NAME]
    for section in sections:
        section.switches = _of_days(section, issues)
        headings = {letters(name) for name in (section.name, *section.aliases)}
        here = [
            (sum(titles[h] for h in headings), sum(paragraphs[h] for h in headings)) for titles, paragraphs in counts
        ]
        n_titles, n_paragraphs = (sum(numbers) for numbers in zip(*here, strict=True)) if here else (0, 0)
        if n_paragraphs and n_paragraphs >= MANY * max(n_titles, sum(map(any, here))):
            section.switches.append("one_liners")


def _of_days(section: ProposedSection, issues: Sequence[Issue]) -> list[str]:
    """Return the switch for what the bylines of a section's picks are: due dates or the days of events."""
    days = [found for nth, pick in section.picks if (found := find_deadlines(pick.byline or "", issues[nth].date))]
    if len(days) < MOST * len(section.picks):
        return []
    is_due = names_deadline(section.name) or sum(map(_is_surely_due, days)) >= MOST * len(days)
    return ["deadlines" if is_due else "event_dates"]


def _is_surely_due(days: Sequence[Deadline]) -> bool:
    return any(day.is_due and day.confidence >= SURE for day in days)


def _count(found: Found) -> tuple[Counter[str], Counter[str]]:
    """Count under each heading the title lines, and the paragraphs of prose with a link."""
    titles: Counter[str] = Counter()
    lines: dict[int, str] = {}  # of paragraphs → heading
    for story in found.stories:
        heading = letters(story.headings[-1]) if story.headings else ""
        if story.kind == "title":
            titles[heading] += 1
        else:
            lines[story.line] = heading
    for aside in found.asides:
        if aside.why == NOT_FIRST:  # it follows the first link of its entry
            before = [line for line in lines if line <= aside.line]
            lines[aside.line] = lines[max(before)] if before else ""
    return titles, Counter(lines.values())
