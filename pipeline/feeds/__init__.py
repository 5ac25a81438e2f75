"""From an address to articles: fetch (HTTP only), parse, clean and dedupe (pure), fulltext."""
