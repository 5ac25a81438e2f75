"""Clean up text from outside before it is printed or logged."""


def one_line(text: str, longest: int = 400) -> str:
    """Collapse white space and drop control characters, so that a title cannot send terminal sequences."""
    return " ".join("".join(c if c.isprintable() or c.isspace() else "" for c in text).split())[:longest]
