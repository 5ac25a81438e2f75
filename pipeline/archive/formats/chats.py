"""Turn messages of chats and social networks, as their exports hold them, into rows of issues, if they hold a link.

Telegram, Discord, Slack, Mastodon and Twitter are known by their fields, not by the names of their files.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

ENTITIES = "text_entities"  # of Telegram: runs of text, bold or linked
TEXTS = ("content", "text", "full_text", "message")
TIMES = ("ts", "timestamp", "date", "published", "created_at")
TITLES = ("title", "subject", "name")
OWN = {"url": "permalink", **dict.fromkeys(TEXTS, "said")}  # names of fields that mean something else elsewhere
SLACK_LINK = re.compile(r"<(https?://[^\s|>]+)\|([^>\n]+)>")
SLACK_BOLD = re.compile(r"(?<![*\w])\*(\S(?:[^*\n]*\S)?)\*(?![*\w])")
BULLET = re.compile(r"^[ \t]*[•▪◦][ \t]+", re.MULTILINE)


def messages_in(data: Any) -> list[Any]:
    """Return the list of messages that a file is or holds under any key; [] if it holds other things."""
    lists = [data] if isinstance(data, list) else list(data.values()) if isinstance(data, dict) else []
    return next((each for each in lists if isinstance(each, list) and _are_messages(each)), [])


def _are_messages(rows: Sequence[Any]) -> bool:
    """Have most rows a text and a time, and no title?"""
    messages = [row for row in map(_inner, rows) if _text(row) is not None and any(key in row for key in TIMES)]
    have_titles = any(row.get(key) for row in messages for key in TITLES)
    return bool(messages) and len(messages) > len(rows) / 2 and not have_titles


def _inner(row: Any) -> Mapping[str, Any]:
    """Return a message with the fields of the one object that holds its text: `{"tweet": {…}}`, `{"object": {…}}`."""
    if not isinstance(row, dict) or _text(row) is not None:
        return row if isinstance(row, dict) else {}
    inner = next((value for value in row.values() if isinstance(value, dict) and _text(value) is not None), {})
    return {**row, **inner}


def _text(row: Mapping[str, Any]) -> Any:
    return next((row[key] for key in TEXTS if isinstance(row.get(key), str | list)), None)


def with_bodies(messages: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """Yield the messages that hold a link, with their text as HTML or Markdown."""
    for message in map(_inner, messages):
        body = _body(message)
        if "://" in body:
            plain = {OWN.get(key, key): value for key, value in message.items() if isinstance(value, str)}
            yield {**plain, "body": body, "timestamp": next((message[key] for key in TIMES if key in message), "")}


def _body(message: Mapping[str, Any]) -> str:
    if isinstance(message.get(ENTITIES), list):
        return _to_html([run for run in message[ENTITIES] if isinstance(run, dict)])
    text = _text(message)
    if not isinstance(text, str):
        return ""
    for short, whole in _shortened(message.get("entities")):
        text = text.replace(short, whole)
    return _slack(text) if SLACK_LINK.search(text) else text


def _shortened(entities: Any) -> Iterator[tuple[str, str]]:
    """Yield Twitter's addresses of its own, each with the one that it leads to."""
    for each in entities.get("urls", ()) if isinstance(entities, dict) else ():
        if isinstance(each, dict) and each.get("url") and each.get("expanded_url"):
            yield str(each["url"]), str(each["expanded_url"])


def _slack(text: str) -> str:
    """Write Slack's marks as Markdown; each line is a paragraph or an item."""
    text = SLACK_LINK.sub(lambda link: f"[{link[2]}]({link[1]})", SLACK_BOLD.sub(r"**\1**", text))
    return html.unescape(re.sub(r"\n(?!- )", "\n\n", BULLET.sub("- ", text)))


def _to_html(runs: Sequence[Mapping[str, Any]]) -> str:
    """Write runs of text; each line is a paragraph, as lines of a chat are."""
    return f"<p>{''.join(map(_run, runs))}</p>".replace("\n", "</p>\n<p>")


def _run(run: Mapping[str, Any]) -> str:
    words = html.escape(str(run.get("text", "")))
    if run.get("href"):
        return f'<a href="{html.escape(str(run["href"]))}">{words}</a>'
    return f"<b>{words}</b>" if run.get("type") == "bold" and words.strip() else words
