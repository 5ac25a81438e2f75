"""Read past issues from files and folders: find the dialect of each, and say what was left out and why."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from dateutil import parser as dates

from pipeline.archive import plain
from pipeline.archive.house import read_house
from pipeline.archive.markdown import read_markdown
from pipeline.errors import InputError
from pipeline.newsletter import Newsletter
from pipeline.types import Issue

SUFFIXES = {".md", ".markdown", ".txt"}
NUMBER = re.compile(r"#\s*(\d+)")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file or link that is not in the result, and why."""

    path: str
    why: str


@dataclass
class Reading:
    """What was understood of the files that were given."""

    issues: list[Issue] = field(default_factory=list)
    skipped: list[LeftOut] = field(default_factory=list)

    def sections(self, newsletter: Newsletter) -> dict[str, int]:
        """Count the picks of each section, under its present name, in the order of the issue."""
        counts = Counter(pick.section for issue in self.issues for pick in issue.picks)
        return {section.name: counts[section.key] for section in newsletter.sections if counts[section.key]}

    def unmapped(self) -> dict[str, int]:
        """Count the picks under each heading that no alias maps."""
        return dict(Counter(pick.section_name for issue in self.issues for pick in issue.picks if pick.section is None))


def read_paths(paths: Sequence[Path], newsletter: Newsletter) -> Reading:
    """Read every issue under the paths. Of two readings of one issue, the one with addresses stays.

    Raises
    ------
    InputError
        If a path is not there, a file cannot be read, or a file named by hand is no issue.
    """
    reading = Reading()
    issues: dict[int, Issue] = {}
    for path, is_named in _files(paths):
        issue = _read_file(path, newsletter)
        if isinstance(issue, LeftOut):
            if is_named:
                raise InputError(f"{issue.path}: {issue.why}")
            reading.skipped.append(issue)
        elif issue.number not in issues or any(pick.url for pick in issue.picks):
            issues[issue.number] = issue
    reading.issues = [issues[number] for number in sorted(issues)]
    return reading


def _files(paths: Iterable[Path]) -> Iterable[tuple[Path, bool]]:
    for path in paths:
        if path.is_dir():
            yield from ((p, False) for p in sorted(path.rglob("*")) if p.is_file() and p.suffix.lower() in SUFFIXES)
        elif path.is_file():
            yield path, True
        else:
            raise InputError(f"{path} is not there; name a file or folder of past issues")


def _read_file(path: Path, newsletter: Newsletter) -> Issue | LeftOut:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read ({error}); nothing was imported") from error
    if path.suffix.lower() == ".txt":
        title, _, body = text.lstrip().partition("\n")
        meta: dict[str, Any] = {"title": title.strip()}
        subtitle, _, _ = body.lstrip().partition("\n")
        meta["subtitle"] = subtitle.strip() if ";" in subtitle else ""
        blocks = plain.to_blocks(body, newsletter.section_for)
    else:
        meta, blocks = read_markdown(text, str(path))
    title = str(meta.get("title") or "")
    number, day = issue_number(title, meta, path.stem), issue_date(title, meta)
    if number is None or day is None:
        missing = "number" if number is None else "date"
        return LeftOut(
            str(path), f'no issue {missing} in its title or front matter; write e.g. title: "#83 - 16 July 2021"'
        )
    picks = read_house(blocks, newsletter.section_for, newsletter.hosts)
    return Issue(number, day, title, str(meta.get("subtitle") or ""), tuple(picks), path.name)


def issue_number(title: str, meta: dict[str, Any], stem: str) -> int | None:
    """Find an issue's number in its title, its front matter or its file's name."""
    named = NUMBER.search(title)
    if named:
        return int(named[1])
    for key in ("number", "issue"):
        if str(meta.get(key, "")).isdigit():
            return int(meta[key])
    in_name = re.fullmatch(r"\D*0*(\d{1,5})", stem)
    return int(in_name[1]) if in_name else None


def issue_date(title: str, meta: dict[str, Any]) -> date | None:
    """Find an issue's date; front matter wins over the title."""
    given = meta.get("date")
    if isinstance(given, datetime):
        return given.date()
    if isinstance(given, date):
        return given
    for text in (str(given or ""), NUMBER.sub("", title)):
        try:
            return dates.parse(text.strip(" -–—"), dayfirst=True).date()
        except (ValueError, OverflowError):
            continue
    return None
