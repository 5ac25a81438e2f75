"""Forms of sent mails: endings of titles, sponsors named above an entry, the pages of a table beside the table."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.archive.files import read_files
from pipeline.archive.importer import read_archive
from pipeline.core.config import Newsletter
from tests.pipeline.archive.test_forms_of_letters import WORDS, N, picks, read, title, url


def test_words_in_brackets_that_end_many_titles_are_cut(tmp_path: Path) -> None:
    """Reading times and arrows belong to no title; words in brackets that end a few do."""

    def write(n: int, day: date) -> str:
        items = [f"<p><a href='{url(n, k)}'>{title(n, k)} ({n + k} minute read) →</a><br>A note.</p>" for k in range(4)]
        if n < 3:
            items.append(f"<p><a href='{url(n, 5)}'>{title(n, 5)} (Part {n})</a><br>A note.</p>")
        return f"<h1>Letter, {day}</h1><h2>News</h2>" + "".join(items)

    reading = read(tmp_path, write, "html")
    assert all(found[:4] == [title(n, k) for k in range(4)] for n, found in enumerate(picks(reading), 1))
    assert [found[4] for found in picks(reading)[:2]] == [f"{title(n, 5)} (Part {n})" for n in (1, 2)]


def test_an_offer_printed_for_weeks_is_marked_alone(tmp_path: Path) -> None:
    """Its words lead to another address each time, as links that count clicks do; the story above it stays."""

    def write(n: int, day: date) -> str:
        stories = [
            f"<p><a href='{url(n, k)}'>{title(n, k)}</a> — a note about ropes.</p><p>Ann Low</p>" for k in range(4)
        ]
        offer = f"<p><a href='https://clicks.example/{n}{n}'>Test in your sleep</a> — it sails on.</p>"
        offer += f"<p>{WORDS[n]} sponsor</p>"
        return f"<h1>Letter {n}</h1><p>{day}</p><h2>News</h2>" + "".join([*stories[:2], offer, *stories[2:]])

    assert picks(read(tmp_path, write, "html")) == [[title(n, k) for k in range(4)] for n in range(1, N + 1)]


@pytest.mark.parametrize("mark", ["Acme sponsor", "Our sponsor", "Merci à notre partenaire"])
def test_a_sponsor_of_many_issues_marks_one_entry(tmp_path: Path, mark: str) -> None:
    """A line that recurs is no heading, under which the rest of a section would be lost; a name is below its offer."""
    is_below = mark.startswith("Acme")

    def write(n: int, day: date) -> str:
        stories = [f"[{title(n, k)}]({url(n, k)})\n\nA note on it, in words.\n" for k in range(4)]
        offer = f"[{title(n, 9)}](https://acme.example/{n}) lets your team sleep.\n"
        paid = [offer, f"{mark}\n"] if is_below else [f"{mark}\n", offer]
        return f"# Letter {n}\n\n<!-- date: {day} -->\n\n## News\n\n" + "\n".join([*stories[:2], *paid, *stories[2:]])

    assert picks(read(tmp_path, write)) == [[title(n, k) for k in range(4)] for n in range(1, N + 1)]


def test_presented_by_marks_the_entry_below(tmp_path: Path) -> None:
    """The story above the line stays, whether entries are title lines or headings with a link below."""
    for form in ("lines", "cards"):
        folder = tmp_path / form
        folder.mkdir()

        def write(n: int, day: date, form: str = form) -> str:
            mark = "Presented by Acme"
            if form == "lines":
                entries = [f"**[{title(n, k)}]({url(n, k)})**\nA note on it, in words.\n" for k in range(4)]
                return f"# Letter {n}\n\n<!-- date: {day} -->\n\n## News\n\n" + "\n".join(
                    [*entries[:2], mark + "\n", *entries[2:]]
                )
            entries = [f"### {title(n, k)}\n\nA note.\n\n[Read more]({url(n, k)})\n" for k in range(4)]
            return f"<!-- date: {day} -->\n\n## News\n\n" + "\n".join([*entries[:2], mark + "\n", *entries[2:]])

        assert picks(read(folder, write)) == [[title(n, k) for k in (0, 1, 3)] for n in range(1, N + 1)], form


def test_pr_and_supporters_in_other_languages_are_paid(tmp_path: Path) -> None:
    """What stands under such headings is no pick."""
    heads = (
        "■【PR】",
        "Avec le soutien de",
        "Präsentiert von Boje GmbH",
        "Supporting this issue",
        "Kleinanzeigen",
        "Clasificados",
    )

    def write(n: int, day: date) -> str:
        paid = "".join(f"## {head}\n\n- [{title(n, k)}]({url(n, k)})\n\n" for k, head in enumerate(heads, 5))
        return f"# Letter {n}\n\n<!-- date: {day} -->\n\n## News\n\n- [{title(n, 1)}]({url(n, 1)})\n\n{paid}"

    assert picks(read(tmp_path, write)) == [[title(n, 1)] for n in range(1, N + 1)]


def test_pr_before_an_entry_is_paid_in_japanese_and_korean_alone(tmp_path: Path) -> None:
    """In other languages the letters are those of a request to pull changes."""

    def write(n: int, day: date) -> str:
        paid = f"・[PR] [{WORDS[n]}の{n}の地図]({url(n, 5)})\n\n[PR]\n・[{WORDS[n]}の{n}の海]({url(n, 6)})\n\n"
        return f"# Letter {n}\n\n<!-- date: {day} -->\n\n## News\n\n[PR] [{title(n, 1)}]({url(n, 1)})\n\n{paid}"

    assert picks(read(tmp_path, write)) == [[title(n, 1)] for n in range(1, N + 1)]


def test_pages_of_a_table_are_not_read_as_issues_again(tmp_path: Path) -> None:
    """Notion exports a table, the table again, and a page for each row."""
    rows = [
        (title(n, k), f"Issue {n}", date(2024, 1, 5) + timedelta(weeks=n), url(n, k))
        for n in range(1, N + 1)
        for k in range(3)
    ]
    table = "Name,Issue,Published,URL\n" + "".join(f"{t},{i},{d},{u}\n" for t, i, d, u in rows)
    (tmp_path / "Links 0a.csv").write_text(table)
    (tmp_path / "Links 0a_all.csv").write_text(table)
    (tmp_path / "Links 0a").mkdir()
    for at, (t, i, d, u) in enumerate(rows):
        page = f"# {t}\n\nIssue: {i}\nPublished: {d:%B %-d, %Y}\nURL: {u}\n"
        (tmp_path / "Links 0a" / f"{t} {at:032x}.md").write_text(page)
    reading = read_archive(read_files(tmp_path), Newsletter("Letter", ()))
    assert [issue.number for issue in reading.issues] == list(range(1, N + 1))
    assert any("were read as issue" in left.why for left in reading.skipped)


def test_the_name_and_authors_are_no_sections(tmp_path: Path) -> None:
    """In a mail without headings the name at the top and authors that write often divide nothing."""
    sections = ("Articles", "Code and Tools")

    def write(n: int, day: date) -> str:
        parts = [f"<title>Harbour Weekly {n}: {title(n, 0)}</title><p>Harbour Weekly</p>"]
        for k in range(12):
            if k in (3, 8):
                parts.append(f"<p>{sections[k > 3]}</p>")
            author = "Ann Low" if (n + k) % 13 == 1 and n < 3 else f"{WORDS[k % 10]} {'ABCDEF'[n - 1]}{'XY'[k > 9]}"
            parts.append(f"<p><a href='{url(n, k)}'>{title(n, k)}</a> — A note on it.</p><p>{author}</p>")
        return f"<time datetime='{day}'></time>" + "".join(parts)

    reading = read(tmp_path, write, "html")
    found = [[pick.section_name for pick in issue.picks] for issue in reading.issues]
    assert found == [[""] * 3 + ["Articles"] * 5 + ["Code and Tools"] * 4] * N


@pytest.mark.parametrize("between", ["<br>", "</p><p>", "<br><br>"])
def test_title_in_plain_letters_above_its_note_and_link(between: str, tmp_path: Path) -> None:
    """The link says "READ IT HERE" below; the title is neither bold nor linked, and a picture stands above it."""

    def write(n: int, day: date) -> str:
        entries = [
            f"<p><a href='{url(n, k)}'><img src='a.png'></a></p><p>{title(n, k)}{between}A note, as long as it is, of "
            f"{title(n, k + 5)}.{between}<a href='{url(n, k)}'>READ IT HERE</a></p>"
            for k in range(4)
        ]
        return f"<h1>Letter {n}</h1><p>{day}</p><p><b>NEWS</b></p>" + "".join(entries)

    assert picks(read(tmp_path, write, "html")) == [[title(n, k) for k in range(4)] for n in range(1, N + 1)]


def test_an_offer_right_below_a_sponsor_line_is_paid(tmp_path: Path) -> None:
    """A heading "brought to you by X" holds for the title of the offer below it, and not for the next section."""

    def write(n: int, day: date) -> str:
        paid = f"<h4>Today's edition is brought to you by {WORDS[n]}</h4><p><b>{title(n, 9)}</b></p>"
        paid += f"<p>Good. <a href='{url(n, 9)}'>Try it free.</a></p><hr>"
        cards = [f"<h3>{title(n, k)}</h3><p>A note.</p><p><a href='{url(n, k)}'>Read more</a></p>" for k in range(4)]
        return f"<time datetime='{day}'></time><p>Good morning.</p>{paid}<h2>Top stories</h2>{''.join(cards)}"

    assert picks(read(tmp_path, write, "html")) == [[title(n, k) for k in range(4)] for n in range(1, N + 1)]


@pytest.mark.parametrize("mark", ["**Sponsored**", "*Contenido patrocinado*", "Anzeige"])
def test_a_word_alone_marks_the_story_below_as_paid(mark: str, tmp_path: Path) -> None:
    """In bold it looks like a section, which does not hold for the story above."""

    def write(n: int, day: date) -> str:
        stories = [f"#### [{title(n, k)}]({url(n, k)})\n\nA note.\n" for k in range(4)]
        return f"# Letter {n}, {day}\n\n## News\n\n" + "\n".join([*stories[:2], f"{mark}\n", *stories[2:]])

    assert picks(read(tmp_path, write)) == [[title(n, k) for k in (0, 1, 3)] for n in range(1, N + 1)]


def test_sentences_that_end_with_a_label_are_entries(tmp_path: Path) -> None:
    """The first sentence is the title; below an entry that leads with its link they belong to that entry."""

    def write(n: int, day: date) -> str:
        entries = [f"▪️ {title(n, k)}. So says {WORDS[n]}, of course. ([Reef Times]({url(n, k)}))" for k in range(4)]
        led = f"[{title(n, 5)}]({url(n, 5)})\n\nIt is said to be of use to all. [Reef Times]({url(n, 6)})"
        return f"# Letter {n}\n\n{day}\n\n## News\n\n" + "\n\n".join([*entries, "## Reading", led])

    assert picks(read(tmp_path, write)) == [[title(n, k) for k in (0, 1, 2, 3, 5)] for n in range(1, N + 1)]


def test_what_a_mail_does_not_show_is_not_read(tmp_path: Path) -> None:
    """The line for the list of mails stands hidden at the top, filled up with blanks; its link is no pick."""

    def write(n: int, day: date) -> str:
        hidden = f"<div style='color:#fff; DISPLAY : none'><p><a href='{url(n, 9)}'>{title(n, 9)}</a></p><hr></div>"
        stories = "".join(f"<p><a href='{url(n, k)}'>{title(n, k)}</a></p><p>A note.</p>" for k in range(3))
        return f"<h1>Letter, {day}</h1><h2>News</h2>{hidden}{stories}"

    assert picks(read(tmp_path, write, "html")) == [[title(n, k) for k in range(3)] for n in range(1, N + 1)]
