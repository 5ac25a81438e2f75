"""A JSON Feed is read whatever its values are."""

import json
from datetime import UTC, datetime

from parsing import parse, titles


def test_json_feed_is_read_whatever_its_values_are() -> None:
    """Authors of both versions, ids of any kind, dates, and items that are none."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": 7, "language": "de-CH", "authors": [{"name": "House"}],
        "items": [
            {"id": 1, "url": "https://a.example/1", "title": "One", "date_published": "2026-11-01T10:00:00+02:00"},
            {"id": "https://a.example/2", "content_text": "Only text", "author": {"name": "Ann"},
             "date_published": "never", "authors": ["Bo"]},
            {"id": None, "external_url": "https://b.example/3", "title": "\ud800Three", "summary": 5},
            "nonsense", {},
        ],
    }  # fmt: skip
    parsed = parse(json.dumps(feed))
    assert titles(parsed) == ["One", "Only text", "?Three"]
    assert [a.author for a in parsed.articles] == ["House", "Bo, Ann", "House"]
    assert parsed.articles[0].published_at == datetime(2026, 11, 1, 8, tzinfo=UTC)
    assert (parsed.articles[0].language, parsed.malformed) == ("de", "1 items are no objects")


def test_json_feed_written_by_hand_is_read() -> None:
    """With a comma too many, white space before it, dates in seconds; commas in its texts stay."""
    feed = '{"items": [{"id": "1", "url": "/1", "title": "a, ]", "date_published": 1763546400,},],}'
    parsed = parse("\n" * 99 + feed)
    (article,) = parsed.articles
    assert (article.title, article.url, parsed.malformed) == ("a, ]", "https://blog.example/1", "a comma too many")
    assert article.published_at == datetime(2025, 11, 19, 10, tzinfo=UTC)
    assert parse('{"items": [{"id": "1",,}]}').problem == "is not a feed"


def test_broken_json_feed_gives_each_item_that_is_whole() -> None:
    """Cut off within an item, or with one that is no JSON in the middle; what the feed says of itself is kept."""
    feed = {
        "title": "B", "authors": [{"name": "House"}],
        "items": [{"id": n, "url": f"/{n}", "title": f"T{n}", "attachments": [{"url": "/a.mp3"}]} for n in range(3)],
    }  # fmt: skip
    text = json.dumps(feed)
    cut, broken = parse(text[:-70]), parse(text.replace('"T1"', '"T "1" "'))
    assert (titles(cut), titles(broken)) == (["T0", "T1"], ["T0", "T2"])
    assert (cut.title, broken.articles[1].author) == ("B", "House")
    assert broken.malformed == "cut off or broken within an item"
