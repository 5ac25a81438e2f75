"""The best section of a story, given the probability of each."""

from collections.abc import Mapping


def best_section(probabilities: Mapping[str, float]) -> str | None:
    """Return the most probable section; None where "none of them" is more probable than each."""
    if not probabilities:
        return None
    best = max(probabilities, key=lambda key: (probabilities[key], key))
    return best if probabilities[best] >= 1 - sum(probabilities.values()) else None
