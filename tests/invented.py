"""A workspace whose shortlist is invented: the desk is tested without a night's work before it."""

import json
from datetime import timedelta
from typing import Any

from helpers import NOW
from pipeline.core.urls import article_id, url_key
from pipeline.ops.workspace import Workspace

OLD = "https://old.example/"
TITLES = (
    "How we run incident reviews without blame",
    "Profiling Python on a cluster: a field guide",
    "Metadata that survives the project's end",
    "Cooling a small machine room for less",
)


def lay_stories(workspace: Workspace, n: int = 40, **fields: Any) -> list[str]:
    """Lay n invented stories on the shortlist, best first, and return their ids."""
    ids = []
    keys = [s.key for s in workspace.newsletter.sections[:4]]
    with workspace.database.writing() as connection:
        for nth in range(n):
            url = f"https://source{nth % 7}.example/story-{nth}"
            ids.append(_add(connection, nth, url, {**_story(nth, n, keys), **fields}))
    return ids


def _story(nth: int, n: int, keys: list[str]) -> dict[str, Any]:
    key = keys[nth % len(keys)]
    return {
        "title": f"{TITLES[nth % len(TITLES)]} ({nth})",
        "source": f"source{nth % 7}.example",
        "author": "A. Writer",
        "summary": "A summary that says a little more than the title does.",
        "text": "word " * 700 if nth % 3 == 0 else "",
        "section": key,
        "sections": {key: 0.7, keys[(nth + 1) % len(keys)]: 0.2},
        "relevance": round(0.95 * (1 - nth / n), 4),
        "reasons": [
            {"kind": "neighbour", "text": "near “An old pick”", "contribution": 0.9, "issue": 118, "url": OLD},
            {"kind": "source", "text": "picked 3 of its 20 articles", "contribution": 0.4, "issue": None, "url": None},
            {"kind": "words", "text": "“webinar” speaks against it", "contribution": -0.3, "issue": None, "url": None},
        ],
        "published": NOW - timedelta(hours=5 * nth + 1),
        "state": "new",
    }  # fmt: skip


def _add(connection: Any, nth: int, url: str, story: dict[str, Any]) -> str:
    id, seen = article_id(url), NOW - timedelta(hours=1)
    connection.execute(
        """INSERT INTO articles
             (id, url, url_key, title, source, author, summary, text, published_at, first_seen_at, origin)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'feed')""",
        [id, url, url_key(url), story["title"], story["source"], story["author"], story["summary"], story["text"],
         story["published"], seen],
    )  # fmt: skip
    connection.execute(
        "INSERT INTO review VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, [], [?], false)",
        [nth + 1, id, url, story["title"], story["source"], story["author"], story["published"], seen, story["section"],
         0.7, json.dumps(story["sections"]), story["relevance"], json.dumps(story["reasons"]), story["state"],
         story["source"]],
    )  # fmt: skip
    return id
