"""An editor whose titles the model cannot read is told, with the commands that help."""

import pytest

from models.embedder import HashingEmbedder, load_embedder
from pipeline.ops.readability import readability_alert

RUSSIAN = ["Как мы перенесли архив газеты на новый сервер", "Почему медленно работает поиск по документам"] * 20
KOREAN = ["리액트 서버 컴포넌트를 이해하는 가장 쉬운 방법", "웹 성능을 높이는 다섯 가지 방법"] * 20
ENGLISH = ["How we moved the archive to a new server", "Why is the search for documents so slow"] * 20


@pytest.mark.parametrize(("titles", "language"), [(RUSSIAN, "Russian"), (KOREAN, "Korean")])
def test_titles_in_another_script_are_told(titles: list[str], language: str) -> None:
    """With language, share and the two commands."""
    alert = readability_alert(titles, load_embedder("all-MiniLM-L6-v2"), "all-MiniLM-L6-v2")
    assert language in alert
    assert "hf download" in alert
    assert "triage models use" in alert


def test_readable_or_few_titles_are_not() -> None:
    """English is read; a few titles say nothing; a model without a vocabulary reads all."""
    model = load_embedder("all-MiniLM-L6-v2")
    assert readability_alert(ENGLISH, model, "m") == ""
    assert [readability_alert(KOREAN[:n], model, "m") != "" for n in (19, 20)] == [False, True]
    assert readability_alert(KOREAN, HashingEmbedder(), "m") == ""


def test_language_of_readable_titles_is_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its library takes 90 MB to load, and the alert names the language only of titles that are not read."""
    monkeypatch.setattr("pipeline.ops.readability.language_of", lambda titles: pytest.fail("looked for"))
    assert readability_alert(ENGLISH, load_embedder("all-MiniLM-L6-v2"), "m") == ""
