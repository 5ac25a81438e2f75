"""Read the stories picked for the next issue from the decisions: notes, sections, entries, order."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.core.deadlines import SUMMARY_CHARS, find_deadlines
from pipeline.core.types import Decision, Issue
from pipeline.core.urls import url_key
from pipeline.drafts.draft import DraftStory
from pipeline.store.articles import articles_by_id
from pipeline.store.database import Connection, Database
from pipeline.store.decisions import decisions_before, states
from pipeline.store.issues import known_issues


def picked_stories(database: Database, newsletter: Newsletter, as_of: AsOf) -> list[DraftStory]:
    """Return what is picked for the next issue, best first, with the dates their text names."""
    with database.reading() as connection:
        return _read_picked(connection, newsletter, as_of, known_issues(connection, as_of.issues_before))


def candidate_keys(database: Database) -> set[str]:
    """Return the url_key of every stored article; a link that the editor added by hand has none there."""
    with database.reading() as connection:
        return {key for (key,) in connection.execute("SELECT url_key FROM articles").fetchall()}


def _read_picked(
    connection: Connection, newsletter: Newsletter, as_of: AsOf, issues: Sequence[Issue]
) -> list[DraftStory]:
    rows = connection.execute("SELECT id, rank, section, duplicate_ids FROM review").fetchall()
    leading = {twin: id for id, _, _, twins in rows for twin in twins}
    decisions = [_on_story(d, leading) for d in decisions_before(connection, as_of.decisions_before)]
    since = as_of.time - timedelta(days=newsletter.limits.candidate_days)
    recent = {d.article_id for d in decisions if d.decided_at >= since}
    ids = [id for id, state in states(decisions).items() if state == "picked" and id in recent]
    ran = {url_key(pick.url) for issue in issues for pick in issue.picks if pick.url}
    edits = _last_edits(decisions)
    placed = {id: (rank, section) for id, rank, section, _ in rows}
    picked = []
    for article in articles_by_id(connection, ids):
        rank, section = placed.get(article.id, (None, None))
        if url_key(article.url) not in ran:
            text = f"{article.title}. {article.summary[:SUMMARY_CHARS]}"
            story = DraftStory(
                article.id, article.url, article.title, article.source, article.author, section, rank=rank,
                deadlines=find_deadlines(text, article.first_seen_at.date()),
            )  # fmt: skip
            picked.append(_with_edits(story, edits.get(article.id, {})))
    place = {id: n for n, id in enumerate(_order(decisions, leading))}
    return sorted(picked, key=lambda s: (place.get(s.id, len(place)), s.rank is None, s.rank or 0, s.id))


def _on_story(decision: Decision, leading: Mapping[str, str]) -> Decision:
    """Return a decision on any article of a story as one on the story; so for the story that leads a group."""
    id, text = decision.article_id or "", decision.text or ""
    leads = decision.verdict == "group" and text in leading
    if id not in leading and not leads:
        return decision
    return replace(
        decision, article_id=leading.get(id, decision.article_id), text=leading[text] if leads else decision.text
    )


def _order(decisions: Sequence[Decision], leading: Mapping[str, str]) -> list[str]:
    """Return the ids of stories in the order that the editor last gave the draft."""
    last = next((d.text or "" for d in reversed(decisions) if d.verdict == "order"), "")
    return list(dict.fromkeys(leading.get(id, id) for id in last.split()))


def read_intro(database: Database, as_of: AsOf) -> str:
    """Return the introduction that the editor wrote since the last issue, "" if there is none."""
    with database.reading() as connection:
        issues = known_issues(connection, as_of.issues_before)
        decisions = decisions_before(connection, as_of.decisions_before)
    return last_intro(decisions, issues)


def last_intro(decisions: Sequence[Decision], issues: Sequence[Issue]) -> str:
    """Return the last introduction that is not of an earlier issue."""
    last = next((d for d in reversed(decisions) if d.verdict == "intro"), None)
    is_old = last is not None and bool(issues) and last.decided_at.date() < issues[-1].date
    return "" if last is None or is_old else last.text or ""


def _with_edits(story: DraftStory, edit: Mapping[str, str]) -> DraftStory:
    return replace(
        story, note=edit.get("note", ""), entry=edit.get("entry"), section=edit.get("section") or story.section,
        title=edit.get("title") or story.title, edited_byline=edit.get("byline", ""),
    )  # fmt: skip


def _last_edits(decisions: Sequence[Decision]) -> dict[str, Mapping[str, str]]:
    """Return article id → the editor's last note, section and entry."""
    edits: dict[str, dict[str, str]] = {}
    for decision in decisions:
        edit = edits.setdefault(decision.article_id or "", {})
        if decision.verdict in ("note", "title", "byline"):
            edit[decision.verdict] = decision.text or ""
        if decision.verdict == "group" and decision.text:
            edit["entry"] = decision.text
        if decision.section is not None:
            edit["section"] = decision.section
    return {id: edit for id, edit in edits.items() if id}
