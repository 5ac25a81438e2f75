"""Which articles are candidates for an issue, and which are excluded."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models.embedder import HashingEmbedder
from pipeline.core.as_of import AsOf
from pipeline.ops.workspace import Workspace
from pipeline.ranking.candidates import CandidateSet, select_candidates
from pipeline.ranking.snapshot import Snapshot, load_snapshot
from pipeline.store.articles import add_articles
from pipeline.store.decisions import insert
from pipeline.store.issues import add_issues
from world import FIRST, article, decision, issue

BEFORE_2 = AsOf.before_issue(FIRST + timedelta(weeks=1))  # before issue 2
IN_WINDOW = FIRST + timedelta(days=3)


@pytest.fixture
def desk(workspace: Workspace):
    """Store articles, issues and decisions; return snapshot and candidates before issue 2."""

    def look(articles=(), issues=(), decisions=(), as_of=BEFORE_2) -> tuple[Snapshot, CandidateSet]:
        with workspace.database.writing() as connection:
            add_articles(connection, articles)
            add_issues(connection, issues)
            insert(connection, decisions)
        snapshot = load_snapshot(workspace.database, workspace.newsletter, HashingEmbedder(), as_of)
        return snapshot, select_candidates(snapshot)

    return look


def titles(snapshot: Snapshot, candidates: CandidateSet) -> set[str]:
    """The candidates' titles."""
    return {snapshot.articles[n].title for n in candidates.rows}


def test_candidates_arrived_since_the_last_issue(desk):
    """What was seen on the last issue's day is not new; what is seen on this issue's day is."""
    days = (FIRST, FIRST + timedelta(days=1), FIRST + timedelta(weeks=1), FIRST + timedelta(days=8))
    articles = [article(f"seen {day}", day) for day in days]
    found = titles(*desk(articles, [issue(1, [])]))
    assert found == {f"seen {day}" for day in days[1:3]}


def test_nothing_waits_longer_than_the_limit(desk):
    """An article of the same gap between issues that is older than 31 days has lapsed."""
    late = AsOf.before_issue(FIRST + timedelta(days=60))
    snapshot, candidates = desk(
        [article("old", IN_WINDOW), article("young", FIRST + timedelta(days=50))], [issue(1, [])], as_of=late
    )
    assert titles(snapshot, candidates) == {"young"}
    assert [left.why for left in candidates.exclusions] == ["lapsed"]


def test_what_ran_is_kept_out_by_any_spelling(desk):
    """A story that an issue ran is known by its address in another spelling, and by a long title elsewhere."""
    headline = "a long headline that nobody writes twice"
    published = issue(
        1, [("teams", "Same address", "https://www.a.example/x"), ("teams", headline, "https://b.example/y")]
    )
    articles = [
        article("Another title", IN_WINDOW, "http://a.example/x/"),
        article(headline.title(), IN_WINDOW, "https://c.example/z"),
        article("Same address", IN_WINDOW, "https://d.example/short-titles-say-little"),
    ]
    snapshot, candidates = desk(articles, [published])
    assert titles(snapshot, candidates) == {"Same address"}
    assert {(left.why, left.issue) for left in candidates.exclusions} == {("ran", 1)}
    assert {left.url for left in candidates.exclusions} == {"https://www.a.example/x", "https://b.example/y"}


def test_muted_is_kept_out_until_unmuted(desk):
    """A mute by source or phrase names itself; unmuting brings the story back."""
    from pipeline.core.types import Decision

    at = datetime(2026, 1, 10, tzinfo=UTC)
    mutes = [
        Decision(None, "mute", "Ed", at, text="source:loud.example", seq=1),
        Decision(None, "mute", "Ed", at, text="phrase:webinar", seq=2),
        Decision(None, "mute", "Ed", at, text="phrase:calm", seq=3),
        Decision(None, "unmute", "Ed", at, text="phrase:calm", seq=4),
    ]
    articles = [
        article("noise", IN_WINDOW, "https://loud.example/1"),
        article("A Webinar again", IN_WINDOW),
        article("calm words", IN_WINDOW),
    ]
    snapshot, candidates = desk(articles, [issue(1, [])], mutes)
    assert titles(snapshot, candidates) == {"calm words"}
    assert {left.detail for left in candidates.exclusions} == {"muted source loud.example", "muted phrase webinar"}


def test_later_comes_back_for_the_next_issue(desk):
    """What the editor put off is a candidate for the next issue, whenever it was first seen."""
    put_off = article("put off", FIRST - timedelta(days=3))
    later = decision(put_off, "later", datetime(2026, 1, 8, tzinfo=UTC), 1)
    snapshot, candidates = desk([put_off], [issue(1, [])], [later])
    assert titles(snapshot, candidates) == {"put off"}


def test_what_was_put_off_too_long_ago_lapses(desk):
    """It is named among what was left out, though it was seen before the last issue; what nobody put off is not."""
    put_off, seen = article("put off", FIRST - timedelta(days=3)), article("seen on the issue's day", FIRST)
    later = decision(put_off, "later", datetime(2026, 1, 10, tzinfo=UTC), 1)
    late = AsOf.before_issue(FIRST + timedelta(days=60))
    snapshot, candidates = desk([put_off, seen], [issue(1, [])], [later], late)
    assert titles(snapshot, candidates) == set()
    assert [(left.article_id, left.why) for left in candidates.exclusions] == [(put_off.id, "lapsed")]


def test_long_title_that_ran_is_known_at_another_address(desk):
    """A title of six words is one story's; of five it may be two stories'."""
    ran = ["One two three four five six", "One two three four five"]
    picks = [("random", title, f"https://ran.example/{n}") for n, title in enumerate(ran)]
    snapshot, candidates = desk([article(title, IN_WINDOW) for title in ran], [issue(1, picks)])
    assert titles(snapshot, candidates) == {ran[1]}


def test_one_row_a_story(desk):
    """Two sources with one headline are one candidate, and the other is named beside it."""
    headline = "One headline carried by two sources"
    twins = [article(headline, IN_WINDOW, f"https://{host}.example/s") for host in ("one", "two")]
    _, candidates = desk(twins, [issue(1, [])])
    assert len(candidates.rows) == 1
    assert len(candidates.duplicates[0]) == 1


def test_the_future_is_not_known(desk):
    """As of a past time, later issues and articles are not known."""
    later = issue(2, [("teams", "x", "https://a.example/x")])
    snapshot, candidates = desk([article("x", IN_WINDOW, "https://a.example/x")], [issue(1, []), later])
    assert titles(snapshot, candidates) == {"x"}
    assert snapshot.at(AsOf.before_issue(date(2026, 1, 1))).articles == []


def test_call_that_has_closed_is_kept_out(desk):
    """A headline that says it is a call stays while it is open; the same words elsewhere hide nothing."""
    day = FIRST + timedelta(days=4)
    calls = [f"Call for papers, due {d:%d %B %Y}" for d in (day, FIRST + timedelta(weeks=2))]
    snapshot, candidates = desk([article(title, IN_WINDOW) for title in (*calls, f"What we did by {day:%d %B %Y}")])
    assert titles(snapshot, candidates) == {calls[1], f"What we did by {day:%d %B %Y}"}
    assert [(left.why, left.detail) for left in candidates.exclusions] == [("lapsed", f"closed on {day:%Y-%m-%d}")]


def test_new_feed_brings_its_news_and_not_its_history(desk):
    """Entries published long before the window are known, not candidates; a slow feed's and an editor's are."""
    at = datetime(IN_WINDOW.year, IN_WINDOW.month, IN_WINDOW.day, 12, tzinfo=UTC)
    articles = [
        article("An old post", IN_WINDOW, published_at=at - timedelta(days=900)),
        article("A post of the week before", IN_WINDOW, published_at=at - timedelta(days=8)),
        article("A post of a slow feed", IN_WINDOW, published_at=at - timedelta(days=2, hours=20)),
        article("A post of today", IN_WINDOW, published_at=at),
        article("A post without a date", IN_WINDOW),
        article("An old post that the editor found", IN_WINDOW, published_at=at - timedelta(days=900), origin="editor"),
    ]
    snapshot, candidates = desk(articles, [issue(1, [])])
    found = {"A post of a slow feed", "A post of today", "A post without a date", "An old post that the editor found"}
    assert titles(snapshot, candidates) == found


@pytest.mark.parametrize(
    ("mute", "muted"),
    [
        ("phrase:AI", {"New AI model", "AI, again"}),
        ("phrase:open source", {"Open-source news"}),
        ("phrase:C++", {"C++ in depth"}),
        ("phrase:海の本", {"新しい海の本が出た"}),
        ("phrase:दिन", {"एक दिन की कहानी"}),
        ("phrase:istanbul", {"İstanbul at night"}),
        ("phrase:cafe\u0301", {"A CAFÉ by the sea"}),
        ("source:loud.example", {"On a subdomain"}),
        ("source:https://www.host.example/loud/", {"Below an address"}),
        ("source:host.example/loud", {"Below an address"}),
        ("phrase:臺灣", {"台湾的图书馆"}),
        ("phrase:ＡＩ", {"New AI model", "AI, again"}),
        ("phrase:ｻｰﾊﾞｰ", {"サーバーの話"}),
        ("phrase:#NightTrain", {"#NightTrain to Rome"}),
        ("phrase:nighttrain", {"#NightTrain to Rome"}),
        ("source:*.loud.example", {"On a subdomain"}),
        ("source:loud.example:443", {"On a subdomain"}),
        ("source:bücher.example", {"On an international host"}),
        ("source:example", set()),
    ],
)
def test_mute_matches_whole_words_and_subdomains(desk, mute, muted):
    """No part of a word, marks included; a phrase across punctuation; a host with subdomains, an address with pages."""
    from pipeline.core.types import Decision

    names = ["New AI model", "AI, again", "We maintain a light", "Rail in Spain", "Open-source news", "C++ in depth",
             "C for sailors", "新しい海の本が出た", "Open the source", "एक दीन की कहानी", "एक दिन की कहानी",
             "İstanbul at night", "A CAFÉ by the sea", "台湾的图书馆", "サーバーの話",
             "#NightTrain to Rome"]  # fmt: skip
    articles = [article(name, IN_WINDOW, f"https://a.example/{n}") for n, name in enumerate(names)]
    articles += [article("On a subdomain", IN_WINDOW, "https://blog.loud.example/1")]
    articles += [article("On an international host", IN_WINDOW, "https://xn--bcher-kva.example/1")]
    articles += [article("On another host", IN_WINDOW, "https://notloud.example/1")]
    articles += [article("Below an address", IN_WINDOW, "https://host.example/loud/1")]
    articles += [article("Beside an address", IN_WINDOW, "https://host.example/louder/1")]
    mutes = [Decision(None, "mute", "Ed", datetime(2026, 1, 10, tzinfo=UTC), text=mute, seq=1)]
    snapshot, candidates = desk(articles, [issue(1, [])], mutes)
    assert {a.title for a in articles} - titles(snapshot, candidates) == muted
