"""Tables in the terminal, also in a narrow one."""

import io
from datetime import date

from rich.console import Console

from flows.cli.options import print_table


def table(rows: list[dict[str, object]], width: int) -> list[str]:
    """Return the lines of a printed table."""
    file = io.StringIO()
    print_table(rows, Console(file=file, width=width))
    return file.getvalue().splitlines()


def test_numbers_and_days_stay_whole() -> None:
    """In 40 columns an address is folded; a day, a number and their heads are not."""
    row = {"feed": "https://a.example/" + "x" * 60, "read_on": date(2026, 4, 9), "fails": 0, "picked %": 12.5}
    lines = table([row, {**row, "fails": None}], width=40)
    assert all(head in lines[0] for head in ("read on", "fails", "picked %"))
    assert "2026-04-09" in lines[1]
    assert "12.5" in lines[1]
    assert max(map(len, lines)) <= 40
    assert "".join(line[:10].strip() for line in lines[1:]).count("x") >= 60
