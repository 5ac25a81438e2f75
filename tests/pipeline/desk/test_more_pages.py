"""Feeds, past issues, settings, models and replay at the desk; all by plain forms."""

import re
import sys
import time
from datetime import UTC, date, datetime
from urllib.parse import urlencode

import lxml.html
import pytest

from pipeline.core.as_of import AsOf
from pipeline.core.config import FILE_NAME
from pipeline.core.config_reader import PROPERTIES, read_newsletter
from pipeline.core.types import Feed, Issue, Pick, StepReport
from pipeline.core.urls import article_id
from pipeline.desk import feeds_page
from pipeline.desk.nightly_process import NightRun
from pipeline.steps.subscribe import Suggestion
from pipeline.store.feeds import all_feeds, follow
from pipeline.store.issues import add_issues
from pipeline.store.model_cards import ModelCard, add_card
from pipeline.store.runs import record_run

OPML = '<opml version="2.0"><body><outline type="rss" text="A blog" xmlUrl="https://a.example/feed"/></body></opml>'


def feeds(workspace) -> list[str]:
    with workspace.database.reading() as connection:
        return [feed.url for feed in all_feeds(connection)]


def test_feeds_are_imported_listed_and_exported(client, workspace):
    """An OPML file is followed, told of, shown, and comes out as OPML again; what is none is refused in a sentence."""
    page = client.post("/feeds/import", files={"opml": ("mine.opml", OPML)}).text
    assert feeds(workspace) == ["https://a.example/feed"]
    assert "New feeds: 1 of 1." in page
    assert "New feeds" not in client.get("/feeds").text
    assert "A blog" in page
    assert "https://a.example/feed" in client.get("/feeds.opml").text
    answer = client.post("/feeds/import", files={"opml": ("mine.opml", "no OPML")})
    assert (answer.status_code, "mine.opml names no feed" in answer.text) == (400, True)
    assert client.post("/feeds/import", files={"none": b""}).status_code == 400


def test_feed_is_asked_again_and_removed(client, workspace):
    """Retry clears the failures, remove deletes the feed, of one that is not followed both say so."""
    with workspace.database.writing() as connection:
        follow(connection, [Feed("https://a.example/feed", failures=3, last_error="timed out")])
    assert "Timed out" in client.get("/feeds").text
    client.post("/feeds/retry", data={"url": "https://a.example/feed"})
    assert "Timed out" not in client.get("/feeds").text
    client.post("/feeds/remove", data={"url": "https://a.example/feed"})
    assert feeds(workspace) == []
    assert client.post("/feeds/remove", data={"url": "https://a.example/feed"}).status_code == 404
    assert client.post("/feeds/retry", data={"url": "https://a.example/feed"}).status_code == 404


def test_status_links_each_feed(client, workspace):
    """A feed on the status page leads to its row among the feeds, where it is asked again, muted or removed."""
    with workspace.database.writing() as connection:
        follow(connection, [Feed("https://a.example/feed", "A blog", failures=3, last_error="timed out")])
    address = re.search(r'href="/feeds#([^"]+)"><bdi>A blog', client.get("/status").text)[1]
    assert f'<tr id="{address}">' in client.get("/feeds").text


def test_mute_of_a_feed_mutes_the_site_of_its_articles(client, desk, ids, workspace):
    """Not the host that serves the feed, which many may share; a feed that gathers many sites has no such button."""
    with workspace.database.writing() as connection:
        follow(connection, [Feed("https://feeds.example/one"), Feed("https://feeds.example/planet")])
        connection.execute(
            "INSERT INTO article_feeds SELECT id, 'https://feeds.example/one', NULL, url_key, title FROM articles "
            "WHERE source = 'source1.example'"
        )
        connection.execute(
            "INSERT INTO article_feeds SELECT id, 'https://feeds.example/planet', NULL, url_key, title FROM articles"
        )
    sites = re.findall(r'name="kind" value="source"><input type="hidden" name="value" value="([^"]+)"',
                       client.get("/feeds").text)  # fmt: skip
    assert sites == ["source1.example"]
    before = len(desk.stories())
    client.post("/mute", data={"kind": "source", "value": sites[0], "verdict": "mute", "back": "/feeds"})
    assert len(desk.stories()) < before


def test_feed_of_the_file_is_removed_there_too(client, workspace):
    """A feed in newsletter.toml is taken out of it, and comments stay."""
    file = workspace.folder / "newsletter.toml"
    text = file.read_text().replace(
        "feeds = []", 'feeds = [\n  "https://a.example/feed", # mine\n  "https://b.example/feed",\n]'
    )
    file.write_text(text)
    client.app.state.desk.use_newsletter(read_newsletter(file))
    with workspace.database.writing() as connection:
        follow(connection, [Feed("https://a.example/feed", in_file=True)])
    page = client.get("/feeds").text
    assert page.count("Its entry in newsletter.toml is deleted, with its options and comment.") == 1
    assert "private address" not in page
    client.post("/feeds/remove", data={"url": "https://a.example/feed"})
    assert [feed.url for feed in read_newsletter(file).feeds] == ["https://b.example/feed"]
    assert "every second friday" in file.read_text()


def test_removal_tells_that_a_secret_is_forgotten(client, workspace):
    """A feed whose private address no page shows says that it cannot be followed again without it."""
    with workspace.database.writing() as connection:
        follow(connection, [Feed("https://a.example/feed", address="https://a.example/feed?token=hush")])
    page = client.get("/feeds").text
    assert "Its private address is forgotten" in page
    assert "hush" not in page


def test_feed_is_added_by_its_page(client, monkeypatch):
    """The form follows what is found at an address."""
    monkeypatch.setattr(feeds_page, "add_feed", lambda database, newsletter, as_of, url: (Feed(url, "A blog"), True))
    page = client.post("/feeds/add", data={"url": "https://a.example/", "back": "/feeds"}).text
    assert "The next night asks A blog, too." in page


def test_suggested_feed_is_one_click(client, workspace, monkeypatch):
    """A site that was picked from stands with its feed and a button that follows it; one without says why."""
    found = [
        Suggestion("a.example", 3, "https://a.example/feed", "A blog"),
        Suggestion("b.example", 2, None, None, "answered 404"),
    ]
    monkeypatch.setattr(feeds_page, "suggest_feeds", lambda *_: found)
    assert "a.example" not in client.get("/feeds").text  # asks no site unless it is told to
    page = client.get("/feeds?suggest=1").text
    assert 'name="url" value="https://a.example/feed"><button>Follow' in page
    assert "answered 404" in page
    with workspace.database.writing() as connection:
        follow(connection, [Feed("https://a.example/feed")])
    page = client.get("/feeds").text  # the others are there for the next click, and no site is asked again
    assert ("answered 404" in page, '"><button>Follow' in page) == (True, False)


@pytest.fixture
def issues(workspace) -> None:
    """Two past issues."""
    picks = (Pick("Teams", "On feedback", "https://a.example/feedback", 1, 1, "teams", "Ann, A Blog"),)
    other = (Pick("Teams", "On queues", "https://a.example/queues", 1, 1, "teams"),)
    with workspace.database.writing() as connection:
        add_issues(connection, [Issue(95, date(2026, 1, 2), picks=picks), Issue(96, date(2026, 1, 9), picks=other)])


def test_past_issues_are_browsed_and_searched(client, issues):
    """The list names all issues, a search their picks, an issue its own; an unknown one says so."""
    page = client.get("/issues").text
    assert page.index("/issues/96") < page.index("/issues/95")
    found = client.get("/issues?q=FEEDBACK+blo\u00adg").text
    assert ("On feedback" in found, "On queues" in found) == (True, False)
    assert "On queues" in client.get("/issues/96").text
    assert client.get("/issues/7").status_code == 404
    assert client.get("/issues/x").status_code == 404


def test_issue_tells_what_the_model_would_have_found(client, issues, workspace):
    """An issue that was imported shows the ranks of its picks in the last replay; without one, where to run it."""
    assert 'href="/replay"' in client.get("/issues/95").text
    ranks = {"95": {article_id("https://a.example/feedback"): 12}, "96": {}}
    report = StepReport("replay", 2, 2, 0, 1.0, {"issues": [95, 96], "pick_ranks": ranks})
    record_run(workspace.database, report, AsOf.now())
    page = client.get("/issues/95").text
    assert "rank 12" in page
    assert "1 of 1 pick, 1 of them among the first 25" in page
    assert "not on the list" in client.get("/issues/96").text


SETTINGS = {
    "name": "New name", "url": "", "issue_day": "monday", "timezone": "Europe/Berlin", "nightly": "0 4 * * *",
    "retraining": "0 5 * * 0", "candidate_days": "21", "back": "/settings",
}  # fmt: skip


def test_settings_are_written_and_comments_stay(client, workspace):
    """The form writes newsletter.toml, the desk goes on with it; a wrong value is refused and nothing is written."""
    file = workspace.folder / "newsletter.toml"
    comments = [line.partition("#")[2] for line in file.read_text().splitlines() if "#" in line]
    assert "New name" in client.post("/settings/newsletter", data=SETTINGS).text
    newsletter = read_newsletter(file)
    assert (newsletter.issue_day, newsletter.limits.candidate_days) == ("monday", 21)
    assert [line.partition("#")[2] for line in file.read_text().splitlines() if "#" in line] == comments
    before = file.read_text()
    for wrong in ({"timezone": "Nowhere"}, {"nightly": "at four"}, {"candidate_days": "many"}):
        answer = client.post("/settings/newsletter", data=SETTINGS | wrong)
        assert (answer.status_code, next(iter(wrong.values())) in answer.text) == (400, True)
        assert "/tmp" not in answer.text  # the file is checked under another name
    assert file.read_text() == before


def test_saving_what_is_there_changes_nothing(client, workspace):
    """A form that is saved as it came leaves newsletter.toml as it was: no default is written into it."""
    file = workspace.folder / "newsletter.toml"
    text = "\n".join(
        line for line in file.read_text().splitlines() if not line.startswith(("nightly", "candidate_days"))
    )
    file.write_text(text)
    for form in lxml.html.fromstring(client.get("/settings").text).forms:
        if (form.action or "").startswith("/settings/"):
            answer = client.post(form.action, content=urlencode(form.form_values()))
            assert answer.status_code == 200
    assert file.read_text() == text


def test_a_quota_of_none_and_implied_properties_turned_off_are_written(client, workspace):
    """Files older than the properties imply them by the sections' keys; what the form turns off is off."""
    file = workspace.folder / "newsletter.toml"
    plain = [line for line in file.read_text().splitlines() if not line.startswith((*PROPERTIES, "quota"))]
    file.write_text("\n".join(plain))
    keys = [section.key for section in read_newsletter(file).sections]
    assert read_newsletter(file).section("calls").deadlines
    names = [section.name for section in read_newsletter(file).sections]
    form = {"key": keys, "name": names, "quota": ["0", *[""] * (len(keys) - 1)], "back": "/settings"}
    assert client.post("/settings/sections", data=form).status_code == 200
    new = read_newsletter(file)
    assert not any(getattr(section, name) for section in new.sections for name in PROPERTIES)
    assert [section.quota for section in new.sections] == [0, *[None] * (len(keys) - 1)]


def test_sections_are_edited_added_and_removed(client, desk, workspace):
    """Sections change their text, place and quota; one is added, one removed; the last one stays."""
    old = desk.workspace.newsletter.sections
    form = {
        "key": [*(s.key for s in old), "tools"],
        "name": [*(s.name for s in old), "Tools"],
        "place": [*map(str, range(1, len(old) + 1)), "1"],
        "quota": ["3", *[""] * len(old)],
        "instructions": [*(s.instructions for s in old), "What helps; what does not."],
        "aliases": [*("; ".join(s.aliases) for s in old), "Kit; Gear"],
        "one_liners": [str(len(old) - 1)],
        "remove": ["1"],
        "back": "/settings",
    }
    assert client.post("/settings/sections", data=form).status_code == 200
    new = desk.workspace.newsletter.sections
    assert {s.key for s in new} == {s.key for s in old} - {old[1].key} | {"tools"}
    tools = desk.workspace.newsletter.section("tools")
    assert (tools.aliases, new.index(tools) < 2) == (("Kit", "Gear"), True)
    assert desk.workspace.newsletter.section(old[0].key).quota == 3
    assert desk.workspace.newsletter.section(old[-1].key).one_liners
    assert read_newsletter(workspace.folder / "newsletter.toml") == desk.workspace.newsletter
    assert client.post("/settings/sections", data={"key": "", "back": "/"}).status_code == 400


def test_job_runs_and_shows_its_output(client, app, workspace, monkeypatch):
    """A replay is started from its page and its output shown; what is no job is refused, and no option gets through."""
    asked = []

    class Job(NightRun):
        def start(self, command=None):
            asked.append(command)
            return super().start([sys.executable, "-c", "print('recall found')"])

    app.state.job = Job(workspace.folder)
    client.post("/job", data={"job": "replay", "last": "12"})
    end = time.monotonic() + 20
    while app.state.job.outcome is None and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(0.2)
    assert "recall found" in client.get("/job").text
    assert asked[0][-4:] == ["--workspace", str(workspace.folder), "--last", "12"]
    client.post("/job", data={"job": "compare", "last": "12", "model": "--workspace=/"})
    assert asked[1][-2:] == ["--", "--workspace=/"]
    refused = client.post("/job", data={"job": "compare", "model": " ", "back": "/models"})
    assert (refused.status_code, "Which model" in refused.text) == (400, True)
    assert client.post("/job", data={"job": "rm"}).status_code == 400
    assert client.post("/job", data={"job": "replay", "last": "-1"}).status_code == 400


def test_a_job_beside_another_is_refused(client, app):
    """One job runs at a time; a second one is refused in a sentence, not forgotten."""
    app.state.job.start([sys.executable, "-c", "import time; time.sleep(60)"])
    refused = client.post("/job", data={"job": "replay", "last": "12", "back": "/replay"})
    app.state.job._process.kill()
    assert (refused.status_code, "is running" in refused.text) == (400, True)


def test_unknown_model_does_not_serve(client):
    """Rolling back to a model that is not there is refused in a sentence."""
    assert client.post("/models/activate", data={"id": "nosuch"}).status_code == 404
    assert "No model is kept yet" in client.get("/models").text


def test_kept_models_are_compared(client, desk, workspace):
    """Models of a kind stand beside each other with their figures, written for a person; an earlier one can serve."""
    with workspace.database.writing() as connection:
        for day, active, mean in ((2, False, 0.75), (9, True, 0.8125)):
            figures = {"ndcg@20": {"mean": mean, "low": 0.7, "high": 0.9}}
            card = {"data": {"issues": day, "picks": 50, "editors": []}, "figures": figures, "measured_on": [1, 2]}
            at = datetime(2026, 1, day, tzinfo=UTC)
            add_card(connection, ModelCard(f"relevance-{day}", "relevance", at, at.date(), "0", active, card))
    page = client.get("/models").text
    assert page.index("9 January 2026") < page.index("2 January 2026")
    assert "0.812 (0.700 to 0.900)" in page
    assert page.count(">Activate<") == 1
    assert "[" not in page.partition("<main")[2].partition("<h2>Compare")[0]
    assert "editors" not in page


def section_form(desk, **places):
    """Return the form of the sections as the page shows it, with other places for some."""
    sections = desk.workspace.newsletter.sections
    return {
        "key": [s.key for s in sections],
        "name": [s.name for s in sections],
        "instructions": [s.instructions for s in sections],
        "aliases": ["; ".join(s.aliases) for s in sections],
        "quota": ["" if s.quota is None else str(s.quota) for s in sections],
        "place": [places.get(s.key, str(n)) for n, s in enumerate(sections, 1)],
        **{name: [str(n) for n, s in enumerate(sections) if getattr(s, name)] for name in PROPERTIES},
    }


@pytest.mark.parametrize("place", range(1, 5))
@pytest.mark.parametrize("nth", range(4))
def test_a_section_takes_the_place_it_is_given(client, desk, nth, place):
    """Whether it goes up or down, the section stands there, and the others keep their order."""
    keys = [section.key for section in desk.workspace.newsletter.sections]
    moved = keys[nth]
    client.post("/settings/sections", data=section_form(desk, **{moved: str(place)}))
    others = [key for key in keys if key != moved]
    expected = [*others[: place - 1], moved, *others[place - 1 :]]
    assert [section.key for section in desk.workspace.newsletter.sections] == expected


def test_moving_sections_to_and_fro_adds_no_lines(client, desk):
    """Sections stay one blank line apart, however often the order is changed and changed back."""
    file = desk.workspace.folder / FILE_NAME
    first, last = desk.workspace.newsletter.sections[0].key, desk.workspace.newsletter.sections[-1].key
    seen = []
    for _ in range(4):
        client.post("/settings/sections", data=section_form(desk, **{last: "1"}))
        client.post("/settings/sections", data=section_form(desk, **{last: "99"}))
        assert desk.workspace.newsletter.sections[0].key == first
        seen.append(file.read_text())
    assert seen[1:] == seen[:-1]
    assert "\n\n\n" not in seen[0]
    assert re.search(r"[^\n]\n\[\[sections", seen[0]) is None
