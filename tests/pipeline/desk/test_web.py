"""The review page says what is on the shortlist and stores what is said, without any script."""

import asyncio
import re
import threading

import httpx
import pytest
from jinja2 import Environment
from starlette.testclient import TestClient

from pipeline.desk.reading import Readings
from pipeline.desk.rendering import local_path


def test_front_page_shows_the_best_first(client, ids):
    """The page lists the candidates in order, each with its reasons."""
    page = client.get("/").text
    assert re.findall(r'id="s-(\w+)"', page) == ids
    assert "near “An old pick”" in page
    assert 'data-pane="article"' in page


def test_first_page_waits_for_no_template(client, ids, monkeypatch):
    """Templates are compiled when the desk opens, and every module of the script is asked for with the page."""
    monkeypatch.setattr(Environment, "compile", lambda *given, **settings: pytest.fail("a template was compiled"))
    page = client.get("/").text
    preloaded = re.findall(r'rel="modulepreload" href="/static/([\w.]+)"', page)
    assert {"desk.js", "queue.js", "reader.js"} <= set(preloaded)
    assert all(client.get(f"/static/{name}").status_code == 200 for name in preloaded)


def test_pick_is_in_the_journal_before_the_page_answers(client, desk, ids):
    """A verdict sent by a plain form is on disk, and the page that follows shows it."""
    page = client.post("/decide", data={"id": ids[0], "verdict": "pick", "back": "/?state=picked"}).text
    assert [(d.article_id, d.verdict, d.editor) for d in desk.workspace.journal.read()] == [(ids[0], "pick", "ann")]
    assert "<strong>1 picked</strong>" in page
    assert f'data-id="{ids[0]}"' in page


def test_undo_takes_back_one_decision_after_another(client, desk, ids):
    """Undo goes back through what the editor said, and then says nothing more."""
    client.post("/decide", data={"id": ids[0], "verdict": "pick", "section": "data"})
    client.post("/decide", data={"id": ids[0], "verdict": "skip"})
    client.post("/note", data={"id": ids[1], "text": "A blurb"})
    states = []
    for _ in range(4):
        client.post("/undo")
        states.append((desk.story(ids[0]).state, desk.story(ids[1]).note))
    assert states == [("skipped", ""), ("picked", ""), ("new", ""), ("new", "")]


def test_stories_marked_together_are_one_row(client, ids):
    """Grouped stories stand under their first, and a member can leave."""
    page = client.post("/group", data={"id": ids[:3]}).text
    assert len(re.findall(r'class="story ', page)) == len(ids) - 2
    page = client.post("/group", data={"id": ids[1]}).text
    assert len(re.findall(r'class="story ', page)) == len(ids) - 1


def test_filters_narrow_the_page(client, ids):
    """Section, source and words each show fewer stories, and the page says how many."""
    assert client.get("/?q=cooling").text.count('class="story ') == 7
    assert client.get("/?section=teams&source=source0.example").text.count('class="story ') == 2
    assert "No story is left to read here" in client.get("/?q=nosuchword").text


def test_minutes_show_what_fits(client, ids):
    """Half an hour shows a part of the shortlist, ten minutes a smaller part of it."""
    shown = {minutes: set(re.findall(r'id="s-(\w+)"', client.get(f"/?minutes={minutes}").text)) for minutes in (10, 30)}
    assert 0 < len(shown[10]) < len(shown[30]) < len(ids)


def test_unknown_page_is_named(client):
    """An address that is none, and a method that is none, are answered with their name."""
    assert "There is no page /nosuch." in client.get("/nosuch").text
    assert "/help does not answer POST." in client.post("/help").text


@pytest.mark.parametrize(("address", "room"), [("/status", "pages"), ("/metrics", "metrics"), ("/api/status", "api")])
def test_bug_is_called_one(app, monkeypatch, address, room):
    """A page and a call say that a fault of ours stopped them, and what to do; the server logs the rest."""

    def fail(*_):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(f"pipeline.desk.{room}.current_status", fail)
    with TestClient(app, base_url="http://127.0.0.1:8765", raise_server_exceptions=False) as visitor:
        answer = visitor.get(address)
    assert answer.status_code == 500
    assert "A fault in Triage (ZeroDivisionError)" in answer.text
    assert "secret" not in answer.text


def test_nonsense_is_answered_in_a_sentence(client, ids):
    """A wrong filter, an unknown story and a wrong verdict each get a page that says so, and nothing is written."""
    assert client.get("/?state=old").status_code == 400
    assert client.post("/decide", data={"id": "nosuchid", "verdict": "pick"}).status_code == 404
    answer = client.post("/decide", data={"id": ids[0], "verdict": "maybe"})
    assert (answer.status_code, "is no verdict" in answer.text) == (400, True)


def test_name_is_asked_once(app, desk):
    """Without --editor the desk asks who decides, and remembers."""
    app.state.editor = None
    with TestClient(app, base_url="http://localhost:8765") as visitor:
        assert visitor.get("/").url.path == "/editor"
        assert visitor.post("/editor", data={"name": "Zoë 🙂"}).url.path == "/"
        visitor.post("/decide", data={"id": desk.stories()[0].id, "verdict": "skip"})
    assert desk.workspace.journal.read()[-1].editor == "Zoë 🙂"


@pytest.mark.parametrize("address", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", ""])
def test_page_never_leads_elsewhere(address):
    """The address to return to is always one of ours."""
    assert local_path(address) == "/"


def test_every_form_names_a_page_of_ours(client, ids):
    """A form's address is loaded again as a page: that of a refused form stands in the address bar."""
    for path in ("/", "/add", "/older", "/feeds", "/settings", "/models", "/status", "/night", f"/story/{ids[0]}"):
        for action in set(re.findall(r'method="post" action="([^"]+)"', client.get(path).text)):
            assert client.get(action).status_code == 200, action


def test_many_who_wait_for_texts_leave_the_desk_answering(app, ids, monkeypatch):
    """Sixty requests for texts whose sites do not answer take none of the threads that answer decisions."""
    end, complete = threading.Event(), Readings.complete
    monkeypatch.setattr(Readings, "complete", lambda self, id: (end.wait(30), complete(self, id))[1])

    async def decide_meanwhile() -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8765") as client:
            texts = [asyncio.ensure_future(client.get(f"/story/{ids[0]}/text")) for _ in range(60)]
            await asyncio.sleep(0.3)
            deciding = asyncio.ensure_future(client.post("/api/decisions", json={"ids": ids[:1], "verdict": "skip"}))
            await asyncio.wait([deciding], timeout=5)
            was_answered = deciding.done()
            end.set()
            assert {answer.status_code for answer in await asyncio.gather(*texts)} == {200}
            return was_answered and (await deciding).status_code

    assert asyncio.run(decide_meanwhile()) == 200


def test_a_name_that_cannot_be_changed_is_not_asked_for(client):
    """A desk opened with `--editor` keeps that name: its page says so, and has no form that would do nothing."""
    page = client.get("/editor").text
    assert "--editor" in page
    assert 'name="name"' not in page
    assert "Change your name" not in page
    assert client.post("/editor", data={"name": "Zoe"}).status_code == 200
    assert "triage_editor" not in client.cookies
