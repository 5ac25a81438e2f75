"""A draft can be imported again and gives the same picks."""

import html
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.archive.document import Document
from pipeline.archive.extraction import Rules, to_picks
from pipeline.archive.formats.format_markdown import read_markdown
from pipeline.archive.layout.layout_titles import read_titles
from pipeline.archive.metadata.issue_facts import find_all_facts
from pipeline.core.config import Newsletter
from pipeline.core.deadlines import find_deadlines
from pipeline.core.draft_form import DraftForm
from pipeline.core.types import Pick, Section
from pipeline.core.urls import article_id, canonical_url, url_key
from pipeline.drafts.draft import Draft, DraftStory, draft_entries, one_liner
from pipeline.drafts.merge import merge_edits, parse_draft, parse_formed
from pipeline.drafts.render import add_template, to_html, to_text, write_markdown
from pipeline.steps.draft import draft_issue

DAY = date(2021, 7, 23)
LETTER = Newsletter(
    "Letter",
    (
        Section("teams", "Managing Teams"),
        Section("calls", "Calls", deadlines=True),
        Section("random", "Random", one_liners=True),
    ),
)
RULES = Rules.of(LETTER)
NOWHERE = Path("no-templates-here")


def picked(n: int, **more: object) -> DraftStory:
    """Build a picked story."""
    url = f"https://s{n}.example/{n}"
    return DraftStory(**{"id": article_id(url), "url": url, "title": f"Story {n}", "section": "teams", **more})  # type: ignore[arg-type]


def draft(stories: list[DraftStory]) -> Draft:
    """Put stories together."""
    return Draft(84, DAY, "Letter", draft_entries(stories, LETTER))


def markdown(stories: list[DraftStory]) -> str:
    """Write stories as Markdown."""
    return write_markdown(draft(stories), NOWHERE)


def read(text: str) -> tuple[Pick, ...]:
    """Import a draft."""
    return to_picks(read_titles(read_markdown(text, "draft")[1], RULES).stories, RULES.section_for)


def again(stories: list[DraftStory], text: str, known: set[str] | None = None) -> str:
    """Write stories into an existing draft."""
    return write_markdown(merge_edits(draft(stories), parse_draft(text, RULES), RULES, known or set()), NOWHERE)


@pytest.mark.parametrize(("language", "day"), [("de", "23. Juli 2021"), ("pt-BR", "23 de julho de 2021")])
def test_day_in_the_language_of_the_newsletter(language: str, day: str) -> None:
    """A newsletter without past issues writes its days as its readers do, and its mail says its language."""
    made = replace(draft([picked(1)]), language=language)
    text = write_markdown(made, NOWHERE)
    assert f'title: "#84 - {day}"' in text
    assert f'<html lang="{language}">' in to_html(text, NOWHERE, language)


def test_draft_without_a_layout_is_plain() -> None:
    """Front matter, sections in order, bylines, pairs, notes, rules, one-liners; no greeting, no closing words."""
    one = picked(1, author="Ann Low", source="Outlet", note="My *words*.")
    two = picked(2, source="Other", entry=one.id)
    random = picked(3, section="random", note="A [tiny tool] to see.")
    text = markdown([random, two, one, picked(4, author="Bob")])
    assert text == (
        '---\ntitle: "#84 - 23 July 2021"\nsubtitle: "Story 1; Story 4"\ndate: 2021-07-23\n---\n\n'
        "## Managing Teams\n\n[Story 1](https://s1.example/1) - Ann Low, Outlet <br/>\n[Story 2](https://s2.example/2)"
        " - Other\n\nMy *words*.\n\n----------\n\n[Story 4](https://s4.example/4) - Bob\n\n\n\n"
        "----------\n\n## Random\n\n"
        "A [tiny tool](https://s3.example/3) to see.\n"
    )


def test_template_of_a_newsletter_greets(tmp_path: Path) -> None:
    """research-computing brings its opening and closing, which are the editor's to change."""
    add_template("blank", tmp_path)
    assert not (tmp_path / "templates").exists()
    add_template("research-computing", tmp_path)
    text = write_markdown(draft([picked(1)]), tmp_path)
    assert "date: 2021-07-23\nlayout: email\n---\n\nHi, everyone:\n" in text
    assert "----------\n\n## That’s it…\n" in text
    assert write_markdown(merge_edits(draft([picked(1)]), parse_draft(text, RULES), RULES, set()), tmp_path) == text


def test_newsletter_without_numbers_goes_by_its_days() -> None:
    """The title is the day, and read again it gives the same number."""
    unnumbered = replace(draft([picked(1)]), number=20210723)
    document = Document("d.md", "", *read_markdown(write_markdown(unnumbered, NOWHERE), "d.md"))
    (facts,) = find_all_facts([document])
    assert (unnumbered.title, facts.number, facts.day) == ("23 July 2021", 20210723, DAY)


def test_section_with_deadlines_is_ordered_by_them() -> None:
    """The next deadline first; the byline is the dates."""
    late, soon = ("Papers due 9 Sept", "20-22 Oct, abstracts due 1 Aug")
    calls = [picked(n, section="calls", deadlines=find_deadlines(t, DAY)) for n, t in enumerate((late, soon))]
    text = markdown([*calls, picked(3, section="calls")])
    assert [p.url for p in read(text)] == ["https://s1.example/1", "https://s0.example/0", "https://s3.example/3"]
    assert [p.byline for p in read(text)] == ["20-22 Oct, abstracts due 1 Aug", "Papers due 9 Sept", None]


@pytest.mark.parametrize(
    ("language", "days"),
    [("en", "20 Oct - 22 Oct"), ("de", "20.–22. Okt."), ("pt-BR", "20 – 22 de out."), ("ja", "10月20日～22日")],
)
def test_days_of_a_long_call_are_in_the_language_of_the_newsletter(language: str, days: str) -> None:
    """As the newsletter's readers write them; the words around them stay where they are few."""
    text = "Workshop on the mending of harbour cranes and other lifting gear in the north 20-22 Oct"
    story = picked(1, section="calls", deadlines=find_deadlines(text, DAY))
    (section,) = draft_entries([story], replace(LETTER, language=language))
    assert section.entries[0].stories[0].byline == days


def test_remark_on_a_repeat_is_for_the_editor_only() -> None:
    """A remark is in the Markdown only, not in HTML or text, and is no pick."""
    text = markdown([picked(1, remarks=("you ran something near in #12: Old story -->",))])
    assert "<!-- triage: you ran something near in #12: Old story – -->\n" in text
    assert "triage:" not in to_html(text, NOWHERE) + to_text(text)
    assert len(read(text)) == 1


def test_writing_again_keeps_every_word_of_the_editor() -> None:
    """Title, byline, comment, introduction, sign-off and links added by hand stay; picks come and go around them."""
    text = markdown([picked(1), picked(2), picked(3, section="random")])
    text = text.replace(
        "[Story 1](https://s1.example/1)\n\n", "[Better](https://s1.example/1) - Ann\n\nWords. ## Yes.\n\nMore.\n"
    )
    text = text.replace("---\n\n## Man", "---\n\nDear all,\n\nit [rains](https://rain.example).\n\n## Man")
    text += "\n## That’s it…\n\nGoodbye until next week!\n"
    text = text.replace(
        "[Story 3](https://s3.example/3).", "Look: [three](https://s3.example/3)!\n\n[By hand](https://hand.example)."
    )
    after = again(
        [picked(4), picked(1), picked(3, section="random")], text, {"s1.example/1", "s2.example/2", "s3.example/3"}
    )
    assert "[Better](https://s1.example/1) - Ann\n\nWords. ## Yes.\n\nMore.\n" in after
    assert "it [rains](https://rain.example)." in after
    assert "Goodbye until next" in after
    assert "Look: [three](https://s3.example/3)!\n\n[By hand](https://hand.example).\n" in after
    assert [p.title for p in read(after)] == ["Story 4", "Better", "three", "By hand"]


def test_writing_again_without_change_changes_nothing() -> None:
    """Twice is once."""
    stories = [
        picked(1, note="One."),
        picked(2, entry=picked(1).id),
        picked(3, section="random"),
        picked(4, remarks=("n",)),
    ]
    text = markdown(stories)
    assert again(stories, text) == text
    assert again(stories, again(stories, text)) == text


def test_story_no_longer_picked_stays_if_it_has_text() -> None:
    """What the editor wrote is never thrown away; an empty entry of a story taken back is."""
    text = markdown([picked(1, note="Words."), picked(2)])
    after = again([picked(3)], text, {"s1.example/1", "s2.example/2"})
    assert [p.title for p in read(after)] == ["Story 3", "Story 1"]


def test_html_is_escaped() -> None:
    """Markup in a title, a note or an address is text in every format."""
    evil = picked(1, title="<script>alert(1)</script> [x](javascript:alert(2)) *", note="<img src=x onerror=alert(3)>")
    page = to_html(markdown([evil]), NOWHERE)
    assert "<script" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page
    assert read(markdown([evil]))[0].title == evil.title


def test_html_of_the_newsletters_own_form_is_html() -> None:
    """A newsletter with tags in its issues reads as it will: a picture is there, nothing that acts is."""
    form = DraftForm(
        "## {title} <kbd>new</kbd>\n\n{blurb}",
        opening='# Letter <img src="https://p.example/x.svg" onerror="alert(1)" id="list" align=right>',
    )
    evil = picked(1, title="Why <dialog> beats a modal", note="Words.<script>alert(1)</script><form><input></form>")
    page = to_html(write_markdown(draft([evil]), NOWHERE, form), NOWHERE, "en", form)
    assert '<img src="https://p.example/x.svg" align="right">' in page
    assert "Why &lt;dialog&gt; beats a modal <kbd>new</kbd>" in page
    assert not re.search("script|onerror|<form|<input|id=", page)


def test_title_of_the_page_is_that_of_the_issue() -> None:
    """Of its front matter, else the heading at its top; not a line of a blurb that looks like it."""
    text = write_markdown(draft([picked(1, note="title: Words")]), NOWHERE, DraftForm("**{title}**\n\n{blurb}"))
    assert "title: Words" in text
    pages = [to_html(before + text, NOWHERE) for before in ("", "# Letter 84\n\n", "---\ntitle: Letter 84\n---\n\n")]
    titles = [re.findall("<title>(.*)</title>", page)[0] for page in pages]
    assert titles == ["Managing Teams", "Letter 84", "Letter 84"]


def test_addresses_in_angle_brackets_are_no_tags() -> None:
    """Nor are line breaks: a form with them keeps what is typed as it stands."""
    form = DraftForm("**{title}**<br>\n<{url}>\n\n{blurb}", opening="<https://a.example/> <!-- more -->")
    page = to_html(write_markdown(draft([picked(1, note="a <b>c</b>")]), NOWHERE, form), NOWHERE, "en", form)
    assert "a &lt;b&gt;c&lt;/b&gt;" in page
    assert "more" not in page


@pytest.mark.parametrize(
    "name", ["[link](x)", "<b>bold</b> news", "*Stars*", "_Lines_", "`code`", "A &amp; B", "Top #", "~/x"]
)
@pytest.mark.parametrize("form", [None, DraftForm("[{title}]({url}) {blurb}", "## {section}")])
def test_name_of_a_section_is_text_in_its_heading(name: str, form: DraftForm | None) -> None:
    """Markup in it is printed as it stands, in both formats, and what is below it is read back into its section."""
    letter = replace(LETTER, sections=(Section("teams", name), *LETTER.sections[1:]), draft=form)
    made = Draft(84, DAY, "Letter", draft_entries([picked(1), picked(2)], letter))
    text = write_markdown(made, NOWHERE, form)
    assert f"<h2>{html.escape(name, quote=False)}</h2>" in to_html(text, NOWHERE)
    picks = draft_issue(made, text, letter).picks
    assert [(pick.section, pick.section_name) for pick in picks] == [("teams", name)] * 2
    rules = Rules.of(letter)
    existing = parse_draft(text, rules) if form is None else parse_formed(text, letter)
    assert write_markdown(merge_edits(made, existing, rules, set()), NOWHERE, form) == text


def test_heading_of_the_editor_stays() -> None:
    """Markdown in a heading of the existing draft is the editor's."""
    text = markdown([picked(1)]).rstrip() + "\n\n## My *own* [place](https://a.example/) \\[x\\]\n\nWords of mine.\n"
    assert "## My *own* [place](https://a.example/) \\[x\\]\n" in again([picked(1)], text)


def test_template_of_the_workspace_is_used(tmp_path: Path) -> None:
    """An editor's own template replaces the shipped one."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "issue.md.j2").write_text("{% for s in draft.sections %}<{{ s.name }}>{% endfor %}")
    assert write_markdown(draft([picked(1)]), tmp_path) == "<Managing Teams>\n"


def test_note_marks_the_link_of_a_one_liner() -> None:
    """The words in brackets, or before the note, or alone."""
    assert one_liner(picked(1, note="A [fine] thing")) == "A [fine](https://s1.example/1) thing"
    assert one_liner(picked(1, note="Fine")) == "[Story 1](https://s1.example/1): Fine"
    assert one_liner(picked(1)) == "[Story 1](https://s1.example/1)."


words = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=40).filter(
    lambda text: text.strip() != ""
)
paths = st.text("abc/?&=#%()_*[]'\"~.;:é", max_size=20)
addresses = paths.map(lambda path: canonical_url(f"https://a.example/{path}"))
# each paragraph begins with a word: a fence or comment that the editor opens and never closes swallows what follows
notes = st.lists(st.text("ab *_`<>&.,!-é", max_size=30).map("so {}".format), max_size=2).map("\n\n".join)


@st.composite
def stories(draw: st.DrawFn) -> list[DraftStory]:
    """Draw picked stories: any titles and bylines, addresses with odd characters, some grouped."""
    urls = draw(st.lists(addresses, unique_by=url_key, max_size=6))
    drawn = []
    for url in filter(None, urls):
        leader = draw(st.sampled_from([None, *(s.id for s in drawn if s.section == "teams" and s.entry is None)]))
        section = "teams" if leader else draw(st.sampled_from(["teams", "calls", "random", None]))
        optional = draw(st.tuples(st.none() | words, words))
        note = draw(notes)
        drawn.append(
            DraftStory(
                article_id(url),
                url,
                draw(words),
                optional[1],
                optional[0],
                section,
                note,
                leader,
                remarks=(draw(words),),
            )
        )
    return drawn


@given(stories())
@settings(max_examples=50, deadline=None)
def test_round_trip(drawn: list[DraftStory]) -> None:
    """A draft, imported again, gives the same picks: address, section, and entries."""
    sections = draft_entries(drawn, LETTER)
    entries = [(s.key, entry) for s in sections for entry in s.entries]
    wanted = [(story.url, key, n) for n, (key, entry) in enumerate(entries, 1) for story in entry.stories]
    text = markdown(drawn)
    assert [(p.url, p.section, p.entry) for p in read(text)] == wanted
    assert [(p.url, p.section, p.entry) for p in read(again(drawn, text))] == wanted
