"""The same story from several places is one group."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from helpers import NOW
from pipeline.core.types import Article
from pipeline.feeds.dedupe import ALIKE, BLOCK, _alike, group_stories


def story(title: str, days: float = 0) -> Article:
    """Build an article."""
    return Article(title[:16], f"https://a.example/{title}", title, "a.example", NOW + timedelta(days=days))


def test_same_title_within_days_is_one_story() -> None:
    """Case and punctuation do not matter; a month does; a short title is no story's name."""
    articles = [story("Teams that talk well"), story("Teams, that talk WELL!", 1), story("Teams that talk well", 40)]
    assert group_stories(articles) == [0, 0, 2]
    assert group_stories([story("Weekly links"), story("Weekly links", 1)]) == [0, 1]


def test_nearly_equal_vectors_are_one_story() -> None:
    """Only where they are near in time; groups grow by their neighbours."""
    vectors = np.array([[1, 0], [0.98, 0.199], [0, 1], [0.92, 0.392]], dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    names = (
        "The ferry is late again",
        "The ferry is late once again",
        "A bridge for the town",
        "The ferry was late again",
    )
    articles = [story(name, name == names[3]) for name in names]
    assert group_stories(articles, vectors) == [0, 0, 2, 0]
    late = [replace(a, first_seen_at=a.first_seen_at + timedelta(days=10 * n)) for n, a in enumerate(articles)]
    assert group_stories(late, vectors) == [0, 1, 2, 3]


def test_nothing_is_no_story() -> None:
    """An empty night."""
    assert group_stories([], np.zeros((0, 4), dtype=np.float32)) == []


UNLIKE = [
    ("v2.0.0-rc.1", "v2.0.0-rc.1"), ("Release 1.9.4 of loom", "Release 1.9.5 of loom"),
    ("Dog bites man", "Man bites dog"),
    ("Notes from May 2012: pier number 41", "Notes from June 2012: pier number 42"),
    ("图书馆的新楼今天开放", "银行宣布提高利率"), ("ห้องสมุดเปิดอาคารใหม่", "ธนาคารขึ้นดอกเบี้ย"), ("🚀", "📚"),
]  # fmt: skip


def test_all_pairs_of_like_vectors_are_found() -> None:
    """The bound by a quarter of the columns leaves out no pair, wherever in the blocks the two rows stand."""
    chance = np.random.default_rng(0)
    groups = chance.standard_normal((700, 32))[chance.integers(0, 700, BLOCK + 500)]
    vectors = (groups + 0.2 * chance.standard_normal(groups.shape)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    wanted = np.argwhere(np.triu(vectors @ vectors.T >= ALIKE, 1))
    assert len(wanted) > 100
    assert list(_alike(vectors)) == [*map(tuple, wanted.tolist())]


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_vectors_alone_make_no_story(one: str, other: str) -> None:
    """Versions, series, reversed words, scripts that the embedder cannot read: all have a cosine near one."""
    vectors = np.ones((2, 1), dtype=np.float32)
    articles = [story(one), replace(story(other), id="other", url="https://b.example/")]
    assert group_stories(articles, vectors if one != other else None) == [0, 1]


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
]  # fmt: skip


def test_one_word_in_two_is_the_same_word() -> None:
    """As hyphens are set or not."""
    vectors = np.ones((2, 1), dtype=np.float32)
    assert group_stories([story("E-mail is old"), replace(story("Email is old"), id="other")], vectors) == [0, 0]


@pytest.mark.parametrize(("one", "other"), ANOTHER_WORD)
def test_one_word_for_another_is_another_story(one: str, other: str) -> None:
    """However alike their vectors are."""
    vectors = np.ones((2, 1), dtype=np.float32)
    assert group_stories([story(one), replace(story(other), id="other")], vectors) == [0, 1]


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
