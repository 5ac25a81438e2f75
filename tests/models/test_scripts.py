"""Titles in scripts that the embedding model cannot read stay apart, and titles it can read keep its vectors."""

import numpy as np
import pytest

from models.embedder import load_embedder
from models.scripts import ScriptCoverage, hashed_characters, script_of

LATIN = [f"{a}{b}" for a in "abcdefghijklmnopqrstuvwxyz" for b in "aeiou"]
UNREAD = {
    "Thai": ["วิธีทดสอบซอฟต์แวร์ให้ได้ผล", "จัดการทีมที่ทำงานทางไกล", "ฐานข้อมูลเวกเตอร์คืออะไร", "สัมภาษณ์งานนักพัฒนา"],
    "Chinese": ["微服务架构的十年回顾", "如何写好代码评审", "数据库索引的原理", "远程团队怎样沟通"],
    "Korean": [
        "마이크로서비스를 버린 이유",
        "코드 리뷰를 잘하는 방법",
        "원격 팀의 의사소통",
        "데이터베이스 색인의 원리",
    ],
    "Georgian": ["როგორ ვწერთ ტესტებს", "დისტანციური გუნდის მართვა", "მონაცემთა ბაზების მიმოხილვა", "კოდის განხილვა"],
}


def test_scripts_have_unicode_names():
    """The script of a letter is the first word of its name; digits and marks have none."""
    assert [script_of(c) for c in "aя한中1 !"] == ["LATIN", "CYRILLIC", "HANGUL", "CJK", "", "", ""]


def test_coverage_needs_pieces_of_several_letters():
    """Single letters of a script in the vocabulary do not make it readable; whole pieces do."""
    letters = [chr(c) for c in range(0x430, 0x450)]
    assert ScriptCoverage([*LATIN, *letters]).covered == {"LATIN"}
    pieces = [f"##{a}{b}" for a in letters[:12] for b in letters[:12]]
    assert ScriptCoverage([*LATIN, *pieces]).covered == {"LATIN", "CYRILLIC"}


def test_share_counts_letters_alone():
    """Two of eight letters are unread; digits and punctuation do not count."""
    assert ScriptCoverage(LATIN).unread_share("λ-term α 2024!") == pytest.approx(2 / 6)


def test_words_are_counted_with_their_vowel_signs():
    """A vowel sign ends no word, and a vocabulary holds words without marks that take no room of their own."""
    vocabulary = [*LATIN, "##x", "istanbul"]
    assert ScriptCoverage(vocabulary).pieces_a_word(["हिन्दी"]) == 5  # letter by letter
    assert ScriptCoverage([*vocabulary, "हिनदी"]).pieces_a_word(["हिन्दी"]) == 1
    assert ScriptCoverage(vocabulary).pieces_a_word(["İSTANBUL"]) == 1


def test_characters_are_hashed_in_twos_and_threes():
    """A word of two letters has three pairs and two triples, its edges included."""
    assert np.count_nonzero(hashed_characters(["ab"], 4096)) == 5


def test_hashed_texts_are_near_by_shared_words():
    """A headline is nearer to one that shares two words with it than to one that shares none."""
    one, other, far = hashed_characters(
        ["코드 리뷰를 잘하는 방법", "코드 리뷰를 빨리 하는 방법", "원격 팀의 소통"], 384
    )
    assert one @ other > 0.4 > one @ far


@pytest.mark.parametrize("titles", UNREAD.values(), ids=UNREAD)
def test_unlike_titles_stay_apart(titles):
    """No two different headlines come near the likeness at which stories are merged."""
    vectors = load_embedder().embed(titles)
    likeness = vectors @ vectors.T - np.eye(len(titles))
    assert likeness.max() < 0.5
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_readable_titles_keep_the_models_vectors():
    """A foreign word in an English headline, an umlaut or an emoji changes no vector."""
    embedder = load_embedder()
    titles = ["Über naïve façades", "Why we teach λ-calculus to managers", "Shipping on Friday 🚀", "Plain words"]
    assert np.array_equal(embedder.embed(titles), embedder.encoder.encode(titles))
