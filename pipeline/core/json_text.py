"""Write values as JSON: dates as ISO 8601, anything else unknown as its text."""

import json
from datetime import date, datetime


def to_json(value: object, indent: int | None = None) -> str:
    """Return a value as JSON text, with letters of every script as they are."""
    return json.dumps(value, ensure_ascii=False, indent=indent, default=as_text)


def as_text(value: object) -> str:
    """Return a date or time as ISO 8601, anything else as its text."""
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
