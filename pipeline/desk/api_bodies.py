"""What the JSON interface takes; openapi.json is generated from these types."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from pipeline.core.types import State
from pipeline.desk.query import MAX_ROWS, MAX_WORDS, ROWS
from pipeline.desk.requests import MAX_IDS, MAX_NAME, MAX_SHORT, MAX_URL, without_surrogates

MAX_REQUEST_ID = 100  # characters
MAX_TEXT = 20_000  # characters of a blurb
MAX_SEQ = 10**12 - 1


def _clean(value: object) -> object:
    return without_surrogates(value) if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_clean)]
Short = Annotated[Text, Field(max_length=MAX_SHORT)]
RequestId = Annotated[Text, Field(max_length=MAX_REQUEST_ID)]
Ids = Annotated[list[Text], Field(min_length=1, max_length=MAX_IDS, description="Ids of stories")]
Blurb = Annotated[Text, Field(max_length=MAX_TEXT)]


class ListQuery(BaseModel):
    """Which stories to list."""

    state: State = "new"
    section: str | None = Field(None, description="Key")
    source: str | None = Field(None, description="Host or feed")
    q: str = Field("", description=f"Words of title, source, author, summary or text; {MAX_WORDS} characters are read")
    sort: Literal["rank", "date", "section"] = "rank"
    minutes: int | None = Field(None, ge=1, le=24 * 60, description="Only what can be read in so many minutes")
    age: int | None = Field(None, ge=1, le=3660, description="Only stories published within so many days")
    limit: int = Field(ROWS, ge=1, le=MAX_ROWS)


class Body(BaseModel):
    """What every change may carry."""

    model_config = ConfigDict(strict=True)

    editor: Annotated[Text, Field(max_length=MAX_NAME)] | None = Field(
        None, description="Who decides; default: the desk's editor"
    )


class RepeatableBody(Body):
    """A change that is recorded once, however often it is sent."""

    request_id: RequestId | None = Field(
        None, description="Your id of this request; repeated, the change is recorded once"
    )


class SeenBody(RepeatableBody):
    """A change that does not overrule another editor's later one."""

    seen: int | None = Field(
        None,
        ge=0,
        le=MAX_SEQ,
        description="Last journal entry you know; a later one of another editor is not overruled",
    )


class DecideBody(SeenBody):
    """A decision on stories."""

    ids: Ids
    verdict: Literal["pick", "skip", "later", "undo", "section"]
    section: Text | None = Field(None, description="Key")


class SkipBody(RepeatableBody):
    """Which undecided stories to skip."""

    below: float | None = Field(None, gt=0, le=1, description="P(picked) below which stories are skipped")
    source: Short | None = Field(None, description="Only stories of this source")


class UndoBody(RepeatableBody):
    """What to undo."""

    of: RequestId | None = Field(None, description="Id of the request to undo; default: the editor's last")


class NoteBody(SeenBody):
    """A blurb."""

    id: Text
    text: Blurb


class GroupBody(RepeatableBody):
    """Stories that stand as one entry, under the first; one alone leaves its entry."""

    ids: Ids


class EditBody(SeenBody):
    """A text of the issue."""

    what: Literal["title", "byline", "note", "intro"]
    id: Short | None = Field(None, description="The story; none for the introduction")
    text: Blurb = Field(description='"" brings the usual one back')


class MoveBody(RepeatableBody):
    """Where an entry of the issue goes: by one place, before another entry, or to a section."""

    id: Short
    by: Literal[-1, 1] | None = None
    before: Short | None = Field(None, description="Id of the entry that follows")
    section: Short | None = Field(None, description="Key")


class MuteBody(RepeatableBody):
    """What to keep out of the shortlist."""

    kind: Literal["source", "author", "phrase"]
    value: Annotated[Text, Field(min_length=1)]
    verdict: Literal["mute", "unmute"] | None = Field(None, description="Default: mute")


class AddBody(Body):
    """A link, with a section if you like; or the id of an older article."""

    url: Annotated[Text, Field(max_length=MAX_URL)] | None = None
    id: Text | None = None
    section: Text | None = Field(None, description="Key")
