"""Days are read in the big languages, in the order in which people write them."""

from datetime import date

import pytest

from pipeline.core.deadlines import closed_call, find_deadlines

ISSUE = date(2026, 11, 20)


def found(text: str) -> list[str]:
    """Spell the days of a text."""
    return [f"{d.kind} {d.day}{f'/{d.until}' if d.until else ''}" for d in find_deadlines(text, ISSUE)]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Prazo: 26 de dezembro de 2026", ["due 2026-12-26"]),
        ("Inscrições abertas; prazo até 3 de Março", ["due 2027-03-03"]),
        (
            "Oficina de vela, 4 a 6 de maio de 2027, Porto; prazo: 10 jan. 2027",
            ["event 2027-05-04/2027-05-06", "due 2027-01-10"],
        ),
        ("Plazo: 9 de enero", ["due 2027-01-09"]),
        ("Encuentro del 30 de abril al 2 de mayo de 2027", ["event 2027-04-30/2027-05-02"]),
        (
            "Turnos el 3 y 5 de febrero, plazo 1 de diciembre",
            ["event 2027-02-03", "event 2027-02-05", "due 2026-12-01"],
        ),
        ("Date limite : 1er mai 2027", ["due 2027-05-01"]),
        ("Colloque du 12 au 14 août, Nantes", ["event 2027-08-12/2027-08-14"]),
        ("Frist: 26. Dezember", ["due 2026-12-26"]),
        ("Einsendeschluss 3. August 2027, Tagung 5.–7. März 2028", ["due 2027-08-03", "event 2028-03-05/2028-03-07"]),
        ("Treffen vom 29. Januar bis 2. Februar 2027", ["event 2027-01-29/2027-02-02"]),
        ("Scadenza 15 gennaio 2027, convegno 8-9 giugno 2027", ["due 2027-01-15", "event 2027-06-08/2027-06-09"]),
        ("Uiterlijk 14 maart insturen", ["due 2027-03-14"]),
        ("Termin składania wniosków: 7 stycznia 2027 r.", ["due 2027-01-07"]),
        ("Zjazd od 3 do 5 maja 2027, Gdynia", ["event 2027-05-03/2027-05-05"]),
        ("Заявки принимаются, срок 26 декабря 2026 года", ["due 2026-12-26"]),
        ("Son başvuru: 26 Aralık 2026", ["due 2026-12-26"]),
        ("Sista ansökningsdag 9 januari", ["due 2027-01-09"]),
        ("提案截止：2026年12月26日", ["due 2026-12-26"]),
        ("会议 2027年3月30日至4月2日，截止 1月5日", ["event 2027-03-30/2027-04-02", "due 2027-01-05"]),
        ("締切 12月26日、開催 3月4日~6日", ["due 2026-12-26", "event 2027-03-04/2027-03-06"]),
        ("12月26日(土)〜28日(月)", ["event 2026-12-26/2026-12-28"]),
        ("Residencia del 3 de abril hasta el 5 de mayo", ["event 2027-04-03/2027-05-05"]),
        ("Inloopdagen 3 tot en met 5 mei", ["event 2027-05-03/2027-05-05"]),
        ("展示 3月4日から6日まで、応募は 12月26日まで", ["event 2027-03-04/2027-03-06", "due 2026-12-26"]),
        ("Segeltage 5. bis 7. Juni, Anmeldung bis 1. Mai", ["event 2027-06-05/2027-06-07", "due 2027-05-01"]),
        ("모집 마감 27년 1월 2일", ["due 2027-01-02"]),
        ("접수 마감 12월 26일", ["due 2026-12-26"]),
        ("آخر موعد ٢٦ ديسمبر ٢٠٢٦", ["due 2026-12-26"]),
        ("Setkání 4. a 6. ledna 2027", ["event 2027-01-04", "event 2027-01-06"]),
        ("Leiri 1.–15. joulukuuta 2026", ["event 2026-12-01/2026-12-15"]),
        ("Το συνέδριο: 26 Δεκεμβρίου 2026", ["due 2026-12-26"]),
    ],
)
def test_days_of_other_languages(text: str, days: list[str]) -> None:
    """The month's name is CLDR's; the year is taken from the issue where none stands."""
    assert found(text) == days


@pytest.mark.parametrize(
    "text",
    [
        "We sell 10. May we send one?",
        "Top 10 Mars missions and 3 moons",
        "26 Dezemberwochen im Schnee",
        "Versions 1.12.2026 and 4.5.26 are out",
        "12/26 of them passed",
        "Nine of 10 out of reach",
        "It was made 5 ago",
        "A box of 3 set pieces and 4 mark stones",
        "On page 3. May we ask for more?",
        "Room 12. March on to the gate",
        "32 de dezembro de 2026",
        "31 de junho",
        "26 декабристов",
        "13月5日",
        "全12月号",
        "5 mágico, 7 junior, 8 octogonal",
        "Release 2.12. Augustus wrote 12 novelas",
        "Am 25. März 1985 gegründet",
        "Born on 25 March 1985",
        "1970년 1월 1일 UTC",
        "Sie hat 3 Julischränke",
    ],
)
def test_no_days(text: str) -> None:
    """A number beside a word that only begins like a month, or is short and no month here, is no day."""
    assert found(text) == []


def test_number_that_ends_a_sentence_is_no_day() -> None:
    """As in German a dot may follow the day, but here the day follows the month."""
    assert found("Read chapter 3. August 5 is when papers are due") == ["due 2027-08-05"]


def test_words_around_a_day_stay_as_written() -> None:
    """Digits of other scripts are read, not rewritten."""
    assert [d.text for d in find_deadlines("آخر موعد ٢٦ ديسمبر ٢٠٢٦", ISSUE)] == ["آخر موعد ٢٦ ديسمبر ٢٠٢٦"]


def test_call_of_another_language_is_closed() -> None:
    """Its headline says in its language that it has a deadline."""
    assert closed_call("Bolsa de mar: prazo 2 de dezembro", "", ISSUE, date(2026, 12, 5)) == date(2026, 12, 2)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Due giorni di vela, 12 marzo 2027 a Genova, poi 14 marzo 2027", "event"),
        ("Les lois du 12 mars 2027 et du 14 mars 2027", "event"),
        ("Tur til en by den 3. maj 2027 og den 5. maj 2027", "event"),
        ("Abstracts due 12 March 2027, papers 14 March 2027", "due"),
        ("Deadline 12 marzo 2027, due gruppi il 14 marzo 2027", "due"),
    ],
)
def test_english_words_count_beside_english_months(text: str, kind: str) -> None:
    """Italian "due" is two, French "lois" are laws, a Danish "by" is a town; "deadline" is understood everywhere."""
    first = find_deadlines(text, ISSUE)[0]
    assert first.kind == kind
    assert first.text in text


def test_italian_title_with_the_word_for_two_is_no_call_that_closed() -> None:
    """It would leave the shortlist; an English one does."""
    assert closed_call("Due libri sul mare", "Presentazione il 12 marzo 2026.", date(2026, 3, 1), ISSUE) is None
    assert closed_call("Papers due 12 March", "", date(2026, 3, 1), ISSUE) == date(2026, 3, 12)
