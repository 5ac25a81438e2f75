"""The list of past issues, a page at a time."""

import re
from datetime import date, timedelta

import pytest

from pipeline.core.types import Issue, Pick
from pipeline.store.issues import add_issues


@pytest.fixture
def shown(client, workspace):
    """The numbers of the issues on a page, and where its links lead, in a newsletter of 450 issues."""
    picks = tuple(Pick("Teams", "A story", f"https://a.example/{n}", n, n) for n in (1, 2))
    issues = [Issue(n, date(2015, 1, 2) + timedelta(7 * n), picks=picks[: 1 + n % 2]) for n in range(1, 451)]
    with workspace.database.writing() as connection:
        add_issues(connection, issues)

    def shown(address: str) -> tuple[list[int], list[str]]:
        html = client.get(address).text
        return [int(n) for n in re.findall(r'href="/issues/(\d+)"', html)], re.findall(r'"(/issues\?page=\d+)"', html)

    return shown


def test_issues_are_paged(shown):
    """The newest 200 first; each page links the one before and after it, and together they hold all."""
    pages = [shown(f"/issues?page={n}") for n in (1, 2, 3)]
    assert [links for _, links in pages] == [
        ["/issues?page=2"], ["/issues?page=1", "/issues?page=3"], ["/issues?page=2"],
    ]  # fmt: skip
    assert [n for numbers, _ in pages for n in numbers] == list(range(450, 0, -1))


def test_pages_that_are_none(shown, client):
    """What is no number is the first page; a page beyond the last leads to the newest."""
    for page in ("", "0", "-1", "x", "²"):
        assert shown(f"/issues?page={page}")[0][0] == 450
    assert shown("/issues?page=999999") == ([], [])
    assert "The newest" in client.get("/issues?page=4").text


def test_one_pick_is_one(shown, client):
    """An issue with one pick says so."""
    assert "2 picks" in client.get("/issues").text
    assert "1 pick<" in client.get("/issues").text


def test_issues_without_numbers_are_called_by_their_days(client, workspace):
    """Also the second one of a day, whose number has ten digits."""
    picks = (Pick("Teams", "A story", "https://a.example/1", 1, 1),)
    issues = [Issue(number, date(2021, 5, 3), picks=picks) for number in (20210503, 2021050302)]
    with workspace.database.writing() as connection:
        add_issues(connection, issues)
    assert ">2021-05-03 <bdi>" in client.get("/issues").text
    assert "<h1>2021-05-03 (2) ·" in client.get("/issues/2021050302").text


def test_an_issue_keeps_the_order_of_its_sections(client, workspace):
    """Its page lists them as they went out, not by the alphabet."""
    picks = tuple(
        Pick(name, "A story", f"https://a.example/{n}", n, 1) for n, name in enumerate(("Zoo", "Art", "Music"))
    )
    with workspace.database.writing() as connection:
        add_issues(connection, [Issue(7, date(2021, 5, 3), picks=picks)])
    assert re.findall(r"<h2>(Zoo|Art|Music)</h2>", client.get("/issues/7").text) == ["Zoo", "Art", "Music"]


def test_a_record_is_taken_back(client, desk, ids):
    """From the page that says it is recorded two presses bring the picks back into the draft; again is refused."""
    client.post("/decide", data={"id": ids[0], "verdict": "pick"})
    draft = client.get("/draft/issue.md").text
    said = client.post("/draft/published", data={"text": draft}).text
    assert desk.story(ids[0]).state == "ran"
    page = re.search(r'href="(/issues/\d+)">Look at it', said)[1]
    assert f'action="{page}/take-back"' in client.get(page).text
    assert "with 1 pick is no longer recorded." in client.post(f"{page}/take-back", data={"back": "/issues"}).text
    assert desk.story(ids[0]).state == "picked"
    assert client.get("/draft/issue.md").text == draft
    again = client.post(f"{page}/take-back", data={"back": "/issues"})
    assert (again.status_code, "nothing was taken back" in again.text.lower()) == (404, True)
