"""Write text so that a spreadsheet shows it instead of running it. Pure."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime

# a cell that begins like this is a formula to Excel, LibreOffice and Google Sheets (OWASP, CSV injection)
FORMULA = re.compile(r"^\s*[=+\-@\t\r＝＋－＠]")
NUMBER = re.compile(r"^[+-]?\d+([.,]\d+)*([eE][+-]?\d+)?%?$")


def guarded(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula. Numbers, negative ones too, stay."""
    return f"'{text}" if FORMULA.match(text) and not NUMBER.match(text) else text


def as_csv(rows: Iterable[Mapping[str, object]]) -> str:
    """Write records as CSV with a header; lists and objects as JSON, every text guarded."""
    rows = list(rows)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(rows[0]) if rows else [], lineterminator="\r\n")
    writer.writeheader() if rows else None
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return out.getvalue()


def as_json(rows: Iterable[Mapping[str, object]]) -> str:
    """Write records as a JSON list, dates as ISO 8601."""
    return json.dumps(list(rows), ensure_ascii=False, indent=2, default=_iso) + "\n"


def _iso(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _cell(value: object) -> object:
    if isinstance(value, str):
        return guarded(value.replace("\x00", ""))
    if isinstance(value, date | datetime):
        return _iso(value)
    if isinstance(value, list | tuple | dict):
        return guarded(json.dumps(value, ensure_ascii=False, default=str))
    return value
