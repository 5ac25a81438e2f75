"""newsletter.toml is the editor's: every template is valid, and an error names key and line."""

import asyncio
import re
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import pytest
from cronsim import CronSim

from pipeline.core.config import TEMPLATES, Newsletter, render_template
from pipeline.core.config_reader import read_newsletter
from pipeline.core.cron import is_cron_line
from pipeline.core.errors import NewsletterError
from pipeline.core.types import Section


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "newsletter.toml"
    path.write_text(render_template("research-computing", "Letter"))
    return path


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("name", ["Letter", 'The "Best" {of} \\ us', "Ünïcode 🦉"])
def test_every_template_reads_back(tmp_path, template, name):
    """A new newsletter.toml is valid whatever the newsletter is called."""
    path = tmp_path / "newsletter.toml"
    path.write_text(render_template(template, name), "utf-8")
    assert read_newsletter(path).name == name


def test_older_headings_find_their_section(file):
    """Aliases bring the names of past years to today's sections; spelling and case do not matter."""
    newsletter = read_newsletter(file)
    assert newsletter.section_for("Emerging Data & Infrastructure Tools") == "emerging"
    assert newsletter.section_for("managing your own career ") == "career"
    assert newsletter.section_for("Gardening") is None


def test_numbers_beside_the_name_of_a_section_do_not_matter(file):
    """A dated heading of a section is that section's; of no section it stays no section's."""
    newsletter = read_newsletter(file)
    assert newsletter.section_for("Random (2018-07-26)") == "random"
    assert newsletter.section_for("Gardening (2018-07-26)") is None


@pytest.mark.parametrize(
    ("written", "wrong", "key"),
    [
        ('issue_day = "friday"', 'issue_day = "fry"', 'issue_day must be days such as "friday"'),
        ('issue_day = "friday"', "issue_day = 32", "not 32"),
        ('timezone = "UTC"', 'timezone = "Mars/Olympus"', "timezone"),
        ('language = "en"', 'language = "German"', 'language must be the code of a language such as "de"'),
        ("candidate_days = 31", "candidate_days = 0", "candidate_days"),
        ("feeds = []", 'feeds = ["ftp://example.org/feed"]', "feeds"),
        ("allow_hosts = []", 'allow_hosts = "localhost"', "allow_hosts"),
        ('key = "random"', 'key = "teams"', "key"),
        ('name = "Random"', 'nom = "Random"', "nom"),
        ("[embedding]", "[embeding]", "embeding"),
        ('nightly = "0 3 * * *"', 'nightly = "at three"', 'nightly must be five cron fields such as "0 3'),
        ('retraining = "0 5 * * 0"', 'retraining = "0 5 31 2 *"', "retraining"),
        ('url = ""', 'url = "letter"', 'url must be an address such as "https://'),
        ("own_hosts = []", 'own_hosts = ["https://jobs.example"]', 'own_hosts must be host names such as "'),
        ("urls = []", 'urls = ["me@mail.example"]', "urls must be Apprise addresses such as"),
        ("deadlines = true", 'deadlines = "yes"', "deadlines must be true or false"),
        (
            "keep_articles_days = 730",
            "keep_articles_days = 9999999",
            "keep_articles_days must be a whole number of 1 to",
        ),
        ('model = "all-MiniLM-L6-v2"', 'model = ""', 'model must be text such as "all-MiniLM'),
        ('layout = "auto"', 'layout = "columns"', "layout must be auto, titles, bullets"),
        ("feeds = []", 'feeds = [{ url = "https://a.example/", title = 3 }]', "title must be text such as"),
        ('key = "random"', "nokey = 1", "nokey is not a known key here; known are"),
        ('model = "all-MiniLM-L6-v2"', 'model = "a\\u0000"', 'model must be text such as "all-MiniLM'),
        ("own_hosts = []", 'share = "\\u0000"', 'share must be text such as "'),
        ("own_hosts = []", 'share = "~nobody-of-this-name/shared"', 'share must be a folder such as "../shared"'),
        ('key = "random"', 'quota = 99999999999999999999\nkey = "random"', "quota must be a whole number of 0 to"),
    ],
)
def test_error_names_key_and_line(file, written, wrong, key):
    """The sentence names the key, and the line a person has to go to."""
    text = file.read_text()
    line = text[: text.index(written)].count("\n") + 1
    file.write_text(text.replace(written, wrong, 1))
    with pytest.raises(NewsletterError, match=rf"line {line}: .*{key}"):
        read_newsletter(file)


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("limits.connections = 0", 2),
        ('schedule = { nightly = "at three" }', 2),
        ('feeds = [\n"https://a.example/f",\n"nowhere",\n]', 4),
        ('[[feeds]]\nurl = "https://a.example/f"\n[[feeds]]\nurl = "nowhere"', 5),
        ('[draft]\nstory = "{title}"\n[draft.story_in]\na = 3', 4),
    ],
)
def test_line_is_found_however_the_key_is_written(tmp_path, written, line):
    """TOML has several forms for one key; of a list it is the line of the wrong item."""
    file = tmp_path / "newsletter.toml"
    file.write_text(f'name = "L"\n{written}\n[[sections]]\nkey = "a"\nname = "A"\n')
    with pytest.raises(NewsletterError, match=f"line {line}:"):
        read_newsletter(file)


@pytest.mark.parametrize("line", ["0 0 3 * * *", "0 3 * * 5L", "0 3 LW * *", "0 3 31 2 *", "@daily"])
def test_cron_line_that_schedulers_read_differently_is_refused(line):
    """What Prefect does not know would end `triage schedule`; six fields are other times there than here."""
    assert not is_cron_line(line)


@pytest.mark.parametrize(
    "line", ["0 3 * * *", "30 2 * * mon-fri", "0 3 L * *", "0 3 * JAN,jul 5#1", "*/5 1-4 1,15 * *"]
)
def test_accepted_cron_line_fires_alike_in_prefect(line):
    """Status counts missed nights by one clock, the schedule fires by another."""
    from prefect.server.schemas.schedules import CronSchedule

    start = datetime(2026, 1, 1, tzinfo=UTC)
    fires = asyncio.run(CronSchedule(cron=line).get_dates(5, start=start))
    assert is_cron_line(line)
    assert list(islice(CronSim(line, start), 5)) == list(fires)


def test_broken_toml_names_the_line(file):
    """A file that is not TOML at all is named by its line too."""
    file.write_text(file.read_text() + "\nquota = = 3\n")
    with pytest.raises(NewsletterError, match=r"not valid TOML.*line \d+"):
        read_newsletter(file)


@pytest.mark.parametrize(
    ("lines", "number", "key"),
    [
        (["feeds = []", "[[feeds]]", 'url = "https://a.example/feed"'], 2, "[[feeds]]"),
        (['name = "A"', 'name = "B"', "feeds = []"], 2, "name"),
        (['name = "A"', "feeds = []", 'name = "B"'], 3, "name"),
        (["[limits]", "", "[limits]"], 3, "[limits]"),
        (['name = "A"', "", "[name]", "a = 1"], 3, "[name]"),
        (["feeds = []", "feeds = [", '  "https://a.example/?token=s3cret",', "]"], 2, "feeds"),
        (['name = "A"', 'name = """', "first = second", '"""', "feeds = []"], 2, "name"),
    ],
)
def test_what_is_set_twice_is_named(file, lines, number, key):
    """As by a table of feeds below the empty list that every new file has; the sentence shows no value."""
    file.write_text("\n".join(lines) + "\n")
    with pytest.raises(NewsletterError, match=re.escape(f"line {number}: {key} sets what an earlier line has set")):
        read_newsletter(file)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_file_in_another_encoding_is_told_by_its_line(file, encoding):
    """Older editors save as they always did; the sentence says where, and what to do."""
    text = file.read_text().replace("Letter", "Läter")
    line = 1 if encoding == "utf-16" else text[: text.index("Läter")].count("\n") + 1
    file.write_bytes(text.encode(encoding))
    with pytest.raises(NewsletterError, match=f"line {line}: is not UTF-8; save the file"):
        read_newsletter(file)


def test_a_file_made_to_break_its_reader_is_refused(file):
    """In a sentence, as any other wrong file."""
    file.write_text(f"feeds = {'[' * 3000}{']' * 3000}")
    with pytest.raises(NewsletterError, match="not valid TOML: lists are nested too deep"):
        read_newsletter(file)


@pytest.mark.parametrize("end", [b"\r", b"\r\n"])
def test_line_ends_of_any_system_are_read(file, end):
    """A file that was edited on another system is the same newsletter."""
    before = read_newsletter(file)
    file.write_bytes(file.read_bytes().replace(b"\n", end))
    assert read_newsletter(file) == before


@pytest.mark.parametrize(("written", "found"), [("~/shared", "home/shared"), ("../shared", "shared"), (" ", None)])
def test_shared_folder_may_be_in_the_home(tmp_path, monkeypatch, written, found):
    """`share` is read as a shell reads it, and beside newsletter.toml."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    file = tmp_path / "letter" / "newsletter.toml"
    file.parent.mkdir()
    file.write_text(render_template("blank", "Letter").replace("own_hosts", f'share = "{written}"\nown_hosts', 1))
    assert read_newsletter(file).share == (str(tmp_path / found) if found else "")


def test_byte_order_mark_is_read_over(file):
    """Windows editors put one in front."""
    file.write_text(file.read_text(), "utf-8-sig")
    assert read_newsletter(file).name == "Letter"


def test_old_keys_are_read(file):
    """`dialect` and `closed_headings` were the names of `layout` and `ignored_headings`; errors use them too."""
    old = file.read_text().replace('layout = "auto"', 'dialect = "bullets"')
    file.write_text(old.replace("ignored_headings = []", 'closed_headings = ["Sponsors"]'))
    newsletter = read_newsletter(file)
    assert (newsletter.layout, newsletter.ignored_headings) == ("bullets", ("Sponsors",))
    file.write_text(old.replace("ignored_headings = []", "closed_headings = 3"))
    line = old[: old.index("ignored_headings")].count("\n") + 1
    with pytest.raises(NewsletterError, match=rf"line {line}: closed_headings"):
        read_newsletter(file)


def test_own_hosts_are_compared_in_small_letters_without_www(file):
    """As the hosts of addresses are."""
    file.write_text(file.read_text().replace("own_hosts = []", 'own_hosts = ["www.Jobs.Example", "b.example"]'))
    assert read_newsletter(file).own_hosts == ("jobs.example", "b.example")


@pytest.mark.parametrize("layout", ["titles", "prose", "headings+bullets"])
def test_layouts_may_be_joined(file, layout):
    """One of them, or several with a plus between."""
    file.write_text(file.read_text().replace('layout = "auto"', f'layout = "{layout}"'))
    assert read_newsletter(file).layout == layout


def properties(newsletter: Newsletter) -> tuple[frozenset[str], ...]:
    """Return the keys of the sections by what is special about them."""
    return newsletter.deadline_sections, newsletter.dated_sections, newsletter.one_liner_sections


def test_template_says_which_sections_are_special(file):
    """Deadlines, event dates and one-liners are properties in newsletter.toml."""
    assert properties(read_newsletter(file)) == ({"calls"}, {"calls", "events"}, {"random"})


def test_file_without_section_properties_works_as_before(file):
    """Before there were properties, the keys calls, events and random had these meanings."""
    text = file.read_text()
    for name in ("deadlines", "event_dates", "one_liners"):
        text = text.replace(f"\n{name} = true", "")
    file.write_text(text)
    assert properties(read_newsletter(file)) == ({"calls"}, {"calls", "events"}, {"random"})


def test_keys_mean_nothing_once_a_property_is_set(file):
    """A newsletter may call its one-liners what it likes, and a section `random` that holds none."""
    text = file.read_text().replace("\none_liners = true", "").replace("\nevent_dates = true", "")
    file.write_text(text.replace('key = "calls"', 'key = "grants"'))
    assert properties(read_newsletter(file)) == ({"grants"}, {"grants"}, set())


def test_next_issue_is_todays_until_it_is_out():
    """On the issue day the next issue is today's; once it is out, next week's."""
    letter = Newsletter("L", (Section("a", "A"),), issue_day="friday")
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert letter.next_issue_date(noon) == date(2026, 11, 20)
    assert letter.next_issue_date(noon, date(2026, 11, 20)) == date(2026, 11, 27)
    assert letter.next_issue_date(datetime(2026, 11, 21, tzinfo=UTC)) == date(2026, 11, 27)


@pytest.mark.parametrize(("written", "day"), [("1", "1"), ('"First  Monday"', "first monday"), ('"15"', "15")])
def test_issue_days_are_written_as_one_likes(file, written, day):
    """A day of the month needs no quotes."""
    file.write_text(file.read_text().replace('issue_day = "friday"', f"issue_day = {written}"))
    assert read_newsletter(file).issue_day == day
