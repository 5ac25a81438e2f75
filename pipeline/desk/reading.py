"""The article as it is read beside the list: its text with marks, near past picks, other sources, a fetched page."""

from asyncio import Semaphore
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock

from pipeline.core.types import Article
from pipeline.desk.article_text import sentences, to_html
from pipeline.desk.evidence import NearPick, extract, strongest
from pipeline.desk.session import Desk
from pipeline.desk.views import story_of_any_list
from pipeline.feeds.robots import RobotsCache
from pipeline.steps.read_article import page_state, read_article
from pipeline.store.articles import articles_by_id
from pipeline.store.shortlist import Story

KEPT = 400  # readings
AT_ONCE = 4  # texts that may wait for their sites or the database; the other threads are for decisions


@dataclass(frozen=True, slots=True)
class Reading:
    """What the pane shows of an article."""

    html: str  # of its text
    extract: str = ""  # two sentences of the text that speak for it, where its feed gives no summary
    near: Sequence[NearPick] = ()
    also: Sequence[Article] = ()  # the same story elsewhere
    problem: str | None = None  # why its page could not be fetched
    is_complete: bool = False  # marks, near picks and other sources were looked for


class Readings:
    """Readings of a desk's stories, kept until a story's text or the model changes."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._kept: OrderedDict[tuple[object, ...], Reading] = OrderedDict()
        self._robots = RobotsCache()
        self.few_at_once = Semaphore(AT_ONCE)
        self._lock = Lock()  # one is made at a time: a processor's worth of embedding

    def known(self, story: Story) -> Reading:
        """Return what is known at once, without database, network or model."""
        return self._kept.get(self._key(story)) or Reading(to_html(story.text, story.url))

    def complete(self, id: str) -> tuple[Story, Reading]:
        """Fetch the text if it is missing and the feed allows it, find marks, near picks and other sources.

        Returns the story with its text, and what the pane shows of it.
        """
        story = story_of_any_list(self.desk, id)
        problem = None
        if not story.text:
            allowed, problem = page_state(self.desk.workspace.database, story.id)
            if allowed:
                problem = self.fetch(id)
                story = story_of_any_list(self.desk, id)
        with self._lock:
            return story, self._kept.get(self._key(story)) or self._make(story, problem)

    def fetch(self, id: str) -> str | None:
        """Fetch the article's page, whatever its feed's setting. Returns the reason if it cannot be read."""
        story, workspace = story_of_any_list(self.desk, id), self.desk.workspace
        database, letter = workspace.database, workspace.newsletter
        problem = read_article(database, letter, self.desk.as_of, story.id, story.url, self._robots)
        with database.reading() as connection:
            found = articles_by_id(connection, [story.id])
        if found and story.state != "ran":
            self.desk.update_text(found[0])
        self._kept.pop(self._key(story), None)
        return problem

    def _make(self, story: Story, problem: str | None) -> Reading:
        evidence, database = self.desk.evidence, self.desk.workspace.database
        reading = Reading(to_html(story.text, story.url), is_complete=True)
        if evidence is not None:
            found = sentences(story.text)
            logits = evidence.logits(found)
            reading = replace(
                reading,
                html=to_html(story.text, story.url, strongest(found, logits)),
                extract="" if story.summary else extract(found, logits),
                near=evidence.near(story.url, story.title),
            )
        if story.duplicate_ids:
            with database.reading() as connection:
                reading = replace(reading, also=articles_by_id(connection, list(story.duplicate_ids)))
        reading = replace(reading, problem=problem)
        self._kept[self._key(story)] = reading
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return reading

    def _key(self, story: Story) -> tuple[object, ...]:
        return story.id, hash(story.text), id(self.desk.evidence)
