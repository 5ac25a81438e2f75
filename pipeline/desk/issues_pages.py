"""Past issues: browsed, searched, and how high each pick stood on the list."""

from collections.abc import Mapping, Sequence
from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from models.words import fold
from pipeline.core.counted import counted
from pipeline.core.errors import NotFoundError
from pipeline.core.issue_number import issue_name
from pipeline.core.types import Issue, Pick
from pipeline.core.urls import article_id, url_key
from pipeline.desk import publishing
from pipeline.desk.actions import form_action
from pipeline.desk.query import MAX_WORDS
from pipeline.desk.rendering import desk_of, render
from pipeline.desk.requests import Form
from pipeline.store.issue_results import ranks_of
from pipeline.store.issues import known_issue, known_issues
from pipeline.store.runs import last_report

FOUND = 200  # picks that a search shows
A_PAGE = 200  # issues


def issues(request: Request) -> Response:
    """List the past issues, newest first, a page at a time; with words, the picks that contain them."""
    desk, words = desk_of(request), request.query_params.get("q", "")[:MAX_WORDS]
    with desk.workspace.database.reading() as connection:
        known = known_issues(connection, date.max)[::-1]
    found = search(known, fold(words).split()) if words.strip() else None
    page = request.query_params.get("page", "")[:6]
    start = (max(int(page), 1) - 1) * A_PAGE if page.isascii() and page.isdecimal() else 0
    shown = known[start : start + A_PAGE]
    return render(
        request, "issues.html", issues=shown, words=words, found=found, most=FOUND, total=len(known),
        newer=start // A_PAGE, older=start // A_PAGE + 2 if start + A_PAGE < len(known) else 0,
    )  # fmt: skip


def issue(request: Request) -> Response:
    """Show one issue: its picks by section, with their rank on the list of that week or, else, in the last replay."""
    text = request.path_params["number"]
    number = _number(text)
    with desk_of(request).workspace.database.reading() as connection:
        found = known_issue(connection, number)
        shown = ranks_of(connection, number)
        replayed = None if shown else (last_report(connection, "replay") or {}).get("pick_ranks", {}).get(str(number))
    if found is None:
        raise NotFoundError(f"no issue {text[:12]!r} is recorded; all are listed under Issues")
    ranks = [_rank(pick, shown, replayed or {}) for pick in found.picks]
    return render(
        request, "issue.html", issue=found, picks=found.picks, by_section=_by_section(found, ranks),
        is_shown=bool(shown), is_replayed=replayed is not None, ranked=[rank for rank in ranks if rank],
    )  # fmt: skip


@form_action
def take_back(request: Request, form: Form) -> str:
    """Take back that an issue went out."""
    issue = publishing.take_back(desk_of(request), _number(request.path_params["number"]))
    return f"{issue_name(issue.number)} of {issue.date} with {counted(len(issue.picks), 'pick')} is no longer recorded."


def _number(text: str) -> int:
    return int(text[:10]) if text.isascii() and text.isdecimal() else -1


def _by_section(issue: Issue, ranks: Sequence[int | None]) -> dict[str, list[tuple[Pick, int | None]]]:
    """Group the picks, each with its rank, under the issue's headings, in the order in which it went out."""
    groups: dict[str, list[tuple[Pick, int | None]]] = {}
    for pick, rank in zip(issue.picks, ranks, strict=True):
        groups.setdefault(pick.section_name, []).append((pick, rank))
    return groups


def _rank(pick: Pick, shown: Mapping[str, int | None], replayed: Mapping[str, int]) -> int | None:
    if not pick.url:
        return None
    return shown.get(url_key(pick.url)) or replayed.get(article_id(pick.url))


def search(issues: Sequence[Issue], words: Sequence[str]) -> list[tuple[Issue, Pick]]:
    """Return the picks whose title, byline, section or address contains all words, newest first."""
    return [(issue, pick) for issue in issues for pick in issue.picks if _contains(pick, words)]


def _contains(pick: Pick, words: Sequence[str]) -> bool:
    text = fold(f"{pick.title} {pick.byline or ''} {pick.section_name} {pick.url or ''} {pick.context}")
    return all(word in text for word in words)
