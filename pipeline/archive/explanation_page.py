"""Write an explanation as one self-contained HTML page. All text is escaped; the page loads nothing."""

from importlib import resources
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.archive.explanation import Explanation
from pipeline.core.atomic_write import write_atomically
from pipeline.core.errors import InputError


def write_page(explanation: Explanation, newsletter: str, command: str, path: Path) -> None:
    """Write the page.

    Parameters
    ----------
    command : str
        That renews the page.
    path : Path
        File to write.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    page = (
        _environment()
        .get_template("page.html")
        .render(shown=explanation, newsletter=newsletter, command=command, style=style())
    )
    try:
        write_atomically(path, page)
    except OSError as error:
        raise InputError(f"cannot write {path} ({error.strerror}); choose another file") from error


def issues_html(explanation: Explanation) -> str:
    """Return legend, figures, doubts and issues as HTML without head and body, for a page of the desk."""
    return _environment().get_template("issues.html").render(shown=explanation)


def style() -> str:
    """Return the style sheet of the page."""
    return resources.files("pipeline.archive").joinpath("templates", "explanation.css").read_text("utf-8")


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("pipeline.archive"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
