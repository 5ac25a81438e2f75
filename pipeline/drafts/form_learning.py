"""Learn the form of drafts from the last past issues, and write it as table [draft] of newsletter.toml."""

import json
import re
from collections.abc import Callable, Mapping, Sequence

from pipeline.archive.pieces import divide
from pipeline.archive.reading import ReadIssue
from pipeline.core.config import Newsletter
from pipeline.core.draft_form import SECTION_KEYS, STORY_KEYS, TEXT_KEYS, DraftForm
from pipeline.drafts.frame_learning import learn_closing, learn_heading, learn_opening, learn_rules, learn_tightness
from pipeline.drafts.front_matter_learning import learn_front_matter
from pipeline.drafts.past_issues import Past
from pipeline.drafts.story_learning import learn_stories

LAST = 8  # issues
PRESENT = 3  # newest issues, whose form may be another than that of older ones, and which name the present sections
FEWEST = 2  # issues that show what repeats
CHANGED = 0.8  # share of the stories of the newest issues that must be written alike, where all are less so
AGREED = 0.5  # share of the stories that must be written alike; below it drafts are plain
OUTLETS = 0.2  # share of the bylines that must name author and outlet, for drafts to name both
COMMENTS = {
    "front_matter": "above the issue",
    "opening": "what stood above the first section in most of these issues",
    "section": 'the heading of a section; "" for none',
    "story": "a story; a part in {? } is left out where a name in it is empty, and so is a line",
    "lead": "the first story of a section",
    "short": "a story without a text",
    "between": "between two stories of a section",
    "between_sections": "between two sections",
    "closing": "what stood below the last story in most of these issues",
    "story_in": "sections whose stories are written otherwise",
    "lead_in": "the first story of these",
    "short_in": "a story without a text in these",
    "between_in": "sections with something else between two stories",
}


def learn_form(
    examples: Sequence[ReadIssue], section_for: Callable[[str], str | None]
) -> tuple[DraftForm, float] | None:
    """Learn the form of drafts.

    Parameters
    ----------
    examples : sequence of ReadIssue
        In the order of publication; the last eight with stories are looked at.
    section_for : callable
        Heading → section key.

    Returns
    -------
    DraftForm, float
        And the share of the stories that are written so. None where no form is found.
    """
    with_stories = [issue for issue in examples if issue.found.stories][-LAST:]
    past = [Past(issue, divide(issue.document, issue.found)) for issue in with_stories]
    stories = learn_stories([one.pieces.entries for one in past])
    if stories is not None and stories.agreed < CHANGED:
        newest = learn_stories([one.pieces.entries for one in past[-PRESENT:]])
        if newest is not None and newest.agreed >= CHANGED:
            past, stories = past[-PRESENT:], newest
    if stories is None or stories.agreed < AGREED:
        return None
    entries = [entry for one in past for entry in one.pieces.entries]
    bylines = [story.byline for entry in entries for story in entry.stories if story.byline]
    byline = "{author}" if sum(", " in byline for byline in bylines) < OUTLETS * len(bylines) else "{byline}"
    rules = learn_rules(past, stories.forms_in)
    present = {entry.section for one in past[-PRESENT:] for entry in one.pieces.entries}

    def by_key(texts: Mapping[str, str]) -> dict[str, str]:
        """Of sections that are in use: an older name's form may be another."""
        return {key: text for heading, text in texts.items() if heading in present and (key := section_for(heading))}

    patterns = {key: getattr(stories.forms, key).replace("{byline}", byline) for key in STORY_KEYS}
    for key in STORY_KEYS:
        own = {heading: text for heading, forms in stories.forms_in.items() if (text := getattr(forms, key))}
        patterns[f"{key}_in"] = by_key({heading: text.replace("{byline}", byline) for heading, text in own.items()})
    form = DraftForm(
        **patterns, leads=stories.forms.leads, section=learn_heading(past), front_matter=learn_front_matter(past),
        opening=learn_opening(past), closing=learn_closing(past), between=rules.stories,
        between_in=by_key(rules.stories_in), between_sections=rules.sections, tight=learn_tightness(past),
    )  # fmt: skip
    return form, stories.agreed


def learned_table(examples: Sequence[ReadIssue], newsletter: Newsletter) -> str:
    """Return table [draft] as it is learned from past issues; "" where no form is found."""
    if len(examples) < FEWEST:
        return ""
    learned = learn_form(examples, newsletter.section_for)
    return form_toml(learned[0], len(examples), learned[1]) if learned else ""


def form_toml(form: DraftForm, n_issues: int, agreed: float) -> str:
    """Write a form as table [draft], with comments."""
    lines = [
        f"# How a draft is laid out: as {agreed:.0%} of the stories of the last {min(n_issues, LAST)} issues.",
        "# Change what is not right; templates/issue.md.j2 in this folder, if there is one, has the last word.",
        "# Names in braces are filled in. Of a story: {title} {url} {address} {byline} {author} {source} {host}",
        "# {blurb} {n}; of a section: {section} {section_n};",
        "# of the issue: {number} {date} {lead} {highlights} {newsletter}.",
        "# Days are written as you like: {date:%d %B %Y}, {date:de}, {date:fr full}.",
        "[draft]",
    ]
    for key in TEXT_KEYS:
        text = getattr(form, key)
        if text or key == "section":
            lines.append(f"{key} = {_quoted(text)}{_comment(key)}")
        if key == "lead" and text and form.leads > 1:
            lines.append(f"leads = {form.leads}  # so many of them, not one")
    if form.tight:
        lines.append("tight = true  # no empty line between items, or stories of a line")
    for key in SECTION_KEYS:
        if texts := getattr(form, key):
            lines += ["", f"[draft.{key}]  # {COMMENTS[key]}"]
            lines += [f"{section} = {_quoted(text)}" for section, text in texts.items()]
    return "\n".join(lines) + "\n"


def _comment(key: str) -> str:
    return f"  # {COMMENTS[key]}" if key in COMMENTS else ""


def _quoted(text: str) -> str:
    """Write a TOML string: of several lines between three quotes."""
    if "\n" not in text:
        return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
    if "'''" not in text and not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text):
        return f"'''\n{text}\n'''"
    return json.dumps(text, ensure_ascii=False)
