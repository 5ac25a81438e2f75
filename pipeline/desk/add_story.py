"""Add stories to the shortlist by hand: a pasted link, or an older article."""

from collections.abc import Sequence

from pipeline.core.errors import NotFoundError
from pipeline.core.types import Article, Decision
from pipeline.desk.session import Desk
from pipeline.steps.add_link import add_link
from pipeline.store import shortlist
from pipeline.store.articles import articles_by_id, bring_forward
from pipeline.store.shortlist import Story

FOUND = 50  # older articles that a search shows


def add(desk: Desk, address: str, editor: str, section: str | None = None) -> tuple[Story, str | None]:
    """Fetch a link, score it and add it, marked as added by the editor.

    Returns
    -------
    Story
    str or None
        Why its page could not be read; None: it was.
    """
    if section is not None:
        desk.workspace.newsletter.section(section)  # raises for an unknown key before anything is stored
    article, problem = add_link(desk.workspace.database, desk.workspace.newsletter, desk.as_of, address)
    story = _add_to_shortlist(desk, article)
    if section is not None:
        desk.record([Decision(story.id, "section", editor, desk.as_of.time, section)])
    return desk.story(story.id), problem


def bring_back(desk: Desk, id: str) -> Story:
    """Make an older, undecided article a candidate again."""
    with desk.workspace.database.writing() as connection:
        bring_forward(connection, id, desk.as_of.time)
        found = articles_by_id(connection, [id])
    if not found:
        raise NotFoundError(f"no article {id!r}")
    return _add_to_shortlist(desk, found[0])


def older(desk: Desk, words: str) -> Sequence[Story]:
    """Search articles that are neither on the shortlist nor published nor decided on; newest first."""
    with desk.workspace.database.reading() as connection:
        return shortlist.search_older(connection, words.split(), FOUND)


def _add_to_shortlist(desk: Desk, article: Article) -> Story:
    try:
        return desk.story(article.id)
    except NotFoundError:
        story = desk.reranker.read(article) if desk.reranker else _without_scores(article)
    with desk.workspace.database.writing() as connection:
        shortlist.add(connection, story)
    desk.add_story(story)
    return story


def _without_scores(article: Article) -> Story:
    return Story(
        rank=None, id=article.id, url=article.url, title=article.title, source=article.source, author=article.author,
        published=article.published_at, first_seen=article.first_seen_at, section=None, section_probability=None,
        relevance=None, sources=(article.source,), summary=article.summary, text=article.text, origin=article.origin,
        language=article.language, paywalled=article.paywalled,
    )  # fmt: skip
