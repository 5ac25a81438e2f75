"""Read past issues, infer the layout of each newsletter, and say what was left out and why."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from pathlib import PurePosixPath

from pipeline.archive.document import Document
from pipeline.archive.draft_reading import draft_layout, without_frame
from pipeline.archive.extraction import Found, Rules, to_picks
from pipeline.archive.files import File
from pipeline.archive.folder_names import named_by_folders
from pipeline.archive.formats.data_files import DATA_SUFFIXES
from pipeline.archive.formats.document_reader import Settings, read_documents
from pipeline.archive.formats.single_links import group_single_links
from pipeline.archive.issues_of_files import joined, parted, without_supplements
from pipeline.archive.layout.layouts import FEW_ISSUES, Layout, read_layout
from pipeline.archive.layout.picture_headings import with_picture_headings
from pipeline.archive.layout.picture_links import with_linked_titles
from pipeline.archive.metadata.issue_facts import find_all_facts
from pipeline.archive.metadata.missing_dates import Facts
from pipeline.archive.metadata.name_dates import PLAIN_YEAR, folder_month
from pipeline.archive.metadata.own_site import find_own_hosts
from pipeline.archive.metadata.same_issue import one_of_each, with_parts_joined, without_material
from pipeline.archive.metadata.title_lines import with_title_lines
from pipeline.archive.not_issues import lacks_identity, without_drafts, without_others
from pipeline.archive.reading import LeftOut, Reading, ReadIssue
from pipeline.archive.reading_progress import Steps
from pipeline.core.collection import collection_paused
from pipeline.core.config import Newsletter
from pipeline.core.counted import counted
from pipeline.core.issue_number import is_day_number
from pipeline.core.types import Issue, Progress

DATE_FOLDER = re.compile(r"(?:19|20)\d{2}(?:[-_.]?\d{2}){0,2}|\d{1,3}|q[1-4]", re.IGNORECASE)
EXAMPLES = 12  # newest issues of a newsletter that are kept as they were read, beside the first and the middle one


def read_archive(files: Iterable[File], newsletter: Newsletter, progress: Progress | None = None) -> Reading:
    """Read every issue in some files. Of two readings of one issue, the one with addresses stays.

    Parameters
    ----------
    progress : callable, optional
        Is called with what is done and how much there is to do.

    Raises
    ------
    InputError
        If a file that was named by hand cannot be read or is no issue; of others it is named in `skipped`.
    """
    reading = Reading()
    settings = Settings(Rules.of(newsletter), newsletter.zone, newsletter.issue_day, reading.tables.__setitem__)

    def problem(name: str, why: str) -> None:
        reading.skipped.append(LeftOut(name, why))

    with collection_paused():
        files = list(files)
        steps = Steps(progress, 3 * len(files))
        documents = list(read_documents(files, settings.rules, problem, settings, steps))
        documents = without_supplements(named_by_folders(without_drafts(documents, reading), reading), reading)
        documents = group_single_links(joined(parted(documents, reading), reading), newsletter.issue_day)
        reading.documents = len(documents)
        documents = with_linked_titles(with_picture_headings(documents))
        folders = _newsletter_folders(documents)
        steps.done, steps.total = len(documents), 3 * len(documents)

        def series_of(document: Document) -> tuple[int, str, bool]:
            folder = folders[document.folder]
            return folder.count("/"), folder, PurePosixPath(document.path).suffix in DATA_SUFFIXES

        documents.sort(key=series_of)
        newsletters = deque((folder, list(g)) for (_, folder, _), g in groupby(documents, key=series_of))
        del documents, files  # what was read is forgotten issue by issue
        series: list[list[Issue]] = []
        while newsletters:
            n_before = len(reading.issues)
            _read_folder(*newsletters.popleft(), newsletter, reading, steps)
            series.append(reading.issues[n_before:])
    reading.issues, beside = without_material(series)
    reading.issues.sort(key=lambda issue: (issue.number, issue.date) in reading.guessed_days)
    reading.issues, again = one_of_each(reading.issues, reading.guessed_days)
    reading.skipped += [LeftOut(path, why) for path, why in (*beside, *again)]
    return reading


def _newsletter_folders(documents: Sequence[Document]) -> dict[str, str]:
    """Map folders to the newsletter's: those of years, months and single issues belong to their parent."""
    sizes = Counter(document.folder for document in documents)
    parents = Counter(str(PurePosixPath(folder).parent) for folder in sizes)
    found = {}
    for folder in sizes:
        path = PurePosixPath(folder)
        while DATE_FOLDER.fullmatch(path.name) or folder_month(path.name, _year_of(path.parent.name)):
            path = path.parent
        if sizes[folder] == 1 and parents[str(path.parent)] > 2:
            path = path.parent
        found[folder] = str(path)
    return found


def _year_of(name: str) -> str:
    return name if PLAIN_YEAR.fullmatch(name) else ""


def _read_folder(
    folder: str, documents: list[Document], newsletter: Newsletter, reading: Reading, steps: Steps
) -> None:
    """Read one newsletter's issues, with what is learned from all of them."""
    issues = with_title_lines(without_others(documents, reading))
    facts = find_all_facts(issues, newsletter.zone)
    kept = [(d, f) for d, f in zip(issues, facts, strict=True) if not lacks_identity(d, f, reading)]
    documents.clear()  # `kept` alone holds them, and drops each when it is read
    del issues
    kept.sort(key=lambda pair: (pair[1].day or date.min, pair[1].number or 0))
    if not kept:
        return
    rules = Rules.of(newsletter)
    pinned, is_draft = newsletter.layout, False
    if newsletter.draft is not None and len(kept) < FEW_ISSUES:  # drafts, in which nothing can recur
        kept = [(without_frame(document, newsletter.draft), fact) for document, fact in kept]
        pinned, is_draft = draft_layout(newsletter.draft, pinned), True
        rules = replace(rules, link_words=newsletter.draft.link_words)
    own_hosts = find_own_hosts([document for document, _ in kept])
    layout = read_layout(
        [document.blocks for document, _ in kept],
        [
            replace(rules, own_hosts=rules.own_hosts | hosts, title=fact.title)
            for hosts, (_, fact) in zip(own_hosts, kept, strict=True)
        ],
        pinned,
        is_draft=is_draft,
        step=steps,
    )
    n_before = len(reading.issues)
    _take_picks(folder, kept, layout, rules, reading, steps)
    reading.issues[n_before:], parts = with_parts_joined(reading.issues[n_before:])
    reading.guessed += [LeftOut(path, why) for path, why in parts]


def _take_picks(
    folder: str, kept: list[tuple[Document, Facts]], layout: Layout, rules: Rules, reading: Reading, steps: Steps
) -> None:
    """Add a newsletter's issues; of that with most picks keep first, middle and newest ones as they were read."""
    n = len(kept)
    chosen = {0, n // 2, *range(max(0, n - EXAMPLES), n)}
    examples = []
    n_picks = 0
    name = kept[0][0].stories_are or layout.name
    waiting = deque(kept)
    kept.clear()
    for nth, found in enumerate(layout.found):
        document, fact = waiting.popleft()
        _add_issue(folder, document, fact, found, rules, reading)
        n_picks += len(found.stories)
        if nth in chosen:
            examples.append(ReadIssue(document, fact, found, name))
        steps()
    if n_picks > reading.example_picks or not reading.examples:
        reading.examples, reading.example_picks = examples, n_picks
    if n_picks:
        reading.layouts[folder] = name


def _place(name: str, folder: str) -> str:
    """Return where an issue lies in its newsletter's folder: "issue-9.md", "009/index.md"."""
    return name.removeprefix(f"{folder}/") if name.startswith(f"{folder}/") else name.rpartition("/")[2]


def _add_issue(folder: str, document: Document, fact: Facts, found: Found, rules: Rules, reading: Reading) -> None:
    if fact.number is None or fact.day is None:  # reported by lacks_identity
        return
    reading.links += len(found.stories) + len(found.asides)
    reading.set_aside += [
        LeftOut(f"{document.name}, line {aside.line}", f"{aside.text.strip()[:60]!r} is {aside.why}")
        for aside in found.asides
    ]
    if not found.stories and (fact.guessed or is_day_number(fact.number, fact.day)):
        n = len(found.asides)
        why = f"no pick: {counted(n, 'link')}, of which none is where stories are" if n else "no pick: it has no link"
        reading.skipped.append(LeftOut(document.name, why))
        return
    path = _place(document.name, folder)
    picks = to_picks(found.stories, rules.section_for)
    reading.issues.append(Issue(fact.number, fact.day, fact.title, fact.subtitle, picks, path))
    if fact.guessed:
        reading.guessed_days.add((fact.number, fact.day))
        reading.guessed.append(LeftOut(document.name, fact.guessed))
