"""Read a draft back: what [draft] in newsletter.toml prints around the stories is no pick. Records in, records out."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from pipeline.archive.blocks import Block, without_anchors
from pipeline.archive.document import Document
from pipeline.archive.extraction import Found, Rules
from pipeline.archive.formats.format_markdown import read_markdown, to_blocks
from pipeline.archive.layout.layouts import read_layout
from pipeline.archive.pieces import alike
from pipeline.core.config import Newsletter
from pipeline.core.draft_form import NAME, DraftForm, as_expression

TEXT_BEHIND = re.compile(r"\{title\}[^\n]*\{blurb\}")
LONGEST = 4_000  # characters of a block of the frame
FEW = 8  # letters of a block of the frame, beside what is filled in, by which it is recognised


def read_draft(text: str, newsletter: Newsletter, headings: Sequence[str] = ()) -> tuple[Document, Found]:
    """Read one draft in the form that newsletter.toml gives; `headings` are more that divide it."""
    form = newsletter.draft
    rules = replace(
        Rules.of(newsletter),
        section_for=lambda heading: newsletter.section_for(heading) or _key(heading, headings),
        link_words=form.link_words if form else None,
    )
    meta, blocks = read_markdown(text, "the draft")
    blocks = [without_anchors(block) for block in blocks if block.kind != "picture"]
    document = Document("the draft", "", meta, blocks, markdown=text)
    bare = without_frame(document, form) if form else document
    pinned = draft_layout(form, newsletter.layout) if form else newsletter.layout
    layout = read_layout([bare.blocks], [rules], pinned, is_draft=form is not None)
    return document, next(layout.found)


def _key(heading: str, headings: Sequence[str]) -> str | None:
    return heading if heading in headings else None


def draft_layout(form: DraftForm, pinned: str) -> str:
    """Return how to read a draft; title lines that begin with a link are recognised, unless text follows in them."""
    begins_with_link = form.story.lstrip().startswith("[")
    is_recognised = form.layout == "paragraphs" and begins_with_link and not TEXT_BEHIND.search(form.story)
    return form.layout if pinned == "auto" and not is_recognised else pinned


def without_frame(document: Document, form: DraftForm) -> Document:
    """Leave out the opening and closing that every draft has; headings, which may name the issue, stay."""
    is_frame = frame_of(form)
    return replace(document, blocks=[block for block in document.blocks if not is_frame(block)])


def frame_of(form: DraftForm) -> Callable[[Block], bool]:
    """Return whether a block is one of the opening or closing; headings, which may name the issue, are not."""
    around = [block for text in (form.opening, form.closing) for block in to_blocks(text) if block.kind != "heading"]
    frame = [_expression(block) for block in around if len(re.findall(r"[^\W\d_]", NAME.sub("", block.text))) > FEW]

    def is_frame(block: Block) -> bool:
        text = " ".join(block.text.split())
        if block.kind == "heading" or len(text) > LONGEST:
            return False
        return any(expression.fullmatch(text) or alike(expression.pattern, text) for expression in frame)

    return is_frame


def _expression(block: Block) -> re.Pattern[str]:
    return re.compile(as_expression(block.text), re.DOTALL)
