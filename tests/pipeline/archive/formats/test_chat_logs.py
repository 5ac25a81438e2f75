"""A chat saved as text is read like a chat's export: its links are grouped into issues by the newsletter's rhythm."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.archive.files import read_files
from pipeline.archive.formats.chat_logs import chat_rows
from pipeline.archive.importer import read_archive
from pipeline.core.config import Newsletter
from tests.pipeline.archive.test_forms_of_letters import title, url

MONDAY = date(2024, 3, 4)
FORMS = {
    "[%d/%m/%Y, 08:56:14] Ann: {}": "\n",
    "%d.%m.%y, 08:56 - Ann: {}": "\n",
    "%m/%d/%y, 8:56\u202fPM - Ann: {}": " ",
    "%Y-%m-%d 08:56 <ann> {}": " ",
}


@pytest.mark.parametrize("form", FORMS)
def test_chat_saved_as_text_is_read(tmp_path: Path, form: str) -> None:
    """Dates in any order; words without a link are no picks."""
    days = [MONDAY + timedelta(days=nth) for nth in range(28)]
    lines = []
    for nth, day in enumerate(days):
        said = f"{title(nth, 1)}{FORMS[form]}{url(nth, 1)}"
        lines += [day.strftime(form).format(said), day.strftime(form).replace("Ann", "Bo").format("Thanks!")]
    (tmp_path / "chat.txt").write_text("\n".join(lines) + "\n", "utf-8")
    reading = read_archive(read_files(tmp_path), Newsletter("Letter", ()))
    found = [pick.title for issue in reading.issues for pick in issue.picks]
    assert found == [title(nth, 1) for nth in range(28)]
    assert all(issue.date.weekday() == 4 for issue in reading.issues)
    assert len(reading.issues) in (4, 5)


def test_dated_list_of_links_is_no_chat() -> None:
    """Words with a colon behind a time are titles where they do not recur."""
    lines = [f"2024-05-{day:02d} 10:00 Release {day}: what is new https://a.example/{day}" for day in range(1, 20)]
    assert chat_rows("\n".join(lines)) == []
    assert chat_rows("Letter of 22/10/2023\n\n22/10/2023, 08:56 - Ann: hello\n" * 9) == []
