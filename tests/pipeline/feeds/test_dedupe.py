"""The same story from several places is one group."""

from dataclasses import replace
from datetime import timedelta

import pytest

from helpers import NOW
from pipeline.core.types import Article
from pipeline.feeds.dedupe import group_stories


def story(title: str, days: float = 0) -> Article:
    """Build an article."""
    return Article(title[:16], f"https://a.example/{title}", title, "a.example", NOW + timedelta(days=days))


def test_same_title_within_days_is_one_story() -> None:
    """Case and punctuation do not matter; a month does; a short title is no story's name."""
    articles = [story("Teams that talk well"), story("Teams, that talk WELL!", 1), story("Teams that talk well", 40)]
    assert group_stories(articles) == [0, 0, 2]
    assert group_stories([story("Weekly links"), story("Weekly links", 1)]) == [0, 1]


def test_nothing_is_no_story() -> None:
    """An empty night."""
    assert group_stories([]) == []


UNLIKE = [
    ("v2.0.0-rc.1", "v2.0.0-rc.1"), ("Release 1.9.4 of loom", "Release 1.9.5 of loom"),
    ("Dog bites man", "Man bites dog"),
    ("Notes from May 2012: pier number 41", "Notes from June 2012: pier number 42"),
    ("Rope walks of the old yard", "Rope walks of the old yard, continued"),
    ("Rope walks of the old yard", "Rope walks of the old yard - Part 2"),
    ("Slow looms in nine easy steps", "Very slow looms in nine easy steps"),
    ("Loom (GUI kit) news of spring", "Loom (UI kit) news of spring"),
    ("图书馆的新楼今天开放", "银行宣布提高利率"), ("ห้องสมุดเปิดอาคารใหม่", "ธนาคารขึ้นดอกเบี้ย"), ("🚀", "📚"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_titles_that_embed_alike_are_no_story(one: str, other: str) -> None:
    """Versions, series, reversed words, scripts that the embedder cannot read: all have a cosine near one."""
    articles = [story(one), replace(story(other), id="other", url="https://b.example/")]
    assert group_stories(articles) == [0, 1]


def test_generic_headline_of_two_blogs_is_two_stories() -> None:
    """Unless their summaries speak of the same things; a series is apart by its dates though it is seen at once."""
    one = replace(story("What we have been reading"), summary="Books on bread and the long history of ovens")
    other = replace(one, id="o", summary="Papers about compilers, garbage collection and fast parsers")
    assert group_stories([one, other]) == [0, 1]
    assert group_stories([one, replace(other, summary=one.summary)]) == [0, 0]
    years = [replace(one, published_at=NOW - timedelta(days=365 * n)) for n in range(3)]
    assert group_stories(years) == [0, 1, 2]


@pytest.mark.parametrize(
    "title",
    ["UPDATE: Teams that talk well", "Teams that talk well | A Blog", "[Video] Teams that talk well"],
)
def test_label_and_site_name_do_not_count(title: str) -> None:
    """Nor does an end that is cut off; two titles with two labels are two stories."""
    assert group_stories([story("Teams that talk well"), story(title)]) == [0, 0]
    long = "Teams that talk well also write well to each other"
    assert group_stories([story(long), story("Teams that talk well also write…")]) == [0, 0]
    assert group_stories([story("Part: teams that talk well"), story("Whole: teams that talk well")]) == [0, 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("After 212 years, the last glassworks closes", "The last glassworks closes after 212 years"),
        ("Dimite el alcalde tras la sequía de Puerto Real", "El alcalde tras la sequía de Puerto Real dimite"),
        ("UPDATE 2-Oil slips as storage fills in Rotterdam", "Oil slips as storage fills in Rotterdam"),
        ("The woman who counts eels, year by year [video]", "The woman who counts eels, year by year"),
        ("Der groesste Speicher entsteht in Thueringen", "Der größte Speicher entsteht in Thüringen"),
        ("Cafe\u0301s of the northern canal district close", "Cafés of the northern canal district close"),
        ("【速報】富山で震度5強の地震", "富山で震度5強の地震"),
        ("廃線跡を歩く道がつながる｜山陰日報", "廃線跡を歩く道がつながる"),
        ("图书馆开始出借种子和园艺工具", "圖書館開始出借種子和園藝工具"),
        ("[2611.11002] Tracing faults in long simulations", "Tracing faults in long simulations"),
        ("Weak labels for old herbarium sheets (arXiv:2611.08123v2 [cs.CV])", "Weak labels for old herbarium sheets"),
    ],
)
def test_parts_of_a_title_may_change_places(one: str, other: str) -> None:
    """And labels may be written as agencies and Japanese papers do."""
    assert group_stories([story(one), story(other)]) == [0, 0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Reed, Marsh and others buy mills", "Mills and others buy Reed Marsh"),
        ("Ferry from Malmö to Tallinn sails", "Ferry from Tallinn to Malmö sails"),
        ("Release candidate 1.2 of loom appears", "Release candidate 2.1 of loom appears"),
    ],
)
def test_who_does_what_to_whom_is_no_matter_of_order(one: str, other: str) -> None:
    """Nor are numbers: the words are the same, the story is not."""
    assert group_stories([story(one), story(other)]) == [0, 1]


def test_reworded_titles_over_a_short_summary_are_one_story() -> None:
    """Where what they share and the summary, together, are no chance; "v2" and "2bn" hold the number 2."""
    one = replace(
        story("Northwind to sell its turbine unit to Aker for $2bn"),
        summary="The deal is expected to close next spring",
    )
    other = replace(story("Aker buys Northwind turbine unit, to sell for $2 billion"), url="https://b.example/1")
    assert group_stories([one, replace(other, summary=one.summary)]) == [0, 0]
    assert group_stories([one, replace(other, summary=one.summary, title=other.title.replace("2", "3"))]) == [0, 1]
    assert group_stories([replace(one, title="News of Ann"), replace(other, title="News of Ben")]) == [0, 1]


def test_changed_headline_over_one_summary_is_one_story() -> None:
    """Where both speak of what it tells, and its end may be cut off or be followed by a remark.

    A phrase that a site repeats beneath other titles joins nothing: what it says of itself, a firm of its jobs.
    """
    summary = "Crews of the northern line have been on strike since Monday, and talks broke down again in the evening."
    one = replace(story("Ferry strike goes on"), summary=summary)
    other = replace(story("Second week of strikes at sea"), summary=summary, url="https://b.example/1")
    assert group_stories([one, other]) == [0, 0]
    assert group_stories([one, replace(other, summary=summary[:-7] + "…")]) == [0, 0]
    assert group_stories([one, replace(other, summary=summary + " Read more")]) == [0, 0]
    assert group_stories([one, replace(other, url=one.url + "-2")]) == [0, 1]
    assert group_stories([one, replace(other, title="Oysters fail")]) == [0, 1]
    assert group_stories([replace(one, title=f"Strike {n}") for n in "abcd"]) == [0, 1, 2, 3]


def test_short_title_over_one_summary_is_one_story() -> None:
    """Of two sites; one that publishes such a title each day has one summary beneath all of them."""
    summary = "Why a fabric made of a single thread stretches, and how topologists came to care for it."
    one = replace(story("Knitting"), summary=summary)
    assert group_stories([one, replace(one, url="https://b.example/knitting")]) == [0, 0]
    assert group_stories([one, replace(one, url="https://a.example/2")]) == [0, 1]


@pytest.mark.parametrize("title", ["Things I learned this month", "Was ich diesen Monat las", "Lo que leí este mes"])
def test_title_that_speaks_of_me_and_now_is_two_stories(title: str) -> None:
    """Unless it says more than that: each author may write it, each month."""
    assert group_stories([story(title), replace(story(title), url="https://b.example/")]) == [0, 1]
    for foreign in ("Regeringen bygger en bro i norr", "EU backs new rules for ferries"):
        assert group_stories([story(foreign), replace(story(foreign), url="https://b.example/")]) == [0, 0]
    longer = "Why we moved forty services from one cloud to another"
    assert group_stories([story(longer), replace(story(longer), url="https://b.example/")]) == [0, 0]


def test_vowel_signs_are_parts_of_words() -> None:
    """A title of four words of Hindi is specific enough to be of one story."""
    title = "नदी किनारे के चूना भट्ठे"
    assert group_stories([story(title), replace(story(title), id="other")]) == [0, 0]


ANOTHER_WORD = [
    ("Bank raises rates", "Bank cuts rates"), ("City to buy the lighthouse", "City not to buy the lighthouse"),
    ("Die Bank erhöht Zinsen", "Die Bank senkt Zinsen"), ("Банк повысил ставку", "Банк понизил ставку"),
    ("A rope, part one", "A rope, part two"), ("Hund beißt Postboten", "Postbote beißt Hund"),
    ("A diary of the yard (II)", "A diary of the yard (III)"),
    ("Restoring a piano, part IV", "Restoring a piano, part V"),
    ("Town buys the fort", "Town rebuys the fort"), ("Gemeente koopt fort", "Gemeente verkoopt fort"),
    ("Version 1.12 of the loom appears today", "Version 11.2 of the loom appears today"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), ANOTHER_WORD)
def test_one_word_for_another_is_another_story(one: str, other: str) -> None:
    """However alike the others are."""
    assert group_stories([story(one), replace(story(other), id="other")]) == [0, 1]


SPELLINGS = [
    ("An e-mail of 1971 turns up in Utrecht", "An email of 1971 turns up in Utrecht"),
    ("Malmö hämtar båtar ur kanalen", "Malmo hamtar batar ur kanalen"),
    ("Gmina Łuków zamyka młyn wodny", "GMINA LUKOW ZAMYKA MLYN WODNY"),
    ("Το λιμάνι ανοίγει ξανά το πρωί", "ΤΟ ΛΙΜΑΝΙ ΑΝΟΙΓΕΙ ΞΑΝΑ ΤΟ ΠΡΩΙ"),
    ("Kapılar açıldı, ışıklar yandı, halk geldi", "KAPILAR AÇILDI, IŞIKLAR YANDI, HALK GELDI"),
    ("أعيد فتح الميناء القديم في المدينة", "أُعيد فتحُ الميناءِ القديم في المدينة"),
    ("นักวิทย์พบ “กุ้งเรืองแสง” ใต้ทะเล", "นักวิทย์พบกุ้งเรืองแสงใต้ทะเล"),
    ("등대 옆 작은 책방이 문 열어", "등대 옆 작은 책방이 문열어"),
    ("北の灯台、半世紀ぶりに改修を終えて一般公開を再開する", "北の灯台、半世紀ぶりに改修を終えて一般公開…"),
    ("S&amp;P drops for the &#8220;quiet&#8221; ferry lines", "S&P drops for the “quiet” ferry lines"),
    ("The last keeper of the northern lights (2019)", "The last keeper of the northern lights"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_spellings_of_one_title_are_one_story(one: str, other: str) -> None:
    """Accents, strokes, vowel points, spaces and hyphens may be missing; an end may be cut off in any script."""
    assert group_stories([story(one), replace(story(other), id="other", url="https://b.example/")]) == [0, 0]


def test_two_years_in_brackets_are_two_stories() -> None:
    """One is what a board for links adds; two are a series."""
    titles = ("Annual report of the harbour authority (2025)", "Annual report of the harbour authority (2026)")
    assert group_stories([story(title) for title in titles]) == [0, 1]


def of_site(site: str, title: str, summary: str) -> Article:
    """Build an article with a summary."""
    return replace(story(title), id=site, url=f"https://{site}.example/x", summary=summary)


TOLD_TWICE = [
    (
        "Museum returns bronze mask to Benin", "Bronze mask returned to Benin by museum",
        "The museum in Bristol has returned a bronze mask looted in 1897 to Benin, its director said on Monday.",
        "A bronze mask looted in 1897 has been returned to Benin by the museum in Bristol, said its director.",
    ),
    (
        "Rechter verbiedt kap van oude eiken in Zeist", "Kap van oude eiken in Zeist verboden door rechter",
        "De rechtbank heeft dinsdag de kap van veertig oude eiken langs de Slotlaan in Zeist verboden, na een klacht.",
        "Na een klacht heeft de rechtbank dinsdag de kap van veertig oude eiken langs de Slotlaan in Zeist verboden.",
    ),
    (
        "考古学家在西安发现唐代酒坊", "西安发现唐代酒坊",
        "考古学家周二宣布，在西安南郊发现一处唐代酒坊遗址，出土陶缸四十余件。",
        "在西安南郊发现一处唐代酒坊遗址，出土陶缸四十余件，考古学家周二宣布。",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "summary", "retold"), TOLD_TWICE)
def test_report_told_in_another_order_is_one_story(one: str, other: str, summary: str, retold: str) -> None:
    """On two sites; one site that says nearly the same twice means two things."""
    assert group_stories([of_site("one", one, summary), of_site("two", other, retold)]) == [0, 0]
    assert group_stories([of_site("one", one, summary), replace(of_site("one", other, retold), id="b")]) == [0, 1]


@pytest.mark.parametrize(
    ("other", "is_said", "is_said_there"),
    [
        ("Fine against Delivero overturned by court", "upheld", "overturned"),
        ("Court does not uphold fine against Delivero", "upheld", "did not uphold"),
        ("Fine against Delivero upheld by court", "upheld in 2024", "upheld in 2026"),
    ],
)
def test_reports_with_one_background_are_two_stories(other: str, is_said: str, is_said_there: str) -> None:
    """Where neither says all that the other's title says, one denies it, or their numbers differ."""
    text = "On Friday the court {} the fine that the labour inspectorate imposed for bogus employment of riders."
    one = of_site("one", "Court upholds fine against Delivero", text.format(is_said))
    assert group_stories([one, of_site("two", other, text.format(is_said_there))]) == [0, 1]


def test_few_words_make_no_report() -> None:
    """Two reviews of books about one thing share the words of their titles."""
    titles = "New book on night trains", "Night trains: a new book"
    assert group_stories([of_site(site, title, "A review.") for site, title in zip("ab", titles, strict=True)]) == [
        0,
        1,
    ]


def test_one_word_for_another_over_one_summary_is_another_story() -> None:
    """Two sites of one publisher have one text for each town; a headline in other words differs in more than one."""
    text = "The operator ends the service in December, because carriages are missing and the tracks have become dear."
    titles = "Night train to Rome is withdrawn", "Night train to Paris is withdrawn"
    assert group_stories([of_site("one", titles[0], text), of_site("two", titles[1], text)]) == [0, 1]


def test_one_word_that_summaries_share_proves_nothing() -> None:
    """Of two short ones it may be "all"."""
    title = "Merry Christmas and a happy new year"
    texts = "The rowing club thanks everyone who came.", "Everyone at this school wishes parents quiet holidays."
    assert group_stories([of_site("one", title, texts[0]), of_site("two", title, texts[1])]) == [0, 1]


@pytest.mark.parametrize(
    ("title", "texts"),
    [
        ("Call for papers: workshop on looms", ("Due in March: drafts on wool.", "Due in April: posters on silk.")),
        ("今週のニュースまとめ", ("半導体と電池の話題。", "相撲と野球の話題。")),
    ],
)
def test_short_summaries_contradict_a_title_too(title: str, texts: tuple[str, str]) -> None:
    """In scripts without spaces as well."""
    assert group_stories([of_site("one", title, texts[0]), of_site("two", title, texts[1])]) == [0, 1]
