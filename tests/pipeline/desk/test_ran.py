"""The list of what an earlier issue ran: read like any other, decided no more."""

import pytest
from playwright.sync_api import expect

from pipeline.store import shortlist
from pipeline.store.issues import add_issues
from world import issue


@pytest.fixture
def ran(workspace, desk, ids) -> list[str]:
    """Three stories that left the shortlist because an issue ran them."""
    gone = ids[:3]
    with workspace.database.writing() as connection:
        add_issues(connection, [issue(1, [("teams", "A pick", "https://a.example/")])])
        connection.execute("DELETE FROM review WHERE list_contains(?, id)", [gone])
        connection.executemany(
            "INSERT INTO exclusions (article_id, why, detail, issue, url) VALUES (?, 'ran', 'ran in #1', 1, ?)",
            [[id, "https://a.example/"] for id in gone],
        )
    desk.reload()
    return gone


def test_what_ran_is_read_with_the_cursor(ran, address, open_page):
    """The article follows the cursor, with its reason and without verdicts."""
    page = open_page(f"{address}/?state=ran")
    for _ in range(2):
        page.keyboard.press("j")
    shown = page.locator('.story[aria-current="true"]').get_attribute("data-id")
    assert shown in ran
    expect(page.locator(".reader")).to_have_attribute("data-story", shown)
    expect(page.locator(".reader .reasons")).to_contain_text("ran in #1")
    expect(page.locator(".article .verdicts")).to_have_count(0)
    for key in "pxlmes1":
        page.keyboard.press(key)
    expect(page.locator("#said")).to_have_text("An earlier issue ran this story: there is nothing to decide.")
    assert page.locator(".story").count() == len(ran)


def test_rows_and_texts_of_what_ran_are_answered(ran, client, ids):
    """Their rows, articles and texts are there; those of no list are not found."""
    assert client.get(f"/rows?state=ran&id={ran[0]}").text.count("data-id") == 1
    for part in ("", "/article", "/text"):
        assert client.get(f"/story/{ran[1]}{part}").status_code == 200
        assert client.get(f"/story/nosuchid{part}").status_code == 404
    assert "verdicts" not in client.get(f"/story/{ran[1]}").text


def test_a_text_of_what_ran_is_looked_up_once(ran, client, monkeypatch):
    """The story is asked for by its id, once for a text."""
    asked = []
    real = shortlist.ran_before
    monkeypatch.setattr(shortlist, "ran_before", lambda *given: asked.append(given[1:]) or real(*given))
    assert client.get(f"/story/{ran[1]}/text").status_code == 200
    assert asked == [(ran[1],)]


def test_what_just_ran_is_listed(ran, workspace, desk, client, ids):
    """A story of the issue that was recorded last stands in the list before the next night, too, without verdicts."""
    with workspace.database.writing() as connection:
        connection.execute("UPDATE review SET state = 'ran' WHERE id = ?", [ids[5]])
    desk.reload()
    assert f'id="s-{ids[5]}"' in client.get("/?state=ran").text
    assert client.get(f"/rows?state=ran&id={ids[5]}&id={ran[0]}").text.count("data-id") == 2
    assert "verdicts" not in client.get(f"/story/{ids[5]}/article").text
