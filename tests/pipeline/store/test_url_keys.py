"""Keys stored by older rules follow the rules of today."""

from helpers import NOW
from pipeline.core.types import Article
from pipeline.core.urls import article_id, url_key
from pipeline.store.articles import add_articles, articles_by_key
from pipeline.store.database import Database
from pipeline.store.url_keys import refresh_url_keys

URL = "https://www.youtube.com/watch?v=abcDEF12345"


def test_stored_keys_are_computed_anew_once_for_each_version(database: Database) -> None:
    """An article stored under an older key is found by its other addresses, and so is what its feed gave."""
    with database.writing() as connection:
        add_articles(
            connection, [Article(article_id(URL), URL, "Knots", "youtube.com", NOW, feed_url="https://f.example/")]
        )
        for table in ("articles", "article_feeds"):
            connection.execute(f"UPDATE {table} SET url_key = 'old'")
        assert articles_by_key(connection, "https://youtu.be/abcDEF12345") == []
        assert (refresh_url_keys(connection), refresh_url_keys(connection)) == (1, 0)
        assert len(articles_by_key(connection, "https://youtu.be/abcDEF12345")) == 1
        assert connection.execute("SELECT url_key FROM article_feeds").fetchall() == [(url_key(URL),)]
