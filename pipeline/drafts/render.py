"""Render a draft as Markdown, HTML or text, with the newsletter's own templates where it has some."""

import json
import re
from importlib import resources
from pathlib import Path

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
)
from jinja2.sandbox import SandboxedEnvironment

from pipeline.archive.blocks import Block, Line
from pipeline.archive.formats.format_markdown import FRONT_MATTER, to_blocks
from pipeline.core.config import Newsletter
from pipeline.core.draft_form import DraftForm
from pipeline.core.errors import InputError
from pipeline.drafts.draft import Draft, one_liner, title_line
from pipeline.drafts.formed import write_formed
from pipeline.drafts.html_body import to_html_body

TEMPLATES = "templates"  # folder in the workspace


def write_markdown(draft: Draft, workspace: Path, form: DraftForm | None = None) -> str:
    """Render a draft as Markdown: with `templates/issue.md.j2` of the workspace, else in the newsletter's form.

    Without either it is plain: no greeting, no closing words.
    """
    if form is not None and not has_template(workspace):
        text = write_formed(draft, form).rstrip() + "\n"
    else:
        text = _render(workspace, "issue.md.j2", draft=draft).rstrip() + "\n"
    return text if draft.intro in text else _with_intro(text, draft.intro)


def form_of(newsletter: Newsletter, workspace: Path) -> DraftForm | None:
    """Return the form in which drafts are written; None where a template of the workspace, or none, gives it."""
    return None if has_template(workspace) else newsletter.draft


def has_template(workspace: Path) -> bool:
    """Has the newsletter a template of its own, which has the last word?"""
    return (workspace / TEMPLATES / "issue.md.j2").exists()


def add_template(template: str, workspace: Path) -> None:
    """Write the draft template that belongs to a template of newsletter.toml, if it has one and none is there."""
    shipped = resources.files("pipeline.drafts").joinpath(TEMPLATES, template, "issue.md.j2")
    file = workspace / TEMPLATES / "issue.md.j2"
    if shipped.is_file() and not file.exists():
        file.parent.mkdir(exist_ok=True)
        file.write_text(shipped.read_text("utf-8"), "utf-8")


def to_html(markdown: str, workspace: Path, language: str = Newsletter.language, form: DraftForm | None = None) -> str:
    """Turn a Markdown draft into the HTML of a mail in a language. HTML in it is escaped, unless the form has tags."""
    title = written_title(markdown) or _heading(markdown)
    body = to_html_body(markdown, form)
    return _render(workspace, "issue.html.j2", title=title, body=body, language=language)


def to_text(markdown: str) -> str:
    """Turn a Markdown draft into plain text, each link's address after its words."""
    match = FRONT_MATTER.match(markdown)
    blocks = to_blocks(markdown[match.end() if match else 0 :])
    return "\n\n".join([written_title(markdown), *map(_as_text, blocks)]).strip() + "\n"


def title_of(draft: Draft, markdown: str) -> str:
    """Return the issue's title as it will read; ours where the newsletter's form has none."""
    return written_title(markdown) or draft.title


def written_title(markdown: str) -> str:
    """Return the title in an issue's front matter, which has the newsletter's own form; "" without one."""
    front = FRONT_MATTER.match(markdown)
    match = re.search(r"^title:\s*(.+)$", front[0], re.MULTILINE) if front else None
    if not match:
        return ""
    try:
        return str(json.loads(match[1]))
    except ValueError:
        return match[1].strip("\"' ")


def _heading(markdown: str) -> str:
    """Return the heading at the top; "" where another block stands there."""
    first = next(iter(to_blocks(markdown)), None)
    return first.text.strip() if first and first.kind == "heading" else ""


def _render(workspace: Path, name: str, **values: object) -> str:
    shipped = PackageLoader("pipeline.drafts")
    loader = ChoiceLoader([FileSystemLoader(workspace / TEMPLATES), shipped, PrefixLoader({"shipped": shipped})])
    environment: Environment = SandboxedEnvironment(
        loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    environment.filters |= {"title_line": title_line, "one_liner": one_liner, "quoted": _quoted, "comment": _comment}
    try:
        return environment.get_template(name).render(**values)
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        place = f"{workspace / TEMPLATES / name}{f', line {line}' if line else ''}"
        raise InputError(f"{place}: the template cannot be used ({error}); fix it or remove it") from error


def _with_intro(text: str, intro: str) -> str:
    """Put the introduction below the front matter, for a template that has no place for it."""
    match = FRONT_MATTER.match(text)
    start = match.end() if match else 0
    return f"{text[:start]}\n{intro}\n\n{text[start:].lstrip()}"


def _quoted(text: str) -> str:
    """Write a text as a YAML string; JSON is YAML."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _comment(text: str) -> str:
    """Write a remark to the editor as an HTML comment."""
    return f"<!-- triage: {' '.join(text.split()).replace('--', '–').replace('>', '')} -->"


def _as_text(block: Block) -> str:
    if block.kind == "rule":
        return "-" * 10
    text = "\n".join(map(_line_as_text, block.lines))
    if block.kind == "heading":
        return f"{text}\n{'=' * len(text)}"
    return f"{'  ' * block.level}- {text}" if block.kind == "item" else f"> {text}" if block.kind == "quote" else text


def _line_as_text(line: Line) -> str:
    return "".join(f"{span.text} ({span.url})" if span.url else span.text for span in line)
