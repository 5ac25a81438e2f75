"""Turn the messages of chats, as Telegram and Discord export them, into rows of issues, but those without a link."""

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

MESSAGES = "messages"  # the key of their list
ENTITIES = "text_entities"  # of Telegram: runs of text, bold or linked


def with_bodies(messages: Sequence[Any]) -> Iterator[Any]:
    """Yield the messages that hold a link, Telegram's with their text as HTML."""
    for message in messages:
        if not isinstance(message, dict) or "://" not in str(message):
            continue
        plain = {key: value for key, value in message.items() if isinstance(value, str)}  # nothing of its author
        if isinstance(message.get(ENTITIES), list):
            plain["html"] = _to_html([run for run in message[ENTITIES] if isinstance(run, dict)])
        yield plain


def _to_html(runs: Sequence[Mapping[str, Any]]) -> str:
    """Write runs of text; each line is a paragraph, as lines of a chat are."""
    return f"<p>{''.join(map(_run, runs))}</p>".replace("\n", "</p>\n<p>")


def _run(run: Mapping[str, Any]) -> str:
    words = html.escape(str(run.get("text", "")))
    if run.get("href"):
        return f'<a href="{html.escape(str(run["href"]))}">{words}</a>'
    return f"<b>{words}</b>" if run.get("type") == "bold" and words.strip() else words
