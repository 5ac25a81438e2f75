"""Titles are split into words in any script."""

import pytest

from models.features import title_words


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
