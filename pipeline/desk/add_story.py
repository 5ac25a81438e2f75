"""Let what the editor found by hand stand on the shortlist: a pasted link, an older article brought back."""

from collections.abc import Sequence

from pipeline.core.errors import NotFoundError
from pipeline.core.types import Article, Decision
from pipeline.desk.session import Desk
from pipeline.steps.add_link import add_link
from pipeline.store import shortlist
from pipeline.store.articles import articles_by_id, bring_forward
from pipeline.store.shortlist import Story


def add(desk: Desk, address: str, editor: str, section: str | None = None) -> tuple[Story, str | None]:
    """Take in a link, fetched, judged and marked as the editor's.

    Returns
    -------
    Story
    str or None
        Why its page could not be read, if it could not.
    """
    if section is not None:
        desk.workspace.newsletter.section(section)  # refuses an unknown key before anything is stored
    article, problem = add_link(desk.workspace.database, desk.workspace.newsletter, desk.as_of, address)
    story = _stand(desk, article)
    if section is not None:
        desk.say([Decision(story.id, "section", editor, desk.as_of.time, section)])
    return desk.story(story.id), problem


def bring_back(desk: Desk, id: str) -> Story:
    """Let an older article that nobody decided on be a candidate again."""
    with desk.workspace.database.writing() as connection:
        bring_forward(connection, id, desk.as_of.time)
        found = articles_by_id(connection, [id])
    if not found:
        raise NotFoundError(f"no article {id!r}")
    return _stand(desk, found[0])


def older(desk: Desk, words: str, limit: int = 50) -> Sequence[Story]:
    """Search the articles that are not on the shortlist, were not run and not decided on; newest first."""
    with desk.workspace.database.reading() as connection:
        return shortlist.search_older(connection, words.split(), limit)


def _stand(desk: Desk, article: Article) -> Story:
    try:
        return desk.story(article.id)
    except NotFoundError:
        story = desk.judge.read(article) if desk.judge else _unjudged(article)
    with desk.workspace.database.writing() as connection:
        shortlist.add(connection, story)
    desk.take_in(story)
    return story


def _unjudged(article: Article) -> Story:
    return Story(
        rank=None, id=article.id, url=article.url, title=article.title, source=article.source, author=article.author,
        published=article.published_at, first_seen=article.first_seen_at, section=None, section_probability=None,
        relevance=None, sources=(article.source,), summary=article.summary, text=article.text, origin=article.origin,
        language=article.language, paywalled=article.paywalled,
    )  # fmt: skip
