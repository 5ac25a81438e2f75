"""Digests that programs write: pages beside their data, sources in quotes, notes in cells, logs beside issues."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from pipeline.archive.files import read_files
from pipeline.archive.importer import read_archive
from pipeline.archive.reading import Reading
from pipeline.core.config import Newsletter
from tests.pipeline.archive.test_forms_of_letters import WORDS, N, picks, read, title, url
from tests.pipeline.archive.test_forms_of_repositories import TITLES, head

DAYS = [date(2024, 5, 3) + timedelta(weeks=n) for n in range(N)]


def read_all(folder: Path, files: Callable[[int], dict[str, str]]) -> Reading:
    """Write the files of each issue, and read them."""
    for n in range(1, N + 1):
        for name, text in files(n).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return read_archive(read_files(folder), Newsletter("Letter", ()))


def listed(n: int, ks: range) -> str:
    """Return a list of stories."""
    return "".join(f"- [{title(n, k)}]({url(n, k)})\n" for k in ks)


def test_time_within_a_line_does_not_end_it(tmp_path: Path) -> None:
    """ "Anuncio" alone would mark an advertisement."""

    def write(n: int, day: date) -> str:
        cards = "".join(
            f"<p>Sent: <time>{day}</time><br>Anuncio de la casa</p><h3>{title(n, k)}</h3><p>A note.</p>"
            f"<p><a href='{url(n, k)}'>Source: the {WORDS[k].lower()} of the big blue harbour at sea ↗</a></p>"
            for k in range(3)
        )
        return f"<title>Letter of {day}</title><h1>Letter</h1><h2>News</h2>{cards}"

    assert picks(read(tmp_path, write, "html")) == TITLES


def test_line_beside_each_story_marks_no_advertisement(tmp_path: Path) -> None:
    """ "Anuncio" is any announcement; what is paid for is rare."""

    def write(n: int, day: date) -> str:
        cards = "".join(f"### {title(n, k)}\n\nAnuncio\n\nA note.\n\n[Read on]({url(n, k)})\n\n" for k in range(5))
        return f"{head(n, day)}\n## News\n\n{cards}"

    assert picks(read(tmp_path, write)) == [[title(n, k) for k in range(5)] for n in range(1, N + 1)]


def test_note_below_a_break_in_a_cell_is_no_title(tmp_path: Path) -> None:
    """As a translation of the title is; the link stands in another cell."""

    def write(n: int, day: date) -> str:
        rows = "".join(
            f"| {k} | {title(n, k)}<br/><small>{WORDS[k]} {n}</small> | [🔗]({url(n, k)}) | Ann |\n" for k in range(3)
        )
        return f"{head(n, day)}\n## News\n\n| # | What | Link | Who |\n|---|---|---|---|\n{rows}"

    assert picks(read(tmp_path, write)) == TITLES


def test_source_in_a_quote_is_the_story_where_nothing_else_is(tmp_path: Path) -> None:
    """Not the accounts of those who told of it."""

    def write(n: int, day: date) -> str:
        stories = "".join(
            f"### {title(n, k)}\n\nIt is good.\n\n> Told by [@{WORDS[k]}](https://x.com/{WORDS[k]}{n})\n"
            f"> Page: {url(n, k)}\n\n"
            for k in range(2)
        )
        return f"{head(n, day)}\n## News\n\n{stories}### {title(n, 2)}\n\n[Read on]({url(n, 2)})\n"

    reading = read(tmp_path, write)
    assert picks(reading) == TITLES
    assert reading.issues[0].picks[0].url == url(1, 0).removesuffix("/")


def test_text_between_two_rules_is_no_front_matter(tmp_path: Path) -> None:
    """An issue may begin with a rule."""

    def files(n: int) -> dict[str, str]:
        return {f"{DAYS[n - 1]}.md": f"---\n\n### Letter {n}\n\nHello.\n\n---\n\n{listed(n, range(3))}"}

    assert picks(read_all(tmp_path, files)) == TITLES


def test_groups_of_links_in_a_table_of_data(tmp_path: Path) -> None:
    """Each group is a section under its name; a record has its own headline, and its link with the article it is on."""

    def files(n: int) -> dict[str, str]:
        articles = [{"headline": title(n, k), "of": {"title": f"{WORDS[k]} {n}", "url": url(n, k)}} for k in range(3)]
        groups = {
            "sea": {"name": "At sea", "articles": articles[:2]},
            "land": {"name": "Land", "articles": articles[2:]},
        }
        return {f"issues/{DAYS[n - 1]}/data.json": json.dumps({"lead": "Hello.", "sections": groups})}

    reading = read_all(tmp_path, files)
    assert picks(reading) == TITLES
    assert [pick.section_name for pick in reading.issues[0].picks] == ["At sea", "At sea", "Land"]
    assert [issue.date for issue in reading.issues] == DAYS


def test_data_beside_pages_do_not_decide_where_their_titles_stand(tmp_path: Path) -> None:
    """The pages open with stories above any heading; the data have groups."""

    def files(n: int) -> dict[str, str]:
        day = DAYS[n - 1]
        if n % 2:
            lines = "".join(f"[{title(n, k)}]({url(n, k)})\n\nIt is a good one.\n\n" for k in range(3))
            return {f"letters/{day}.md": f"{lines}## Sources\n\n{listed(n, range(3, 12))}"}
        links = [[{"title": title(n, k), "url": url(n, k)} for k in ks] for ks in (range(3), range(3, 12))]
        return {f"letters/{day}.json": json.dumps({"title": f"Letter of {day}", "news": links[0], "more": links[1]})}

    assert picks(read_all(tmp_path, files)) == [[title(n, k) for k in range(12)] for n in range(1, N + 1)]


def test_data_and_page_of_one_issue_count_once(tmp_path: Path) -> None:
    """Though the data say the last day of the week, and the page its number and the day it was sent."""

    def files(n: int) -> dict[str, str]:
        day, links = DAYS[n - 1], [{"title": title(n, k), "url": url(n, k)} for k in range(3)]
        data = {"period": {"start": str(day - timedelta(days=8)), "end": str(day - timedelta(days=2))}, "links": links}
        page = f"---\ntitle: Letter \\#{n}\ndate: {day}\n---\n\n{listed(n, range(3))}"
        return {f"data/{day - timedelta(days=8)}.json": json.dumps(data), f"pages/letter-{n}.md": page}

    reading = read_all(tmp_path, files)
    assert picks(reading) == TITLES
    assert [issue.number for issue in reading.issues] == list(range(1, N + 1))


def test_log_beside_the_issues_is_not_read_in_their_place(tmp_path: Path) -> None:
    """It has all that an issue chose from, but not for each issue."""

    def files(n: int) -> dict[str, str]:
        day = DAYS[n - 1]
        issue = {f"letters/{day}.md": f"# Letter\n\n## News\n\n{listed(n, range(3))}"}
        return issue | ({f"letters-log/{day}.md": f"# Log\n\n{listed(n, range(12))}"} if n < 3 else {})

    assert picks(read_all(tmp_path, files)) == TITLES


def test_raw_data_of_several_files_an_issue_are_no_issue(tmp_path: Path) -> None:
    """As they are what an issue was chosen from."""

    def files(n: int) -> dict[str, str]:
        day = DAYS[n - 1]
        raw = {f"raw/{day}-{kind}.md": f"# {kind}\n\n{listed(n, range(12))}" for kind in ("all", "more")}
        return raw | {f"sent/{day}.md": f"# Letter\n\n## News\n\n{listed(n, range(3))}"}

    assert picks(read_all(tmp_path, files)) == TITLES


def test_translation_in_a_folder_below_is_the_other_reading(tmp_path: Path) -> None:
    """The language of the newsletter lies at the top."""

    def files(n: int) -> dict[str, str]:
        other = "".join(f"- [{WORDS[k]} und {WORDS[-n]}]({url(n, k)})\n" for k in range(3))
        day = DAYS[n - 1]
        return {f"week/{day}.md": f"# Letter\n\n{listed(n, range(3))}", f"de/week/{day}.md": f"# Brief\n\n{other}"}

    assert picks(read_all(tmp_path, files)) == TITLES


def test_weeks_of_one_file_that_are_named_by_month_and_day(tmp_path: Path) -> None:
    """The year is that of the month above."""
    weeks = [date(2024, 9, 2) + timedelta(weeks=n) for n in range(8)]
    text, month = "# Papers\n\n## How to use\n\nRead.\n", 0
    for n, day in enumerate(weeks):
        text += f"\n## {day:%Y%m}\n" if day.month != month else ""
        month = day.month
        text += f"\n### a. Papers [{day:%m%d}-{day + timedelta(days=6):%m%d}] (3)\n\n{listed(n, range(3))}"
    (tmp_path / "README.md").write_text(text, "utf-8")
    reading = read_archive(read_files(tmp_path), Newsletter("Papers", ()))
    assert picks(reading) == [[title(n, k) for k in range(3)] for n in range(8)]
    assert [issue.date for issue in reading.issues] == [day + timedelta(days=6) for day in weeks]


def test_shows_of_one_archive_have_numbers_of_their_own(tmp_path: Path) -> None:
    """None is lost where two have a number 1, and neither a day."""

    def files(n: int) -> dict[str, str]:
        return {f"tides/tides-{n}.md": listed(n, range(3)), f"gulls/gulls-{n}.md": listed(n, range(3, 6))}

    reading = read_all(tmp_path, files)
    assert sorted(map(len, picks(reading))) == [3] * 2 * N
    assert len({pick.url for issue in reading.issues for pick in issue.picks}) == 6 * N


def test_episode_with_its_number_before_its_title_is_a_back_issue(tmp_path: Path) -> None:
    """ "8: Tides" at an address that ends with 8, also of pages at GitHub."""

    def write(n: int, day: date) -> str:
        back = f"- As told in [{n - 1}: {WORDS[n]}](https://tides.github.io/{n - 1})\n" if n > 1 else ""
        return f"{head(n, day)}\n## News\n\n{listed(n, range(3))}{back}"

    assert picks(read(tmp_path, write)) == TITLES


def test_file_headed_by_its_own_name_has_a_title_in_its_text(tmp_path: Path) -> None:
    """The line whose words are those of the name."""
    for n in range(12):
        day = date(2024, 5, 3) + timedelta(days=n)
        name = f"{title(1, n % 10).lower().replace(' ', '-')}-ann-roe-{day}"
        fields = {"Kind": "Paper of the week", "Title": title(1, n % 10), "Date": day, "URL": url(n, 1)}
        text = "".join(f"\n## {key}\n{value}\n" for key, value in fields.items())
        (tmp_path / f"{name}.md").write_text(f"# {name}\n{text}", "utf-8")
    reading = read_archive(read_files(tmp_path), Newsletter("Papers", ()))
    assert {t for own in picks(reading) for t in own} == {title(1, k) for k in range(10)}


def test_link_beside_that_to_a_discussion_is_the_one_of_its_file(tmp_path: Path) -> None:
    """Files of one story each, in folders of days, each with a link to the forum that talks of it."""

    def files(n: int) -> dict[str, str]:
        folder = f"2025/08/{20 + n}"
        return {
            f"{folder}/2025-08-{20 + n}-{k}.md": f"# {title(n, k)}\n\n"
            f"- Score: {k} | [Talk](https://talk.example/{n}{k}) | Link: {url(n, k)}\n\n- In short\n  - A note.\n"
            for k in range(4)
        }

    reading = read_all(tmp_path, files)
    assert [sorted(own) for own in picks(reading)] == [sorted(title(n, k) for k in range(4)) for n in range(1, N + 1)]
    assert [issue.date for issue in reading.issues] == [date(2025, 8, 20 + n) for n in range(1, N + 1)]


def test_list_that_a_script_draws_is_read(tmp_path: Path) -> None:
    """The page itself shows three of the stories."""

    def write(n: int, day: date) -> str:
        records = [{"title": title(n, k), "url": url(n, k), "score": 0.5} for k in range(8)]
        cards = "".join(f"<h3>{title(n, k)}</h3><p><a href='{url(n, k)}'>Source →</a></p>" for k in range(3))
        script = f"<script>const NEWS = {json.dumps(records)};\nfunction draw() {{}}</script>"
        return f"<title>Letter of {day}</title><body><h2>Best</h2>{cards}<div id='grid'></div>{script}</body>"

    assert picks(read(tmp_path, write, "html")) == [[title(n, k) for k in range(8)] for n in range(1, N + 1)]


def test_list_of_other_links_in_a_script_is_not_the_page(tmp_path: Path) -> None:
    """As what to read next is."""

    def write(n: int, day: date) -> str:
        records = [{"title": title(n, k), "url": url(n, k)} for k in range(3, 9)]
        items = "".join(f"<li><a href='{url(n, k)}'>{title(n, k)}</a></li>" for k in range(3))
        return f"<title>Letter of {day}</title><h2>News</h2><ul>{items}</ul><script>next={json.dumps(records)}</script>"

    assert picks(read(tmp_path, write, "html")) == TITLES


def test_mail_kept_as_text_is_read_with_its_headers(tmp_path: Path) -> None:
    """As RTF becomes text: addresses in quotes behind their words, lines that were items."""

    def write(n: int, day: date) -> str:
        top = f"From: Ann Roe <ann@kelp.example>\nSubject: Letter #{n}\nDate: {day:%d %B %Y} at 09:29:27 BST\n"
        lines = [f'{title(n, k)} {url(n, k)}("{url(n, k)}")' for k in range(3)]
        if n % 2:
            lines = [f'{title(n, k)}("{url(n, k)}")\n\nA note on it.\n' for k in range(3)]
        thanks = 'Next week by @Bo("mailto:bo@kelp.example")'
        return f"{top}To: All <all@kelp.example>\n\nHello!\n\n" + "\n".join(lines) + f"\n\n{thanks}\n"

    reading = read(tmp_path, write, "txt")
    assert picks(reading) == TITLES
    assert [issue.title for issue in reading.issues] == [f"Letter #{n}" for n in range(1, N + 1)]
    assert [issue.date for issue in reading.issues] == [date(2024, 1, 5) + timedelta(weeks=n) for n in range(1, N + 1)]


def test_items_with_bold_titles_below_topics_are_stories(tmp_path: Path) -> None:
    """Beside stories with headings, where the link of an item has a number for words."""

    def write(n: int, day: date) -> str:
        told = f"#### {title(n, 0)}\n[arXiv:26{n}.1]({url(n, 0)})\n\nA note of some words.\n\n"
        items = "".join(f"- **{title(n, k)}** ([26{n}.{k}]({url(n, k)})): a note of some words.\n" for k in (1, 2))
        return f"{head(n, day)}\n## News\n\n### {WORDS[n]} and more\n\nA note.\n\n{told}### On {WORDS[n]}\n\n{items}"

    assert picks(read(tmp_path, write)) == TITLES


def test_pages_named_as_the_issues_with_lines_below_are_back_issues(tmp_path: Path) -> None:
    """`2024-05-03-May_2024.md` is the page `…/May_2024`."""

    def write(n: int) -> dict[str, str]:
        name, above = f"{WORDS[n]}_{2000 + n}", f"{WORDS[n - 1]}_{1999 + n}"
        back = f"- [Of {WORDS[n]}, as told](https://ann.github.io/letter/{above}/#{n})\n"
        return {f"{DAYS[n - 1]}-{name}.md": f"---\ntitle: {WORDS[n]}\n---\n\n## News\n\n{listed(n, range(3))}{back}"}

    assert picks(read_all(tmp_path, write)) == TITLES


def test_issue_that_its_day_names_has_that_day(tmp_path: Path) -> None:
    """In a table of links the day of each is another one, and the issue may be a list of one."""
    records = [
        {"title": title(n, k), "url": url(n, k), "date": str(DAYS[n - 1] - timedelta(days=k + 2)), "issues": [f"{day}"]}
        for n, day in enumerate(DAYS, 1)
        for k in range(3)
    ]
    (tmp_path / "papers.json").write_text(json.dumps(records), "utf-8")
    reading = read_archive(read_files(tmp_path), Newsletter("Papers", ()))
    assert picks(reading) == TITLES
    assert [issue.date for issue in reading.issues] == DAYS


def test_examples_are_of_the_newsletter_with_most_picks(tmp_path: Path) -> None:
    """Drafts are learned from them; a folder of many short files beside the issues teaches nothing."""
    for n in range(1, 25):
        day = date(2024, 5, 3) + timedelta(weeks=n)
        for folder, stories in (("a-issues", range(6)), ("notes", range(6, 7))):
            (tmp_path / folder).mkdir(exist_ok=True)
            if folder == "notes" or n > 8:
                (tmp_path / folder / f"{folder}-{n}.md").write_text(f"{head(n, day)}\n{listed(n, stories)}", "utf-8")
    reading = read_archive(read_files(tmp_path), Newsletter("Papers", ()))
    assert {example.document.name.split("/")[-2] for example in reading.examples} == {"a-issues"}
