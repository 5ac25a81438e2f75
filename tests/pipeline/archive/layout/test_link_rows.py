"""Several titles in one line are picks each; a title beside its author, its paper or a discussion is one."""

from pathlib import Path

import pytest

from tests.pipeline.archive.test_forms_of_letters import N, title
from tests.pipeline.archive.test_sections_of_letters import sections


@pytest.mark.parametrize(
    "row",
    [
        "[TITLE1](URL1) · [TITLE2](URL2) · [TITLE3](URL3)",
        "*Short:* [TITLE1](URL1), [TITLE2](URL2), and [TITLE3](URL3).",
        "- [TITLE1](URL1) | [TITLE2](URL2) |\n  [TITLE3](URL3)",
    ],
)
def test_links_that_signs_join_are_picks_each(tmp_path: Path, row: str) -> None:
    """In a paragraph or an item, with or without words that name the row."""
    more = row.translate(str.maketrans("123", "456"))
    found = sections(
        tmp_path, f"## Lead\n\n[TITLE7](URL7)\n\n[TITLE8](URL8)\n\n## Read\n\n{row}\n\n## More\n\n{more}\n"
    )
    picks = [("Lead", 7), ("Lead", 8), *(("Read", k) for k in (1, 2, 3)), *(("More", k) for k in (4, 5, 6))]
    assert found == [[(section, title(n, k)) for section, k in picks] for n in range(1, N + 1)]


@pytest.mark.parametrize(
    "beside", ["· [The Reef Gazette](URL5)", ", [Ann Low](URL5), [Reef Gazette](URL6)", "| [Ann Low](URL5)"]
)
def test_link_beside_a_title_that_is_no_title_is_no_pick(tmp_path: Path, beside: str) -> None:
    """The author's and the paper's have two words, or the same for many addresses."""
    found = sections(tmp_path, f"## Read\n\n[TITLE1](URL1) {beside}\n\n[TITLE2](URL2) {beside.replace('5', '7')}\n")
    assert found == [[("Read", title(n, 1)), ("Read", title(n, 2))] for n in range(1, N + 1)]
