"""Forms of letters met later: forwarded mails, Org properties, authors that are linked, scripts without spaces."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.archive.blocks import count_words
from pipeline.archive.metadata.written_dates import written_date
from tests.pipeline.archive.test_forms_of_letters import WORDS, N, picks, read, title, url

TITLES = [[title(n, k) for k in range(3)] for n in range(1, N + 1)]


def test_org_properties_hold_the_address_of_their_heading(tmp_path: Path) -> None:
    """Those without an address say nothing of the story."""

    def write(n: int, day: date) -> str:
        stories = "".join(
            f"** {title(n, k)}\n:PROPERTIES:\n:AUTHOR: Ann Low\n:URL: [[{url(n, k)}]]\n:END:\nA note.\n"
            for k in range(3)
        )
        return f"#+TITLE: Letter {n}\n#+DATE: {day}\n\n* News\n{stories}"

    assert picks(read(tmp_path, write, "org")) == TITLES


def test_mail_that_was_forwarded_as_a_whole_is_read(tmp_path: Path) -> None:
    """Its quoted lines are the issue, however often it was forwarded; a quote in an issue stays one."""

    def write(n: int, day: date) -> str:
        stories = "".join(f"* {title(n, k)}\n  <{url(n, k)}>\n  A note on it.\n\n" for k in range(3))
        letter = f"NEWS\n\n{stories}> Quoted by <https://quoted{n}.example/>\n"
        mark = "> " * (1 + n % 2)
        quoted = "\n".join(f"{mark}{line}".rstrip() for line in letter.splitlines())
        return f"---- Forwarded message ----\nDate: {day}\nSubject: Letter {n}\n\n{quoted}\n"

    assert picks(read(tmp_path, write, "txt")) == TITLES


def test_numbers_that_lead_to_notes_of_a_page_are_dropped(tmp_path: Path) -> None:
    """They belong to no title, and a short title before one leads its entry."""

    def name(n: int, k: int) -> str:
        return title(n, k).rpartition(" finds")[0]

    def write(n: int, day: date) -> str:
        stories = "".join(
            f'<p><strong><a href="{url(n, k)}">{name(n, k)}</a></strong><a href="#note-{k}">{k}</a> by Ann. It is.</p>'
            for k in range(3)
        )
        return f"<h1>Letter {n}</h1><p>{day}</p><h2>News</h2>{stories}<p><a href='#back'>1</a> A note.</p>"

    assert picks(read(tmp_path, write, "html")) == [[name(n, k) for k in range(3)] for n in range(1, N + 1)]


def test_two_stories_above_the_first_section_are_picks(tmp_path: Path) -> None:
    """An issue may open with its best stories."""

    def write(n: int, day: date) -> str:
        line = [f"[{title(n, k)}]({url(n, k)}): a note on it, in words.\n" for k in range(8)]
        return f"---\ntitle: Letter {n}\ndate: {day}\n---\n{line[0]}\n{line[1]}\n## Code\n\n" + "\n".join(line[2:])

    assert picks(read(tmp_path, write)) == [[title(n, k) for k in range(8)] for n in range(1, N + 1)]


def test_section_with_which_the_name_begins_is_kept(tmp_path: Path) -> None:
    """ "Money Power Culture" has a section "Money"; a heading that is the whole name is none."""

    def write(n: int, day: date) -> str:
        sections = "".join(
            f"## {name}\n\n- [{title(n, k)}]({url(n, k)})\n\n" for k, name in enumerate(("Money", "Power", "Culture"))
        )
        return f"---\ntitle: Money Power Culture {n}\ndate: {day}\n---\n{sections}"

    reading = read(tmp_path, write)
    assert picks(reading) == TITLES
    assert [pick.section_name for pick in reading.issues[0].picks] == ["Money", "Power", "Culture"]


@pytest.mark.parametrize("entry", ["<p>“{}” by <a href='{}'>Ann van Low</a>, The Post. A note.</p>",
                                   "<ul><li>{} — <a href='{}'>Ann Low</a></li></ul>"])  # fmt: skip
def test_linked_author_is_not_the_title(tmp_path: Path, entry: str) -> None:
    """The words before the name are."""

    def write(n: int, day: date) -> str:
        names = ("Ann", "Bo", "Cleo", "Dan", "Eva", "Finn", "Gus")
        stories = "".join(entry.format(title(n, k), url(n, k)).replace("Ann", names[(n + k) % 7]) for k in range(3))
        return f"<h1>Letter {n}</h1><p>{day}</p><h2>Essays</h2>{stories}"

    assert picks(read(tmp_path, write, "html")) == TITLES


@pytest.mark.parametrize(
    "entry", ["{title} ({site})\n  A note on it.\n  {url}\n\n", "* {title} (www.{site}): <{url}>\n\n"]
)
def test_site_behind_a_title_is_cut(tmp_path: Path, entry: str) -> None:
    """In brackets it says what the address says; other words in brackets stay."""

    def write(n: int, day: date) -> str:
        stories = [entry.format(title=title(n, k), site=url(n, k).split("/")[2], url=url(n, k)) for k in range(3)]
        extra = entry.format(title=title(n, 3), site="with Node.js", url=url(n, 3)).replace("www.", "")
        return f"Letter {n}\n{day}\n\nNEWS\n\n" + "".join([*stories, extra])

    expected = [[*titles, f"{title(n, 3)} (with Node.js)"] for n, titles in enumerate(TITLES, 1)]
    assert picks(read(tmp_path, write, "txt")) == expected


def test_title_stands_below_its_address(tmp_path: Path) -> None:
    """Its line is the title, what follows is a note."""

    def write(n: int, day: date) -> str:
        return f"Letter {n}\n{day}\n\n" + "".join(
            f"{url(n, k)}\n{title(n, k)}\n  A note on it\n  in two lines.\n\n" for k in range(3)
        )

    assert picks(read(tmp_path, write, "txt")) == TITLES


def test_words_in_brackets_above_an_address_are_cut(tmp_path: Path) -> None:
    """As they are behind linked titles; a number before full-width signs is none of the title's, which may begin so."""

    def write(n: int, day: date) -> str:
        stories = "".join(
            f"{k}、{n}{k}年{'橋川海山島森'[n - 1]}の{title(n, k)}（中文）\n{url(n, k)}\n\n" for k in range(3)
        )
        return f"周报 第{n}期 {day}\n\n文章\n\n{stories}"

    expected = [[f"{n}{k}年{'橋川海山島森'[n - 1]}の{title(n, k)}" for k in range(3)] for n in range(1, N + 1)]
    assert picks(read(tmp_path, write, "txt")) == expected


def test_entry_of_a_script_without_spaces_ends_with_read_on(tmp_path: Path) -> None:
    """Its words are the title, as many as they are."""
    nouns = ["ห้องสมุด", "สะพาน", "นวนิยาย", "กล้อง", "โรงเรียน", "เกาะ", "แม่น้ำ", "วัคซีน"]

    def thai(n: int, k: int) -> str:
        return f"ประวัติศาสตร์ที่ถูกลืมของ{nouns[(n + k) % 8]}กับ{nouns[(n * 3 + k) % 8]}"

    def write(n: int, day: date) -> str:
        items = "".join(f"<li>{thai(n, k)} <a href='{url(n, k)}'>อ่านต่อ</a></li>" for k in range(3))
        return f"<h1>ฉบับที่ {n}</h1><p>{day}</p><h2>ข่าว</h2><ul>{items}</ul>"

    assert picks(read(tmp_path, write, "html")) == [[thai(n, k) for k in range(3)] for n in range(1, N + 1)]


def test_words_are_counted_in_scripts_without_spaces() -> None:
    """Four letters and more are as one word."""
    assert [count_words(text) for text in ("", "two words", "図書館の忘れられた歴史", "ประวัติศาสตร์ที่ถูกลืม")] == [
        0,
        2,
        2,
        5,
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5 फ़रवरी 2023", date(2023, 2, 5)),
        ("२ जुलाई २०२३", date(2023, 7, 2)),
        ("12 มกราคม 2567", date(2024, 1, 12)),
        ("2 กุมภาพันธ์ 2024", date(2024, 2, 2)),
        ("5 tháng 3 năm 2024", date(2024, 3, 5)),
        ("2024. március 12.", date(2024, 3, 12)),
        ("12 মার্চ 2024", date(2024, 3, 12)),
        ("2023/06 3週目", date(2023, 6, 15)),
        ("2024년 4월 1주차", date(2024, 4, 1)),
        ("2024年5月第4周", date(2024, 5, 22)),
    ],
)
def test_days_of_more_languages(text: str, day: date) -> None:
    """Vowels that are marks belong to a month's name; Thai years are 543 ahead; weeks of a month are days, too."""
    assert written_date(text) == day


@pytest.mark.parametrize("form", ["{before}[{title}]({url})\n", "{before}[{title}]({url}) — A note.\n",
                                  "{before}[{title}]({url})\n\nA note, in words.\n"])  # fmt: skip
@pytest.mark.parametrize(
    "words", [("Residency: ", "Grant: ", "Open call: "), ("RESIDENCY | ", "", ""), ("", "Job – ", "")]
)
def test_words_that_say_what_an_entry_is_stand_before_its_title(tmp_path: Path, form: str, words: tuple[str]) -> None:
    """They may be rare or stand before all titles; what leads on from an entry, as "See also:" does, is a comment."""

    def write(n: int, day: date) -> str:
        entries = [form.format(before=words[(n + k) % 3], title=title(n, k), url=url(n, k)) for k in range(5)]
        also = f"See also: [{title(n, 7)}]({url(n, 7)})\n"
        parts = [*entries[:3], also, *entries[3:], also.replace("/7", "/8")]
        return f"---\ntitle: Letter {n}\ndate: {day}\n---\n## News\n\n" + "\n".join(parts)

    assert picks(read(tmp_path, write)) == [[title(n, k) for k in range(5)] for n in range(1, N + 1)]


def test_source_behind_a_full_stop_is_named_by_its_sentence(tmp_path: Path) -> None:
    """Signs in brackets are no sentence of their own, also where no space stands between sentences."""

    def write(n: int, day: date) -> str:
        texts = [f"第{n}{k}個の{title(n, k)}の話です。（[via]({url(n, k)})）\n" for k in range(3)]
        return f"---\ntitle: Letter {n}\ndate: {day}\n---\n## 写真\n\n" + "\n".join(texts)

    assert all("の話です" in found for issue in picks(read(tmp_path, write)) for found in issue)


def test_titles_of_blocks_in_asciidoc_are_titles(tmp_path: Path) -> None:
    """`.Title` stands above its block, whose link may have other words."""

    def name(n: int, k: int) -> str:
        return f"{WORDS[n]} and {WORDS[k].lower()} set sail"

    def write(n: int, day: date) -> str:
        entries = "".join(
            f".{name(n, k)}\n{url(n, k)}[site{k}.example] -- a note on it, in words.\n\n" for k in range(3)
        )
        return f"= Letter {n}\n:revdate: {day}\n\n== News\n\n{entries}"

    assert picks(read(tmp_path, write, "adoc")) == [[name(n, k) for k in range(3)] for n in range(1, N + 1)]


def test_quote_between_a_title_and_its_address_is_a_note(tmp_path: Path) -> None:
    """The title above it is the story's."""

    def write(n: int, day: date) -> str:
        entries = (f"{k}. **{title(n, k)}** by Ann Low\n\n   > Said so.\n\n   <{url(n, k)}>\n\n" for k in range(3))
        return f"# Letter {n}\n\n{day}\n\n" + "".join(entries)

    assert picks(read(tmp_path, write)) == TITLES


def test_bullets_of_plain_text_begin_items(tmp_path: Path) -> None:
    """Each is an entry, where no empty line stands between."""

    def write(n: int, day: date) -> str:
        items = [f"• {title(n, k)}: {url(n, k)} (Ann Low)\n" for k in range(4)]
        return f"Letter {n} ({day})\n\n*Read*\n{items[0]}{items[1]}\n*Use*\n{items[2]}{items[3]}"

    reading = read(tmp_path, write, "txt")
    assert picks(reading) == [[title(n, k) for k in range(4)] for n in range(1, N + 1)]
    assert [pick.section_name for pick in reading.issues[0].picks] == ["Read", "Read", "Use", "Use"]


def test_text_that_a_style_sets_in_bold_is_bold(tmp_path: Path) -> None:
    """As mails have it: such a line may be a section."""

    def write(n: int, day: date) -> str:
        item = [f"<li><a href='{url(n, k)}'>{title(n, k)}</a></li>" for k in range(4)]
        style = "color: red; font-weight: 700"
        sections = (
            f"<p style='{style}'>Read this!</p><ul>{item[0]}{item[1]}</ul>"
            f"<p style='{style}'>Use this!</p><ul>{item[2]}{item[3]}</ul>"
        )
        return f"<h1>Letter {n}</h1><p>{day}</p>{sections}"

    reading = read(tmp_path, write, "html")
    assert picks(reading) == [[title(n, k) for k in range(4)] for n in range(1, N + 1)]
    names = [pick.section_name for pick in reading.issues[0].picks]
    assert names == ["Read this!", "Read this!", "Use this!", "Use this!"]


def test_line_in_bold_that_names_the_issue_is_its_title(tmp_path: Path) -> None:
    """It differs in its number alone, and is no heading of the stories below; nor are these sources of a quote."""

    def write(n: int, day: date) -> str:
        lines = "\n\n".join(f"— [{title(n, k)}]({url(n, k)})" for k in range(3))
        return f"**The Tide {n}, {day}**\n\nHello.\n\n{lines}\n"

    reading = read(tmp_path, write)
    assert picks(reading) == TITLES
    assert {pick.section_name for issue in reading.issues for pick in issue.picks} == {""}
    assert reading.issues[0].title == "The Tide 1, 2024-01-12"
