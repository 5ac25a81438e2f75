"""Measure which pairs of articles are taken for one story: python bench/story_pairs.py [SET] [--wrong].

A set holds pairs labelled by hand: one address in two disguises, one story on two sites, headlines reworded; and
releases, series, generic headlines, reports on one subject. The rules were tuned
on `tuned`, after a first try also on what failed in `held_out`, `unseen` and `third`, each of which was written without
a look at the rules' answers. No rule was tuned on `fourth`, which was written at the same time as `third`. `fifth_seen`
and `fifth` are one set halved by lot, of which only the first was looked at until the last of its rules but one.
`sixth` and `seventh` (reports told twice, or with one background) were written before rules were changed on them. So
were `eighth_seen` and `eighth` (forms of nightly feeds, halved by lot), `ninth`, and `tenth` (years in brackets, titles
escaped twice, subtitles and short titles, against series and generic headlines). `all` is all of them.
"""

import argparse
import csv
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from pipeline.core.types import Article
from pipeline.core.urls import article_id, canonical_url, host_of, url_key
from pipeline.feeds.dedupe import group_stories

SETS = (
    "tuned",
    "held_out",
    "unseen",
    "third",
    "fourth",
    "fifth_seen",
    "fifth",
    "sixth",
    "seventh",
    "eighth_seen",
    "eighth",
    "ninth",
    "tenth",
)
NOW = datetime(2026, 11, 25, tzinfo=UTC)
DATED = re.compile(r"/(\d{4})/(\d\d)/(\d\d)(?:/|$)")


def read_pairs(name: str) -> list[dict[str, str]]:
    """Return the labelled pairs of a set, or of all."""
    if name == "all":
        return [pair for one in SETS for pair in read_pairs(one)]
    with Path(__file__).with_name(f"story_pairs_{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def is_one_story(pair: dict[str, str]) -> bool:
    """Return whether two articles become one row: by their address when stored, or by their texts when ranked."""
    days = [_day(pair["url a"]), _day(pair["url b"])]
    one, other = (_article(pair, side, days[n] or days[not n] or NOW) for n, side in enumerate("ab"))
    if url_key(one.url) == url_key(other.url):
        return True
    return group_stories([one, other]) == [0, 0]


def _day(url: str) -> datetime | None:
    dated = DATED.search(url)
    return datetime(*map(int, dated.groups()), tzinfo=UTC) if dated else None


def _article(pair: dict[str, str], side: str, day: datetime) -> Article:
    url = canonical_url(pair[f"url {side}"])
    return Article(article_id(url), url, pair[f"title {side}"], host_of(url), NOW, day, summary=pair[f"summary {side}"])


def main() -> None:
    """Print precision and recall, and the wrong ones of each kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", nargs="?", choices=(*SETS, "all"), default="tuned")
    parser.add_argument("--wrong", action="store_true", help="print the pairs that are judged wrongly")
    given = parser.parse_args()
    counts: Counter[tuple[bool, bool]] = Counter()
    kinds: Counter[str] = Counter()
    for pair in read_pairs(given.set):
        found, label = is_one_story(pair), pair["same"] == "same"
        counts[label, found] += 1
        if found != label:
            kinds[pair["kind"]] += 1
            if given.wrong:
                print(pair["same"], pair["kind"], pair["title a"], pair["title b"], pair["url b"], sep=" | ")
    right, missed, false = counts[True, True], counts[True, False], counts[False, True]
    print(f"{counts.total()} pairs, {right + missed} of one story: precision {right / max(right + false, 1):.3f}, "
          f"recall {right / (right + missed):.3f}; wrong: {dict(kinds) or 'none'}")  # fmt: skip


if __name__ == "__main__":
    main()
