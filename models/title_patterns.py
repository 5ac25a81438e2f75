"""What a title does, by its wording: names a date, calls for something, announces a meeting. Strings in, marks out."""

import re
from collections.abc import Sequence

import numpy as np
from scipy import sparse

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
FORMS = {
    "date": re.compile(rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}\b|\b{_MONTH}\s+\d{{1,2}}\b|\b20\d\d\b", re.I),
    "calling": re.compile(
        r"\b(?:calls? for|cfp|deadlines?|submit|submissions?|apply|applications?|proposals?|nominations?|abstracts?"
        r"|expressions? of interest|grants?|funding|fellowships?|scholarships?|awards?|prizes?)\b",
        re.I,
    ),
    "meeting": re.compile(
        r"\b(?:conferences?|workshops?|webinars?|symposi(?:um|a)|hackathons?|summits?|tutorials?|seminars?|schools?"
        r"|meet-?ups?|bootcamps?|courses?|training|virtual|online|register|registration|join us)\b",
        re.I,
    ),
}


def forms_of(titles: Sequence[str]) -> sparse.csr_matrix:
    """Mark what each of n titles does: binary, shape (n, len(FORMS))."""
    marks = [[form.search(title) is not None for form in FORMS.values()] for title in titles]
    return sparse.csr_matrix(np.array(marks, dtype=float).reshape(len(titles), len(FORMS)))
