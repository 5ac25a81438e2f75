"""What is learned by recurrence in an archive: words that name no story, the story's link, the series of numbers."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.archive.blocks import Block, Span
from pipeline.archive.files import read_files
from pipeline.archive.formats.format_markdown import text_blocks, to_blocks
from pipeline.archive.importer import read_archive
from pipeline.archive.layout.entries import LinkChoice, find_links
from pipeline.archive.layout.label_learning import learn_labels
from pipeline.archive.layout.positions import find_spot
from pipeline.archive.metadata.date_conventions import months_come_first
from pipeline.archive.metadata.series import agreed_numbers
from pipeline.archive.reading import Reading
from pipeline.core.config import Newsletter

LETTER = Newsletter("Letter", ())
DAYS = [date(2024, 5, 3) + timedelta(weeks=nth) for nth in range(6)]
NO_NUMBERS: list[int | None] = [None] * 6


def read(folder: Path, files: dict[str, str]) -> Reading:
    """Write files by name, and read them as `triage import issues` does."""
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return read_archive(read_files(folder), LETTER)


def test_words_that_lead_to_many_addresses_are_labels() -> None:
    """In any language; a title that one address has, and a site that is linked again and again, are none."""
    text = "- [Kelp {n}](https://k{n}.example/) [jatka](https://a{n}.example/{n}) [Home](https://home.example/)\n"
    labels = learn_labels([to_blocks(text.format(n=n)) for n in range(6)])
    assert labels.links == {"jatka"}


def test_titles_that_recur_in_a_large_issue_are_no_labels(tmp_path: Path) -> None:
    """Of many titles some are alike; nothing but the link stands in their items."""
    items = [f"- [{('Kelp', 'Rope', 'Gull')[n % 3]} report {n % 50}](https://k{n}.example/{n})" for n in range(600)]
    reading = read(tmp_path, {"links.md": "# Links #1 - 5 January 2024\n\n" + "\n".join(items) + "\n"})
    assert reading.n_picks == 600


def test_address_that_repeats_the_title_shows_which_link_is_the_story() -> None:
    """Of first and closing link, the archive's entries vote."""
    text = "**{title}.** See [a note](https://n.example/note{n}). [Jatka](https://s.example/{slug})\n"
    titles = ["Kelp holds the harbour", "Ropes outlive barrels", "Gulls measure anchors", "Ferries break reefs"]
    entries = [text.format(title=t, n=n, slug=t.lower().replace(" ", "-")) for n, t in enumerate(titles)]
    labels = learn_labels([to_blocks(entry) for entry in entries])
    choice = LinkChoice()
    found = [find_links(to_blocks(entry), labels, lambda link, block: True) for entry in entries]
    for title, links in zip(titles, found, strict=True):
        assert links is not None
        choice.observe(title, links)
    assert [choice.of(links).url for links in found if links] == [
        f"https://s.example/{title.lower().replace(' ', '-')}" for title in titles
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ([7, 8, 9, 10, 11, 12], [7, 8, 9, 10, 11, 12]),
        ([None, 17, None, None, 4, None], NO_NUMBERS),  # slugs that happen to hold digits
        ([9, 3, 8, 1, 7, 2], NO_NUMBERS),  # no series: it does not grow
        ([5, 5, 5, 5, 5, 5], NO_NUMBERS),
    ],
)
def test_weak_number_counts_where_the_archive_agrees(source: list[int | None], expected: list[int | None]) -> None:
    """A number must be in most names, differ, and grow with the date."""
    assert agreed_numbers([source], NO_NUMBERS, DAYS) == expected


def test_stated_numbers_refute_a_source() -> None:
    """A source that contradicts the numbers in titles gives none to the others."""
    stated: list[int | None] = [21, 22, 23, 24, 25, None]
    assert agreed_numbers([[1, 2, 3, 4, 5, 6]], stated, DAYS)[-1] is None
    assert agreed_numbers([[21, 22, 23, 24, 25, 26]], stated, DAYS)[-1] == 26


@pytest.mark.parametrize(
    ("texts", "month_first"),
    [
        (["05/03/2024", "05/17/2024"], True),
        (["05/03/2024", "17/03/2024"], False),
        (["05/03/2024", "05/10/2024", "06/01/2024"], True),  # in order only if the month comes first
        (["05/03/2024", "12/03/2024", "02/04/2024"], False),
    ],
)
def test_order_of_day_and_month_comes_from_the_archive(texts: list[str], month_first: bool) -> None:
    """A number above 12 shows it, or that the issues are then in order."""
    assert months_come_first(texts) is month_first


def test_american_dates_are_read_by_the_whole_archive(tmp_path: Path) -> None:
    """04/03/2024 is in April where another issue is of 04/17/2024."""
    files = {
        f"n{nth}.md": f"---\ntitle: 'Issue {nth}'\ndate: {day}\n---\n- [Kelp {nth}](https://k{nth}.example/)\n"
        for nth, day in enumerate(["04/03/2024", "04/17/2024", "05/01/2024"], 1)
    }
    assert [str(issue.date) for issue in read(tmp_path, files).issues] == ["2024-04-03", "2024-04-17", "2024-05-01"]


def test_six_digits_of_names_are_days_or_months_by_the_whole_archive(tmp_path: Path) -> None:
    """`240503` is a day unless all names are of months: `202405`."""
    for names in ({"240503": "2024-05-03", "240510": "2024-05-10"}, {"201003": "2010-03-01", "201004": "2010-04-01"}):
        folder = tmp_path / min(names)
        folder.mkdir()
        names |= {"241227": "2024-12-27"} if "240503" in names else {"201005": "2010-05-01"}
        files = {f"{name}.md": f"- [Kelp {name}](https://k{name}.example/)\n" for name in names}
        assert [str(issue.date) for issue in read(folder, files).issues] == list(names.values())


def test_two_issues_of_one_day_without_number_both_stay(tmp_path: Path) -> None:
    """They are numbered apart, and stay so when they are imported again; two readings of one issue stay one."""
    text = "---\ntitle: Links\ndate: 2024-05-03\n---\n- [{a}](https://{a}.example/)\n- [{b}](https://{b}.example/)\n"
    files = {"morning.md": text.format(a="kelp", b="rope"), "noon.md": text.format(a="gull", b="reef")}
    files["noon-again.md"] = files["noon.md"]
    reading = read(tmp_path, files)
    found = {issue.number: [pick.title for pick in issue.picks] for issue in reading.issues}
    assert found == {20240503: ["kelp", "rope"], 2024050302: ["gull", "reef"]}
    assert found == {issue.number: [p.title for p in issue.picks] for issue in read(tmp_path, {}).issues}


def test_notes_and_bars_of_text_mails_are_read() -> None:
    """`[1]` is the link that the list gives it; a line between bars is a heading."""
    text = "~~~~~~~\nTides\n~~~~~~~\n\n* Kelp holds [1]\n* Rope turns [2]\n\n[1] https://a.example/\n[2]: https://b.example/\n"
    blocks = text_blocks(text)
    assert [block.kind for block in blocks] == ["heading", "item", "item"]
    assert [link.url for block in blocks for link in block.links] == ["https://a.example/", "https://b.example/"]


def test_credits_and_quotes_are_no_picks(tmp_path: Path) -> None:
    """A row of accounts, the source below a quote, a post on the newsletter's own site."""
    text = (
        "---\ntitle: Issue {n}\ndate: 2024-05-0{n}\nimage: https://img.letter.example/{n}.png\n---\n## Reading\n\n"
        "[Kelp holds {n}](https://k{n}.example/) and more words.\n\n### [Monday {n}](https://www.letter.example/{n})\n\n"
        "We were [out](https://walk{n}.example/).\n\n## Said\n\n“Ropes turn.”\n\n-- [Ann Roe](https://ann{n}.example/)\n\n"
        "## Thanks\n\n- [ann{n}](https://code.example/ann{n}), [bo{n}](https://code.example/bo{n}), "
        "[cy{n}](https://code.example/cy{n})\n"
    )
    reading = read(tmp_path, {f"{n}.md": text.format(n=n) for n in (1, 2, 3)})
    assert [[p.title for p in issue.picks] for issue in reading.issues] == [[f"Kelp holds {n}"] for n in (1, 2, 3)]


def test_line_below_marks_an_entry_as_paid(tmp_path: Path) -> None:
    """What "Sponsored by …" follows, back to the rule, is no pick."""
    text = (
        "---\ntitle: Issue {n}\ndate: 2024-05-0{n}\n---\n**[Buy {n}](https://shop{n}.example/)**\n\nIt is good.\n\n"
        "*Sponsored by Mole*\n\n---\n\n[Kelp {n}](https://kelp{n}.example/)\n\nWords.\n\n---\n\n"
        "[Rope {n}](https://rope{n}.example/)\n\nWords.\n"
    )
    reading = read(tmp_path, {f"{n}.md": text.format(n=n) for n in (1, 2, 3)})
    assert [[p.title for p in issue.picks] for issue in reading.issues] == [
        [f"Kelp {n}", f"Rope {n}"] for n in (1, 2, 3)
    ]


def test_title_in_larger_letters_than_its_section(tmp_path: Path) -> None:
    """In mails the section is a small heading above a large title; a picture without words hides no section."""
    text = (
        "<p>{n} May 2024</p>"
        "<h3>TIDES</h3><h1>Kelp holds {w}</h1><p>They <a href='https://k{n}.example/'>say so</a>.</p>"
        "<h3>ROPES</h3><h1>Rope turns {w}</h1><p>It <a href='https://r{n}.example/'>turned</a> again.</p>"
        "<p>LOOK</p><p><a href='https://g{n}.example/'><img src='g.png'></a></p>"
        "<p><b><a href='https://g{n}.example/'>Gull measures {w}</a></b></p><p>Well.</p>"
    )
    words = ["one", "two", "three", "four", "five", "six"]
    reading = read(tmp_path, {f"letter-{n}.html": text.format(n=n, w=w) for n, w in enumerate(words, 1)})
    found = {(p.section_name, p.title.rsplit(" ", 1)[0]) for issue in reading.issues for p in issue.picks}
    assert found == {("TIDES", "Kelp holds"), ("ROPES", "Rope turns"), ("LOOK", "Gull measures")}


def test_address_in_a_footer_that_changes_is_furniture(tmp_path: Path) -> None:
    """The words beside it recur."""
    story = "Spar {n}\n{n} May 2024\n\nKelp holds {n}\nhttps://k{n}.example/\n\n"
    text = story + "To leave this list for good\nhttps://s.example/{n}\n"
    reading = read(tmp_path, {f"spar-{n}.txt": text.format(n=n) for n in range(1, 7)})
    assert [[pick.url for pick in issue.picks] for issue in reading.issues] == [
        [f"https://k{n}.example/"] for n in range(1, 7)
    ]


@pytest.mark.parametrize(
    ("after", "position"), [(" Ann van Roe", "title line"), (" Ann asks", "sentence"), (" is what Ann Roe", "sentence")]
)
def test_name_behind_a_short_title_makes_no_sentence(after: str, position: str) -> None:
    """The author in small letters after the link; elsewhere the sentence goes on."""
    block = Block("paragraph", 1, ((Span("Tide turns", "https://a.example/"), Span(after)),))
    spot = find_spot(block, lambda link: True)
    assert spot is not None
    assert spot.position == position
