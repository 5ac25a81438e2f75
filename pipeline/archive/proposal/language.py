"""Find the language of titles by py3langid, which brings its model along."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError

SAMPLE = 400  # titles, evenly over the archive
TOGETHER = 10  # titles that are looked at as one text; a single one says little
FEWEST_LETTERS = 40
MOST = 0.5  # share of the texts that must agree


@dataclass(frozen=True)
class Language:
    """A language by its code and its English name."""

    code: str
    name: str


def language_of(titles: Sequence[str]) -> Language | None:
    """Return the language of most titles; None where they are too few or do not agree."""
    from py3langid import classify  # loads its model

    sample = titles[:: max(1, len(titles) // SAMPLE)]
    texts = [" . ".join(sample[at : at + TOGETHER]) for at in range(0, len(sample), TOGETHER)]
    texts = [text for text in texts if sum(char.isalpha() for char in text) >= FEWEST_LETTERS]
    if not texts:
        return None
    code, n = Counter(classify(text)[0] for text in texts).most_common(1)[0]
    return Language(code, _name(code)) if n >= MOST * len(texts) else None


def _name(code: str) -> str:
    try:
        return Locale.parse(code).get_display_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code
