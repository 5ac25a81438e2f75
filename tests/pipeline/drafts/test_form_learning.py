"""A draft looks like the newsletter: its form is learned from past issues, and reading it back gives the picks."""

import cProfile
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.archive.draft_reading import read_draft
from pipeline.archive.extraction import Rules
from pipeline.archive.files import read_files
from pipeline.archive.importer import read_archive
from pipeline.archive.proposal.proposed_newsletter import propose
from pipeline.core.config import Newsletter
from pipeline.core.config_reader import read_newsletter
from pipeline.core.draft_form import DraftForm
from pipeline.core.types import Section
from pipeline.core.urls import article_id
from pipeline.drafts.draft import Draft, DraftEntry, DraftSection, DraftStory
from pipeline.drafts.form_learning import form_toml, learn_form, learned_table
from pipeline.drafts.formed import write_formed
from pipeline.drafts.merge import merge_edits, parse_formed

START = date(2024, 5, 2)
N = 5  # past issues
WORDS = ("Harbour", "Lantern", "Anchor", "Pilot", "Beacon", "Capstan", "Dinghy", "Rudder", "Sextant", "Windlass")

STORIES = {
    "bullets": "- [{t}]({u}) by Ann Low. {b}",
    "plus and quote": "+ [{t}]({u})\n\n  > {b}",
    "linked headings": "### [{t}]({u})\n\n{b}",
    "headings with the link below": "### {t}\n\n{b}\n\n[Read the article]({u})",
    "bold leads": "**{t}.** {b} [Read more]({u})",
    "numbered": "{n}. [{t}]({u}): {b}",
    "numbered by section": "{s}.{n} [{t}]({u})\n\n{b}",
    "emoji lines": "🔹 [{t}]({u})：{b}",
    "lines in bold": "**{t}**\n\n{b}\n\n[Read more]({u})",
    "bold links": "[**{t}**]({u})\n\n{b}",
    "text behind the title": "[{t}]({u}): {b}",
    "outlets at the end": "{t}. {b} ([Reef Times]({u}))",
    "titles above the note": "{t}  \n{b}\n\n[READ IT HERE]({u})",
    "lines with bylines": "[{t}]({u}) - Ann Low, Outlet\n\n{b}",
}


def past_issue(n: int, story: str, heading: str = "## {section}") -> str:
    """Write one past issue."""
    day = START + timedelta(weeks=n)
    parts = [f"---\ntitle: 'Pier Post #{n}'\ndate: {day}\nlayout: email\n---\n", "Ahoy, readers of the pier!"]
    nth = 0
    for s, section in enumerate(("News", "Tools"), 1):
        parts.append(heading.format(section=section))
        for k in range(1, 4):
            nth += 1
            title = f"{WORDS[(n * 7 + nth) % 10]} {WORDS[(n * 3 + nth * 3) % 10]} at berth {n * 10 + nth}"
            text = f"What the {title.lower()} means for the crew of {n}{nth}."
            parts.append(story.format(t=title, u=f"https://s{n}-{nth}.example/{nth}", b=text, n=k, s=s, o=WORDS[nth]))
    parts.append("---")
    parts.append(closing_of(story))
    return "\n\n".join(parts) + "\n"


def closing_of(story: str) -> str:
    """Return the last words of every issue; where title lines have bylines, links below them would be stories."""
    words = "You get this because you signed up."
    return words if story.startswith("[{t}]({u}) - ") else f"{words} [Leave](https://pier.example/leave)"


def newsletter_of(folder: Path, story: str, heading: str = "## {section}") -> Newsletter:
    """Read past issues and return the newsletter that is proposed from them, with the form of its drafts."""
    return newsletter_from(folder, [past_issue(n, story, heading) for n in range(1, N + 1)])


def newsletter_from(folder: Path, texts: Sequence[str]) -> Newsletter:
    """Do so with issues of six picks each."""
    archive = folder / "issues"
    archive.mkdir()
    for n, text in enumerate(texts, 1):
        (archive / f"pier-{n}.md").write_text(text, "utf-8")
    reading = read_archive(list(read_files(archive)), Newsletter("Pier", ()))
    assert reading.n_picks == 6 * len(texts)
    file = folder / "newsletter.toml"
    file.write_text(propose(reading.issues, None, "Pier")[0], "utf-8")
    file.write_text(f"{file.read_text('utf-8')}\n{learned_table(reading.examples, read_newsletter(file))}", "utf-8")
    return read_newsletter(file)


def picked(title: str, n: int = 1, **more: str) -> DraftStory:
    """Build a picked story."""
    url = f"https://new{n}.example/{n}"
    return DraftStory(article_id(url), url, title, "Outlet", "Bo Reed", **more)


def draft(*stories: DraftStory) -> Draft:
    """Put stories into the section News."""
    return Draft(9, date(2024, 7, 4), "Pier", (DraftSection("News", "news", tuple(DraftEntry((s,)) for s in stories)),))


@pytest.mark.parametrize("name", STORIES)
def test_draft_has_the_form_of_past_issues(name: str, tmp_path: Path) -> None:
    """Front matter, opening, heading, story and closing are written as the past issues write them."""
    newsletter = newsletter_of(tmp_path, STORIES[name])
    assert newsletter.draft is not None
    text = write_formed(draft(picked("Fog over the pier", note="It is thick.")), newsletter.draft)
    story = STORIES[name].format(t="Fog over the pier", u="https://new1.example/1", b="It is thick.", n=1, s=1)
    assert text.replace("\n  \n", "\n\n") == (
        "---\ntitle: 'Pier Post #9'\ndate: 2024-07-04\nlayout: email\n---\n\nAhoy, readers of the pier!\n\n## News\n\n"
        + story.replace("Ann Low", "Bo Reed")
        + f"\n\n---\n\n{closing_of(STORIES[name])}"
    )


@pytest.mark.parametrize(
    ("title", "form"), [("The Pier no. {n}", "The Pier no. {number}"), ("{w} news", "{newsletter} {date}")]
)
def test_titles_of_pages_are_those_of_drafts(tmp_path: Path, title: str, form: str) -> None:
    """Past issues without front matter, such as pages, have titles too; those that follow no rule are no form."""
    for n in range(1, N + 1):
        named, day = title.format(n=n, w=WORDS[n]), START + timedelta(weeks=n)
        links = "".join(f'<li><a href="https://s{n}.example/{k}">{WORDS[k]} of berth {n}{k}</a>' for k in range(5))
        (tmp_path / f"{day}.html").write_text(f"<title>{named}</title><h1>{named}</h1><h2>News</h2><ul>{links}</ul>")
    reading = read_archive(list(read_files(tmp_path)), Newsletter("Pier", ()))
    learned = learn_form(reading.examples, Newsletter("Pier", ()).section_for)
    assert learned is not None
    assert f'title: "{form}"' in learned[0].front_matter


def test_a_form_of_several_lines_is_written_as_it_looks() -> None:
    """Between three quotes, as one edits it; escaped only where its signs need that."""
    form = DraftForm(
        story="### {title}\n\n{blurb}", opening="Don'''t\npanic", closing="A bell \x07\nrings", between="\\x7f \x7f"
    )
    text = form_toml(form, 8, 0.9)
    assert "story = '''\n### {title}\n\n{blurb}\n'''" in text
    table = tomlkit.parse(text)["draft"]
    assert {key: table[key].rstrip("\n") for key in ("story", "opening", "closing", "between")} == {
        "story": form.story, "opening": form.opening, "closing": form.closing, "between": form.between
    }  # fmt: skip


@pytest.mark.parametrize(("alike", "story"), [(2, None), (3, "- [{title}]({url}){?: {blurb}}")])
def test_a_form_needs_half_of_the_stories(alike: int, story: str | None, tmp_path: Path) -> None:
    """Of five stories a section, three written alike are the form of drafts, and two are none."""
    plain = "- [{t}]({u}): {b}"
    others = ["- **[{t}]({u})** {b}", "- ***[{t}]({u})*** {b}", "- **{t}** {b} [More]({u})"]
    forms = [plain, *others[: 5 - alike], *[plain] * (alike - 1)]
    for n in range(1, N + 1):
        parts = [f"# Pier Post {n}"]
        for s, section in enumerate(("News", "Tools")):
            titles = [f"{WORDS[(n + k) % 10]} {WORDS[(n * 3 + k) % 10]} at berth {n}{s}{k}" for k in range(5)]
            links = [f"https://s{n}-{s}{k}.example/{k}" for k in range(5)]
            lines = [
                form.format(t=t, u=u, b=f"What {t} means.") for form, t, u in zip(forms, titles, links, strict=True)
            ]
            parts += [f"## {section}", "\n".join(lines)]
        (tmp_path / f"pier-{n}.md").write_text("\n\n".join(parts) + "\n", "utf-8")
    reading = read_archive(list(read_files(tmp_path)), Newsletter("Pier", ()))
    assert reading.n_picks == N * 10
    learned = learn_form(reading.examples, str.lower)
    assert (learned[0].story if learned else None) == story


@pytest.mark.parametrize("name", STORIES)
def test_titles_survive_in_every_form(name: str, tmp_path: Path) -> None:
    """An address, brackets, marks of Markdown or Hebrew in a title are read back as they were; the frame is no pick."""
    newsletter = newsletter_of(tmp_path, STORIES[name])
    assert newsletter.draft is not None
    titles = ["Why https://old.example/ is down", "[Updated] arrays (in *C*)", "שלום עולם על הרציף", "`a_b` & <i> of 3"]
    stories = [picked(title, n, note="Words about it.") for n, title in enumerate(titles, 1)]
    _, found = read_draft(write_formed(draft(*stories), newsletter.draft), newsletter)
    assert [(story.link.text, story.link.url) for story in found.stories] == [(s.title, s.url) for s in stories]


@pytest.mark.parametrize(
    "story", ["- **{title}** {blurb}  \n  [{source}]({url})", "{title}. {blurb} [{source}]({url})."]
)
def test_a_section_of_another_form_is_read_back(story: str) -> None:
    """Beside linked titles, the words of a link that are the story's site are no title; the title is before it."""
    form = DraftForm("- [{title}]({url}){?: {blurb}}", story_in={"tools": story})
    sections = (Section("news", "News"), Section("tools", "Tools"))
    newsletter = Newsletter("Pier", sections, draft=form)
    stories = [picked(f"{WORDS[n]} at the pier", n, note="Words about it.") for n in range(1, 5)]
    stories = [replace(s, source=f"new{n}.example") for n, s in enumerate(stories, 1)]
    made = replace(draft(), sections=(_section("News", stories[:2]), _section("Tools", stories[2:])))
    _, found = read_draft(write_formed(made, form), newsletter)
    assert [(s.link.text.partition(".")[0], s.link.url) for s in found.stories] == [(s.title, s.url) for s in stories]


def _section(name: str, stories: Sequence[DraftStory]) -> DraftSection:
    return DraftSection(name, name.lower(), tuple(DraftEntry((s,)) for s in stories))


@pytest.mark.parametrize("name", STORIES)
def test_editor_words_stay_in_every_form(name: str, tmp_path: Path) -> None:
    """What is written into the file stays when it is drafted again; new picks join, and nothing doubles."""
    newsletter = newsletter_of(tmp_path, STORIES[name])
    assert newsletter.draft is not None
    first = write_formed(draft(picked("Fog over the pier", note="It is thick.")), newsletter.draft)
    edited = first.replace("It is thick.", "It is thick as soup.").replace("Ahoy, readers", "Dear readers")
    edited = edited.replace("You get this because you signed up.", "Fair winds!")
    rules = Rules.of(newsletter)
    made = merge_edits(
        draft(picked("Fog over the pier"), picked("A second story", 2)), parse_formed(edited, newsletter), rules, set()
    )
    again = write_formed(made, newsletter.draft)
    for words in ("thick as soup", "Dear readers", "Fair winds!", "A second story", "## News", "new1.example"):
        assert again.count(words) == 1, again
    twice = merge_edits(
        draft(picked("Fog over the pier"), picked("A second story", 2)), parse_formed(again, newsletter), rules, set()
    )
    assert write_formed(twice, newsletter.draft) == again


@pytest.mark.parametrize("name", STORIES)
def test_a_short_sentence_is_the_editors(name: str, tmp_path: Path) -> None:
    """Three words are a note in every form; author and outlet, which the form prints, are none."""
    newsletter = newsletter_of(tmp_path, STORIES[name])
    assert newsletter.draft is not None
    notes = ["It is thick.", ""]
    stories = [picked(f"Fog over pier {n}", n, note=note) for n, note in enumerate(notes, 1)]
    parsed = parse_formed(write_formed(draft(*stories), newsletter.draft), newsletter)
    assert [bool(entry.body) for _, entries in parsed.sections for entry in entries] == [True, False]


def test_signs_around_the_names_of_sections_are_written_again(tmp_path: Path) -> None:
    """The section has its name without them, the draft its heading with them."""
    newsletter = newsletter_of(tmp_path, STORIES["bullets"], "## ■ {section}:")
    assert newsletter.draft is not None
    assert [section.name for section in newsletter.sections] == ["News", "Tools"]
    assert newsletter.draft.section == "## ■ {section}:"


def test_minutes_of_titles_and_attributes_of_links_are_not_written_again(tmp_path: Path) -> None:
    """They are the past story's; the attributes of a heading are the newsletter's, and no part of its name."""
    story = '### [{t} ({n} minute read)]({u}){{target="_blank"}}\n\n{b}'
    newsletter = newsletter_of(tmp_path, story, "## {section} {{.wide}}")
    assert newsletter.draft is not None
    assert newsletter.draft.story == "### [{title}]({url})\n\n{blurb}"
    text = write_formed(draft(picked("Fog over the pier", note="It is thick.")), newsletter.draft)
    assert "## News {.wide}\n\n### [Fog over the pier](https://new1.example/1)\n" in text
    _, found = read_draft(text, newsletter)
    assert [(story.link.text, story.headings) for story in found.stories] == [("Fog over the pier", ("News",))]


def test_tags_behind_titles_are_no_mark_of_the_form(tmp_path: Path) -> None:
    """The words of a tag differ from story to story, and its sign goes with them."""
    newsletter = newsletter_of(tmp_path, "- [{t}]({u}) #{o} {b}")
    assert newsletter.draft is not None
    assert newsletter.draft.story == "- [{title}]({url}){? {blurb}}"


def test_words_of_links_that_differ_are_names_of_outlets(tmp_path: Path) -> None:
    """One of them in every draft would be a lie."""
    newsletter = newsletter_of(tmp_path, "{t}. {b} ([The {o}]({u}))")
    assert newsletter.draft is not None
    assert newsletter.draft.story == "{title}. {blurb} ([{source}]({url}))"


def test_number_of_a_note_is_of_its_story(tmp_path: Path) -> None:
    """The link that is a footnote in past issues is numbered in the draft too."""
    newsletter = newsletter_of(tmp_path, "**{t}.** {b} [\\[{n}\\]]({u})")
    assert newsletter.draft is not None
    assert newsletter.draft.story == "**{title}.** {blurb} [{nth}]({url})"


def test_titles_of_one_line_are_drafted_each(tmp_path: Path) -> None:
    """The pattern has neither the words that named the line nor what stood between its links."""
    texts = []
    for n in range(1, N + 1):
        lines = [line for line in past_issue(n, "[{t}]({u})").split("\n\n") if line]
        at = next(nth for nth, line in enumerate(lines) if line.startswith("["))
        texts.append("\n\n".join([*lines[:at], "In short: " + " · ".join(lines[at : at + 3]), *lines[at + 3 :]]))
    newsletter = newsletter_from(tmp_path, texts)
    assert newsletter.draft is not None
    assert newsletter.draft.pattern("news").startswith("[{title}]({url})")


def test_site_between_title_and_text_is_the_storys(tmp_path: Path) -> None:
    """It is named in the pattern, and the text below it."""
    texts = [past_issue(n, "[{t}]({u}) ({u})  \n{b}") for n in range(1, N + 1)]
    texts = [re.sub(r" \(https://([^/]*)/\d+\)  $", r" (\1)  ", text, flags=re.MULTILINE) for text in texts]
    newsletter = newsletter_from(tmp_path, texts)
    assert newsletter.draft is not None
    assert newsletter.draft.story == "[{title}]({url}){? ({host})}{?  \n{blurb}}"


def test_account_within_the_link_is_left_to_the_editor(tmp_path: Path) -> None:
    """Read back, it would be part of the title."""
    newsletter = newsletter_of(tmp_path, "[{t}  - @ann]({u})\n\n{b}")
    assert newsletter.draft is not None
    assert newsletter.draft.story.startswith("[{title}]({url})")


def test_link_that_the_form_prints_is_the_storys(tmp_path: Path) -> None:
    """Whatever links a note has above it."""
    newsletter = newsletter_of(
        tmp_path, "### {t}\n\n{b}\n\n- [Forum](https://forum.example/{n})\n- [Code]({u}/{t[0]}{t[8]})"
    )
    assert newsletter.draft is not None
    assert "- [Code]({url})" in newsletter.draft.story
    note = "Words about it.\n\n- [Forum](https://forum.example/new)"
    stories = [picked(f"A story of {word}", n, note=note) for n, word in enumerate(WORDS[:3], 1)]
    _, found = read_draft(write_formed(draft(*stories), newsletter.draft), newsletter)
    assert [(story.link.text, story.link.url) for story in found.stories] == [(s.title, s.url) for s in stories]


def test_words_before_a_few_titles_are_not_of_the_form(tmp_path: Path) -> None:
    """Some stories are led in to with words of their own, which a draft would say of every story."""
    texts = []
    for n in range(1, N + 1):
        text = past_issue(n, "1. [{t}]({u})")
        for berth in (1, 2, 4, 5):
            title = re.compile(rf"^1\. (?=\[[^\]]* berth {n * 10 + berth}\])", re.MULTILINE)
            text = title.sub("1. Hints for " if berth % 2 else f"1. About {WORDS[berth]}, in short, ", text)
        texts.append(text)
    newsletter = newsletter_from(tmp_path, texts)
    assert newsletter.draft is not None
    assert newsletter.draft.pattern("news").startswith("{n}. [{title}]({url})")


def test_days_before_titles_are_of_past_stories(tmp_path: Path) -> None:
    """A day in bold is no part of the form; its marks go with it."""
    newsletter = newsletter_of(tmp_path, "* **2024-05-1{n}** – [{t}]({u}): {b}")
    assert newsletter.draft is not None
    assert newsletter.draft.story == "* [{title}]({url}){?: {blurb}}"


def test_numbers_that_go_on_in_the_next_section_are_of_the_issue(tmp_path: Path) -> None:
    """The "3." of the first section is followed by a "4." in the second."""
    texts = []
    for n in range(1, N + 1):
        first, rest = past_issue(n, STORIES["numbered"]).split("## Tools")
        texts.append(f"{first}## Tools{re.sub('(?m)^[1-3](?=[.])', lambda m: str(int(m[0]) + 3), rest)}")
    newsletter = newsletter_from(tmp_path, texts)
    assert newsletter.draft is not None
    assert newsletter.draft.story == "{nth}. [{title}]({url}){?: {blurb}}"


def test_sections_that_are_items_of_a_list_end_an_entry(tmp_path: Path) -> None:
    """The next section's name is no text of the story."""
    newsletter = newsletter_of(tmp_path, "  - [{t}]({u})", heading="- {section}:")
    assert newsletter.draft is not None
    assert newsletter.draft.story.startswith("  - [{title}]({url})")
    assert "{blurb}" not in newsletter.draft.story.partition("\n")[2]


def test_name_before_a_wide_colon_begins_the_title(tmp_path: Path) -> None:
    """Without a space behind it, what follows is the issue's."""
    texts = [
        past_issue(n, STORIES["numbered"].replace("{n}. ", "{n}、")).replace(
            "'Pier Post #", f"'灯笼周刊（第 {n} 期）："
        )
        for n in range(1, N + 1)
    ]
    newsletter = newsletter_from(tmp_path, texts)
    assert newsletter.draft is not None
    assert "灯笼周刊（第 {number} 期）：" in newsletter.draft.front_matter


def test_newest_issues_decide_where_the_form_changed(tmp_path: Path) -> None:
    """Bullets at first, then tables: rows stand below their heads, and keep their columns."""
    row = "| [{t}]({u}) | Ann Low | {b} |"
    head = "## {section}\n\n| Title | By | Notes |\n|---|---|---|"
    new = [past_issue(n, row, head).replace("|\n\n|", "|\n|") for n in (5, 6, 7)]
    newsletter = newsletter_from(tmp_path, [past_issue(n, STORIES["bullets"]) for n in (1, 2, 3, 4)] + new)
    assert newsletter.draft is not None
    assert newsletter.draft.story == "| [{title}]({url}) | {author} | {blurb} |"
    section = DraftSection("News", "news", (DraftEntry((picked("Kelp", note="It holds."),)),))
    text = write_formed(Draft(8, START, "Pier", (section,)), newsletter.draft)
    assert "| Title | By | Notes |\n|---|---|---|\n| [Kelp](https://new1.example/1) | Bo Reed | It holds. |" in text
    assert [story.link.text for story in read_draft(text, newsletter)[1].stories] == ["Kelp"]


@pytest.mark.parametrize(("n_greeted", "opening"), [(2, ""), (3, "Ahoy, readers of the pier!")])
def test_what_half_of_the_other_issues_repeat_is_of_the_form(n_greeted: int, opening: str, tmp_path: Path) -> None:
    """The newest of five issues and two others greet their readers; with one other it was a word of the day."""
    texts = [past_issue(n, STORIES["bullets"]) for n in range(1, N + 1)]
    unlike = ["Rain all week.", "Crates were lost at sea!", "Nobody slept on Monday night."]
    for n, other in enumerate(unlike[: N - n_greeted]):
        texts[n] = texts[n].replace("Ahoy, readers of the pier!", other)
    newsletter = newsletter_from(tmp_path, texts)
    assert newsletter.draft is not None
    assert newsletter.draft.opening.strip() == opening


@pytest.mark.parametrize(
    ("rules", "written"), [(("---", "---", "***", ""), True), (("---", "---", "***", "", ""), False)]
)
def test_a_rule_of_half_of_the_gaps_is_of_the_form(rules: Sequence[str], written: bool, tmp_path: Path) -> None:
    """Between stories of a section; where rules and gaps without one take turns, drafts have none."""
    turns = cycle(rules)
    gap = re.compile(r"\n\n(?=### )(?<!## News\n\n)(?<!## Tools\n\n)")
    texts = [
        gap.sub(
            lambda _: f"\n\n{rule}\n\n" if (rule := next(turns)) else "\n\n", past_issue(n, "### [{t}]({u})\n\n{b}")
        )
        for n in range(1, N + 1)
    ]
    newsletter = newsletter_from(tmp_path, texts)
    assert newsletter.draft is not None
    assert ("---" in newsletter.draft.between) == written


@pytest.mark.parametrize(("alike", "own"), [(5, {}), (6, {"tools": "- **[{title}]({url})**{?: {blurb}}"})])
def test_a_section_whose_stories_are_mostly_alike_has_its_own_form(
    alike: int, own: dict[str, str], tmp_path: Path
) -> None:
    """Six of ten written alike are the form of a section, five are not, and it is written like the others."""
    plain, bold = "- [{t}]({u}): {b}", "- **[{t}]({u})**: {b}"
    others = ["- **{t}** {b} [More]({u})", plain] * 2 + [plain]
    for n in range(1, N + 1):
        parts = [f"# Pier Post {n}"]
        for s, (section, forms) in enumerate({"News": [plain] * 10, "Tools": [bold] * alike + others}.items()):
            lines = []
            for k, form in enumerate(forms[:10]):
                title = f"{WORDS[(n + k) % 10]} {WORDS[(n * 3 + k) % 10]} at berth {n}{s}{k}"
                lines.append(form.format(t=title, u=f"https://s{n}-{s}{k}.example/{k}", b=f"What {title} means."))
            parts += [f"## {section}", "\n".join(lines)]
        (tmp_path / f"pier-{n}.md").write_text("\n\n".join(parts) + "\n", "utf-8")
    learned = learn_form(read_archive(list(read_files(tmp_path)), Newsletter("Pier", ())).examples, str.lower)
    assert learned is not None
    assert (learned[0].story, learned[0].story_in) == ("- [{title}]({url}){?: {blurb}}", own)


def test_text_around_the_stories_is_kept_to_the_line(tmp_path: Path) -> None:
    """What the editor wrote above the first section and below the last story is read as it stands, no line more."""
    newsletter = newsletter_of(tmp_path, STORIES["bullets"])
    assert newsletter.draft is not None
    text = write_formed(draft(picked("Kelp", 1), picked("Crab", 2)), newsletter.draft)
    above, below = text.split("## News")[0], text[text.index("\n---\n\nYou get") :]
    parsed = parse_formed(text.replace("Ahoy", "Welcome aboard and ahoy"), newsletter)
    assert parsed.preamble == above.replace("Ahoy", "Welcome aboard and ahoy")
    assert parsed.closing.strip() == below.strip()
    assert [[entry.text for entry in entries] for _, entries in parsed.sections] == [
        [line for line in text.splitlines() if line.startswith("- [")]
    ]


def test_a_story_that_is_no_longer_picked_leaves(tmp_path: Path) -> None:
    """Unless the editor wrote something about it, or put it in by hand."""
    from pipeline.core.urls import url_key

    newsletter = newsletter_of(tmp_path, STORIES["bullets"])
    assert newsletter.draft is not None
    praised = picked("Praised", 2, note="Read this one, it is the best of them.")
    text = write_formed(draft(picked("Gone", 1), praised), newsletter.draft)
    known = {url_key("https://new1.example/1"), url_key("https://new2.example/2")}
    made = merge_edits(draft(picked("New", 3)), parse_formed(text, newsletter), Rules.of(newsletter), known)
    again = write_formed(made, newsletter.draft)
    assert ("Gone" in again, "best of them" in again, "New" in again) == (False, True, True)


@given(st.text(max_size=60), st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_title_and_note_are_written(title: str, note: str) -> None:
    """No title and no note breaks the writing."""
    from pipeline.core.draft_form import DraftForm

    write_formed(draft(picked(title, note=note)), DraftForm("- [{title}]({url}){? by {author}}{?: {blurb}}"))


def test_too_few_or_unlike_issues_teach_nothing(tmp_path: Path) -> None:
    """One issue shows nothing that repeats: the draft stays plain."""
    (tmp_path / "a.md").write_text(past_issue(1, STORIES["bullets"]))
    reading = read_archive(list(read_files(tmp_path)), Newsletter("Pier", ()))
    assert learned_table(reading.examples, Newsletter("Pier", ())) == ""


def test_learning_the_form_of_long_issues_takes_calls_in_proportion(tmp_path: Path) -> None:
    """Issues four times as long take four times as many function calls, not sixteen times."""
    counts = (_calls_of_learning(tmp_path / str(n_links), n_links) for n_links in (10, 100, 400))
    _, few, many = counts  # the first call also imports and compiles
    assert many < 4.5 * few


def _calls_of_learning(folder: Path, n_links: int) -> int:
    """Return how many Python functions are called while the form of three issues is learned."""
    folder.mkdir()
    for n in range(1, 4):
        links = "\n".join(f"- [{WORDS[k % 10]} {n}{k}](https://h{n}-{k}.example/)" for k in range(n_links))
        text = f"# Pier Post {n}, {START + timedelta(weeks=n)}\n\n## News\n\n{links}\n"
        (folder / f"issue-{n}.md").write_text(text, "utf-8")
    examples = read_archive(read_files(folder), Newsletter("Pier Post", ())).examples
    profile = cProfile.Profile()
    assert profile.runcall(learn_form, examples, lambda heading: None) is not None
    return sum(entry.callcount for entry in profile.getstats())
