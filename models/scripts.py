"""Which scripts an embedding model's vocabulary covers, and vectors for text in those that it does not.

A word piece tokenizer reads a script it was not trained on letter by letter, or as unknown tokens; the vectors of such
texts say little, and texts of unknown tokens alone have equal vectors. Their characters are hashed instead.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cached_property, lru_cache

import numpy as np

from models.reference import Vectors
from models.words import MARKS, fold

LETTERS = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{MARKS}])*")
PIECES = 100  # a script is covered from so many vocabulary pieces of two and more of its letters
HAN = "CJK"  # written without spaces and tokenized by character: counted by single characters
HAN_CHARACTERS = 2000
MOSTLY = 0.5  # a text is unread if more than this share of its letters is in scripts that are not covered
CONTINUED = "##"  # before a piece that does not begin a word
GRAMS = (2, 3)  # characters; two are about a word in scripts without spaces


@lru_cache(100_000)
def script_of(character: str) -> str:
    """Return the script of a letter as the first word of its Unicode name, "" for what is no letter."""
    return unicodedata.name(character, "").partition(" ")[0] if character.isalpha() else ""


class ScriptCoverage:
    """The scripts that a tokenizer's vocabulary covers.

    Parameters
    ----------
    vocabulary : collection of str
        All pieces of the tokenizer, continuation marks included. If empty, it is not known, and counts as covering all.
    """

    def __init__(self, vocabulary: Collection[str]) -> None:
        self.vocabulary = vocabulary

    @cached_property
    def covered(self) -> frozenset[str]:
        """The covered scripts."""
        pieces: Counter[str] = Counter()
        for piece in self.vocabulary:
            letters = [character for character in piece if character.isalpha()]
            script = script_of(letters[0]) if letters else ""
            if len(letters) > 1 or script == HAN:
                pieces[script] += 1
        return frozenset(s for s, n in pieces.items() if n >= (HAN_CHARACTERS if s == HAN else PIECES))

    def unread_share(self, text: str) -> float:
        """Return the share of a text's letters in scripts that are not covered: 0 to 1, 0 without letters."""
        if text.isascii() or not self.vocabulary:
            return 0.0
        scripts = [script for character in text if (script := script_of(character))]
        return sum(script not in self.covered for script in scripts) / len(scripts) if scripts else 0.0

    def pieces_a_word(self, texts: Sequence[str]) -> float:
        """Return into how many pieces of a word piece vocabulary the words of some texts fall; 1 if it is none."""
        if not any(piece.startswith(CONTINUED) for piece in self.vocabulary):
            return 1.0
        words = [word for text in texts for word in LETTERS.findall(fold(text))]
        return sum(map(self._pieces, words)) / len(words) if words else 1.0

    def _pieces(self, word: str) -> int:
        """Count the pieces of a word, each the longest that fits; one that none fits counts by its letters."""
        word = "".join(c for c in unicodedata.normalize("NFD", word) if unicodedata.category(c) != "Mn")
        n, start = 0, 0
        while start < len(word):
            mark = CONTINUED if start else ""
            end = next((e for e in range(len(word), start, -1) if mark + word[start:e] in self.vocabulary), start + 1)
            n, start = n + 1, end
        return n

    def is_unread(self, text: str) -> bool:
        """Tell whether the model cannot read most of a text."""
        return self.unread_share(text) > MOSTLY


def hashed_characters(texts: Sequence[str], dimension: int) -> Vectors:
    """Return unit vectors of hashed character n-grams: texts that share words are near, others are not.

    Returns
    -------
    ndarray of shape (n, dimension), float32
        Texts without letters give rows of zeros.
    """
    from sklearn.feature_extraction.text import HashingVectorizer  # slow to import; most newsletters never need it

    hashing = HashingVectorizer(preprocessor=fold, analyzer="char_wb", ngram_range=GRAMS, n_features=dimension)
    return np.asarray(hashing.transform(texts).toarray(), dtype=np.float32)
