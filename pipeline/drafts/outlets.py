"""Learn the outlet names that past bylines use for a host: `hbr.org` is "HBR", a blog has its author's name. Pure."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from pipeline.core.types import Issue
from pipeline.core.urls import host_of

AGREED = 0.6  # share of a site's bylines that must end alike; else the host has no outlet name
LONGEST = 60  # characters


def learn_outlets(issues: Sequence[Issue], dated_sections: Collection[str] = ()) -> Mapping[str, str]:
    """Return host → the name its bylines end with, of the hosts that past bylines agree on.

    `dated_sections` are keys of sections whose bylines are dates: they are left out.
    """
    names: dict[str, Counter[str]] = {}
    for issue in issues:
        for pick in issue.picks:
            if pick.url and pick.byline and pick.section not in dated_sections:
                outlet = pick.byline.rpartition(", ")[2].strip()
                if 0 < len(outlet) <= LONGEST:
                    names.setdefault(host_of(pick.url), Counter())[outlet] += 1
    best = {host: (*counts.most_common(1)[0], counts.total()) for host, counts in names.items()}
    return {host: name for host, (name, times, all_times) in best.items() if times >= AGREED * all_times}
