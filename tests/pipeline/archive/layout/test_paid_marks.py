"""Lines that mark one entry of a section as paid for, in many words, forms of entries and ways of setting them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline.archive.blocks import Block, Span
from pipeline.archive.layout.paid import is_paid_heading, offer_beside
from tests.pipeline.archive.test_forms_of_letters import WORDS, N, picks, read, title, url

Entry = Callable[[int, int], str]
ENTRIES: dict[str, Entry] = {
    "title lines": lambda n, k: f"[{title(n, k)}]({url(n, k)})\n\nA note on it, in words.\n",
    "one paragraph": lambda n, k: f"[{title(n, k)}]({url(n, k)}) — A note on it, in words.\n",
    "items": lambda n, k: f"- [{title(n, k)}]({url(n, k)}): a note\n",
    "linked headings": lambda n, k: f"### [{title(n, k)}]({url(n, k)})\n\nA note on it.\n",
    "bold titles": lambda n, k: f"**{title(n, k)}**\n\nA note on it.\n\n[Read more]({url(n, k)})\n",
}
READS_ON = [
    "Thanks to this week's sponsor",
    "A word from our sponsor",
    "Thanks to Acme for sponsoring this issue",
    "This week's issue is sponsored by Acme",
    "Today's letter is presented by Acme",
    "Support for this issue comes from",
    "Together with Acme",
    "Unser Partner diese Woche",
    "Mit freundlicher Unterstützung von Acme",
    "Cette édition vous est offerte par Acme",
    "Gracias a nuestro patrocinador",
    "Esta edición está patrocinada por Acme",
    "今週のスポンサー",
    "感谢本期赞助商",
    "이번 주 후원사",
    "Спонсор выпуска",
    "Bu haftanın sponsoru",
    "– Anzeige –",
    "Paid partnership with Acme",
    "Mede mogelijk gemaakt door Acme",
]
MADE_POSSIBLE = """This issue is made possible by Acme|With support from Acme|Mede mogelijk gemaakt door Acme
Deze editie wordt mogelijk gemaakt door Acme|Aangeboden door Acme|Ermöglicht durch Acme|Mit Unterstützung von Acme
Cette édition est rendue possible par Acme|Soutenu par Acme|Hecho posible por Acme|Con el apoyo de Acme
Reso possibile da Acme|Con il sostegno di Acme|Com o apoio de Acme|Oferecido por Acme|Med stöd av Acme
Presenteras av Acme|Støttet af Acme|Przy wsparciu Acme|При поддержке Acme|За підтримки Acme|Za podpory Acme
Acme'nin desteğiyle|בתמיכת Acme|بدعم من Acme|Với sự hỗ trợ của Acme|本期由 Acme 支持|Acme의 지원으로""".replace(
    "\n", "|"
).split("|")
SPEAKS_OF_ABOVE = ["Sponsored by Acme", "Acme sponsor", "— from our sponsor", "(sponsored)", "Sponsorisé par Acme"]


def _check(folder: Path, entry: Entry, mark: str, *, is_below: bool) -> None:
    """Write issues with an offer in the middle of a section, and read back all but that offer."""

    def write(n: int, day: date) -> str:
        marked = [entry(n, 9), f"{mark}\n"] if is_below else [f"{mark}\n", entry(n, 9)]
        parts = [entry(n, 0), entry(n, 1), *marked, entry(n, 2), entry(n, 3)]
        return f"# Letter {n}\n\n<!-- date: {day} -->\n\n## News\n\n" + "\n".join(parts) + f"\n## Code\n\n{entry(n, 4)}"

    folder.mkdir()
    assert picks(read(folder, write)) == [[title(n, k) for k in range(5)] for n in range(1, N + 1)]


@pytest.mark.parametrize("form", ENTRIES)
@pytest.mark.parametrize("style", ["{}", "*{}*", "**{}**", "### {}"])
def test_a_line_that_reads_on_marks_the_entry_below(tmp_path: Path, form: str, style: str) -> None:
    """However it is set, it closes no section: the stories after the offer are kept."""
    for nth, words in enumerate(READS_ON[::4] if style in ("*{}*", "### {}") else READS_ON):
        _check(tmp_path / str(nth), ENTRIES[form], style.format(words), is_below=False)


@pytest.mark.parametrize("form", ENTRIES)
def test_a_signature_of_sponsors_marks_the_entry_above(tmp_path: Path, form: str) -> None:
    """The story below it is kept."""
    for nth, words in enumerate(SPEAKS_OF_ABOVE):
        _check(tmp_path / str(nth), ENTRIES[form], words, is_below=True)


def test_words_that_stand_first_in_their_section_speak_of_what_is_below(tmp_path: Path) -> None:
    """Where nothing stands above them in most issues, they mark the entry below in all issues."""

    def write(n: int, day: date) -> str:
        entry = ENTRIES["title lines"]
        above = [entry(n, 0)] if n == N else []
        parts = [*above, f"Sponsored by {WORDS[n]}\n", entry(n, 9), entry(n, 1), entry(n, 2)]
        return f"# Letter {n}\n\n<!-- date: {day} -->\n\n## Code\n\n{entry(n, 4)}\n## News\n\n" + "\n".join(parts)

    expected = [[title(n, k) for k in ([4, 0, 1, 2] if n == N else [4, 1, 2])] for n in range(1, N + 1)]
    assert picks(read(tmp_path, write)) == expected


def test_offer_whose_bold_title_recurs_is_no_section(tmp_path: Path) -> None:
    """The title below "Together with Acme" names the offer, also where a sponsor pays for several issues."""

    def write(n: int, day: date) -> str:
        entry = ENTRIES["one paragraph"]
        text = "By the yard.\n\n[Get a box](https://acme.example/box)\n"
        offer = f"Together with Acme\n\n**Keep your ropes dry with Acme**\n\n{text}"
        parts = [entry(n, 0), entry(n, 1)]
        if n % 2:
            parts.insert(2 if n == 1 else 1, offer)
        start = f"# Letter {n}\n\n<!-- date: {day} -->\n\n## News\n\n"
        return start + "\n".join(parts) + f"\n## Code\n\n{entry(n, 4)}"

    reading = read(tmp_path, write)
    assert picks(reading) == [[title(n, k) for k in (0, 1, 4)] for n in range(1, N + 1)]
    assert {pick.section_name for issue in reading.issues for pick in issue.picks} == {"News", "Code"}


def test_classifieds_below_a_heading_of_their_own_are_all_left_out(tmp_path: Path) -> None:
    """A heading that names several offers is a section, as deep as it may stand."""

    def write(n: int, day: date) -> str:
        entry = ENTRIES["items"]
        offers = "".join(entry(n, k) for k in (7, 8, 9))
        stories = entry(n, 0) + entry(n, 1)
        return f"# Letter {n}\n\n<!-- date: {day} -->\n\n## News\n\n{stories}\n### Classifieds\n\n{offers}"

    assert picks(read(tmp_path, write)) == [[title(n, k) for k in range(2)] for n in range(1, N + 1)]


@pytest.mark.parametrize("text", MADE_POSSIBLE)
def test_what_is_made_possible_by_somebody_is_paid_for(text: str) -> None:
    """As a line above an offer and as its heading; a story may say so of something else."""
    assert offer_beside(Block("paragraph", 1, ((Span(text),),))) == "below"
    assert is_paid_heading(text)
    assert not is_paid_heading(f"Why a cure is {text}", is_story=True)
    assert offer_beside(Block("paragraph", 1, ((Span("Two cures made possible by luck"),),))) is None
