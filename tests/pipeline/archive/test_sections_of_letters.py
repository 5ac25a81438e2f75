"""Sections of letters whose headings are lines in bold, or have words of the newsletter's own matters."""

from datetime import date
from pathlib import Path

from tests.pipeline.archive.test_forms_of_letters import WORDS, N, read, title, url

NAMES = ("Making", "Writing")


def sections(folder: Path, text: str) -> list[list[tuple[str, str]]]:
    """Write issues of one form, and return the section and the title of each pick."""

    def write(n: int, day: date) -> str:
        found = text
        for k in range(10):
            found = found.replace(f"TITLE{k}", title(n, k)).replace(f"URL{k}", url(n, k))
        return f"# Letter {n}\n\n<!-- date: {day} -->\n\n{found}"

    return [[(pick.section_name, pick.title) for pick in issue.picks] for issue in read(folder, write).issues]


def test_line_in_bold_below_another_section_in_bold_is_a_section(tmp_path: Path) -> None:
    """Also where the one above holds nothing but an offer that recurs."""
    text = (
        "**Politics**\n\n**TITLE1:** of much use. [Reef Times](URL1)\n\n"
        "**Anzeige**\n\nThe bank pays. [Open an account](https://bank.example/)\n\n"
        "**Arts**\n\n**TITLE2:** of no use. [Reef Times](URL2)\n"
    )
    assert sections(tmp_path, text) == [[("Politics", title(n, 1)), ("Arts", title(n, 2))] for n in range(1, N + 1)]


def test_lines_above_titles_that_change_are_no_sections(tmp_path: Path) -> None:
    """Site or topic stand above each title, and the section above the first of them."""

    def write(n: int, day: date) -> str:
        cards = [
            f"<p>{WORDS[(n * 3 + k * k) % 7]} press</p><p><a href='{url(n, k)}'>{title(n, k)}</a></p><p>A note.</p>"
            for k in range(4)
        ]
        return f"<h1>Letter {n}</h1><p>{day}</p><p>CITIES</p>{cards[0]}{cards[1]}<p>PORTS</p>{cards[2]}{cards[3]}"

    found = [[(p.section_name, p.title) for p in issue.picks] for issue in read(tmp_path, write, "html").issues]
    names = ["CITIES", "CITIES", "PORTS", "PORTS"]
    assert found == [[(name, title(n, k)) for k, name in enumerate(names)] for n in range(1, N + 1)]


def test_section_called_archive_has_picks(tmp_path: Path) -> None:
    """Back issues are known by their addresses."""
    text = "## Film\n\n- [TITLE1](URL1)\n\n## Archive\n\n- [TITLE2](URL2)\n"
    assert sections(tmp_path, text) == [[("Film", title(n, 1)), ("Archive", title(n, 2))] for n in range(1, N + 1)]


def test_line_in_bold_within_each_story_is_no_section(tmp_path: Path) -> None:
    """What stands in an issue several times names a part of a story; a section is printed once."""
    note = "It is a long story.\n\n**Details:**\n\n- As said in [a filing](URL{k}), much.\n\n"
    stories = "".join(f"## [TITLE{k}](URL{k})\n\n{note.format(k=k + 5)}" for k in (1, 2))
    text = f"###### MARKETS\n\n{stories}###### HITS\n\n[TITLE3](URL3): so it is.\n\n[TITLE4](URL4): is it so.\n"
    found = [("MARKETS", 1), ("MARKETS", 2), ("HITS", 3), ("HITS", 4)]
    assert sections(tmp_path, text) == [[(name, title(n, k)) for name, k in found] for n in range(1, N + 1)]


def test_short_line_above_a_title_without_link_is_a_section(tmp_path: Path) -> None:
    """The link of the story is that of "Read more" below; the title is in bold, or a heading."""

    def write(n: int, day: date) -> str:
        cards = [
            f"<{tag}>{title(n, k)}</{tag}><p>A note.</p><p><a href='{url(n, k)}'>Read more</a></p>"
            for k, tag in enumerate(("b", "b", "h3", "h3"))
        ]
        return f"<h1>Letter {n}</h1><p>{day}</p><p>ideas</p>{cards[0]}{cards[1]}<p>places</p>{cards[2]}{cards[3]}"

    found = [[(p.section_name, p.title) for p in issue.picks] for issue in read(tmp_path, write, "html").issues]
    names = ["ideas", "ideas", "places", "places"]
    assert found == [[(name, title(n, k)) for k, name in enumerate(names)] for n in range(1, N + 1)]


def test_heading_that_leads_to_the_contents_is_a_section(tmp_path: Path) -> None:
    """A cell whose words lead to a place of the mail itself is a line as others are."""
    text = "".join(f"<table><th><a href='#top'>{name}</a></th></table>{{{name}}}" for name in ("Making", "Writing"))

    def write(n: int, day: date) -> str:
        cards = {name: f"<p><a href='{url(n, k)}'>{title(n, k)}</a> A note.</p>" for k, name in enumerate(NAMES)}
        return f"<h1>Letter {n}</h1><p>{day}</p><p>In it: <a href='#a'>Making</a>.</p>{text.format(**cards)}"

    found = [[(p.section_name, p.title) for p in issue.picks] for issue in read(tmp_path, write, "html").issues]
    assert found == [[(name, title(n, k)) for k, name in enumerate(NAMES)] for n in range(1, N + 1)]
