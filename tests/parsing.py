"""Parse feeds as if they were served now."""

from helpers import NOW
from pipeline.feeds.parse import ParsedFeed, parse_feed

URL = "https://blog.example/feeds/all.xml"


def parse(body: str | bytes, content_type: str = "", url: str = URL) -> ParsedFeed:
    """Parse a feed as if it was served now."""
    return parse_feed(body.encode() if isinstance(body, str) else body, url, content_type, NOW)


def titles(parsed: ParsedFeed) -> list[str]:
    """List the titles."""
    return [article.title for article in parsed.articles]


def atom(entries: str, head: str = "") -> str:
    """Write an Atom feed."""
    return f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>B</title>{head}{entries}</feed>'
