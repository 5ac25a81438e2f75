"""The page on which an editor without past issues rates twenty stories, one after the other: the first labels.

The twenty do not change while they are rated. Works without JavaScript; with it, the list's keys press the buttons.
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pipeline.desk.listing import SORTS
from pipeline.desk.rendering import desk_of, editor_of, render
from pipeline.desk.session import Desk
from pipeline.store.shortlist import Story

N_RATED = 20


def rate(request: Request) -> Response:
    """Show the first of the twenty that is not decided; once all are, how many were picked."""
    if editor_of(request) is None:
        return RedirectResponse("/editor", 303)
    stories = stories_to_rate(desk_of(request))
    left = [story for story in stories if story.state == "new"]
    return render(
        request, "rate.html", story=left[0] if left else None, total=len(stories), rated=len(stories) - len(left),
        picked=sum(story.state == "picked" for story in stories),
    )  # fmt: skip


def stories_to_rate(desk: Desk) -> Sequence[Story]:
    """Return the stories to rate, decided or not: those the model chooses, before there is one the first by rank."""
    stories = {story.id: story for story in desk.stories()}
    if desk.reranker is None:
        return sorted(stories.values(), key=SORTS["rank"])[:N_RATED]
    return [stories[id] for id in desk.reranker.stories_to_rate(N_RATED) if id in stories]


def is_offered(desk: Desk) -> bool:
    """Whether the list offers the page: its probabilities are not calibrated and fewer than twenty are decided."""
    return not desk.is_calibrated and sum(story.state != "new" for story in desk.stories()) < N_RATED
