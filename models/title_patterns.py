"""Binary features of a title's wording: whether it names a date, calls for submissions, or announces a meeting."""

import re
from collections.abc import Sequence

import numpy as np
from scipy import sparse

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
PATTERNS = {  # of titles without case: ignoring it while searching takes three times as long
    "date": re.compile(rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}\b|\b{_MONTH}\s+\d{{1,2}}\b|\b20\d\d\b"),
    "call": re.compile(
        r"\b(?:calls? for|cfp|deadlines?|submit|submissions?|apply|applications?|proposals?|nominations?|abstracts?"
        r"|expressions? of interest|grants?|funding|fellowships?|scholarships?|awards?|prizes?)\b"
    ),
    "meeting": re.compile(
        r"\b(?:conferences?|workshops?|webinars?|symposi(?:um|a)|hackathons?|summits?|tutorials?|seminars?|schools?"
        r"|meet-?ups?|bootcamps?|courses?|training|virtual|online|register|registration|join us)\b"
    ),
}


def match_patterns(titles: Sequence[str]) -> sparse.csr_matrix:
    """Return which of PATTERNS each title matches: binary, shape (n, len(PATTERNS))."""
    matches = [
        [pattern.search(title) is not None for pattern in PATTERNS.values()] for title in map(str.casefold, titles)
    ]
    return sparse.csr_matrix(np.array(matches, dtype=float).reshape(len(titles), len(PATTERNS)))
