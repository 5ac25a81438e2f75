"""The step `publish`: record an issue as published, with all changes the editor made by hand.

Writes issues, picks, issue_results, and the state of what ran in review.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.archive.files import read_files
from pipeline.archive.formats.format_markdown import FRONT_MATTER, IDENTITY
from pipeline.archive.importer import read_archive
from pipeline.archive.metadata.numbers import title_number
from pipeline.core.config import Newsletter
from pipeline.core.counted import counted
from pipeline.core.errors import InputError, NotFoundError
from pipeline.core.issue_number import issue_name
from pipeline.core.types import Issue, Pick, StepReport
from pipeline.core.urls import url_key
from pipeline.drafts.merge import REMARK
from pipeline.store.database import Database
from pipeline.store.issue_results import add_results, remove_results
from pipeline.store.issues import add_issues, known_issue, remove_issue

SHOWN = 25  # ranks the editor is taken to read; a pick below them was missed


@dataclass(frozen=True)
class MissedPick:
    """A pick that the shortlist did not show."""

    pick: Pick
    rank: int | None  # None: it was not on the shortlist

    @property
    def sentence(self) -> str:
        """As shown to the editor."""
        if self.rank is None:
            return f"{self.pick.title}: not on the shortlist"
        return f"{self.pick.title}: only rank {self.rank}"


def read_issue(file: Path, newsletter: Newsletter) -> Issue:
    """Read the one issue in a file.

    Raises
    ------
    InputError
        If the file cannot be read, is no issue, or is one without a pick.
    """
    if not file.is_file():
        raise InputError(f"{file} is no file; name the issue as it went out, such as issue-84.md")
    issues = read_archive(read_files(file), newsletter).issues
    if not issues:
        raise InputError(f"{file} holds no issue; name the issue as it went out, such as issue-84.md")
    if len(issues) > 1:
        raise InputError(f"{file} holds {len(issues)} issues; publish them one by one, or use: triage import issues")
    if not issues[0].picks:
        raise InputError(f"{file} holds no story with a link; nothing was recorded. Publish the issue as it went out")
    return issues[0]


def issue_body(file: Path) -> str:
    """Return an issue's Markdown without its front matter and our remarks to the editor."""
    text = file.read_text("utf-8-sig")
    match = FRONT_MATTER.match(text)
    return REMARK.sub("", text[match.end() if match else 0 :]).strip() + "\n"


def publish_issue(database: Database, issue: Issue, *, replace: bool = False) -> tuple[StepReport, list[MissedPick]]:
    """Store an issue and the result of each of its candidates, in one transaction. Idempotent.

    Parameters
    ----------
    replace : bool
        Replace another issue that has its number.

    Returns
    -------
    StepReport
        seen: stories on the shortlist; done: picks that were among them; failed: picks that were not.
    list of MissedPick
        Picks that the shortlist did not show.

    Raises
    ------
    InputError
        If another issue has its number: one that shares less than half of its picks.
    """
    started = time.perf_counter()
    with database.writing() as connection:
        if not replace:
            _refuse_another(issue, known_issue(connection, issue.number))
        add_issues(connection, [issue])
        ranks = add_results(connection, issue)
    missed = _missed(issue.picks, ranks)
    unseen = sum(pick.rank is None for pick in missed)
    report = StepReport(
        "publish",
        seen=len(set(ranks.values())),
        done=len(issue.picks) - unseen,
        failed=unseen,
        seconds=time.perf_counter() - started,
        details={"issue": issue.number, "picks": len(issue.picks), "missed": len(missed)},
    )
    return report, missed


def take_back_issue(database: Database, number: int) -> Issue:
    """Take back that an issue was published: what it ran is as decided again. Returns the issue.

    Raises
    ------
    NotFoundError
        If no issue of that number is recorded.
    """
    with database.writing() as connection:
        issue = known_issue(connection, number)
        if issue is None:
            raise NotFoundError(f"no issue {issue_name(number)} is recorded; nothing was taken back")
        remove_issue(connection, number)
        remove_results(connection, number)
    return issue


def other_number(file: Path, issue: Issue) -> str:
    """Return what to say where an issue's title gives another number than it is recorded by; "" where it does not."""
    said = title_number(issue.title)
    identity = IDENTITY.search(file.read_text("utf-8-sig", errors="replace"))
    if identity is None or said is None or said == issue.number:
        return ""
    return (
        f"its title says #{said}, and the line {identity[0]} says #{issue.number}: if the title is right, take this "
        f"back with triage publish --undo {issue.number}, change that line, and publish again"
    )


def _refuse_another(issue: Issue, known: Issue | None) -> None:
    """Refuse an issue that shares less than half of its picks with the recorded one; a corrected issue shares more."""
    if known is None:
        return
    before, now = ({pick.url or pick.title for pick in each.picks} for each in (known, issue))
    if before and 2 * len(before & now) < min(len(before), len(now)):
        raise InputError(
            f"{issue_name(issue.number)} is already recorded, of {known.date} with {counted(len(before), 'pick')}, "
            f"of which this file has {len(before & now)}; give this issue its own number, or replace that one "
            "with --replace"
        )


def _missed(picks: Sequence[Pick], ranks: dict[str, int | None]) -> list[MissedPick]:
    ranked = [MissedPick(pick, ranks.get(url_key(pick.url)) if pick.url else None) for pick in picks]
    return [pick for pick in ranked if pick.rank is None or pick.rank > SHOWN]
