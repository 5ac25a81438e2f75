"""Language tags, as feeds and pages name their language: BCP 47."""

import re

TAG = re.compile(r"\s*([A-Za-z]{2,3})(?![A-Za-z])")


def primary_language(tag: str | None) -> str | None:
    """Return the language of a tag without region and script: "en-GB" is "en"; None where it is no tag."""
    found = TAG.match(tag or "")
    return found[1].lower() if found else None
