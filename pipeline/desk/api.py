"""The JSON interface: what the pages do, for programs and for the page's own script. Described at /openapi.json."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from pipeline.core.errors import InputError
from pipeline.core.types import Decision
from pipeline.desk import add_story, api_answers, api_bodies, bulk, commands, draft_editor, listing, publishing, query
from pipeline.desk.api_route import JsonRoute
from pipeline.desk.current_status import current_status
from pipeline.desk.nightly_process import NightRun
from pipeline.desk.session import Desk
from pipeline.desk.views import view
from pipeline.ops.status import Status
from pipeline.store import decisions
from pipeline.store.shortlist import Story

router = APIRouter(prefix="/api", route_class=JsonRoute, responses=api_answers.REFUSED, strict_content_type=False)


async def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


async def _editor(request: Request) -> str:
    return request.app.state.editor or "editor"


async def _night(request: Request) -> NightRun:
    run: NightRun = request.app.state.night
    return run


TheDesk = Annotated[Desk, Depends(_desk)]
DefaultEditor = Annotated[str, Depends(_editor)]
TheNight = Annotated[NightRun, Depends(_night)]


# --- reading ---------------------------------------------------------------------------------------------------------


@router.get("/stories")
def list_stories(desk: TheDesk, wanted: Annotated[api_bodies.ListQuery, Query()]) -> api_answers.Shortlist:
    """Return the shortlist as the page shows it, with the estimate of remaining picks."""
    words = wanted.q.strip()[: query.MAX_WORDS]
    shown = view(
        desk,
        query.Query(
            wanted.state,
            wanted.section or None,
            wanted.source or None,
            words,
            wanted.sort,
            wanted.minutes,
            wanted.age,
            wanted.limit,
        ),
    )
    return api_answers.Shortlist(
        stories=[_record(story) for story in shown.rows],
        found=shown.found,
        counts=dict(shown.counts),
        remaining=shown.left,
        is_guess=not desk.is_calibrated,
        sections=[
            api_answers.Column(key=c.key, name=c.name, quota=c.quota, picked=[s.id for s in c.picked])
            for c in shown.columns
        ],
    )


@router.get("/stories/{id}")
def get_story(desk: TheDesk, id: str) -> api_answers.StoryText:
    """Return one story with its text, by the id of any article that tells it."""
    story = desk.story(id)
    return api_answers.StoryText(**_fields(story), text=story.text)


@router.get("/older")
def search_older(desk: TheDesk, q: str = "") -> api_answers.Stories:
    """Search the older articles that nobody decided on; newest first."""
    found = add_story.older(desk, q[: query.MAX_WORDS])
    return api_answers.Stories(stories=[_record(story) for story in found])


@router.get("/changes")
def list_changes(desk: TheDesk, after: Annotated[int, Query(ge=0, le=api_bodies.MAX_SEQ)] = 0) -> api_answers.Changes:
    """Return the decisions after a journal entry."""
    decided = [entry.decision for entry in desk.decisions_after(after)]
    return api_answers.Changes(seq=desk.seq, version=str(desk.version), decisions=decided)


@router.get("/issue")
def get_issue(desk: TheDesk) -> api_answers.IssueRecord:
    """Return the next issue: its entries in order, and as Markdown and HTML."""
    layout = draft_editor.draft_layout(desk)
    draft = layout.draft
    sections = [
        api_answers.IssueSection(
            key=section.key,
            name=section.name,
            entries=[
                api_answers.IssueEntry(
                    ids=[story.id for story in entry.stories], remarks=list(entry.remarks), blurb=entry.note
                )
                for entry in section.entries
            ],
        )
        for section in draft.sections
    ]
    return api_answers.IssueRecord(
        number=draft.number,
        date=draft.date,
        title=layout.title,
        intro=draft.intro,
        words=layout.issue.words,
        minutes=layout.issue.minutes,
        sections=sections,
        markdown=layout.markdown,
        html=layout.html,
    )


@router.get("/status")
def get_status(desk: TheDesk) -> Status:
    """Return the workspace's status, as `triage status --json` prints it."""
    return current_status(desk)


@router.get("/nights")
def get_night(run: TheNight) -> api_answers.NightProgress:
    """Return the progress of the night that this desk started."""
    return api_answers.NightProgress(running=run.is_running, outcome=run.outcome, lines=run.lines)


@router.post("/nights")
def run_night(run: TheNight) -> api_answers.NightProgress:
    """Run a night now, unless one is running."""
    run.start()
    return get_night(run)


# --- deciding --------------------------------------------------------------------------------------------------------


@router.post("/decisions")
def decide(desk: TheDesk, default: DefaultEditor, body: api_bodies.DecideBody) -> api_answers.Stored:
    """Pick, skip, put off or undo stories, or set their section. Stored on disk before it is answered."""
    ids = [desk.id_of(id) for id in body.ids]
    newsletter, section = desk.workspace.newsletter, body.section or None
    made = commands.decide(ids, body.verdict, body.editor or default, desk.as_of.time, newsletter, section)
    return _stored(desk, desk.record(made, body.seen, body.request_id or None))


@router.post("/skips")
def skip(desk: TheDesk, default: DefaultEditor, body: api_bodies.SkipBody) -> api_answers.Skipped:
    """Skip all undecided stories below a probability, or of a source; one undo reverts it."""
    made = bulk.skip_undecided(desk, body.editor or default, body.below, body.source or None, body.request_id or None)
    return api_answers.Skipped(skipped=len(made), seq=desk.seq)


@router.post("/undo")
def undo(desk: TheDesk, default: DefaultEditor, body: api_bodies.UndoBody) -> api_answers.Stored:
    """Undo the editor's last decision, or that of a given request."""
    return _stored(desk, desk.undo(body.editor or default, body.of or None, body.request_id or None))


@router.post("/notes")
def write_note(desk: TheDesk, default: DefaultEditor, body: api_bodies.NoteBody) -> api_answers.Stored:
    """Write a story's blurb."""
    made = commands.note(desk.id_of(body.id), body.text, body.editor or default, desk.as_of.time)
    return _stored(desk, desk.record([made], body.seen, body.request_id or None))


@router.post("/groups")
def group(desk: TheDesk, default: DefaultEditor, body: api_bodies.GroupBody) -> api_answers.Stored:
    """Combine stories into one entry."""
    ids = [desk.id_of(id) for id in body.ids]
    made = commands.group(ids, body.editor or default, desk.as_of.time)
    return _stored(desk, desk.record(made, request_id=body.request_id or None))


@router.post("/edits")
def edit(desk: TheDesk, default: DefaultEditor, body: api_bodies.EditBody) -> api_answers.Stored:
    """Write a story's title or byline in the issue, or the issue's introduction."""
    id = desk.id_of(body.id) if body.id else None
    made = commands.edit(body.what, id, body.text, body.editor or default, desk.as_of.time)
    return _stored(desk, desk.record([made], body.seen, body.request_id or None))


@router.post("/moves")
def move(desk: TheDesk, default: DefaultEditor, body: api_bodies.MoveBody) -> api_answers.Stored:
    """Move an entry of the issue by one place, before another entry, or to a section."""
    draft, request_id, editor = draft_editor.draft_layout(desk).draft, body.request_id or None, body.editor or default
    if known := desk.decided_under(request_id):
        return _stored(desk, known)
    if body.by is not None:
        made = draft_editor.move(draft, body.id, body.by, editor, desk)
        return _stored(desk, desk.record([made], request_id=request_id))
    placed = draft_editor.place(draft, body.id, body.before or None, body.section or None, editor, desk)
    return _stored(desk, desk.record(placed, None, request_id))


@router.post("/checks")
def check(desk: TheDesk, body: api_bodies.Body) -> api_answers.Findings:
    """Check the issue: its links are fetched; repeats, deadlines, counts and missing texts are named."""
    return api_answers.Findings(findings=publishing.findings(desk))


@router.post("/mutes")
def mute(desk: TheDesk, default: DefaultEditor, body: api_bodies.MuteBody) -> api_answers.Stored:
    """Mute a source, an author or a phrase, or unmute it."""
    made = decisions.mute(body.kind, body.value, body.verdict or "mute", body.editor or default, desk.as_of.time)
    return _stored(desk, desk.record([made], request_id=body.request_id or None))


@router.post("/articles")
def add_article(desk: TheDesk, default: DefaultEditor, body: api_bodies.AddBody) -> api_answers.AddedStory:
    """Add a link, or an older article by its id. Returns the story as it stands on the shortlist."""
    if body.id is not None:
        return api_answers.AddedStory(**_fields(add_story.bring_back(desk, body.id)))
    if body.url is None:
        raise InputError("nothing to add: give the url of a page, or the id of an older article")
    story, problem = add_story.add(desk, body.url, body.editor or default, body.section or None)
    return api_answers.AddedStory(**_fields(story), error=problem)


def _record(story: Story) -> api_answers.StoryRecord:
    return api_answers.StoryRecord(**_fields(story))


def _fields(story: Story) -> dict[str, Any]:
    return {
        **listing.as_record(story),
        "author": story.author,
        "summary": story.summary,
        "sources": story.sources,
        "duplicate_ids": story.duplicate_ids,
        "exploration": story.exploration,
        "origin": story.origin,
        "note": story.note,
        "entry": story.entry,
        "editor": story.editor,
        "reading_minutes": listing.reading_minutes(story),
    }


def _stored(desk: Desk, made: list[Decision]) -> api_answers.Stored:
    return api_answers.Stored(decisions=made, seq=desk.seq)
