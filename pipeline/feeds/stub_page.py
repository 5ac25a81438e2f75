"""Recognize pages that stand in an article's place: challenges, consent walls, error pages, paywalls. Pure.

Such pages are answered with status 200. Each kind has phrases in which the page speaks to its visitor ("we and our
partners", "to continue reading"), and words of its subject. A text is a stub where a phrase stands in it and most of
its sentences are of that kind, so that an article about cookies or paywalls is none.
"""

import re
import tomllib
from importlib import resources

from models.words import count_words

SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])|\n+")
TITLE_END = re.compile(r"\s[|–—·•:-]\s|\s*[|:]\s+")
SHORT = 60  # words; with a title of the kind nothing more is needed
MAX_TEXT = 6000  # characters that are looked at; a stub has seldom more
LONG = 400  # words; a longer text is no stub unless nearly all of it is
TEASER = 180  # words; what stands before a paywall's phrase is no article's text if it is shorter
SHARE = 0.5  # of the words are in sentences of the kind
SHARE_OF_LONG = 0.85

NAMES = {
    "challenge": "a bot challenge",
    "consent_wall": "a consent wall for cookies and tracking",
    "not_found": "an error page",
    "javascript": "a page that needs JavaScript",
    "login": "a login page",
    "paywall": "a paywall's preview",
}

KINDS = tomllib.loads(resources.files("pipeline.feeds").joinpath("stub_phrases.toml").read_text("utf-8"))
PHRASES = {kind: re.compile("|".join(said["phrases"]), re.I) for kind, said in KINDS.items()}
SUBJECTS = {kind: re.compile("|".join(said["subjects"]), re.I) for kind, said in KINDS.items()}
TITLES = {kind: re.compile(rf"\W*(?:{'|'.join(said['titles'])})\W*", re.I) for kind, said in KINDS.items()}


def stub_kind(title: str | None, text: str) -> str | None:
    """Return which kind of stub a page is, a key of NAMES; None if it is an article.

    Parameters
    ----------
    title : str, optional
        The page's title, with or without the site's name.
    text : str
        What was extracted from the page, or all its visible text where nothing was.
    """
    text = text[:MAX_TEXT].replace("\u2019", "'")
    sentences = [sentence for sentence in SENTENCE_END.split(text) if sentence.strip()]
    sizes = [count_words(sentence) for sentence in sentences]
    titles = [part for part in TITLE_END.split((title or "")[:300].replace("\u2019", "'")) if part.strip()]
    return next((kind for kind in NAMES if _is_kind(kind, titles, sentences, sizes)), None)


def _is_kind(kind: str, titles: list[str], sentences: list[str], sizes: list[int]) -> bool:
    n_words = sum(sizes)
    spoken = [bool(PHRASES[kind].search(sentence)) for sentence in sentences]
    is_titled = any(TITLES[kind].fullmatch(part) for part in titles)
    if is_titled and (n_words <= SHORT or any(spoken[:3])):
        return True
    if not any(spoken):
        return False
    if kind == "paywall" and _is_teaser(spoken, sizes):
        return True
    about = [said or bool(SUBJECTS[kind].search(s)) for said, s in zip(spoken, sentences, strict=True)]
    share = sum(size for size, is_about in zip(sizes, about, strict=True) if is_about) / max(n_words, 1)
    return share >= (SHARE if n_words <= LONG else SHARE_OF_LONG)


def _is_teaser(spoken: list[bool], sizes: list[int]) -> bool:
    """Return whether little stands before the first phrase, and next to nothing after the last."""
    last = len(spoken) - spoken[::-1].index(True)
    return sum(sizes[: spoken.index(True)]) <= TEASER and sum(sizes[last:]) <= SHORT
