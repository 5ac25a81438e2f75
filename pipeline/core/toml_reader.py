"""Read typed values from parsed TOML; an error names the file, the line and the key."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from pipeline.core.errors import NewsletterError


class TomlReader:
    """Reads values of a TOML file.

    Parameters
    ----------
    path : Path
        Shown in errors.
    text : str
        The file, in which the line of a wrong key is found.
    """

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.lines = text.splitlines()
        self.old_keys: dict[str, str] = {}  # key → the old key that the file uses for it

    def flag(self, table: Mapping[str, Any], key: str, nth: int) -> bool:
        """Return a value that is true or false."""
        value = table.get(key, False)
        if not isinstance(value, bool):
            self.fail(key, f"must be true or false, not {value!r}", "sections", nth)
        return value

    def table(self, data: Mapping[str, Any], key: str, known: set[str]) -> dict[str, Any]:
        """Return a table, {} where it is missing."""
        table = data.get(key, {})
        if not isinstance(table, dict):
            self.fail(key, f"must be a table, written [{key}]")
        self.refuse_unknown(table, known, key)
        return dict(table)

    def text(self, data: Mapping[str, Any], key: str, default: str | None, table: str = "", nth: int = 0) -> str:
        """Return a text. Without a default it is required, and may not be empty."""
        value = data.get(key, default)
        if value is None:
            self.fail(key, "is missing", table, nth)
        if not isinstance(value, str) or (default is None and not value.strip()):
            self.fail(key, f"must be text, not {value!r}", table, nth)
        return value

    def texts(self, data: Mapping[str, Any], key: str, table: str = "", nth: int = 0) -> tuple[str, ...]:
        """Return a list of texts, () where it is missing."""
        value = data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self.fail(key, f"must be a list of texts, not {value!r}", table, nth)
        return tuple(value)

    def refuse_unknown(self, data: Mapping[str, Any], known: set[str], table: str = "", nth: int = 0) -> None:
        """Raise NewsletterError for a key that is not known."""
        for key in data:
            if key not in known:
                self.fail(key, f"is not a known key here; known are: {', '.join(sorted(known))}", table, nth)

    def fail(self, key: str, complaint: str, table: str = "", nth: int = 0) -> NoReturn:
        """Raise NewsletterError with the place of a key."""
        key = key if table else self.old_keys.get(key, key)
        where = f"[{table}] {key}" if table else key
        raise NewsletterError(f"{self.path}, line {self._line_of(key, table, nth)}: {where} {complaint}")

    def _line_of(self, key: str, table: str, nth: int) -> int:
        """Find the line of a key in the nth table of that name; the table's own line if the key is absent."""
        start, seen = 0, -1
        for number, line in enumerate(self.lines, 1):
            header = re.match(r"\s*\[+\s*([\w-]+)\s*\]+", line)
            if header and start and seen == nth:
                break
            if header and header[1] == (table or key):
                seen, start = seen + 1, number
            inside = seen == nth and start if table else not header
            if inside and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
                return number
        return start or 1
