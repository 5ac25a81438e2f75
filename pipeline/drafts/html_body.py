"""Turn the Markdown of a draft into the HTML of its text, without anything that acts. Pure."""

import re

from lxml import html
from lxml.html import defs
from lxml_html_clean import Cleaner
from markdown_it import MarkdownIt

from pipeline.archive.formats.format_markdown import FRONT_MATTER
from pipeline.core.draft_form import DraftForm

LINE_BREAK = re.compile(r"(?<![ \t])[ \t]*<br\s*/?>[ \t]*$", re.IGNORECASE | re.MULTILINE)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# names and classes are those of the page that shows the draft
CLEANER = Cleaner(style=True, inline_style=False, safe_attrs=defs.safe_attrs - {"id", "class", "name"} | {"style"})


def to_html_body(markdown: str, form: DraftForm | None = None) -> str:
    """Render what stands below the front matter, without comments.

    HTML in it is shown as it was typed, unless the newsletter's own form has tags: then it is HTML, of which scripts,
    frames, forms and what is no HTML are left out.
    """
    body = LINE_BREAK.sub("  ", COMMENT.sub("", FRONT_MATTER.sub("", markdown, count=1)))
    has_tags = form is not None and form.has_tags
    rendered = MarkdownIt("commonmark", {"html": has_tags}).render(body)
    return _clean(rendered) if has_tags else rendered


def _clean(rendered: str) -> str:
    tree = html.fragment_fromstring(rendered, create_parent="div")
    CLEANER(tree)
    return (tree.text or "") + "".join(html.tostring(child, encoding="unicode") for child in tree)
