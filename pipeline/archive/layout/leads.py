"""The words that a line begins with: those in bold, and those before a link."""

import math
import re

from pipeline.archive.blocks import Line, Span, plain


def bold_lead(line: Line) -> str:
    """Return the bold words that a line begins with, after a number or an emoji; "" where it does not."""
    lead = ""
    for span in line:
        if span.is_bold:
            lead += span.text
        elif span.text.strip() or lead.strip():
            if not lead.strip() and not re.search(r"[^\W\d_]", span.text):
                continue
            break
    return " ".join(lead.split()) if re.search(r"\w", lead) else ""


def leads_in(line: Line, link: Span, longest: float = math.inf) -> str:
    """Return the words before a link in its line: "Read more:"; "" where they have more characters than `longest`."""
    before: list[Span] = []
    n_characters = 0
    for span in line:
        if span is link:
            return plain(tuple(before))
        before.append(span)
        n_characters += len(span.text)
        if n_characters > longest:
            break
    return ""
