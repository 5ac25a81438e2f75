"""Details of files as people write them: template tags, colons in titles, mails with <br>, versions in headings."""

from pathlib import Path

import pytest

from pipeline.archive.files import read_files
from pipeline.archive.formats import format_html, format_markdown
from pipeline.archive.importer import read_archive
from pipeline.archive.layout.positions import NUMBERED
from pipeline.ops.workspace import Workspace


def test_colon_in_an_unquoted_title_is_read():
    """Front matter that is no YAML but `key: value` lines is read as these."""
    meta, blocks = format_markdown.read_markdown("---\ntitle: Chips 2: hot\ndate: 2024-05-03\n---\nText\n", "a.md")
    assert (meta["title"], meta["date"]) == ("Chips 2: hot", "2024-05-03")
    assert [block.text for block in blocks] == ["Text"]


def test_template_tag_above_references_does_not_hide_them():
    """A Liquid line before reference definitions leaves the definitions what they are."""
    (block,) = format_markdown.to_blocks("See [the log][1].\n\n{% include footer.html %}\n[1]: https://a.example/log\n")
    assert [link.url for link in block.links] == ["https://a.example/log"]


def test_mail_that_closes_no_tag_is_read_to_its_end() -> None:
    """Each line is nested in the one before it: libxml2 alone stops at 256 levels."""
    blocks = format_html.to_blocks(
        "".join(f'<p><font><b><a href="https://a.example/{n}">Story {n}</a>' for n in range(300))
    )
    assert [link.text for block in blocks for link in block.links] == [f"Story {n}" for n in range(300)]


def test_two_line_breaks_end_a_paragraph():
    """Entries of a mail that are divided by two <br> are blocks of their own; one <br> only ends a line."""
    blocks = format_html.to_blocks('<p><a href="https://a.example/">One</a><br>more<br><br> <a href="b">Two</a></p>')
    assert [block.text for block in blocks] == ["One more", "Two"]


@pytest.mark.parametrize(
    ("title", "without"),
    [("3. Third story", "Third story"), ("Nettle 6.7: faster", "Nettle 6.7: faster"), ("2.0 is out", "2.0 is out")],
)
def test_only_a_leading_number_is_a_list_number(title: str, without: str):
    """Versions and numbers inside a title stay."""
    assert NUMBERED.sub("", title, count=1).strip() == without


def test_equal_guessed_dates_drop_no_issue(workspace: Workspace, tmp_path: Path):
    """Three issues without date and number, whose newest links are of one day, are three issues."""
    for name in ("spring", "summer", "autumn"):
        links = "".join(f"- [A {name} story {n}](https://{name}{n}.example/2024/05/03/story)\n" for n in range(4))
        (tmp_path / f"{name}.md").write_text(f"# Our {name} letter\n\n## Reading\n\n{links}")
    reading = read_archive(read_files(tmp_path), workspace.newsletter)
    assert len({issue.number for issue in reading.issues}) == 3
