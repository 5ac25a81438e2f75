"""Read typed values from parsed TOML; an error names the file, the line and the key."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeGuard

from pipeline.core.errors import NewsletterError

HEADER = re.compile(r"\s*\[+([^\[\]]+)\]+")
ENTRY = re.compile(r"\s*([\w.\"'-][\w.\"' \t-]*)=")

SET_TWICE = re.compile(r"Cannot (?:mutate|overwrite|declare)\b")  # how tomllib begins to say so
AT_LINE = re.compile(r"\(at line (\d+)")
LONGEST = 400  # characters of a complaint, which shows the value


def parse_toml(path: Path, read: bytes) -> tuple[str, dict[str, Any]]:
    """Return a file's text and its values.

    Raises
    ------
    NewsletterError
        If it is not UTF-8 or not TOML; the message names the line.
    """
    try:
        text = read.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = read.count(b"\n", 0, error.start) + 1
        raise NewsletterError(f"{path}, line {line}: is not UTF-8; save the file with that encoding") from error
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        if SET_TWICE.match(str(error)):
            lines, at = text.rstrip().split("\n"), AT_LINE.search(str(error))
            # where the setting begins that ends at that line: what stands above is TOML
            above = next(n for n in range(int(at[1]) - 1 if at else len(lines) - 1, -1, -1) if _is_toml(lines[:n]))
            key = lines[above].partition("=")[0].strip()  # not the value, which may hold a secret
            raise NewsletterError(
                f"{path}, line {above + 1}: {key} sets what an earlier line has set; keep one of the two"
            ) from error
        raise NewsletterError(f"{path} is not valid TOML: {error}") from error
    except RecursionError as error:
        raise NewsletterError(f"{path} is not valid TOML: lists are nested too deep") from error


def _is_toml(lines: Sequence[str]) -> bool:
    try:
        tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return False
    return True


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

    def flag(self, data: Mapping[str, Any], key: str, table: str, nth: int = 0) -> bool:
        """Return a value that is true or false, False where it is missing."""
        value = data.get(key, False)
        if not isinstance(value, bool):
            self.fail(key, f"must be true or false, not {value!r}", table, nth)
        return value

    def table(self, data: Mapping[str, Any], key: str, known: set[str]) -> dict[str, Any]:
        """Return a table, {} where it is missing."""
        table = data.get(key, {})
        if not isinstance(table, dict):
            self.fail(key, f"must be a table, written [{key}]")
        self.refuse_unknown(table, known, key)
        return dict(table)

    def text(self, data: Mapping[str, Any], key: str, default: str | None, table: str = "", nth: int = 0) -> str:
        """Return a text. Without a default it is required; it may be empty only where the default is."""
        value = data.get(key, default)
        if value is None:
            self.fail(key, f'is missing; write it as {key} = "…"', table, nth)
        if not is_text(value) or (default != "" and not value.strip()):
            self.fail(key, f'must be text such as "{default or "…"}", not {value!r}', table, nth)
        return value

    def texts(self, data: Mapping[str, Any], key: str, table: str = "", nth: int = 0) -> tuple[str, ...]:
        """Return a list of texts, () where it is missing."""
        value = data.get(key, [])
        if not isinstance(value, list) or not all(map(is_text, value)):
            self.fail(key, f'must be a list of texts such as ["…", "…"], not {value!r}', table, nth)
        return tuple(value)

    def refuse_unknown(self, data: Mapping[str, Any], known: set[str], table: str = "", nth: int = 0) -> None:
        """Raise NewsletterError for a key that is not known."""
        for key in data:
            if key not in known:
                self.fail(key, f"is not a known key here; known are: {', '.join(sorted(known))}", table, nth)

    def fail(self, key: str, complaint: str, table: str = "", nth: int = 0, near: str = "") -> NoReturn:
        """Raise NewsletterError with the place of a key; of one of its items, if that is `near` a text.

        A key that has no line of its own, as in `feeds = [{ … }, { … }]`, is looked for `near` the text, too.
        """
        key = key if table else self.old_keys.get(key, key)
        where = f"[{table}] {key}" if table else key
        path = (table, key) if table else (key,)
        line, depth = self._line_of(path, nth)
        if path == (key,) or depth < len(path):
            line = next((n for n, text in enumerate(self.lines[line - 1 :], line) if near in text), line)
        if len(complaint) > LONGEST:
            complaint = complaint[: LONGEST - 1] + "…"
        raise NewsletterError(f"{self.path}, line {line}: {where} {complaint}")

    def line_of(self, *path: str) -> int:
        """Return the line of a key, by the names of its tables and its own; that of its table if it is absent."""
        return self._line_of(path, 0)[0]

    def _line_of(self, path: tuple[str, ...], nth: int) -> tuple[int, int]:
        """Find the line of a key, in the nth table where there are several; the line of its table if it is absent.

        Returns the line and the number of names of the path that were found there.
        """
        line, depth, seen = 1, 0, -1
        header: tuple[str, ...] = ()
        for number, text in enumerate(self.lines, 1):
            if match := HEADER.match(text):
                here = header = _keys(match[1])
                seen += header == path[:1]
            elif match := ENTRY.match(text):
                here = (*header, *_keys(match[1]))
            else:
                continue
            if len(here) > depth and here == path[: len(here)] and seen in (-1, nth):
                line, depth = number, len(here)
        return line, depth


def is_text(value: object) -> TypeGuard[str]:
    """Return whether a value is a text that every file name, header and line can hold: none with a null character."""
    return isinstance(value, str) and "\0" not in value


def _keys(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip(" \t\"'") for part in dotted.split("."))
