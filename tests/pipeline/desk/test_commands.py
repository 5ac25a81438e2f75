"""What the editor says, taken back."""

from helpers import NOW
from pipeline.core.types import Decision
from pipeline.desk.commands import inverse
from pipeline.store.shortlist import Story

ID = "3f9a3f9a3f9a3f9a"
STORY = Story(1, ID, "https://example.org/a", "A", "example.org", None, None, NOW, None, None, state="ran")


def test_a_decision_on_a_story_that_ran_can_be_taken_back():
    """A journal that holds a verdict on a published story still opens the desk."""
    later = Decision(ID, "later", "Ann", NOW)
    back = inverse(later, STORY, "Ann", NOW)
    assert (back.verdict, back.article_id) == ("undo", ID)
