"""A draft in the form of [draft] is written as its patterns say."""

from datetime import date

import pytest

from pipeline.core.draft_form import DraftForm
from pipeline.drafts.draft import Draft, DraftEntry, DraftSection, DraftStory
from pipeline.drafts.formed import write_formed, write_story


def story(n: int, **more: object) -> DraftStory:
    """Build a picked story."""
    return DraftStory(**{"id": str(n), "url": f"https://s{n}.example/", "title": f"T{n}", "source": f"s{n}", **more})  # type: ignore[arg-type]


def draft(*sections: list[DraftEntry]) -> Draft:
    """Build a draft of sections "A", "B" …"""
    names = "AB"[: len(sections)]
    parts = tuple(DraftSection(name, name.lower(), tuple(of)) for name, of in zip(names, sections, strict=True))
    return Draft(7, date(2026, 11, 27), "L", parts)


def entries(*numbers: int) -> list[DraftEntry]:
    """Build entries of a story each."""
    return [DraftEntry((story(n),)) for n in numbers]


def test_rules_stand_between_and_numbers_go_on() -> None:
    """Between stories and between sections only; {n} begins anew in a section, {nth} does not."""
    form = DraftForm(
        "{n}/{nth} {title}", front_matter="{number} {date}", between="-", between_sections="=", closing="Bye"
    )
    written = write_formed(draft(entries(1, 2), entries(3)), form)
    assert written.split("\n\n") == ["7 2026-11-27", "## A", "1/1 T1", "-", "2/2 T2", "=", "## B", "1/3 T3", "Bye"]


def test_section_may_have_a_form_of_its_own() -> None:
    """A pattern, and what stands between its stories; "" is nothing."""
    form = DraftForm("{title}", section="", between="-", story_in={"b": "* {title}"}, between_in={"b": ""}, tight=True)
    written = write_formed(draft(entries(1, 2), entries(3, 4)), form)
    assert written.split("\n\n") == ["<!-- triage: issue 7 of 2026-11-27 -->", "T1", "-", "T2", "* T3\n* T4"]


def test_stories_of_several_paragraphs_are_not_tight() -> None:
    """Without an empty line between them it could not be told where one ends."""
    form = DraftForm("{title} {url}\n\n{blurb}", section="", front_matter="{number} {date}", tight=True)
    several = [DraftEntry((story(n, note="Words."),)) for n in (1, 2)]
    assert write_formed(draft(several), form).split("\n\n")[1::2] == [
        "T1 https://s1.example/",
        "T2 https://s2.example/",
    ]


def test_rows_of_a_table_follow_its_head() -> None:
    """A heading that ends a table's head has no empty line below."""
    form = DraftForm("| {title} |", section="{section}\n\n| x |\n|---|", front_matter="{number} {date}")
    assert write_formed(draft(entries(1, 2)), form).endswith("A\n\n| x |\n|---|\n| T1 |\n| T2 |")


def test_what_the_editor_wrote_stays_and_new_stories_join_it() -> None:
    """Text of an existing draft counts as a story; its opening and closing are used; remarks are comments."""
    kept = DraftEntry((story(1), story(2, remarks=("ran -- before>",))), text="Mine.", lines={story(1).url: "Mine."})
    form = DraftForm("{n} {title}", section="", opening="Hello", closing="Bye")
    old = Draft(7, date(2026, 11, 27), "L", draft([kept]).sections, preamble="Top", closing="End")
    assert write_formed(old, form).split("\n\n") == ["Top", "Mine.", "1 T2", "<!-- triage: ran – before -->", "End"]


@pytest.mark.parametrize(
    ("pattern", "note", "expected"),
    [
        ("[{title}]({url}){? - {blurb}}", "", "[T1](https://s1.example/)"),
        ("[{title}]({url}) {blurb}", "See [this].", "[T1](https://s1.example/) See [this](https://s1.example/)."),
        ("{title} {url} {blurb}", "[A](https://a.example/) and [b].",
         "T1 https://s1.example/ [A](https://a.example/) and [b]."),
        ("{blurb}", "It is [new] here.", "It is [new](https://s1.example/) here."),
        ("{blurb}", "It is.", "[T1](https://s1.example/): It is."),
        ("{blurb}", "", "[T1](https://s1.example/)."),
        ("{blurb}", "It is [new](https://s1.example/).", "It is [new](https://s1.example/)."),
        ("**{title}** {blurb}", "One.\n\nTwo.", "**T1** One. ([s1](https://s1.example/))\n\nTwo."),
        ("**{title}** {blurb}", "", "**T1** [s1](https://s1.example/)"),
        ("{title} {address} {host}{? by {author}}", "", "T1 s1.example s1.example"),
    ],
)  # fmt: skip
def test_link_is_where_the_pattern_or_the_note_has_it(pattern: str, note: str, expected: str) -> None:
    """A pattern without {url} has the link in its text: on marked words, else on the title or the outlet."""
    assert write_story(story(1, note=note), pattern) == expected


def test_prose_holds_all_stories_of_an_entry() -> None:
    """Their links follow in its first paragraph."""
    together = DraftEntry((story(1, note="One is [here].\n\nMore."), story(2, note="Two."), story(3)))
    form = DraftForm("{blurb}", section="", front_matter="{number} {date}")
    first, more = write_formed(draft([together]), form).split("\n\n")[1:]
    assert first == "One is [here](https://s1.example/). [T2](https://s2.example/): Two. [T3](https://s3.example/)."
    assert more == "More."
