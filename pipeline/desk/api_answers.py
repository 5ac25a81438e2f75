"""What the JSON interface answers; openapi.json is generated from these types."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from models.remaining_picks import Remaining
from pipeline.core.types import Decision, Reason, State
from pipeline.steps.check_draft import Finding


class StoryRecord(BaseModel):
    """A story: the fields of `triage shortlist --json` and those that only the desk has."""

    rank: int | None
    id: str
    url: str
    title: str
    source: str
    published: datetime | None
    section: str | None
    section_probability: float | None
    sections: dict[str, float] = Field(description="Probability of each section, by key")
    relevance: float | None = Field(description="P(picked)")
    reasons: list[Reason]
    state: State
    author: str | None
    summary: str
    sources: list[str]
    duplicate_ids: list[str]
    exploration: bool
    origin: Literal["feed", "import", "editor"]
    note: str
    entry: str | None
    editor: str | None
    reading_minutes: float | None


class StoryText(StoryRecord):
    """A story with its text."""

    text: str


class AddedStory(StoryRecord):
    """A story that was added."""

    error: str | None = Field(None, description="Why its page could not be read")


class Column(BaseModel):
    """A section of the issue and the ids picked for it."""

    key: str
    name: str
    quota: int
    picked: list[str]


class Stories(BaseModel):
    """Stories, best or newest first."""

    stories: list[StoryRecord]


class Shortlist(Stories):
    """The stories asked for, best first, and how many there are."""

    found: int
    counts: dict[str, int] = Field(description="Stories by state")
    remaining: Remaining | None = Field(description="Null where too little is known to estimate it")
    is_guess: bool = Field(description="Too few past issues are known for the probabilities to mean anything")
    sections: list[Column]


class Changes(BaseModel):
    """What was decided since."""

    seq: int = Field(description="Last journal entry: ask from it next")
    version: str = Field(description="Changes when a night has ranked anew")
    decisions: list[Decision]


class Stored(BaseModel):
    """Decisions that are on disk."""

    decisions: list[Decision]
    seq: int = Field(description="Number of the last journal entry")


class Skipped(BaseModel):
    """How many stories were skipped."""

    skipped: int
    seq: int


class Findings(BaseModel):
    """What a check of the issue found."""

    findings: list[Finding]


class IssueEntry(BaseModel):
    """An entry of the issue."""

    ids: list[str]
    remarks: list[str] = Field(description="Warnings, such as a past issue that ran it")
    blurb: str


class IssueSection(BaseModel):
    """A section of the issue and its entries, in order."""

    key: str | None
    name: str
    entries: list[IssueEntry]


class IssueRecord(BaseModel):
    """The next issue."""

    number: int
    date: date
    title: str
    intro: str
    words: int
    minutes: int
    sections: list[IssueSection]
    markdown: str
    html: str


class NightProgress(BaseModel):
    """The night that this desk started last."""

    running: bool
    outcome: int | None = Field(description="Exit code: 0 success, 3 another night is running")
    lines: list[str]


class Problem(BaseModel):
    """Why a request was refused."""

    error: str = Field(description="One sentence for a person")


REFUSED: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "model": Problem,
        "description": (
            "Refused. 400: what was sent makes no sense. 401: the token is missing. 403: asked from another site's "
            "page or under another host's name. 404: no such story on the shortlist. 409: another editor has decided "
            "on it since; repeat it with a higher `seen`. 413: too long. 415: not application/json."
        ),
    },
    "503": {
        "model": Problem,
        "description": "Not stored: the disk is full, or the database cannot be opened. Repeat it once it is repaired.",
    },
}
