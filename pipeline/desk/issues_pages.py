"""Past issues: browsed, searched, and how high each pick stood on the list."""

from collections.abc import Sequence
from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from pipeline.core.errors import NotFoundError
from pipeline.core.types import Issue, Pick
from pipeline.core.urls import url_key
from pipeline.desk.query import MAX_WORDS
from pipeline.desk.rendering import desk_of, render
from pipeline.store.issue_results import ranks_of
from pipeline.store.issues import known_issue, known_issues

FOUND = 200  # picks that a search shows


def issues(request: Request) -> Response:
    """List the past issues, newest first; with words, the picks that contain them."""
    desk, words = desk_of(request), request.query_params.get("q", "")[:MAX_WORDS]
    with desk.workspace.database.reading() as connection:
        known = known_issues(connection, date.max)[::-1]
    found = search(known, words.casefold().split())[:FOUND] if words.strip() else None
    return render(request, "issues.html", issues=known, words=words, found=found)


def issue(request: Request) -> Response:
    """Show one issue: its picks by section, with their rank on the list of that week where it is known."""
    text = request.path_params["number"]
    number = int(text[:9]) if text.isascii() and text.isdecimal() else -1
    with desk_of(request).workspace.database.reading() as connection:
        found = known_issue(connection, number)
        ranks = ranks_of(connection, number)
    if found is None:
        raise NotFoundError(f"no issue {text[:12]!r} is recorded; all are listed under Issues")
    picks = [(pick, ranks.get(url_key(pick.url)) if pick.url else None) for pick in found.picks]
    return render(request, "issue.html", issue=found, picks=picks, has_ranks=bool(ranks))


def search(issues: Sequence[Issue], words: Sequence[str]) -> list[tuple[Issue, Pick]]:
    """Return the picks whose title, byline, section or address contains all words, newest first."""
    return [
        (issue, pick)
        for issue in issues
        for pick in issue.picks
        if all(
            word in f"{pick.title} {pick.byline or ''} {pick.section_name} {pick.url or ''} {pick.context}".casefold()
            for word in words
        )
    ]
