"""Every key of newsletter.toml is checked on reading: a wrong value is named with its line and what would be right."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from pipeline.core.config import Limits
from pipeline.core.config_reader import KEYS, read_newsletter
from pipeline.core.draft_form import SECTION_KEYS, TEXT_KEYS
from pipeline.core.errors import NewsletterError
from pipeline.core.feed_entries import FEED_KEYS
from pipeline.core.types import Section

IN_TABLES = {
    "limits": {f.name for f in fields(Limits)},
    "embedding": {"model"},
    "schedule": {"nightly", "retraining"},
    "notify": {"urls"},
    "draft": {*TEXT_KEYS, *SECTION_KEYS, "tight"},
    "sections": {f.name for f in fields(Section)},
    "feeds": {*FEED_KEYS, "nokey"},
}
NEEDED = {
    "sections": {"key": '"a"', "name": '"A"'},
    "feeds": {"url": '"https://a.example/"'},
    "draft": {"story": '"s"'},
}
WRONG = ["-1", "3.5", "nan", "1979-05-27", '[["a"]]', "[1, 2]", "{ a = 1 }", '"\\u0000a"']  # of no key's kind
HELP = re.compile(r"such as|must be (at least|true|a table|auto|a part)|known are|is missing")
CASES = [("", key) for key in sorted(KEYS)] + [(table, key) for table in IN_TABLES for key in sorted(IN_TABLES[table])]


def write(table: str, key: str, value: str) -> str:
    """A file in which one key is wrong and all else is right."""
    name = "" if (table, key) == ("", "name") else 'name = "Letter"\n'
    section = "" if "sections" in (table, key) else '[[sections]]\nkey = "a"\nname = "A"\n'
    if not table:
        return f"{name}{key} = {value}\n{section}"
    header = f"[[{table}]]" if table in ("sections", "feeds") else f"[{table}]"
    others = "".join(f"{k} = {v}\n" for k, v in NEEDED.get(table, {}).items() if k != key)
    return f"{name}{header}\n{others}{key} = {value}\n{section}"


@pytest.mark.parametrize(("table", "key"), CASES)
def test_a_wrong_value_is_named_with_its_line(tmp_path: Path, table: str, key: str) -> None:
    """Whatever stands there, the editor is told where, which key, and what it takes, in a sentence."""
    file = tmp_path / "newsletter.toml"
    for value in WRONG:
        file.write_text(write(table, key, value))
        with pytest.raises(NewsletterError) as error:
            read_newsletter(file)
        said = str(error.value)
        number = len(write(table, key, value).partition(f"\n{key} = {value}\n")[0].splitlines()) + 1
        assert f"line {1 if (table, key) == ('', 'name') else number}: " in said, said
        assert re.search(rf"\b{key}\b", said), said
        assert HELP.search(said), said


def test_a_long_value_is_shown_in_part(tmp_path: Path) -> None:
    """A page that was pasted into a value leaves the sentence readable."""
    file = tmp_path / "newsletter.toml"
    file.write_text(write("", "timezone", f'"{"x" * 5000}"'))
    with pytest.raises(NewsletterError, match=r'name such as "Europe/Berlin", not .*x…$') as error:
        read_newsletter(file)
    assert len(str(error.value)) < 1000
