"""A theme is a phrase of a title that can name what it is about, in any script."""

import pytest

from models.themes import PhraseIndex, phrases


@pytest.mark.parametrize(
    ("title", "themes"),
    [
        ("How to use AI agents: a guide", ["AI agents"]),
        ("Infrastructure as Code, again", ["Infrastructure as Code"]),
        ("Version 3 of Rust 2021", []),
        ("Don't mind the gap", []),
        ("Postgres", []),
        ("", []),
    ],
)
def test_a_theme_has_two_or_three_words(title, themes):
    """It begins and ends with a word that can be a noun; no punctuation, and no word left out, stands between."""
    assert [phrase.text for phrase in phrases(title) if phrase.n_words > 1] == themes


@pytest.mark.parametrize(
    ("title", "theme"),
    [
        ("Wie Künstliche Intelligenz hilft", "Künstliche Intelligenz"),
        ("Что такое машинное обучение", "машинное обучение"),
        ("인공지능과 성능", "인공지능"),
        ("如何选择开源软件", "开源软件"),
        ("हिन्दी समाचार पत्र", "हिन्दी समाचार"),
    ],
)
def test_themes_are_read_in_other_languages(title, theme):
    """A phrase stands as in the title, in scripts without spaces too, where its words are overlapping pairs."""
    assert theme in [phrase.text for phrase in phrases(title) if phrase.n_words > 1]


def test_a_phrase_is_looked_for_in_other_titles():
    """Equal titles count once, and the title that the phrase is of does not count."""
    title = "Paying off technical debt"
    [phrase] = [phrase for phrase in phrases(title) if phrase.text == "technical debt"]
    past = ["Technical debt, again", title, "Technical Debt, Again", "Debt: technical"]
    assert PhraseIndex(past, {phrase.key}).beside(phrase, title) == (1, 2)
