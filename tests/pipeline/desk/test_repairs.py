"""Faults that editors met: each has its case here."""

from dataclasses import replace

from jinja2 import PackageLoader, Template

from helpers import NOW
from invented import lay_stories
from pipeline.core.types import Article, Candidate, Decision
from pipeline.core.urls import article_id
from pipeline.desk import add_story
from pipeline.desk.session import Desk
from pipeline.desk.sync import JournalSync
from pipeline.desk.template_filters import clip, plain, with_links
from pipeline.store import decisions, shortlist
from pipeline.store.articles import add_articles
from pipeline.store.review import replace_review

TWIN = "feedfeedfeedfeed"


def found_article(workspace):
    url = "https://found.example/a"
    article = Article(article_id(url), url, "Found", "found.example", NOW, origin="editor")
    with workspace.database.writing() as connection:
        add_articles(connection, [article])
    return article


def test_link_is_added_without_a_model(client, workspace, monkeypatch):
    """On a desk without a model or a night, a pasted link is a candidate without a relevance."""
    article = found_article(workspace)
    monkeypatch.setattr(add_story, "add_link", lambda *_: (article, None))
    assert client.post("/add", data={"url": article.url}).status_code == 200
    assert client.get("/").status_code == 200
    with workspace.database.reading() as connection:
        assert connection.execute("SELECT relevance FROM review WHERE id = ?", [article.id]).fetchone() == (None,)


def test_templates_changed_on_disk_wait_for_the_next_start(client, monkeypatch):
    """An upgrade beside an open desk would give its old code the new templates."""
    monkeypatch.setattr(Template, "is_up_to_date", False)
    monkeypatch.setattr(PackageLoader, "get_source", lambda *given: ("{{ new_in_this_version }}", None, None))
    assert client.get("/").status_code == 200


def test_background_thread_survives_a_fault_and_says_so(desk, ids, monkeypatch):
    """A fault of ours in the background is shown on the page, and decisions still reach the database."""
    sync = JournalSync(desk, lambda desk: None)
    monkeypatch.setattr(sync, "_write", lambda: 1 / 0)
    sync._try(sync._write)
    assert "ZeroDivisionError" in sync.error


def test_order_is_written_at_once(workspace, ids):
    """The new order is one statement, and touches only the stories given."""
    desk = Desk(workspace)
    moved = [desk.story(ids[0]).moved(7, 0.25, True), desk.story(ids[1]).moved(8, 0.125, False)]
    with workspace.database.writing() as connection:
        shortlist.write_order(connection, moved)
        rows = connection.execute(
            "SELECT id, rank, relevance, exploration FROM review ORDER BY relevance, id LIMIT 30"
        ).fetchall()
    assert {(ids[0], 7, 0.25, True), (ids[1], 8, 0.125, False)} <= set(rows)
    assert len(rows) == 30


def candidate(section="data"):
    article = Article("a" * 16, "https://a.example/", "A", "a.example", NOW)
    return Candidate(article, section, {"data": 0.7, "teams": 0.2}, 0.5, (), 1, (TWIN,))


def row_after(workspace, *made):
    decisions.record(workspace.journal, workspace.database, list(made))
    with workspace.database.writing() as connection:
        replace_review(connection, [candidate()], {}, NOW.date().replace(year=NOW.year + 1))
        return connection.execute("SELECT state, section, section_probability FROM review").fetchone()


def test_last_decision_on_any_twin_gives_the_state(workspace):
    """A story whose first article was undone and whose twin was picked later is picked."""
    leader = Decision("a" * 16, "pick", "ann", NOW)
    picked = Decision(TWIN, "pick", "ann", NOW)
    assert row_after(workspace, leader, replace(leader, verdict="undo"), picked)[0] == "picked"
    assert row_after(workspace, replace(leader, verdict="undo"))[0] == "new"


def test_section_set_through_a_twin_holds(workspace):
    """A section set through a twin's id reaches the table, and no probability of the losing section is shown."""
    ids = lay_stories(workspace, 2)
    with workspace.database.writing() as connection:
        connection.execute("UPDATE review SET duplicate_ids = [?] WHERE id = ?", [TWIN, ids[0]])
    desk = Desk(workspace)
    other = next(key for key in desk.story(ids[0]).sections if key != desk.story(ids[0]).section)
    desk.record([Decision(TWIN, "section", "ann", NOW, other)])
    decisions.catch_up(workspace.journal, workspace.database)
    for shown in (desk, Desk(workspace)):
        story = shown.story(ids[0])
        assert (story.section, story.section_probability) == (other, None)
    assert row_after(workspace, Decision(TWIN, "section", "ann", NOW, "teams"))[1:] == ("teams", None)


def test_joiners_stay_and_bidi_controls_go():
    """Family emoji and Persian keep their joiners; marks that turn the direction of the text are removed."""
    assert clip("👩\u200d👧 می\u200cخواهم") == "👩\u200d👧 می\u200cخواهم"
    assert clip("\u202eevil\u2066\u200f") == "evil"


def test_an_address_in_a_remark_is_a_link() -> None:
    """It stands there in parentheses, as in the draft; nothing else becomes markup."""
    shown = str(with_links("you ran <b>this</b> in #3 (https://a.example/x?u=1&v=2)"))
    assert "you ran &lt;b&gt;this&lt;/b&gt; in #3 <a " in shown
    assert 'href="https://a.example/x?u=1&amp;v=2"' in shown
    assert "(" not in shown
    assert "<a" not in str(with_links("(javascript:alert(1))"))


def test_a_mean_of_few_issues_is_shown_without_an_interval():
    """A card's figure of fewer than six issues says so."""
    assert plain({"mean": 0.5}) == "0.500 (no interval: fewer than 6 issues)"
    assert plain({"mean": 0.5, "low": 0.4, "high": 0.6}) == "0.500 (0.400 to 0.600)"
