"""Find the language of titles or lines by py3langid, which brings its model along."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale

from pipeline.core.languages import is_language

SAMPLE = 400  # texts, evenly over the archive
TOGETHER = 10  # that are looked at as one text; a single one says little
FEWEST_LETTERS = 40
MOST = 0.5  # share of the texts that must agree


@dataclass(frozen=True)
class Language:
    """A language by its code and its English name."""

    code: str
    name: str


def language_of(texts: Sequence[str]) -> Language | None:
    """Return the language of most titles or lines; None where they are too few or do not agree.

    It is one in which days can be written: the detector also tells Wu from Chinese, by little.
    """
    from py3langid import rank  # loads its model

    sample = texts[:: max(1, len(texts) // SAMPLE)]
    joined = [" . ".join(sample[at : at + TOGETHER]) for at in range(0, len(sample), TOGETHER)]
    joined = [text for text in joined if sum(map(str.isalpha, text)) >= FEWEST_LETTERS]
    if not joined:
        return None
    found = (next(code for code, _ in rank(text) if is_language(code)) for text in joined)
    code, n = Counter(found).most_common(1)[0]
    return Language(code, Locale.parse(code).get_display_name("en") or code) if n >= MOST * len(joined) else None
