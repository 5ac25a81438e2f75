"""Change newsletter.toml as its editor would: comments, order and spelling of what is not changed stay."""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tomlkit
from tomlkit.items import AoT

from pipeline.core.atomic_write import write_atomically
from pipeline.core.config import FILE_NAME, Newsletter
from pipeline.core.config_reader import PROPERTIES, read_newsletter
from pipeline.core.errors import NewsletterError
from pipeline.core.secret_urls import split_address

Values = Mapping[str, Any]


def save_settings(file: Path, values: Values, tables: Mapping[str, Values]) -> Newsletter:
    """Set keys of the file and of its tables.

    Parameters
    ----------
    values : mapping
        Key → value; keys of the file itself.
    tables : mapping
        Name of a table → its keys and values.

    Raises
    ------
    NewsletterError
        If the result would not be valid; the file stays as it is.
    """
    document = _read(file)
    _update(document, values)
    for name, changed in tables.items():
        _update(document.setdefault(name, tomlkit.table()), changed)
    return _write(file, document)


def save_sections(file: Path, sections: Sequence[Values]) -> Newsletter:
    """Replace the sections; one with the key of a section that is there keeps its comments. None removes a key."""
    document = _read(file)
    sections = _with_changed_properties(sections, read_newsletter(file))
    old = document.get("sections", tomlkit.aot())
    known = {str(table["key"]): table for table in old}
    keys = [str(values["key"]) for values in sections]
    tables = [known.get(key, tomlkit.table()) for key in keys]
    for table, values in zip(tables, sections, strict=True):
        _update(table, values)
    if keys != list(known):
        _replace_sections(document, tables)
    return _write(file, document)


def remove_feed_entries(file: Path, urls: Collection[str]) -> Newsletter:
    """Remove the feeds of these addresses from the list of feeds."""
    document = _read(file)
    feeds = document.get("feeds", [])
    for n in reversed(_places(feeds, urls)):
        del feeds[n]
    return _write(file, document)


def restore_feed_entries(file: Path, before: str, after: str, urls: Collection[str]) -> Newsletter:
    """Put back the feeds of these addresses, which were removed from the list of feeds.

    Parameters
    ----------
    before, after : str
        The file's text before and after they were removed. Where it was changed since, the entries come back with
        their options but without the comments beside them.
    """
    document = _read(file)
    if tomlkit.dumps(document) == after:
        return _write(file, tomlkit.parse(before))
    removed = tomlkit.parse(before)["feeds"]
    feeds = document.setdefault("feeds", tomlkit.array())
    for n in _places(removed, urls):
        entry = removed[n].unwrap()
        feeds.insert(min(n, len(feeds)), {"url": entry} if isinstance(feeds, AoT) and isinstance(entry, str) else entry)
    return _write(file, document)


def _places(feeds: Sequence[Any], urls: Collection[str]) -> list[int]:
    """Return where in the list of feeds these public addresses stand."""
    tables = [entry if isinstance(entry, Mapping) else {"url": str(entry)} for entry in feeds]
    return [n for n, table in enumerate(tables) if split_address(table["url"], table.get("secret", ""))[0] in urls]


def _read(file: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(file.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise NewsletterError(f"{file} cannot be read ({error}); repair it by hand") from error


def _write(file: Path, document: tomlkit.TOMLDocument) -> Newsletter:
    text = tomlkit.dumps(document)
    with TemporaryDirectory() as folder:
        trial = Path(folder) / FILE_NAME
        trial.write_text(text, "utf-8")
        try:
            newsletter = read_newsletter(trial)
        except NewsletterError as error:
            raise NewsletterError(str(error).replace(str(trial), file.name)) from error
    write_atomically(file, text)
    return newsletter


def _update(table: Any, values: Values) -> None:
    for key, value in values.items():
        if value is None:
            table.pop(key, None)
        elif key not in table and value in ("", []):
            continue  # what it is anyway
        elif table.get(key) != value or type(table.get(key)) is bool:
            table[key] = value


def _with_changed_properties(sections: Sequence[Values], before: Newsletter) -> list[Values]:
    """Return the sections without their properties if none changes, else with those that are on or were turned off.

    As soon as one property is written, the file implies no other by the keys of its sections.
    """
    had = {(section.key, name): getattr(section, name) for section in before.sections for name in PROPERTIES}
    is_changed = any(
        values[name] != had.get((values["key"], name)) for values in sections for name in PROPERTIES if name in values
    )
    return [
        {
            name: value
            for name, value in values.items()
            if name not in PROPERTIES or (is_changed and (value or had.get((values["key"], name), True)))
        }
        for values in sections
    ]


def _replace_sections(document: tomlkit.TOMLDocument, tables: Sequence[Any]) -> None:
    for above, table in pairwise(tables):
        table.trivia.indent = "" if above.as_string().endswith("\n\n") else "\n"  # what stands above its header
    made = AoT(list(tables), parsed=True)  # else each gets one line more, whatever is there
    if "sections" in document:
        document["sections"] = made
    else:
        document.append("sections", made)
