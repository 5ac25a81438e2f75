"""Table `issue_results`: what became of each candidate of a published issue's shortlist."""

from pipeline.core.types import Issue
from pipeline.core.urls import url_key
from pipeline.store.database import Connection

# a row of the shortlist is known by its own address and by those of the articles that tell the same story
KEEP = """
INSERT INTO issue_results (issue, article_id, rank, relevance, picked, url_keys)
SELECT ?, r.id, r.rank, r.relevance, false, list(a.url_key ORDER BY a.url_key)
FROM review r JOIN articles a ON a.id = r.id OR list_contains(r.duplicate_ids, a.id)
GROUP BY r.id, r.rank, r.relevance
"""


def add_outcomes(connection: Connection, issue: Issue) -> dict[str, int | None]:
    """Keep the shortlist as it stood when an issue went out, and let its rows that ran say so.

    Of an issue that was published before, only what was picked is corrected; its shortlist stays as it was.

    Returns
    -------
    dict
        url_key of every story on the shortlist → its rank.
    """
    row = connection.execute("SELECT count(*) FROM issue_results WHERE issue = ?", [issue.number]).fetchone()
    if row and row[0] == 0:
        connection.execute(KEEP, [issue.number])
    picked = [url_key(pick.url) for pick in issue.picks if pick.url]
    connection.execute(
        "UPDATE issue_results SET picked = list_has_any(url_keys, ?::VARCHAR[]) WHERE issue = ?", [picked, issue.number]
    )
    connection.execute(
        "UPDATE review SET state = 'ran' WHERE id IN (SELECT article_id FROM issue_results WHERE issue = ? AND picked)",
        [issue.number],
    )
    ranks = connection.execute(
        "SELECT unnest(url_keys), rank FROM issue_results WHERE issue = ?", [issue.number]
    ).fetchall()
    return dict(ranks)
