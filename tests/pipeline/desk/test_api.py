"""The JSON interface does what the page does, keeps to its description, and takes any nonsense without falling."""

import sys
from operator import attrgetter

import pytest
import schemathesis
from browser import served
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import allow_header_conformance, positive_data_acceptance

from pipeline.core.types import Article
from pipeline.core.urls import article_id
from pipeline.desk import add_story
from pipeline.desk.api import router
from pipeline.desk.nightly_process import NightRun

described = FastAPI(title="The JSON interface", generate_unique_id_function=attrgetter("name"))
described.include_router(router)
schema = schemathesis.openapi.from_dict(described.openapi())


@pytest.fixture
def address(app, monkeypatch):
    """An application that is really served, whose nights do nothing and whose links are never fetched."""
    app.state.night = NightRun(app.state.desk.workspace.folder, [sys.executable, "-c", "print('pull')"])
    monkeypatch.setattr(add_story, "add_link", found_without_the_network)
    with served(app) as address:
        yield address


def found_without_the_network(database, newsletter, as_of, address):
    from pipeline.core.errors import InputError
    from pipeline.core.urls import canonical_url

    url = canonical_url(address)
    if not url:
        raise InputError(f"{address!r} is no web address")
    return Article(article_id(url), url, url, "found.example", as_of.time, origin="editor"), "was not fetched"


@schema.parametrize()
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_interface_keeps_to_its_description(case, address):
    """Anything the description allows or forbids gets one of the answers it names, and never a fault of ours.

    What it allows may still be refused in a sentence: no schema knows the newsletter's sections. A 405 names only the
    method of the route that the router met first.
    """
    case.call_and_validate(base_url=address, excluded_checks=[positive_data_acceptance, allow_header_conformance])


def test_description_is_served(client):
    """/openapi.json describes each call and each of its fields in words, and no answer that is never given."""
    result = client.get("/openapi.json").json()
    operations = [operation for path in result["paths"].values() for operation in path.values()]
    assert {route.name for route in router.routes} == {operation["operationId"] for operation in operations}
    assert all(
        operation["description"] and set(operation["responses"]) == {"200", "4XX", "503"} for operation in operations
    )
    assert all("description" in schema for schema in result["components"]["schemas"].values())


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('{"ids": []', "the body is not JSON: Expecting ',' delimiter"),
        ("[]", "the body: input should be a valid dictionary or object to extract fields from"),
        ('{"ids": [], "verdict": "pick"}', "ids: list should have at least 1 item after validation, not 0"),
        ('{"ids": ["a", 3], "verdict": "pick"}', "ids.1: input should be a valid string"),
        ('{"ids": ["a"], "verdict": "pick", "seen": true}', "seen: input should be a valid integer"),
    ],
)
def test_error_names_the_field(client, body, sentence):
    """What is wrong with a body is one sentence that begins with the field."""
    result = client.post("/api/decisions", content=body, headers={"content-type": "application/json"})
    assert (result.status_code, result.json()) == (400, {"error": sentence})


def test_only_json_of_limited_size_is_read(client, ids):
    """Another site's page can send text/plain without asking; a body without a length is cut off at the limit."""
    body = f'{{"ids": ["{ids[0]}"], "verdict": "pick"}}'
    assert client.post("/api/decisions", content=body, headers={"content-type": "text/plain"}).status_code == 415
    endless = (b"x" * 100_000 for _ in range(30))
    refused = client.post("/api/decisions", content=endless, headers={"content-type": "application/json"})
    assert (refused.status_code, refused.json()) == (413, {"error": "At most 1,000,000 bytes can be sent at once."})


def test_half_an_emoji_costs_no_blurb(client, desk, ids):
    """A lone surrogate, as a browser sends for a broken emoji, is replaced and the text stored."""
    body = f'{{"id": "{ids[0]}", "text": "Good \\ud83d end"}}'
    assert client.post("/api/notes", content=body, headers={"content-type": "application/json"}).status_code == 200
    assert desk.story(ids[0]).note == "Good ? end"


def test_program_does_what_the_page_does(client, desk, ids):
    """Pick, group, note, mute and undo by JSON; each answer names what was stored."""
    picked = client.post("/api/decisions", json={"ids": ids[:2], "verdict": "pick", "editor": "bot"}).json()
    assert [d["seq"] for d in picked["decisions"]] == [1, 2]
    client.post("/api/groups", json={"ids": ids[:2]})
    client.post("/api/notes", json={"id": ids[0], "text": "Two views of one thing."})
    client.post("/api/mutes", json={"kind": "source", "value": "loud.example"})
    result = client.get("/api/stories?state=picked").json()
    assert [(s["id"], s["note"]) for s in result["stories"]] == [(ids[0], "Two views of one thing.")]
    assert desk.muted() == ["source:loud.example"]
    client.post("/api/undo", json={})
    assert desk.muted() == []


def test_second_thought_about_anothers_pick_is_asked_for(client, desk, ids):
    """Who has not seen the other's decision gets a 409; who has, may overrule it."""
    client.post("/api/decisions", json={"ids": ids[:1], "verdict": "pick", "editor": "ann"})
    late = {"ids": ids[:1], "verdict": "skip", "editor": "bob", "seen": 0}
    assert client.post("/api/decisions", json=late).status_code == 409
    assert client.post("/api/decisions", json={**late, "seen": 1}).status_code == 200
    assert [d.verdict for d in desk.workspace.journal.read()] == ["pick", "skip"]


def test_changes_tell_what_others_said(client, ids):
    """A program that follows learns of each decision once."""
    client.post("/api/decisions", json={"ids": ids[:1], "verdict": "pick", "editor": "ann"})
    first = client.get("/api/changes?after=0").json()
    assert [d["editor"] for d in first["decisions"]] == ["ann"]
    assert client.get(f"/api/changes?after={first['seq']}").json()["decisions"] == []


def test_night_runs_from_the_desk(client, app):
    """A night that is asked for runs as a program of its own, and its lines are shown."""
    app.state.night = NightRun(app.state.desk.workspace.folder, [sys.executable, "-c", "print('pull: 3 feeds')"])
    client.post("/api/nights")
    app.state.night._process.wait(20)
    for _ in range(100):
        result = client.get("/api/nights").json()
        if result["lines"]:
            break
    assert (result["running"], result["outcome"], result["lines"]) == (False, 0, ["pull: 3 feeds"])
