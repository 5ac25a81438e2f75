"""Stories of one newsletter may be written in several forms: by section, by place in it, by whether there is a text."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.archive.draft_reading import read_draft
from pipeline.archive.files import read_files
from pipeline.archive.importer import read_archive
from pipeline.archive.proposal.proposed_newsletter import propose
from pipeline.core.config import Newsletter
from pipeline.core.config_reader import read_newsletter
from pipeline.core.draft_form import DraftForm
from pipeline.core.urls import article_id
from pipeline.drafts.draft import Draft, DraftEntry, DraftSection, DraftStory
from pipeline.drafts.form_learning import learned_table
from pipeline.drafts.formed import write_formed

HEADING = "### [{t}]({u})\n\n{b}"
BULLET = "- [{t}]({u}): {b}"
BARE = "- [{t}]({u})"
Forms = dict[str, Sequence[str]]  # section → the forms of its stories
WORDS = ("Harbour", "Lantern", "Anchor", "Pilot", "Beacon", "Capstan", "Dinghy", "Rudder", "Sextant")


def issue(n: int, forms: Forms) -> tuple[str, list[DraftSection]]:
    """Write an issue, and return its stories."""
    parts, sections = [f"---\ntitle: Pier {n}\ndate: {date(2024, 5, 2) + timedelta(weeks=n)}\n---"], []
    for s, (name, of) in enumerate(forms.items()):
        texts, entries = [], []
        for k, form in enumerate(of):
            title, url = (
                f"{WORDS[(n + k) % 9]} {WORDS[(n * 2 + s) % 9]} at berth {n}{s}{k}",
                f"https://s{n}{s}{k}.example/{k}",
            )
            note = f"What berth {n}{s}{k} was for." if "{b}" in form else ""
            texts.append(form.format(t=title, u=url, b=note))
            entries.append(DraftEntry((DraftStory(article_id(url), url, title, note=note),)))
        parts += [f"## {name}", re.sub(r"(?m)(^- .*)\n\n(?=- )", r"\1\n", "\n\n".join(texts))]
        sections.append(DraftSection(name, name.lower(), tuple(entries)))
    return "\n\n".join(parts) + "\n", sections


@pytest.mark.parametrize(
    "issues",
    [
        [{"News": [HEADING, BULLET, BULLET], "Tools": [HEADING, BULLET, BULLET, BULLET]}],
        [{"News": [HEADING, HEADING, BARE, BARE, BARE], "Tools": [HEADING, HEADING, BARE, BARE]}],
        [{"News": [HEADING, BULLET, BULLET, BULLET], "Tools": [BULLET, BULLET, BULLET], "Talks": [BULLET, BULLET]}],
        [{"News": [HEADING, BARE, HEADING, BARE]}, {"News": [BARE, HEADING, BARE]}, {"News": [BARE, BARE, HEADING]}],
        [{"News": [HEADING, BULLET, BULLET], "Tools": [BARE, BARE, BARE], "Talks": [HEADING, BULLET, BULLET]}],
    ],
    ids=["a lead", "two leads", "a lead in one section", "short stories", "leads but in one section"],
)
def test_each_story_has_the_form_of_its_place(issues: Sequence[Forms], tmp_path: Path) -> None:
    """A draft of the last issue's stories is that issue, and reading it gives them back under their sections."""
    archive = tmp_path / "issues"
    archive.mkdir()
    for n in range(1, 8):
        (archive / f"pier-{n}.md").write_text(issue(n, issues[n % len(issues)])[0], "utf-8")
    newsletter = newsletter_of(archive, tmp_path / "newsletter.toml")
    assert newsletter.draft is not None
    expected, sections = issue(8, issues[8 % len(issues)])
    written = write_formed(Draft(8, date(2024, 6, 27), "Pier", tuple(sections)), newsletter.draft)
    assert written == expected.strip()
    found = read_draft(written, newsletter)[1].stories
    assert [(story.headings[-1], story.link.url) for story in found] == [
        (section.name, entry.stories[0].url) for section in sections for entry in section.entries
    ]


def newsletter_of(archive: Path, file: Path) -> Newsletter:
    """Read past issues and return the newsletter proposed from them, with the form of its drafts."""
    reading = read_archive(list(read_files(archive)), Newsletter("Pier", ()))
    file.write_text(propose(reading.issues, None, "Pier")[0], "utf-8")
    file.write_text(f"{file.read_text('utf-8')}\n{learned_table(reading.examples, read_newsletter(file))}", "utf-8")
    return read_newsletter(file)


def test_items_are_tight_where_paragraphs_are_not() -> None:
    """Two paragraphs without an empty line between them would be one."""
    form = DraftForm("- {title}", section="", front_matter="{number}{date}", tight=True, story_in={"b": "**{title}**"})
    sections = [
        DraftSection(name, name, tuple(DraftEntry((DraftStory(t, f"https://{t}.example/", t),)) for t in "xy"))
        for name in "ab"
    ]
    written = write_formed(Draft(1, date(2024, 6, 27), "Pier", tuple(sections)), form)
    assert written.split("\n\n")[1:] == ["- x\n- y", "**x**", "**y**"]
