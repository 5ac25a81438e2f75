"""Read JSON, JSON Lines, YAML and TOML: the list of issues or links that a file holds, or the one issue that it is."""

import json
import re
import tomllib
from collections.abc import Callable
from typing import Any

import yaml

from pipeline.archive.files import File
from pipeline.archive.formats.boards import board_rows, is_board
from pipeline.archive.formats.chats import messages_in, with_bodies
from pipeline.core.errors import InputError

SITE_SUFFIXES = (".yml", ".yaml", ".toml")  # also what configures a site, and is then no issue
DATA_SUFFIXES = (".json", ".jsonl", ".ndjson", *SITE_SUFFIXES)
MAX_ALIASES = 10  # so many double a list five times
Problem = Callable[[str, str], None]  # name, why
ASSIGNED = re.compile(r"\A\s*[\w.$ ]{1,80}=(?=\s*[\[{])")  # to a name, as in Twitter's archive
LISTS = (
    "results",
    "emails",
    "posts",
    "data",
    "items",
    "issues",
    "newsletters",
    "campaigns",
    "broadcasts",
    "bookmarks",
    "list",
)


class _Loader(yaml.SafeLoader):
    """Reads few aliases: some dozens of them, each of a list of others, stand for more values than fit into memory."""

    n_aliases = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            self.n_aliases += 1
            if self.n_aliases > MAX_ALIASES:
                mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
                raise yaml.MarkedYAMLError(problem=f"more than {MAX_ALIASES} aliases", problem_mark=mark)
        return super().compose_node(parent, index)


def load_yaml(text: str) -> Any:
    """Return the value of a YAML text. Raises YAMLError, also for many aliases, and ValueError for impossible dates."""
    return yaml.load(text, _Loader)  # noqa: S506 (a SafeLoader)


def data_rows(file: File, problem: Problem) -> list[tuple[int, dict[str, Any]]]:
    """Return the issues or links of a file, each with its place.

    Parameters
    ----------
    problem : callable
        Is called with the name and the reason of each line of JSON Lines that is none; the others are read.

    Raises
    ------
    InputError
        If the file is not of the format that its name says, or no line of it is.
    """
    try:
        data = _load(file, problem)
    except (ValueError, OverflowError, RecursionError, yaml.YAMLError) as error:
        kind = {".yml": "YAML", ".yaml": "YAML", ".toml": "TOML"}.get(file.suffix, "JSON")
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else getattr(error, "lineno", 1)
        raise InputError(f"{file.name}, line {line}: not {kind}; nothing was imported") from error

    def report(part: str, why: str) -> None:
        problem(f"{file.name}, {part}", why)

    return [(nth, _with_tags(row)) for nth, row in enumerate(_find_list(data, report), 1) if isinstance(row, dict)]


def _load(file: File, problem: Problem) -> Any:
    if file.suffix in (".yml", ".yaml"):
        return load_yaml(file.text)
    if file.suffix == ".toml":
        return tomllib.loads(file.text)
    if file.suffix in (".jsonl", ".ndjson"):
        return _json_lines(file, problem)
    return json.loads(ASSIGNED.sub("", file.text))


def _json_lines(file: File, problem: Problem) -> list[Any]:
    rows: list[Any] = []
    bad: list[json.JSONDecodeError] = []
    for number, line in enumerate(file.text.split("\n"), 1):
        try:
            if line.strip():
                rows.append(json.loads(line))
        except json.JSONDecodeError as error:
            error.lineno = number  # in the file
            bad.append(error)
    if bad and not rows:
        raise bad[0]
    for each in bad:
        problem(f"{file.name}, line {each.lineno}", f"not JSON ({each.msg}); the other lines were read")
    return rows


def _with_tags(row: dict[str, Any]) -> dict[str, Any]:
    """Part the tags of Pinboard, which are words with spaces between them."""
    is_pinboard = "extended" in row and "toread" in row and isinstance(row.get("tags"), str)
    return {**row, "tags": row["tags"].replace(" ", ",")} if is_pinboard else row


def _find_list(data: Any, problem: Problem) -> list[Any]:
    """Find the list of posts, mails, messages or links: at the top, under a usual key, or in Ghost's `db[0].data`."""
    if isinstance(data, dict) and isinstance(data.get("db"), list) and data["db"]:
        data = data["db"][0].get("data", {}) if isinstance(data["db"][0], dict) else data
    if is_board(data):
        return board_rows(data, problem)
    if messages := messages_in(data):
        return list(with_bodies(messages))
    for _ in range(3):
        if not isinstance(data, dict):
            break
        key = next((key for key in LISTS if isinstance(data.get(key), list | dict)), None)
        if key is None:
            break
        data = data[key]
    if isinstance(data, dict) and len(data) > 1 and all(isinstance(value, dict) for value in data.values()):
        return list(data.values())  # Pocket: id → link
    return data if isinstance(data, list) else [data]
