"""A newsletter.toml is proposed from past issues, and holds what an editor would write there."""

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from pipeline.archive.files import read_files
from pipeline.archive.importer import read_archive
from pipeline.archive.proposal.language import language_of
from pipeline.archive.proposal.proposed_newsletter import _from_files, common_title, own_words, propose
from pipeline.core.config import Newsletter
from pipeline.core.config_reader import read_newsletter
from pipeline.core.types import Issue, Pick


def issues(headings_of: list[list[str]]) -> list[Issue]:
    """Make weekly issues with two picks under each heading."""
    made = []
    for nth, headings in enumerate(headings_of):
        names = [heading for heading in headings for _ in range(2)]
        picks = tuple(
            Pick(name, f"Ferry {place} sails {nth}", f"https://f{nth}-{place}.example/", place, place)
            for place, name in enumerate(names, 1)
        )
        made.append(Issue(nth + 1, date(2024, 5, 2) + timedelta(weeks=nth), f"Pier Post #{nth + 1}", "", picks))
    return made


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Бюлетин, брой {}", "Бюлетин"),
        ("Dopis, číslo {}", "Dopis"),
        ("Die Folge {}", "Die Folge"),
        ("Brief {}", "Brief"),
        ("A Estante n.º {}", "A Estante"),
    ],
)
def test_word_for_issue_is_no_part_of_the_name(title: str, name: str) -> None:
    """In any of the languages in which numbers are read; words such as "Folge" may be the name."""
    assert common_title([Issue(n, date(2024, 5, 2), title.format(n)) for n in range(10, 20)]) == name


def test_sections_are_merged_ordered_and_counted() -> None:
    """Spellings of one heading are aliases, one-offs no sections, and the order is that of the issues."""
    text, sections = propose(
        issues(
            [["News", "Videos"]] * 4
            + [["📰 News", "Harbour Videos", "An essay on fog"]]
            + [["📰 News", "🎬 Videos"]] * 4
        ),
        None,
        "Folder",
    )
    answer = tomllib.loads(text)
    assert [section.name for section in sections] == ["📰 News", "🎬 Videos"]
    assert (answer["name"], answer["issue_day"]) == ("Pier Post", "thursday")
    assert [(s["key"], s["aliases"], s["quota"]) for s in answer["sections"]] == [
        ("news", ["News"], 2),
        ("videos", ["Videos", "Harbour Videos"], 2),
    ]


def test_names_of_sections_have_no_list_signs(tmp_path: Path) -> None:
    """The heading is an alias; an emoji, a hashtag and signs of a word stay."""
    headings = ["■ News", "📚 Articles:", "#python", "- C++ -", "・読み物", "◆ Tools ◆"]
    text, sections = propose(issues([headings] * 4), None, "Folder")
    names = ["News", "📚 Articles", "#python", "C++", "読み物", "Tools"]
    assert [section.name for section in sections] == names
    (tmp_path / "newsletter.toml").write_text(text, "utf-8")
    newsletter = read_newsletter(tmp_path / "newsletter.toml")
    assert [newsletter.section(str(newsletter.section_for(heading))).name for heading in headings] == names
    assert [section.aliases for section in newsletter.sections][:3] == [("■ News",), ("📚 Articles:",), ()]


def test_archive_without_headings_gets_one_section(tmp_path: Path) -> None:
    """Its picks belong to that section."""
    text, _ = propose(issues([[""]] * 3), "Flat", "Folder")
    (tmp_path / "newsletter.toml").write_text(text, "utf-8")
    newsletter = read_newsletter(tmp_path / "newsletter.toml")
    assert (newsletter.name, newsletter.section_for("")) == ("Flat", "links")


def test_keys_are_the_names_in_latin_letters(tmp_path: Path) -> None:
    """Whatever the script; names whose letters are the same have keys of their own; the proposed file can be read."""
    headings = ["링크", "Вакансии", "公告", "C", "C++", "C#", "🎬"]
    (tmp_path / "newsletter.toml").write_text(propose(issues([headings] * 8), "Flat", "Folder")[0], "utf-8")
    newsletter = read_newsletter(tmp_path / "newsletter.toml")
    keys = [newsletter.section_for(heading) for heading in headings]
    assert keys == ["ringkeu", "vakansii", "gong-gao", "c", "c-2", "c-3", "section"]


def test_init_from_an_archive_imports_its_picks(tmp_path: Path) -> None:
    """One command from an unknown archive to a workspace; a second one overwrites nothing."""
    archive = tmp_path / "archive"
    archive.mkdir()
    for n in (1, 2, 3):
        body = f"## Tools\n\n- [Rope {n}](https://rope{n}.example/)\n\n## Reads\n\n- [Tide {n}](https://tide{n}.example/)\n"
        (archive / f"{n}.md").write_text(f"---\ntitle: 'Quay #{n}'\ndate: 2024-05-0{n}\n---\n{body}")
    command = ["init", str(tmp_path / "w"), "--from", str(archive), "--json"]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    assert '"picks": 6' in result.stdout
    assert '"Tools": 3' in result.stdout
    assert CliRunner().invoke(app, command).exit_code == 1


def test_renamed_section_goes_on() -> None:
    """A heading that ends where another begins, at its place, is an alias of it; one beside it is a section."""
    _, sections = propose(issues([["Links", "Tools", "Jobs"]] * 5 + [["Reading", "Tools", "Jobs"]] * 5), None, "Folder")
    assert [section.name for section in sections] == ["Reading", "Tools", "Jobs"]
    assert sections[0].renamed == ["Links"]


def test_a_section_that_comes_later_is_no_new_name() -> None:
    """Where the old heading goes on, both are sections."""
    _, sections = propose(issues([["Links"]] * 4 + [["Links", "Reading"]] * 6), None, "Folder")
    assert [section.name for section in sections] == ["Links", "Reading"]


def test_dated_headings_are_one_section(tmp_path: Path) -> None:
    """A heading that changes only in its day is named without it, and a new day's heading is that section."""
    text, sections = propose(issues([[f"Daily news (2018-05-{n:02d})"] for n in range(1, 7)]), "Post", "Folder")
    assert [(section.name, section.aliases) for section in sections] == [("Daily news", [])]
    (tmp_path / "newsletter.toml").write_text(text, "utf-8")
    assert read_newsletter(tmp_path / "newsletter.toml").section_for("Daily news (2019-01-01)") == "daily-news"


def test_newsletter_is_known_from_its_files(tmp_path: Path) -> None:
    """Name, address, time zone and language come from front matter and titles."""
    for n in range(1, 6):
        body = f"## À lire\n\n- [Comment nous avons déplacé les archives du port {n}](https://quai{n}.example/)\n"
        head = f"---\ntitle: Un port {n}\nnewsletter: Le Quai\nnumber: {n}\ndate: 2024-07-0{n}T08:00:00+02:00\n"
        (tmp_path / f"{n}.md").write_text(f"{head}url: https://quai.example/lettres/{n}\n---\n{body}", "utf-8")
    reading = read_archive(list(read_files(tmp_path)), Newsletter("x", ()))
    text, _ = propose(reading.issues, None, "Folder", reading.examples)
    answer = tomllib.loads(text)
    assert (answer["name"], answer["url"], answer["timezone"]) == ("Le Quai", "https://quai.example/", "Europe/Berlin")
    assert answer["language"] == "fr"


def test_language_is_that_of_the_editors_own_words(tmp_path: Path) -> None:
    """A newsletter in Korean may pick titles in English; headings that recur say no more than once."""
    notes = [
        "부두의 등대가 왜 꺼졌는지 설명하는 글이다.",
        "배를 다시 칠하는 방법을 차례로 다룬다.",
        "조수표를 읽는 법을 소개한다.",
    ]
    for n in range(1, 7):
        body = "".join(
            f"## [How the harbour kept its lights on, part {n} of {place}](https://q{n}{place}.example/)\n\n{note}\n\n"
            for place, note in enumerate(notes)
        )
        (tmp_path / f"2024-0{n}.md").write_text(f"# Week {n}\n\n{body}", "utf-8")
    reading = read_archive(list(read_files(tmp_path)), Newsletter("x", ()))
    text, _ = propose(reading.issues, None, "Folder", reading.examples)
    assert tomllib.loads(text)["language"] == "ko"
    assert [text for text in own_words(reading.examples) if text.startswith("Week")] == ["Week 6"]


def test_day_of_an_archive_of_months_is_a_guess(tmp_path: Path) -> None:
    """Names that give the month only are told, and no share of issues is said to have gone out on its first day."""
    archive = tmp_path / "letters"
    archive.mkdir()
    for n in range(1, 7):
        (archive / f"2024-0{n}.md").write_text(
            f"# Letter\n\n- [Fog over the pier {n}](https://q{n}.example/)\n", "utf-8"
        )
    done = CliRunner().invoke(app, ["init", str(tmp_path / "pier"), "--from", str(archive)], catch_exceptions=False)
    assert "guessed 6: only the month is known, so its first day is the date" in done.output
    assert "all of them with: triage import issues" in done.output
    text = (tmp_path / "pier" / "newsletter.toml").read_text("utf-8")
    assert 'issue_day = "1"               # a guess: most issues do not say their day\n' in text


@pytest.mark.parametrize(("code", "written"), [("arz", "ar"), ("wuu", "ar"), ("tl", "ar"), ("ko", "ko"), ("nn", "nn")])
def test_language_is_one_in_which_days_can_be_written(monkeypatch: pytest.MonkeyPatch, code: str, written: str) -> None:
    """The detector tells languages, such as Egyptian Arabic, in which none can; the next likely one is taken."""
    monkeypatch.setattr("py3langid.rank", lambda text: [(code, -1.0), ("ar", -2.0)])
    found = language_of(["The ferry sails at noon, and the harbour master waves"])
    assert found is not None
    assert found.code == written


@pytest.mark.parametrize(
    ("stems", "name"),
    [
        (["lathe-letter-31", "lathe-letter-32"], "Lathe Letter"),
        (["前端拾贝第411期", "前端拾贝第412期"], "前端拾贝"),
        (["1", "2"], ""),
    ],
)
def test_name_from_files(stems: list[str], name: str) -> None:
    """Files that are called like the newsletter name it."""
    assert _from_files(stems) == name


def test_instructions_name_no_words_that_every_title_may_have() -> None:
    """ "Your", "with" and "what" say nothing of a section, however often its few titles have them."""
    made = issues([["News", "Guides"]] * 4)
    titled = [
        replace(issue, picks=tuple(replace(p, title=f"What knots do with your {p.title}") for p in issue.picks[2:]))
        for issue in made
    ]
    _, sections = propose(
        [replace(a, picks=a.picks[:2] + b.picks) for a, b in zip(made, titled, strict=True)], None, ""
    )
    assert sections[1].words[0] == "knots"
    assert not {"what", "with", "your"} & set(sections[1].words)
