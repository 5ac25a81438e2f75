"""What is known of past issues: their number, their picks, and how many of these today's feeds could have carried."""

from collections import Counter
from dataclasses import dataclass

from pipeline.core.counted import counted
from pipeline.core.publications import publication_of
from pipeline.core.urls import host_of, url_key
from pipeline.store.database import Connection

# With fewer, the level of the probabilities is not known: with no issue, and with the picks of 3 and of 10, the 90 %
# interval of what is left held in 38 %, 69 % and 58 % of issues after ten candidates were read (docs/judgement.md).
FEW_ISSUES = 10
FEW_PICKS = 50


@dataclass(frozen=True, slots=True)
class ArchiveCounts:
    """Past issues in numbers."""

    issues: int
    picks: int
    sections: int  # that have picks
    covered: int = 0  # picks of publications that a followed feed brings
    addressed: int = 0  # picks whose address is known

    @property
    def coverage(self) -> float | None:
        """Share of the past picks that today's feeds could have carried; None without addresses."""
        return self.covered / self.addressed if self.addressed else None

    @property
    def is_few(self) -> bool:
        """Whether too few are known for the level of the probabilities."""
        return self.issues < FEW_ISSUES or self.picks < FEW_PICKS

    @property
    def sentence(self) -> str:
        """Say that the order is a guess; "" where enough is known."""
        if not self.is_few:
            return ""
        known = "No past issue is known"
        if self.issues:
            picks = f"{counted(self.picks, 'pick')} of {counted(self.issues, 'past issue')}"
            known = f"Only {picks} {'is' if self.picks == 1 else 'are'} known"
        return f"{known}, so this order is a first guess; import more with: triage import issues PATH"


def count_archive(connection: Connection) -> ArchiveCounts:
    """Count issues, picks and sections, without coverage."""
    row = connection.execute(
        "SELECT (SELECT count(*) FROM issues), count(*), count(DISTINCT section) FROM picks"
    ).fetchone()
    return ArchiveCounts(*row) if row else ArchiveCounts(0, 0, 0)


def count_coverage(connection: Connection) -> tuple[ArchiveCounts, Counter[str]]:
    """Count also what today's feeds cover; return beside it the picks of each publication that none does."""
    counts = count_archive(connection)
    urls = [url for (url,) in connection.execute("SELECT url FROM picks WHERE url IS NOT NULL").fetchall()]
    brought = connection.execute(
        "SELECT DISTINCT a.url FROM article_feeds f JOIN articles a ON a.id = f.article_id"
    ).fetchall()
    keys = {url_key(url) for (url,) in brought}
    known = {publication_of(url) for (url,) in brought} | followed_publications(connection)
    left: Counter[str] = Counter()
    covered = 0
    for url in urls:
        publication = publication_of(url)
        if url_key(url) in keys or (publication and publication in known):
            covered += 1
        else:
            left[publication] += 1
    return ArchiveCounts(counts.issues, counts.picks, counts.sections, covered, len(urls)), left


def followed_publications(connection: Connection) -> set[str]:
    """Return the publications whose own feeds are followed."""
    rows = connection.execute("SELECT url FROM feeds WHERE retired_on IS NULL").fetchall()
    return {publication_of(url) or host_of(url) for (url,) in rows}
