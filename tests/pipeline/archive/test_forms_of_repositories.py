"""Forms of newsletters whose issues lie in public repositories: recurring titles, essays above lists, lines, fields."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.archive.layout.paid import is_paid_heading
from tests.pipeline.archive.test_forms_of_letters import WORDS, N, picks, read, title, url

TITLES = [[title(n, k) for k in range(3)] for n in range(1, N + 1)]
HEAD = "---\ntitle: Letter {n}\ndate: {day}\n---\n"


def head(n: int, day: date) -> str:
    """Return front matter."""
    return HEAD.format(n=n, day=day)


def test_titles_below_sections_may_recur(tmp_path: Path) -> None:
    """A heading below those of sections is a story's, also where two issues have it."""

    def write(n: int, day: date) -> str:
        names = ["Gull.nvim" if n in (2, 5) else title(n, 0), title(n, 1)]
        stories = "".join(
            f"### {name}\n\nA note.\n\n- [Forum](https://forum.example/{n}/{k})\n- [Code]({url(n, k)})\n\n"
            for k, name in enumerate(names)
        )
        return f"{head(n, day)}\n## New\n\n{stories}## Tips\n\nNone.\n"

    reading = read(tmp_path, write)
    assert picks(reading)[1] == ["Gull.nvim", title(2, 1)]
    assert {pick.section_name for issue in reading.issues for pick in issue.picks} == {"New"}


def test_first_of_several_sections_is_no_name(tmp_path: Path) -> None:
    """An issue without title is not named by its first section."""

    def write(n: int, day: date) -> str:
        links = [f"- [{title(n, k)}]({url(n, k)})\n" for k in range(3)]
        return f"<!-- {day} -->\n\n# Core\n\n{links[0]}{links[1]}\n# Community\n\n{links[2]}"

    reading = read(tmp_path, write)
    assert picks(reading) == TITLES
    assert [pick.section_name for pick in reading.issues[0].picks] == ["Core", "Core", "Community"]


def test_lists_below_essays_hold_the_stories(tmp_path: Path) -> None:
    """Their headings are the essays' topics."""

    def write(n: int, day: date) -> str:
        essays = "".join(
            f"## On {WORDS[n].lower()} and {WORDS[n + k].lower()} {'of old' * k}\n\nI thought of it.\n\nAnd again.\n\n"
            + "".join(f"- [{title(n, j)}]({url(n, j)})\n" for j in range(2 * k, 2 * k + 2))
            + "\n"
            for k in range(2)
        )
        return head(n, day) + essays

    assert picks(read(tmp_path, write)) == [[title(n, k) for k in range(4)] for n in range(1, N + 1)]


def test_each_paragraph_is_an_entry_where_none_is_without_link(tmp_path: Path) -> None:
    """Some lead with their link, others have it within a sentence, beside a site that they speak of."""

    def write(n: int, day: date) -> str:
        entries = [
            f"[{title(n, 0)}]({url(n, 0)}). All of it.",
            f"Ann Low shows how [{title(n, 1)}]({url(n, 1)}) when it rains.",
            f"[{title(n, 2)}]({url(n, 2)}): it is so.",
            f"I love [Kelp](https://kelp{n}.example) but Bob finds [{title(n, 3)}]({url(n, 3)}).",
        ]
        return f"{head(n, day)}\nHello, friends of the sea.\n\n## Of the week\n\n" + "\n\n".join(entries)

    assert picks(read(tmp_path, write)) == [[title(n, k) for k in range(4)] for n in range(1, N + 1)]


def test_quotes_of_a_title_and_its_address_are_entries(tmp_path: Path) -> None:
    """As exports of Tumblr have them."""

    def write(n: int, day: date) -> str:
        stories = "".join(
            f'<blockquote><p><strong>{title(n, k)}</strong><br/><a href="{url(n, k)}">{url(n, k)}</a></p></blockquote>'
            f"<p>What it is, number {n * k}.</p>"
            for k in range(3)
        )
        return f"<html><head><title>Letter {n}</title></head><body><p>{day}</p><h2>News</h2>{stories}</body></html>"

    assert picks(read(tmp_path, write, "html")) == TITLES


def test_lines_of_a_paragraph_are_entries_where_most_begin_with_a_link(tmp_path: Path) -> None:
    """So is a line among them that has its link within; the recording of the issue is none."""

    def write(n: int, day: date) -> str:
        lines = [
            f"Back from the {WORDS[n].lower()} of old (Ann: [{title(n, 0)}]({url(n, 0)}))  ",
            *(f"[{title(n, k)}]({url(n, k)})  " for k in (1, 2)),
        ]
        recording = f"Download [Letter-{n}.mp3](http://audio.example/Letter-{n}.mp3)"
        more = "".join(f"[{title(n, k)}]({url(n, k)})  \n" for k in range(3, 7))
        return f"{head(n, day)}\n{recording}\n\n## News\n\n" + "\n".join(lines) + f"\n\n## More\n\n{more}"

    assert picks(read(tmp_path, write)) == [[title(n, k) for k in range(7)] for n in range(1, N + 1)]


def test_fields_below_a_title_go_before_a_mention_in_a_sentence(tmp_path: Path) -> None:
    """The story's link is among "Forum" and "Code", not that of what it is based on."""

    def write(n: int, day: date) -> str:
        stories = "".join(
            f"### {title(n, k)}\n\nBased on [{WORDS[k + n % 6]}ry](https://base{n}{k}.example/x), and good.\n\n"
            f"- [Forum](https://forum.example/{n}/{k})\n- [Code]({url(n, k)})\n\n"
            for k in range(3)
        )
        return f"{head(n, day)}\n## New\n\n{stories}"

    urls = {pick.url for issue in read(tmp_path, write).issues for pick in issue.picks}
    assert len(urls) == 3 * N
    assert not any("base" in (each or "") for each in urls)


def test_link_that_a_field_names_is_the_story(tmp_path: Path) -> None:
    """ "Demo: …" below it is another; a title may end with a number or be "Name - what it is"."""

    def name(n: int, k: int) -> str:
        return (f"{WORDS[n]} cluster {n + 20}", f"{WORDS[k + n]} - the {WORDS[n].lower()} tool", title(n, k))[k]

    def write(n: int, day: date) -> str:
        stories = "".join(
            f"# {name(n, k)}\n\nLink: [{WORDS[n + k]} page]({url(n, k)})\n\n"
            f"Demo: [Demo link](https://demo{n}{k}.example/)\n\nIt is good.\n\n"
            for k in range(3)
        )
        return f"{head(n, day)}\n![picture](a.png)\n\n{stories}"

    reading = read(tmp_path, write)
    assert picks(reading) == [[name(n, k) for k in range(3)] for n in range(1, N + 1)]
    assert [pick.url for pick in reading.issues[0].picks] == [url(1, k).removesuffix("/") for k in range(3)]


def test_outlets_that_end_a_sentence_lead_to_its_story(tmp_path: Path) -> None:
    """Joined by "and", or rare and behind a dash."""

    def write(n: int, day: date) -> str:
        lines = [
            f"{title(n, 0)} in spring, [Forum](https://forum.example/{n}) and [Code]({url(n, 8)}).",
            f"{title(n, 1)} in autumn - [Forum](https://forum.example/{n}/1).",
            f"{title(n, 2)} in winter - [{WORDS[n]} Post]({url(n, 2)}).",
        ]
        return f"{head(n, day)}\n## News\n\n" + "\n\n".join(lines)

    seasons = ("spring", "autumn", "winter")
    assert picks(read(tmp_path, write)) == [
        [f"{title(n, k)} in {seasons[k]}" for k in range(3)] for n in range(1, N + 1)
    ]


def test_accounts_behind_titles_are_their_authors(tmp_path: Path) -> None:
    """`[Title - @account](url)` is no author before a title."""

    def write(n: int, day: date) -> str:
        return f"{head(n, day)}\n## News\n\n" + "\n\n".join(
            f"[{title(n, k)}  - @{WORDS[k].lower()} ]({url(n, k)})" for k in range(3)
        )

    reading = read(tmp_path, write)
    assert picks(reading) == TITLES
    assert reading.issues[0].picks[0].byline == "@kelp"


def test_versions_are_names(tmp_path: Path) -> None:
    """A number of three parts names what it leads to, while `[1]` names nothing."""

    def write(n: int, day: date) -> str:
        versions = "".join(f"* [1.{n}.{k}](https://code.example/{n}/{k})\n" for k in range(2))
        return f"{head(n, day)}\n## Released\n\n{versions}\n## News\n\n- [{title(n, 0)}]({url(n, 0)})\n"

    assert picks(read(tmp_path, write))[3] == ["1.4.0", "1.4.1", title(4, 0)]


@pytest.mark.parametrize(
    ("heading", "is_paid"),
    [
        ("New boards supported by OtterPython", False),
        ("Supported by Acme", True),
        ("This week is supported by Acme", True),
        ("Proudly supported by Acme", True),
    ],
)
def test_what_is_supported_may_be_news(heading: str, is_paid: bool) -> None:
    """The issue is paid for where it is what is supported."""
    assert is_paid_heading(heading) is is_paid


def test_lists_below_most_linked_headings_hold_stories(tmp_path: Path) -> None:
    """Where each section begins with a story of its own heading; a few such lists are the story's."""

    def write(n: int, day: date, every: int = 1) -> str:
        sections = ""
        for k in range(3):
            items = f"- [{title(n, 10 + k)}]({url(n, 10 + k)}) — A note.\n"
            items += f"- **{title(n, 20 + k)}** — [it]({url(n, 20 + k)})\n"
            sections += f"## {WORDS[k]}\n\n### [{title(n, k)}]({url(n, k)})\nWhat I think of it.\n\n"
            sections += items if (n + k) % every == 0 else ""
        return f"{head(n, day)}\nHello.\n\n{sections}"

    assert picks(read(tmp_path, write)) == [
        [title(n, part + k) for k in range(3) for part in (0, 10, 20)] for n in range(1, N + 1)
    ]
    assert picks(read(tmp_path, lambda n, day: write(n, day, 6))) == TITLES


def test_words_below_the_last_rule_are_no_paragraphs_of_a_section(tmp_path: Path) -> None:
    """Each paragraph with a link is an entry, whatever song is named at the end."""

    def write(n: int, day: date) -> str:
        entries = [
            f"🖼️ [{title(n, 0)}]({url(n, 0)}) - All of it.",
            f"👽 {WORDS[n]} likes it {n} times? [{title(n, 1)}]({url(n, 1)}) has {WORDS[n - 1]}, covered!",
            f"[{title(n, 2)}]({url(n, 2)})",
        ]
        end = f"---\n\n{title(n, 30)} by Ann Low\n\nWatch it {n} times.\n"
        return (
            f"{head(n, day)}\nI ran.\n\nAnd slept.\n\n---\n\n## The week in links\n\n"
            + "\n\n".join(entries)
            + f"\n\n{end}"
        )

    assert picks(read(tmp_path, write)) == TITLES
