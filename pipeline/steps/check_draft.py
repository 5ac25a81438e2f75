"""Check a draft before it is published: links, repeats, deadlines, counts. Fetches its links; stores nothing."""

import asyncio
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.archive.extraction import Rules
from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.core.counted import counted
from pipeline.core.deadlines import find_deadlines, lapsed
from pipeline.core.draft_form import as_expression
from pipeline.core.issue_number import in_issue
from pipeline.core.types import Fetched, Issue, Pick, Progress
from pipeline.core.urls import host_of, url_key
from pipeline.drafts.draft import UNPLACED
from pipeline.drafts.merge import parse_draft, parse_formed
from pipeline.feeds.fetch_page import ACCEPT_PAGE
from pipeline.feeds.http import guarded_client
from pipeline.feeds.sanitize import shorten
from pipeline.store.database import Database
from pipeline.store.issues import known_issues

GONE = {404, 410}
RECENT = 20  # issues that say how many picks a section usually has
ENOUGH = 5  # of them, to say anything
GAP = re.compile(r"(?:^|\s)…(?:\s|$)")  # as it is learned: in place of a word
LONGEST = 80  # characters of a title in a sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the editor may want to fix."""

    kind: str  # dead | unsure | moved | repeat | lapsed | empty | gap | unplaced | count | source
    text: str  # a sentence
    url: str | None = None


def check_issue(
    database: Database,
    newsletter: Newsletter,
    as_of: AsOf,
    issue: Issue,
    text: str,
    progress: Progress | None = None,
) -> list[Finding]:
    """Check a draft.

    Parameters
    ----------
    issue : Issue
        The draft as it would be imported.
    text : str
        Its Markdown.
    """
    with database.reading() as connection:
        past = [one for one in known_issues(connection, as_of.issues_before) if one.number != issue.number]
    urls = list(dict.fromkeys(pick.url for pick in issue.picks if pick.url))
    links = asyncio.run(_ask(urls, newsletter, progress))
    findings = [
        *_links(links),
        *_repeats(issue, past),
        *_lapsed_exclusions(issue, newsletter),
        *_words(issue, text, newsletter),
        *_gaps(text, newsletter),
    ]
    return [*findings, *_counts(issue.picks, past, newsletter), *_sources(issue.picks)]


async def _ask(urls: Sequence[str], newsletter: Newsletter, progress: Progress | None) -> list[Fetched]:
    done = 0

    async def ask(url: str) -> Fetched:
        nonlocal done
        fetched = await client.get(url, accept=ACCEPT_PAGE)
        done += 1
        if progress:
            progress(done, len(urls))
        return fetched

    async with guarded_client(newsletter) as client:
        return list(await asyncio.gather(*map(ask, urls)))


def _links(links: Sequence[Fetched]) -> Iterator[Finding]:
    for fetched in links:
        if fetched.status in GONE:
            yield Finding("dead", f"{fetched.url} is gone (HTTP {fetched.status})", fetched.url)
        elif fetched.error is not None or fetched.status >= 400:
            why = fetched.error or f"answers HTTP {fetched.status}"  # 403 and the like may serve a person
            yield Finding("unsure", f"{fetched.url} {why}; open it and see", fetched.url)
        elif url_key(fetched.final_url) != url_key(fetched.url):
            yield Finding("moved", f"{fetched.url} leads to {fetched.final_url}", fetched.url)


def _repeats(issue: Issue, past: Sequence[Issue]) -> Iterator[Finding]:
    ran = {url_key(pick.url): one for one in past for pick in one.picks if pick.url}
    for pick in issue.picks:
        if pick.url and url_key(pick.url) in ran:
            where = in_issue(ran[url_key(pick.url)].number)
            yield Finding("repeat", f"“{shorten(pick.title, LONGEST)}” ran {where}", pick.url)


def _lapsed_exclusions(issue: Issue, newsletter: Newsletter) -> Iterator[Finding]:
    for pick in issue.picks:
        if pick.section in newsletter.deadline_sections:
            deadlines = find_deadlines(f"{pick.title}: {pick.byline or ''}", issue.date)
            if lapsed(deadlines, issue.date):
                last = max(d.last_day for d in deadlines if d.is_due)
                yield Finding("lapsed", f"“{shorten(pick.title, LONGEST)}” closed on {last.isoformat()}", pick.url)


def _words(issue: Issue, text: str, newsletter: Newsletter) -> Iterator[Finding]:
    rules = Rules.of(newsletter)
    titles = {url_key(pick.url): pick.title for pick in issue.picks if pick.url}
    parsed = parse_formed(text, newsletter) if newsletter.draft else parse_draft(text, rules)
    for heading, entries in parsed.sections:
        if heading == UNPLACED and entries:
            yield Finding("unplaced", f"{counted(len(entries), 'entry has', 'entries have')} no section yet")
        for entry in entries:
            if not rules.has_one_liners(heading) and entry.lines and not entry.body.strip():
                url = next(iter(entry.lines))
                yield Finding(
                    "empty", f"nothing is written under “{shorten(titles.get(url_key(url), url), LONGEST)}”", url
                )


def _gaps(text: str, newsletter: Newsletter) -> Iterator[Finding]:
    """Name the lines of opening and closing that wait for the word that is new each time."""
    form = newsletter.draft
    frame = f"{form.opening}\n{form.closing}" if form else ""
    written = " ".join(text.split())
    for line in filter(GAP.search, frame.splitlines()):
        if re.search(as_expression(line.strip()), written):
            yield Finding("gap", f"write what stands for “…” in “{shorten(line.strip(), LONGEST)}”")


def _counts(picks: Sequence[Pick], past: Sequence[Issue], newsletter: Newsletter) -> Iterator[Finding]:
    """Name the sections far over or under their usual number: more than two standard deviations, and two picks."""
    now = Counter(pick.section for pick in picks)
    recent = [Counter(pick.section for pick in issue.picks) for issue in past if issue.picks][-RECENT:]
    for section in newsletter.sections:
        usual = [counts[section.key] for counts in recent]
        if len(usual) < ENOUGH:
            return
        mean, spread = statistics.mean(usual), statistics.pstdev(usual)
        if abs(now[section.key] - mean) > max(2 * spread, 2):
            n = now[section.key]
            had = counted(n, "pick") if n else "no picks"
            yield Finding("count", f"{section.name} has {had}; the last {len(usual)} issues had {mean:.0f} each")


def _sources(picks: Sequence[Pick]) -> Iterator[Finding]:
    entries: dict[str, set[int]] = {}
    for pick in picks:
        if pick.url:
            entries.setdefault(host_of(pick.url), set()).add(pick.entry)
    for host, found in entries.items():
        if len(found) > 1:
            yield Finding("source", f"{len(found)} entries are from {host}")
