"""Messages of chats and posts of social networks: issues where they hold several links, else links of a week."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.pipeline.archive.formats.test_formats_of_tools import TITLES, day_of, is_read, read_all, with_sections
from tests.pipeline.archive.test_forms_of_letters import N, picks, title, url


def test_slacks_messages_are_issues(tmp_path: Path) -> None:
    """Its marks for links, bold lines and bullets; a file for each day of a channel."""
    for n in range(1, N + 1):
        items = with_sections(lambda k, n=n: f"• <{url(n, k)}|{title(n, k)}> &amp; a note\n", "*{}*\n")  # type: ignore[misc]
        seconds = 1_704_445_200 + n * 7 * 86_400
        message = {"type": "message", "user": "U1", "ts": f"{seconds}.000100", "text": f"*Letter #{n}*\nHi.\n{items}"}
        thanks = {"type": "message", "user": "U2", "ts": f"{seconds + 60}.000100", "text": "Thanks! :heart:"}
        (tmp_path / f"{day_of(n)}.json").write_text(json.dumps([message, thanks]), "utf-8")
    (tmp_path / "channels.json").write_text(json.dumps([{"id": "C1", "name": "letters"}]), "utf-8")
    is_read(read_all(tmp_path))


def mastodon(n: int, k: int) -> dict[str, object]:
    """Return a post with a link, as Mastodon exports it."""
    tag = '<a href="https://m.example/tags/a" class="mention hashtag" rel="tag">#<span>a</span></a>'
    text = f'<p>{title(n, k)}</p><p>A note. <a href="{url(n, k)}"><span>{url(n, k)}</span></a></p><p>{tag}</p>'
    day = day_of(n) - timedelta(days=k)
    note = {"id": f"https://m.example/{n}{k}", "url": f"https://m.example/@ann/{n}{k}", "content": text}
    return {"type": "Create", "published": f"{day}T08:00:00Z", "object": note}


def twitter(n: int, k: int) -> dict[str, object]:
    """Return a post with a link, as Twitter exports it."""
    urls = [{"url": f"https://t.co/{n}{k}", "expanded_url": url(n, k)}]
    written = f"{day_of(n) - timedelta(days=k):%a %b %d} 08:00:00 +0000 2024"
    text = f"{title(n, k)} https://t.co/{n}{k}"
    return {"tweet": {"created_at": written, "full_text": text, "entities": {"urls": urls}}}


@pytest.mark.parametrize(("post", "before"), [(mastodon, '{"orderedItems": '), (twitter, "window.YTD.part0 = ")])
def test_posts_with_a_link_each_are_grouped_into_weeks(
    tmp_path: Path, post: Callable[[int, int], dict[str, object]], before: str
) -> None:
    """By the rhythm, as files with one link each; names of people and topics are no links of theirs."""
    reply = '<p><a href="https://m.example/@bob" class="u-url mention">@bob</a> Thanks!</p>'
    talk = {"type": "Create", "published": "2024-01-20T08:00:00Z", "object": {"content": reply, "url": "https://m.e/1"}}
    posts = [talk, *(post(n, k) for n in range(1, N + 1) for k in range(6))]
    file = tmp_path / "export.js"
    file.write_text(before + json.dumps(posts) + ("}" if "{" in before else ""), "utf-8")
    reading = read_all(file)
    assert [sorted(issue) for issue in picks(reading)] == [sorted(issue) for issue in TITLES]
    assert [issue.date for issue in reading.issues] == [day_of(n) for n in range(1, N + 1)]
