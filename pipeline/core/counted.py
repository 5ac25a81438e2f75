"""Write numbers with their nouns, for what a person reads."""


def counted(n: int, one: str, many: str = "") -> str:
    """Return a number and its noun: "1 issue", "3 issues"; `many` where the plural is not `one` with an s."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"
