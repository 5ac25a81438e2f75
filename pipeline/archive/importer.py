"""Read past issues, find the dialect of each newsletter, and say what was set aside and why."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from pipeline.archive.blocks import Block
from pipeline.archive.documents import Document, read_documents
from pipeline.archive.extraction import Found, Rules, to_picks
from pipeline.archive.files import File
from pipeline.archive.layout_bullets import read_bullets
from pipeline.archive.layout_headings import read_headings
from pipeline.archive.layout_titles import read_titles
from pipeline.archive.metadata import Facts, find_facts
from pipeline.core.config import Newsletter
from pipeline.core.errors import InputError
from pipeline.core.types import Issue
from pipeline.core.urls import canonical_url, host_of

Reader = Callable[[Sequence[Block], Rules], Found]
DIALECTS: dict[str, Reader] = {"titles": read_titles, "bullets": read_bullets, "headings": read_headings}
UNDERSTOOD = 0.2  # share of the outgoing links that must be picks, else the dialect is taken for unknown
NOT_SENT = {"draft", "scheduled", "deleted", "transactional"}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that is not in the result, and why."""

    path: str  # file, and line where there is one
    why: str


@dataclass
class Reading:
    """What was understood of the files that were given."""

    issues: list[Issue] = field(default_factory=list)
    skipped: list[LeftOut] = field(default_factory=list)  # files
    set_aside: list[LeftOut] = field(default_factory=list)  # links
    guessed: list[LeftOut] = field(default_factory=list)  # facts
    dialects: dict[str, str] = field(default_factory=dict)  # folder → dialect
    unclear: dict[str, str] = field(default_factory=dict)  # folder → what was understood
    folders: dict[int, str] = field(default_factory=dict)  # issue → folder

    def drop(self, folder: str, why: str) -> None:
        """Leave out the issues of one folder after all."""
        self.issues = [issue for issue in self.issues if self.folders[issue.number] != folder]
        self.skipped.append(LeftOut(folder, why))

    def sections(self, newsletter: Newsletter) -> dict[str, int]:
        """Count the picks of each section, under its present name, in the order of the issue."""
        counts = Counter(pick.section for issue in self.issues for pick in issue.picks)
        return {section.name: counts[section.key] for section in newsletter.sections if counts[section.key]}

    def unmapped(self) -> dict[str, int]:
        """Count the picks under each heading that no alias maps."""
        return dict(Counter(p.section_name for issue in self.issues for p in issue.picks if p.section is None))


def read_archive(files: Iterable[File], newsletter: Newsletter) -> Reading:
    """Read every issue in some files. Of two readings of one issue, the one with addresses stays.

    Raises
    ------
    InputError
        If a file cannot be read, or one that was named by hand is no issue.
    """
    rules = Rules.of(newsletter)
    reading = Reading()
    documents = sorted(read_documents(list(files), rules), key=lambda document: document.folder)
    for folder, group in groupby(documents, key=lambda document: document.folder):
        _read_folder(folder, list(group), rules, newsletter.layout, reading)
    reading.issues = _one_of_each(reading)
    return reading


def _one_of_each(reading: Reading) -> list[Issue]:
    """Keep one reading of each issue: the one with addresses, else the first; tell of two that both have them."""
    issues: dict[int, Issue] = {}
    for issue in reading.issues:
        known = issues.setdefault(issue.number, issue)
        if known is issue or not any(pick.url for pick in issue.picks):
            continue
        if any(pick.url for pick in known.picks):
            why = f"issue {issue.number} was read from {known.path} already; number them apart in their front matter"
            reading.skipped.append(LeftOut(str(issue.path), why))
        else:
            issues[issue.number] = issue
    return [issues[number] for number in sorted(issues)]


def _read_folder(folder: str, documents: list[Document], rules: Rules, pinned: str, reading: Reading) -> None:
    """Read one newsletter's issues, all in the dialect that finds most in them."""
    facts = {document.name: find_facts(document) for document in documents}
    kept = [document for document in documents if not _leave_out(document, facts[document.name], reading)]
    if not kept:
        return
    dialect, found = _best_dialect(kept, rules, pinned)
    picks, links = _understood(found)
    reading.dialects[folder] = dialect
    if pinned == "auto" and links and picks < UNDERSTOOD * links:
        reading.unclear[folder] = f"read as {dialect}, only {picks} of {links} links in {len(kept)} issues are picks"
    for document, one in zip(kept, found, strict=True):
        fact = facts[document.name]
        if fact.number is None or fact.day is None:  # told apart in _leave_out
            continue
        path = document.name.rpartition("/")[2]
        picked = to_picks(one.stories, rules.section_for)
        reading.issues.append(Issue(fact.number, fact.day, fact.title, fact.subtitle, picked, path))
        reading.folders[fact.number] = folder
        reading.set_aside += [
            LeftOut(f"{document.name}, line {aside.line}", f"{aside.text.strip()[:60]!r} is {aside.why}")
            for aside in one.asides
        ]
        if fact.guessed:
            reading.guessed.append(LeftOut(document.name, fact.guessed))


def _leave_out(document: Document, facts: Facts, reading: Reading) -> bool:
    """Note a document that is no issue; refuse one that was named by hand."""
    meta = document.meta
    why = ""
    if str(meta.get("status", "")).lower() in NOT_SENT or str(meta.get("is_published", "true")).lower() == "false":
        why = "it was not published"
    elif str(meta.get("type") or "newsletter").lower() not in ("newsletter", "adhoc_email"):
        why = f"it is a {meta['type']}, not an issue"
    elif facts.number is None or facts.day is None:
        missing = "number" if facts.day is not None else "date" if facts.number is not None else "number and no date"
        why = f'no issue {missing} in its title, front matter or name; write e.g. title: "#83 - 16 July 2021"'
    if why and document.is_named:
        raise InputError(f"{document.name}: {why}")
    if why:
        reading.skipped.append(LeftOut(document.name, why))
    return bool(why)


def _best_dialect(documents: Sequence[Document], rules: Rules, pinned: str) -> tuple[str, list[Found]]:
    if pinned != "auto" and pinned not in DIALECTS:
        raise InputError(f"no dialect {pinned!r}; newsletter.toml may say: auto, {', '.join(DIALECTS)}")
    best: tuple[str, list[Found]] = ("", [])
    for name in DIALECTS if pinned == "auto" else (pinned,):
        found = [DIALECTS[name](document.blocks, _with_own_host(rules, document)) for document in documents]
        if not best[0] or _strong(found) > _strong(best[1]):
            best = (name, found)
    return best


def _with_own_host(rules: Rules, document: Document) -> Rules:
    """Links to where the issue itself stands are no picks."""
    host = host_of(canonical_url(str(document.meta.get("url") or document.meta.get("canonical_url") or "")))
    return replace(rules, own_hosts=rules.own_hosts | ({host} - {""}))


def _strong(found: Sequence[Found]) -> int:
    return sum(story.kind == "title" for one in found for story in one.stories)


def _understood(found: Sequence[Found]) -> tuple[int, int]:
    picks = sum(len(one.stories) for one in found)
    return picks, picks + sum(aside.why != "before the first section" for one in found for aside in one.asides)
