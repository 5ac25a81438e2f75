"""The section of a story: the editor's choice, else the best one given the probability of each."""

from collections.abc import Mapping


def best_section(probabilities: Mapping[str, float]) -> str | None:
    """Return the most probable section; None where "none of them" is more probable than each."""
    if not probabilities:
        return None
    highest = max(probabilities.values())
    if highest < 1 - sum(probabilities.values()):
        return None
    return max(key for key, probability in probabilities.items() if probability == highest)


def placed(probabilities: Mapping[str, float], chosen: str) -> tuple[str | None, float | None]:
    """Return a story's section and its probability.

    Parameters
    ----------
    probabilities : mapping
        Section key → probability.
    chosen : str
        Key of the section that the editor chose, "" for none.

    Returns
    -------
    str or None
        The editor's choice, else the best section.
    float or None
        Its probability if no section is more probable: a section set against the model shows none.
    """
    section = chosen or best_section(probabilities)
    p = probabilities.get(section or "")
    return section, p if p is not None and p >= max(probabilities.values()) else None
