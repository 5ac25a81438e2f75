"""Forms of newsletters in repositories that were drawn by lot: numbered sections, rows of titles, copies of issues."""

import json
from datetime import date, timedelta
from pathlib import Path

from pipeline.archive.files import read_files
from pipeline.archive.importer import read_archive
from pipeline.core.config import Newsletter
from tests.pipeline.archive.test_forms_of_letters import WORDS, N, picks, read, title, url
from tests.pipeline.archive.test_forms_of_repositories import TITLES, head


def test_numbered_headings_of_few_issues_are_sections(tmp_path: Path) -> None:
    """A number that stays is the section's; one that changes, as a day's, is none."""

    for n in range(1, 4):
        links = "".join(f"- **Tool**: [{title(n, k)}]({url(n, k)})\n  - **Source**: {url(n, k)}\n" for k in range(3))
        text = f"### 1. Best of the week{' (3)' * (n < 3)}\n\n{links}\n### 2. Lists\n\nNone.\n"
        (tmp_path / f"2024-W0{n}.md").write_text(text, "utf-8")
    reading = read_archive(read_files(tmp_path), Newsletter("Letter", ()))
    assert picks(reading) == TITLES[:3]
    sections = [{pick.section_name for pick in issue.picks} for issue in reading.issues]
    assert sections == [{"1. Best of the week (3)"}] * 2 + [{"1. Best of the week"}]


def test_rows_of_titles_above_one_comment_are_stories_each(tmp_path: Path) -> None:
    """Where a comment is on several titles, it belongs to the last."""

    def write(n: int, day: date) -> str:
        rows = "".join(f"[{title(n, k)}]({url(n, k)})  \n" for k in range(2))
        return f"{head(n, day)}\n## News\n\n{rows}Ann writes on both.\n\n[{title(n, 2)}]({url(n, 2)})  \nA note.\n"

    assert picks(read(tmp_path, write)) == TITLES


def test_drafts_and_copies_beside_issues_neither_hide_their_numbers_nor_win(tmp_path: Path) -> None:
    """`3: Tide.md` is numbered though `3-WIP.md` begins as it does; the fuller one is read."""
    for n in range(1, 7):
        lines = [f"- [{title(n, k)}]({url(n, k)})\n" for k in range(6)]
        (tmp_path / f"{n}: {title(n, 0)[:6]}.md").write_text("## News\n\n" + "".join(lines), "utf-8")
        if n % 2:
            (tmp_path / f"{n}-WIP.md").write_text("## News\n\n" + "".join(lines[:3]), "utf-8")
    reading = read_archive(read_files(tmp_path), Newsletter("Letter", ()))
    assert [issue.number for issue in reading.issues] == list(range(1, 7))
    assert picks(reading) == [[title(n, k) for k in range(6)] for n in range(1, 7)]


def test_number_behind_the_year_of_a_name_is_a_week_where_some_are_above_twelve(tmp_path: Path) -> None:
    """`2020-06-Show-1` is of February then."""
    for n in range(1, 10):
        (tmp_path / f"2020-{n + 5:02}-Show-{n}.md").write_text(f"## News\n\n- [{title(n, 0)}]({url(n, 0)})\n", "utf-8")
    reading = read_archive(read_files(tmp_path), Newsletter("Letter", ()))
    assert [issue.number for issue in reading.issues] == list(range(1, 10))
    assert {issue.date - timedelta(weeks=n) for n, issue in enumerate(reading.issues)} == {date(2020, 2, 3)}


def test_author_linked_behind_a_linked_heading_is_no_part_of_the_title(tmp_path: Path) -> None:
    """`### [Title](…) by [Ann Low](…)`."""

    def write(n: int, day: date) -> str:
        lines = "".join(
            f"### [{title(n, k)}]({url(n, k)}) by [Ann Low](https://ann.example)\n\nA note.\n\n" for k in range(3)
        )
        return f"{head(n, day)}\n## News\n\n{lines}"

    reading = read(tmp_path, write)
    assert picks(reading) == TITLES
    assert {pick.byline for issue in reading.issues for pick in issue.picks} == {"Ann Low"}


def test_accounts_that_begin_the_entries_of_prose_are_no_picks(tmp_path: Path) -> None:
    """`[@ann](…) added [a page](…) and fixed [another](…)`: what was done is, also of one who does it every week."""

    def write(n: int, day: date) -> str:
        people = [WORDS[n + k].lower() for k in range(3)] + ["ann"]
        rows = [
            f"* [@{who}](https://github.com/{who}) added [{title(n, k)}]({url(n, k)})"
            f" and fixed [{title(n, k + 10)}]({url(n, k + 10)}).\n"
            for k, who in enumerate(people)
        ]
        return f"{head(n, day)}\n## Merged\n\n{''.join(rows)}"

    expected = [[title(n, k + more) for k in range(4) for more in (0, 10)] for n in range(1, N + 1)]
    assert picks(read(tmp_path, write)) == expected


def test_item_that_ends_with_a_cited_number_is_a_story_named_by_its_sentence(tmp_path: Path) -> None:
    """`- What changed. ([#123](…), @ann)`."""

    def write(n: int, day: date) -> str:
        rows = [f"- {title(n, k)}. ([#{n * 100 + k}]({url(n, k)}), @{WORDS[n + k].lower()})\n" for k in range(3)]
        return f"{head(n, day)}\n## Commits\n\n{''.join(rows)}- ...plus 7 more\n"

    assert picks(read(tmp_path, write)) == TITLES


def test_bold_words_in_brackets_before_a_title_are_a_tag(tmp_path: Path) -> None:
    """`**[Forum]** [Title](…)`, also where a tag stands once."""

    def write(n: int, day: date) -> str:
        rows = [f"- **[{WORDS[n + k]}]** [{title(n, k)}]({url(n, k)}) ({n + k} messages)\n" for k in range(3)]
        return f"{head(n, day)}\n## Talk\n\n{''.join(rows)}"

    assert picks(read(tmp_path, write)) == TITLES


def test_issues_as_data_whose_links_are_called_headings(tmp_path: Path) -> None:
    """Slides below topics; of a period that an issue covers, its end is the day."""
    for n in range(1, N + 1):
        slides = [{"heading": title(n, k), "body": "A note.", "link": url(n, k)} for k in range(3)]
        topics = [{"title": f"Topic {WORDS[n]} {k}", "slides": slides[k:end]} for k, end in ((0, 2), (2, 3))]
        issue = {"start_date": f"2024-03-0{n}", "end_date": f"2024-03-1{n}", "topics": topics}
        (tmp_path / f"news-{n}.json").write_text(json.dumps(issue), "utf-8")
    reading = read_archive(read_files(tmp_path), Newsletter("Letter", ()))
    assert picks(reading) == TITLES
    assert [issue.date.day for issue in reading.issues] == list(range(11, 11 + N))


def test_reading_whose_day_is_known_stays_rather_than_one_whose_day_was_guessed(tmp_path: Path) -> None:
    """Comments on an issue in another folder may have its number; its links are in the data."""
    for n in range(1, N + 1):
        for folder in ("comments", "links"):
            (tmp_path / folder).mkdir(exist_ok=True)
        links = [{"name": title(n, k), "url": url(n, k)} for k in range(3)]
        data = {"date": f"2024-03-0{n}T08:00:00Z", "links": links}
        (tmp_path / "links" / f"week-{n:03}.json").write_text(json.dumps(data), "utf-8")
        text = f"---\nnumber: {n}\n---\n\nAnn is first. It reminds a bit of [{title(n, 8)}]({url(n, 8)}).\n"
        (tmp_path / "comments" / f"{n}.md").write_text(text, "utf-8")
    reading = read_archive(read_files(tmp_path), Newsletter("Letter", ()))
    assert picks(reading) == TITLES
    assert [issue.number for issue in reading.issues] == list(range(1, N + 1))


def test_files_of_the_same_names_in_folders_of_days_are_one_issue_each_day(tmp_path: Path) -> None:
    """A project a file, titled with itself and the day; hashes of commits are no titles."""
    for n in range(1, N + 1):
        for k, name in enumerate(("kiln", "loom", "mill")):
            folder = tmp_path / f"2024-03-0{n}"
            folder.mkdir(exist_ok=True)
            rows = f"- [`e7{n}1{k}a{n}`]({url(n, k)}) {title(n, k)}\n"
            (folder / f"{name}.md").write_text(f"# {name} — {folder.name}\n\n## Commits\n\n{rows}", "utf-8")
    reading = read_archive(read_files(tmp_path), Newsletter("Letter", ()))
    assert picks(reading) == TITLES
    assert [issue.date for issue in reading.issues] == [date(2024, 3, n) for n in range(1, N + 1)]


def test_translations_in_folders_of_days_are_no_parts(tmp_path: Path) -> None:
    """They have the same links."""
    for n in range(1, N + 1):
        folder = tmp_path / f"2024-03-0{n}"
        folder.mkdir()
        for language in ("de", "en", "fr"):
            rows = "".join(f"- [{title(n, k)}]({url(n, k)})\n" for k in range(3))
            (folder / f"{language}.md").write_text(f"# {folder.name}\n\n{rows}", "utf-8")
    assert picks(read_archive(read_files(tmp_path), Newsletter("Letter", ()))) == TITLES


def test_weeks_of_months_in_names_are_days(tmp_path: Path) -> None:
    """`2024/June/6week2.md` is of the 8th."""
    for n, (month, week) in enumerate([("6June", 1), ("6June", 2), ("7July", 1), ("7July", 2)], 1):
        folder = tmp_path / "2024" / month[1:]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{month[0]}week{week}.md").write_text("".join(f"{url(n, k)}\n\n" for k in range(3)), "utf-8")
    reading = read_archive(read_files(tmp_path), Newsletter("Letter", ()))
    assert [(issue.date.month, issue.date.day) for issue in reading.issues] == [(6, 1), (6, 8), (7, 1), (7, 8)]


def test_short_years_at_the_top_of_most_issues_end_days(tmp_path: Path) -> None:
    """`### Issue #1 (Tools)02/15/24`; the second numbers are above twelve."""
    for n in range(1, 6):
        rows = "".join(f"- [{title(n, k)}]({url(n, k)})\n" for k in range(3))
        (tmp_path / f"issue-{n}.md").write_text(f"### Issue #{n}  (Tools)0{n}/{5 + 2 * n}/24\n\n{rows}", "utf-8")
    reading = read_archive(read_files(tmp_path), Newsletter("Letter", ()))
    assert [issue.date for issue in reading.issues] == [date(2024, n, 5 + 2 * n) for n in range(1, 6)]


def test_fuller_reading_of_an_issue_has_the_day_that_another_says(tmp_path: Path) -> None:
    """The older copy is named by its day, the one that is read has none; both are called "周报 12 期"."""
    for n in range(11, 15):
        rows = [f"- [{title(n, k)}]({url(n, k)})\n" for k in range(6)]
        for path, some in ((f"_posts/2024-03-{n}-letter.md", rows[:3]), (f"posts/{n - 10:03}x.md", rows)):
            (tmp_path / path).parent.mkdir(exist_ok=True)
            (tmp_path / path).write_text(f"# 周报 {n} 期（早）\n\n## News\n\n{''.join(some)}", "utf-8")
    reading = read_archive(read_files(tmp_path), Newsletter("Letter", ()))
    assert [(issue.number, issue.date.day, len(issue.picks)) for issue in reading.issues] == [
        (n, n, 6) for n in range(11, 15)
    ]


def test_topic_and_outlet_above_each_heading_are_no_section(tmp_path: Path) -> None:
    """They recur below the headings of sections."""

    def write(n: int, day: date) -> str:
        cards = [f"{WORDS[k]} Post\n\n### {title(n, k)}\n\nA note.\n\n[Read on]({url(n, k)})\n" for k in range(3)]
        return f"{head(n, day)}\n## Home\n\n{cards[0]}\n{cards[1]}\n## Abroad\n\n{cards[2]}"

    reading = read(tmp_path, write)
    assert picks(reading) == TITLES
    assert [pick.section_name for pick in reading.issues[-1].picks] == ["Home", "Home", "Abroad"]


def test_bold_day_before_a_title_is_no_title(tmp_path: Path) -> None:
    """The day on which each was published."""

    def write(n: int, day: date) -> str:
        items = "".join(f"* **{day - timedelta(days=k)}** - [{title(n, k)}]({url(n, k)})\n" for k in range(3))
        return f"{head(n, day)}\n## News\n\n{items}"

    assert picks(read(tmp_path, write)) == TITLES


def test_record_without_a_link_of_its_own_holds_links_beside_others_that_have_one(tmp_path: Path) -> None:
    """Slides of a talk: one has a link, the next a list of them."""
    for n in range(1, N + 1):
        slides = [
            {"heading": title(n, 0), "link": url(n, 0)},
            {"heading": "More", "links": [{"label": title(n, k), "url": url(n, k)} for k in (1, 2)]},
        ]
        text = json.dumps({"date": f"2024-0{n}-05", "topics": [{"title": f"Topic {n}", "slides": slides}]})
        (tmp_path / f"2024-0{n}-05.json").write_text(text, "utf-8")
    reading = read_archive(read_files(tmp_path), Newsletter("Letter", ()))
    assert [[pick.url for pick in issue.picks] for issue in reading.issues] == [
        [url(n, k) for k in range(3)] for n in range(1, N + 1)
    ]
