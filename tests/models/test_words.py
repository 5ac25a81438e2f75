"""Texts are split into words in any script, and equal words are found equal however they are written."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.themes import phrases
from models.words import WORD, fold, letters_of, split_words, title_words


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Coaching engineers, part 2", ["Coaching", "engineers", "part"]),
        ("图书馆编目", ["图书", "书馆", "馆编", "编目"]),
        ("用Python写脚本", ["Python", "写脚", "脚本"]),
        ("図書館の目録", ["図書", "書館", "館の", "の目", "目録"]),
        ("도서관을 짓다", ["도서", "서관", "관을", "짓다"]),
        ("हिन्दी में समाचार", ["हिन्दी", "में", "समाचार"]),
        ("Übergrößen für Anfänger", ["Übergrößen", "für", "Anfänger"]),
        ("तीन à la carte", ["तीन", "la", "carte"]),
        ("می\u200cشود", ["می\u200cشود"]),
        ("ดีที่สุด", ["ดีที่", "ที่สุ", "สุด"]),
        ("", []),
    ],
)
def test_words_of_a_title(title, words):
    """Words of scripts with spaces stay whole, vowel signs included; others become overlapping pairs."""
    assert title_words(title) == words


def test_two_chinese_titles_share_what_they_are_about():
    """Two sentences about one subject have words in common, though no run of letters between spaces is the same."""
    one, other = "谈谈图书馆编目的变化", "为什么图书馆编目重要"
    assert {"图书", "书馆", "编目"} <= set(title_words(one)) & set(title_words(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("İSTANBUL", "istanbul"),
        ("IŞIK", "ışık"),
        ("Straße", "STRASSE"),
        ("ΟΔΟΣ", "οδός".replace("ό", "ο")),
        ("می\u200cشود", "میشود"),
        ("Donau\u00addampf", "donaudampf"),
        *((unicodedata.normalize("NFD", text), text) for text in ("Café", "thư viện", "ガイド", "İş", "हिन्दी")),
    ],
)
def test_one_word_in_two_spellings_is_one_word(one, other):
    """Case, composed and decomposed accents, the dot of the Turkish i and invisible joiners make no other word."""
    assert fold(one) == fold(other)
    assert fold(fold(one)) == fold(one)


@given(st.text(st.characters(max_codepoint=127)) | st.text())
def test_ascii_words_are_those_of_any_script(text):
    """The table that finds the words of ASCII texts finds what the pattern of all scripts finds."""
    assert split_words(text) == WORD.findall(text)


def test_accents_are_letters():
    """A word with an accent is another word than the one without, and "i" and "y" stay two letters."""
    assert len({fold(word) for word in ("resume", "résumé", "cote", "côté", "côte", "i", "y")}) == 7


def test_a_mark_belongs_to_its_letter():
    """A text splits into letters with the vowel signs and accents that belong to them; joined they give the text."""
    assert letters_of("हिन्दी") == ["हि", "न्", "दी"]
    assert "".join(letters_of("e\u0301té\n")) == "e\u0301té\n"


def test_phrases_of_thai_are_cut_between_letters():
    """No phrase of a title begins with a vowel sign or a tone mark, or is cut before one."""
    title = "วิธีที่ดีที่สุด"
    starts = {sum(map(len, letters_of(title)[:n])) for n in range(len(letters_of(title)) + 1)}
    found = phrases(title)
    assert found
    for phrase in found:
        at = title.index(phrase.text)
        assert {at, at + len(phrase.text)} <= starts
