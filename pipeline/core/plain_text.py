"""Clean up text from outside before it is printed, logged or read."""

import unicodedata


def one_line(text: str, longest: int = 400) -> str:
    """Collapse white space and drop control characters, so that a title cannot send terminal sequences.

    What is longer than `longest` characters is cut there and ends with "…".
    """
    line = " ".join("".join(c if c.isprintable() or c.isspace() else "" for c in text).split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def ascii_digits(text: str) -> str:
    """Write the digits of other scripts as 0–9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)
