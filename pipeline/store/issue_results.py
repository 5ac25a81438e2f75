"""Table `issue_results`: the result of each candidate on a published issue's shortlist."""

from pipeline.core.types import Issue
from pipeline.core.urls import url_key
from pipeline.store.database import Connection
from pipeline.store.decisions import all_decisions, set_states

# a row of the shortlist matches by its own address and by those of its duplicates
INSERT = """
INSERT INTO issue_results (issue, article_id, rank, relevance, picked, url_keys)
SELECT ?, r.id, r.rank, r.relevance, false, list(a.url_key ORDER BY a.url_key)
FROM review r JOIN articles a ON a.id = r.id OR list_contains(r.duplicate_ids, a.id)
GROUP BY r.id, r.rank, r.relevance
"""


def add_results(connection: Connection, issue: Issue) -> dict[str, int | None]:
    """Store the shortlist at the time an issue was published, and mark the rows that it ran.

    For an issue recorded before, only `picked` is updated; its stored shortlist stays.

    Returns
    -------
    dict
        url_key of every story on the shortlist → its rank.
    """
    row = connection.execute("SELECT count(*) FROM issue_results WHERE issue = ?", [issue.number]).fetchone()
    if row and row[0] == 0:
        connection.execute(INSERT, [issue.number])
    picked = [url_key(pick.url) for pick in issue.picks if pick.url]
    connection.execute(
        "UPDATE issue_results SET picked = list_has_any(url_keys, ?::VARCHAR[]) WHERE issue = ?", [picked, issue.number]
    )
    connection.execute(
        "UPDATE review SET state = 'ran' WHERE id IN (SELECT article_id FROM issue_results WHERE issue = ? AND picked)",
        [issue.number],
    )
    _give_back(connection)
    return ranks_of(connection, issue.number)


def remove_results(connection: Connection, issue: int) -> None:
    """Delete the shortlist of an issue; what it alone ran has its state from before."""
    connection.execute("DELETE FROM issue_results WHERE issue = ?", [issue])
    _give_back(connection)


def _give_back(connection: Connection) -> None:
    """Give the stories that no issue runs any more the state of their last decision."""
    rows = connection.execute(
        """SELECT id, duplicate_ids FROM review
           WHERE state = 'ran' AND id NOT IN (SELECT article_id FROM issue_results WHERE picked)"""
    ).fetchall()
    if not rows:
        return
    connection.execute("UPDATE review SET state = 'new' WHERE id IN (SELECT unnest(?))", [[id for id, _ in rows]])
    members = {member for id, twins in rows for member in (id, *twins)}
    set_states(connection, [d for d in all_decisions(connection) if d.article_id in members])


def ranks_of(connection: Connection, issue: int) -> dict[str, int | None]:
    """Return url_key → rank of every story on the shortlist of a published issue; empty where it was not kept."""
    rows = connection.execute("SELECT unnest(url_keys), rank FROM issue_results WHERE issue = ?", [issue]).fetchall()
    return dict(rows)
