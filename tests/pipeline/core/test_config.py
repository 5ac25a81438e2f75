"""newsletter.toml is the editor's: every template is valid, and a mistake is told by key and line."""

from pathlib import Path

import pytest

from pipeline.core.config import TEMPLATES, read_newsletter, render_template
from pipeline.core.errors import NewsletterError


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


@pytest.mark.parametrize(
    ("written", "wrong", "key"),
    [
        ('issue_day = "friday"', 'issue_day = "fry"', "issue_day"),
        ('timezone = "UTC"', 'timezone = "Mars/Olympus"', "timezone"),
        ("candidate_days = 31", "candidate_days = 0", "candidate_days"),
        ("feeds = []", 'feeds = ["ftp://example.org/feed"]', "feeds"),
        ("allow_hosts = []", 'allow_hosts = "localhost"', "allow_hosts"),
        ('key = "random"', 'key = "teams"', "key"),
        ('name = "Random"', 'nom = "Random"', "nom"),
        ("[embedding]", "[embeding]", "embeding"),
    ],
)
def test_mistake_is_told_by_key_and_line(file, written, wrong, key):
    """The sentence names the key, and the line a person has to go to."""
    text = file.read_text()
    line = text[: text.index(written)].count("\n") + 1
    file.write_text(text.replace(written, wrong, 1))
    with pytest.raises(NewsletterError, match=rf"line {line}: .*{key}"):
        read_newsletter(file)


def test_broken_toml_names_the_line(file):
    """A file that is not TOML at all is told by its line too."""
    file.write_text(file.read_text() + "\nquota = = 3\n")
    with pytest.raises(NewsletterError, match=r"not valid TOML.*line \d+"):
        read_newsletter(file)
