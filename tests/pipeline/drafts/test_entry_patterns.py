"""A past entry becomes the pattern it was written by, whatever stands before, within and behind its title."""

import pytest

from pipeline.archive.blocks import Span
from pipeline.archive.extraction import Story
from pipeline.archive.formats.format_markdown import to_blocks
from pipeline.archive.pieces import Entry, Piece
from pipeline.drafts.entry_patterns import pattern_of

URL = "https://pier.example/fog"


def pattern(markdown: str, byline: str | None = None, kind: str = "title") -> str:
    """Return the pattern of an entry with the title "Fog over the pier", written with U for its address."""
    parts = markdown.replace("U", URL).split("\n\n")
    story = Story(Span("Fog over the pier", URL), (), 0, 1, byline, kind=kind)  # type: ignore[arg-type]
    return pattern_of(Entry([story], [Piece(to_blocks(part)[0], part, 0) for part in parts]))


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("- [Fog over the pier](U)", "- [{title}]({url})"),
        ("- [Fog over the pier](<U> 'Fog')", "- [{title}](<{url}> 'Fog')"),
        ("- [Fog over the pier (5 minute read)](U)", "- [{title}]({url})"),
        ("- [**Fog over the pier**](U)", "- [**{title}**]({url})"),
        ("Fog over the pier: U", "{title}: {url}"),
        ("Fog over the pier [pier.example/fog](U)", "{title} [{address}]({url})"),
        ("Fog over the pier [U](U)", "{title} [{url}]({url})"),
        ("Fog over the pier [3](U)", "{title} [{nth}]({url})"),
        ("**Fog over the pier.** No boat left. [Read more](U)", "**{title}.** {blurb} [Read more]({url})"),
        ("**Fog over the pier** closes the [harbour](U) again.", "**{title}** {blurb}"),
        ("### Fog over the pier\n\nNo boat left. [More](U)", "### {title}\n\n{blurb} [More]({url})"),
        ("### Fog over the pier\n\nNo boat [left](U) today.", "### {title}\n\n{blurb} [left]({url})"),
        ("### Fog over the pier\n\n[More](U) on the boats.", "### {title}\n\n[More]({url}){? {blurb}}"),
        ("### [Fog over the pier](U)\n\n> No boat.\n\nNor later.", "### [{title}]({url})\n\n> {blurb}"),
        ("Fog over the pier\n\n- No boat.\n\nU", "{title}\n\n- {blurb}\n\n{url}"),
        ("[Fog over the pier](U) - short\n\nNo boat left.", "[{title}]({url})\n\n{blurb}"),
        ("Fog over the pier  \nNo boat left.\n\n[More](U)", "{title}  \n{blurb}\n\n[More]({url})"),
        ("Fog over the pier\n-----\n\n[More](U)", "## {title}\n\n[More]({url})"),
        ("[Fog over the pier](U) · [No boats left today](https://b.example/)", "[{title}]({url})"),
        ("[Boats](https://b.example/)<br>\n[Fog over the pier](U)<br>", "[{title}]({url})"),
        ("Boats [left](https://b.example/)\n[Fog over the pier](U)",
         "Boats [left](https://b.example/)\n[{title}]({url})"),
        ("- [Fog over the pier](U)\n\n- ![](p.png)\n\nNo boat left.", "- [{title}]({url})\n\n{blurb}"),
        ("**Fog over** the pier: no boat left. [More](U)", "{title}: {blurb} [More]({url})"),
        ("Fog over the pier [The Paper](U) says no boat left", "{title} [The Paper]({url}){? {blurb}}"),
        ("Fog over the pier\n[More](U) no boat left", "{title}\n[More]({url})"),
        ("Fog over the pier: U no boat left", "{title}: {url}"),
        ("**Fog over the pier.** No boat left.\n[Read on](U) here", "**{title}.** {blurb}\n[Read on]({url})"),
        ("**Fog over the pier.** No boat left. ([Paper](U))", "**{title}.** {blurb} ([Paper]({url}))"),
        ("### Fog over the pier\n\n- By Ann\n\n- At: [here](U)", "### {title}\n\n- {blurb}\n\n- At: [here]({url})"),
        ("- Fog over the pier ([Paper](U))", "- {title} ([Paper]({url}))"),
        ("- Fog over the pier. ([Paper](U), seen by Bo)", "- {title}. ([Paper]({url}){?, {blurb}})"),
        ("- **Fog over the pier** — no boat left.  \n[More](U)", "- **{title}** — {blurb}  \n[More]({url})"),
        ("**Fog over the pier** — no [boat](U) left.", "**{title}**{? — {blurb}}"),
        ("Fog over the pier, no boat left.\n\n[More](U)", "{title} {blurb}\n\n[More]({url})"),
        ("[Fog over the pier](U) - no boat\n\nLeft.\n\nNor later.", "[{title}]({url})\n\n{blurb}"),
        ("- What the crew of the old ferry says: [Fog over the pier](U) - no boat", "- {blurb} [{title}]({url})"),
    ],
)  # fmt: skip
def test_title_address_and_text_are_named(markdown: str, expected: str) -> None:
    """The text of an entry is named once, and before its link where it is a word of it."""
    assert pattern(markdown) == expected


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("3. [Fog over the pier](U)", "{n}. [{title}]({url})"),
        ("2.3 [Fog over the pier](U)", "{section_n}.{n} [{title}]({url})"),
        ("- Tool [Fog over the pier](U)", "- [{title}]({url})"),
        ("🔹 [Fog over the pier](U)", "🔹 [{title}]({url})"),
        ("- What the crew of the old ferry says: [Fog over the pier](U)", "- {blurb} [{title}]({url})"),
        ("- Ann Low: [Fog over the pier](U)", "- {?{byline}: }[{title}]({url})"),
        ("Ann Low: [Fog over the pier](U)", "{?{byline}: }[{title}]({url})"),
        ("- [Fog over the pier](U) by Ann Low. No boat.", "- [{title}]({url}){? by {byline}}{?. {blurb}}"),
        ("- [Fog over the pier](U) by [Ann Low](https://ann.example/)", "- [{title}]({url}){? by {byline}}"),
        ("- [Ann Low: Fog over the pier](U)", "- [{title}]({url})"),
        ("- [Fog over the pier](U) (pier.example): no boat", "- [{title}]({url}){? ({host})}{?: {blurb}}"),
        ("- [Fog over the pier](U) seen on pier.example", "- [{title}]({url}){? {blurb}}"),
        ("- [Fog over the pier](U) - no boat", "- [{title}]({url}){? - {blurb}}"),
        ("- [Fog over the pier](U) (no boat)", "- [{title}]({url}){? ({blurb})}"),
        ("**[Fog over the pier](U)**（5月3日）", "**[{title}]({url})**{?（{blurb}）}"),
        ("- [Fog over the pier](U) (The Reef Times)", "- [{title}]({url}){? ({source})}"),
        ("- [Fog over the pier](U) - 5.3.", "- [{title}]({url}){? - {blurb}}"),
        ("- [Fog over the pier](U) #fog", "- [{title}]({url}){? {blurb}}"),
        ("- [Fog over the pier](U){target=_blank} ★", "- [{title}]({url}) ★"),
        ("| [Fog over the pier](U) | Ann Low | pier.example | No boat left. |",
         "| [{title}]({url}) | {author} | {host} | {blurb} |"),
        ("| 7 | [Fog over the pier](U) |", "| {n} | [{title}]({url}) |"),
    ],
)  # fmt: skip
def test_what_stands_beside_the_title_is_named(markdown: str, expected: str) -> None:
    """Numbers, marks, authors, outlets, sites and the cells of a row."""
    assert pattern(markdown, byline="Ann Low") == expected


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("No boat left in the [fog](U).", "{blurb}"),
        ("- No boat left in the [fog](U).", "- {blurb}"),
        ("> 2. No boat left in the [fog](U).", "> {n}. {blurb}"),
    ],
)  # fmt: skip
def test_link_within_a_sentence_is_the_texts(markdown: str, expected: str) -> None:
    """Such a story has no title: the pattern is its text."""
    assert pattern(markdown, kind="inline") == expected
