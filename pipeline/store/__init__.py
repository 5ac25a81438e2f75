"""The DuckDB file and the decisions journal: the only room that remembers."""
