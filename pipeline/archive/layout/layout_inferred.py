"""Read issues of any form: which links are stories is learned from all issues of a newsletter together.

Blocks in, stories and asides out. See docs/archives.md for the rules.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.archive.blocks import Block, join_broken_links
from pipeline.archive.extraction import Found, Rules
from pipeline.archive.layout.form import Counts, Form, choose_forms
from pipeline.archive.layout.furniture import learn_furniture, recurring
from pipeline.archive.layout.inferred_headings import heading_key, with_inferred_headings
from pipeline.archive.layout.issue_links import Learned
from pipeline.archive.layout.issue_reader import IssueReader
from pipeline.archive.layout.issue_title import TOP
from pipeline.archive.layout.joined_titles import join_titles, quote_sources, titled_quotes
from pipeline.archive.layout.kinds import learn_kinds
from pipeline.archive.layout.label_learning import learn_labels
from pipeline.archive.layout.labels import Labels
from pipeline.archive.layout.link_rows import split_link_row
from pipeline.archive.layout.outline import Section, learn_outline
from pipeline.archive.layout.paid_marks import with_paid_marks
from pipeline.archive.layout.title_lines import split_title_lines

NAMED = 0.5  # share of the issues at whose top the newsletter's name must stand, and whose titles must begin with it


@dataclass(frozen=True)
class Inferred:
    """What was read of several issues, and by which form."""

    found: Iterator[Found]  # each issue is read when it is asked for, and then forgotten
    forms: list[Form]


def read_inferred(
    issues: Sequence[Sequence[Block]],
    rules: Sequence[Rules],
    pinned: Form | None = None,
    *,
    is_draft: bool = False,
    step: Callable[[], None] = lambda: None,
) -> Inferred:
    """Find the stories of all issues of one newsletter.

    Parameters
    ----------
    issues : sequence of blocks
        In the order of publication.
    rules : sequence of Rules
        One for each issue.
    pinned : Form, optional
        Read all by this form.
    is_draft : bool
        The sections are those of newsletter.toml alone.
    step : callable
        Is called after each issue whose links were counted.
    """
    section_for = rules[0].section_for if rules else (lambda heading: None)
    issues = [
        [join_broken_links(block) for block in blocks if block.lines or block.kind == "rule"] for blocks in issues
    ]
    labels = learn_labels(issues, rules[0].link_words if rules else None)
    issues = _without_name(with_inferred_headings(issues), [own.title for own in rules])
    issues = with_paid_marks(issues, section_for)
    labels = replace(labels, kinds=learn_kinds(issues))
    learned = Learned(learn_furniture(issues), labels)
    outline = learn_outline(issues, section_for, is_draft=is_draft)
    readers: deque[IssueReader] = deque()
    counts: list[Counts] = []
    for blocks, own in zip(issues, rules, strict=True):
        parts = [part for block in blocks for part in split_link_row(block, labels)]
        lines = [line for part in parts for line in split_title_lines(part, labels)]
        sections = outline.sections(lines, learned.furniture.is_furniture)
        readers.append(IssueReader([_joined(section, labels) for section in sections], own, learned))
    for reader in readers:
        reader.observe_lists()
    for reader in readers:
        counts.append(reader.count())
        step()
    forms = choose_forms(counts) if pinned is None else [_pin(pinned, each) for each in counts]
    return Inferred(_read(readers, forms), forms)


def _read(readers: deque[IssueReader], forms: Sequence[Form]) -> Iterator[Found]:
    for form in forms:
        yield readers.popleft().read(form)


def _without_name(issues: Sequence[list[Block]], titles: Sequence[str]) -> list[list[Block]]:
    """Drop the heading at the top that is the newsletter's name, with which most titles begin: it is no section."""
    letters = [re.sub(r"[\W\d_]", "", title.casefold()) for title in titles]
    tops = recurring([heading_key(b) for b in blocks[:TOP] if b.kind == "heading"] for blocks in issues)
    counts = recurring([heading_key(b) for b in blocks if b.kind == "heading"] for blocks in issues)
    sections = tuple(key for key, n in counts.items() if key and n >= NAMED * len(issues))
    first_of_sections = recurring(_first_of_peers(blocks) for blocks in issues)
    names = {
        key
        for key, n in tops.items()
        if n >= NAMED * len(issues)
        and not (first_of_sections[key] >= NAMED * n and sum(t == key for t in letters) >= NAMED * len(issues))
        and sum(t.startswith(key) for t in letters) >= NAMED * len(issues)
        and sum(t[len(key) :].startswith(sections) for t in letters) < NAMED * len(issues)  # no "Art & Music"
    }
    return [
        [b for nth, b in enumerate(blocks) if nth >= TOP or b.kind != "heading" or heading_key(b) not in names]
        for blocks in issues
    ]


def _first_of_peers(blocks: Sequence[Block]) -> list[str]:
    """Return the heading at the top, if others of its level stand below it: the title of the issue may be its words."""
    headings = [block for block in blocks if block.kind == "heading"]
    has_peers = any(block.level == headings[0].level for block in headings[1:])
    return [heading_key(headings[0])] if has_peers else []


def _joined(section: Section, labels: Labels) -> Section:
    blocks = quote_sources(titled_quotes(section.blocks))
    return replace(section, blocks=blocks if section.story is not None else join_titles(blocks, labels))


def _pin(form: Form, counts: Counts) -> Form:
    return replace(form, opens_with_stories=not counts.has_sections)
