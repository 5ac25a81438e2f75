"""Files of articles are read in the forms that programs write, and what is bad in them is named."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.core.errors import InputError
from pipeline.feeds.file_imports import read_articles

NOW = datetime(2026, 11, 28, tzinfo=UTC)
GOOD = [{"url": f"https://a.example/{n}", "title": f"Tide clock {n}", "published": "2026-11-20"} for n in range(2)]
LINES = [json.dumps(article) for article in GOOD]
ARRAY = json.dumps(GOOD)


@pytest.mark.parametrize(
    "content",
    ["\r\n".join(LINES).encode("utf-8-sig"), "\n".join(LINES).encode("utf-16"), "\r\n".join(LINES).encode("utf-32"),
     ARRAY.encode(), json.dumps(GOOD, indent=1).encode("utf-16-le"), f"[{LINES[0]},\n{LINES[1]},\n]".encode(),
     json.dumps({"articles": GOOD}).encode(), json.dumps({"n": 2, "tags": [], "items": GOOD}, indent=1).encode(),
     f"{LINES[0]},\n{LINES[1]},".encode(), "\n".join(LINES).replace("}", ",}").encode()],
)  # fmt: skip
def test_every_form_of_a_file_is_read(tmp_path: Path, content: bytes) -> None:
    """JSON lines or one document, in any Unicode encoding, with commas too many."""
    (tmp_path / "stream").write_bytes(content)
    articles, skipped = read_articles(tmp_path / "stream", seen_at=NOW)
    assert ([article.title for article in articles], skipped) == (["Tide clock 0", "Tide clock 1"], [])


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (b'{"url": "https://a.example/3", "published": "2026-11-20"}', "it lacks title"),
        (b'{"url": "https://a.example/3", "title": "Bells", "published": "1900-01-01"}', "'1900-01-01', before 1990"),
        (b'{"url": "https://a.example/3", "title": "Bells", "published": "2999-01-01"}', "more than a day from now"),
        ('{"url": "https://a.example/3", "title": "Köln"}'.encode("latin-1"), "byte 43 is not UTF-8"),
        (b"NaN", "it lacks url and title and published"),
        (b"[" * 100_000, "this is not JSON"),
        (b'{"url": "https://a.example/3", "title": "' + b"x" * 1_000_000, "this is not JSON"),
    ],
)  # fmt: skip
def test_bad_line_is_named_and_costs_no_other(tmp_path: Path, bad: bytes, why: str) -> None:
    """Strict refuses the file and says the same."""
    path = tmp_path / "stream.jsonl"
    path.write_bytes("\n".join(LINES).encode() + b"\n" + bad)
    articles, skipped = read_articles(path, strict=False, seen_at=NOW)
    assert len(articles) == 2
    assert [f"{path}, line 3: " in said and why in said and len(said) < 400 for said in skipped] == [True]
    with pytest.raises(InputError, match=r"line 3.*nothing was imported"):
        read_articles(path, seen_at=NOW)


def test_broken_list_costs_the_broken_line_alone(tmp_path: Path) -> None:
    """Its brackets and commas are no articles."""
    path = tmp_path / "stream.json"
    path.write_text("[\n" + ",\n".join([LINES[0], '{"url": https://a.example/3}', LINES[1]]) + "\n]\n", "utf-8")
    articles, skipped = read_articles(path, strict=False, seen_at=NOW)
    assert (len(articles), len(skipped)) == (2, 1)
    assert "line 3: this is not JSON" in skipped[0]


@pytest.mark.parametrize(
    "written", ["Fri, 20 Nov 2026 10:00:00 GMT", "2026-11-20T11:00:00+01:00", 1795168800, "20 Nov 2026 10:00"]
)
def test_published_is_read_as_in_feeds(tmp_path: Path, written: object) -> None:
    """RFC 822, ISO 8601, seconds since 1970."""
    (tmp_path / "stream").write_text(json.dumps({**GOOD[0], "published": written}), "utf-8")
    ((article,), _) = read_articles(tmp_path / "stream", seen_at=NOW)
    assert article.published_at == datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_bad_article_of_an_array_is_named(tmp_path: Path) -> None:
    """And an array that is cut off is told, never read as nothing."""
    path = tmp_path / "stream.json"
    path.write_text(json.dumps([*GOOD, {"title": "Bells"}]), "utf-8")
    articles, skipped = read_articles(path, strict=False, seen_at=NOW)
    assert (len(articles), len(skipped)) == (2, 1)
    assert "article 3: " in skipped[0]
    path.write_text(ARRAY[:-9], "utf-8")
    assert len(read_articles(path, strict=False, seen_at=NOW)[1]) == 1
