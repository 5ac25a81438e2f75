"""`triage shortlist --interactive`: one story after the other, with the desk's keys."""

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import typer

from pipeline.core.plain_text import one_line

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.desk.session import Desk
    from pipeline.store.shortlist import Story

VERDICTS = {"p": "pick", "x": "skip", "l": "later"}
DIGITS = "1234567890"
HELP = (
    "j k next, previous · p pick · x skip · l later · u undo · 1…0 section · s section by name · o open · e note · "
    "Enter summary · / search · ? help · q quit"
)
REMOVE = "-"  # as a note: Enter alone keeps the one there is
LEAVE = ("q", "\x03", "\x04", "\x1b")
Act = Callable[[], object]


class Stepper:
    """Show a story, read a key, record the decision.

    Parameters
    ----------
    desk : Desk
    editor : str
    console : Console
    read_key : function that waits for a key
    ask : function (question, default) that reads a line of text
    open_link : function that opens a URL in the browser
    section : str, optional
        Only this section's stories.
    """

    def __init__(
        self, desk: "Desk", editor: str, console: "Console", *,
        read_key: Callable[[], str], ask: Callable[[str, str], str], open_link: Callable[[str], object],
        section: str | None = None,
    ) -> None:  # fmt: skip
        self.desk, self.editor, self.console = desk, editor, console
        self.read_key, self.ask, self.open_link, self.section = read_key, ask, open_link, section
        self.words = ""
        self.cursor: str | None = None
        self.keys: dict[str, Act] = {
            "j": lambda: self._step(1),
            "k": lambda: self._step(-1),
            "u": self._undo,
            "o": lambda: self.open_link(self._here().url),
            "e": self._note,
            "\r": self._unfold,
            "\n": self._unfold,
            "s": self._find_section,
            "/": self._search,
            "?": lambda: self.console.print(HELP, style="dim"),
            **{key: lambda verdict=verdict: self._decide(verdict) for key, verdict in VERDICTS.items()},  # type: ignore[misc]
            **{digit: lambda nth=nth: self._set_section(nth) for nth, digit in enumerate(DIGITS)},  # type: ignore[misc]
        }

    def run(self) -> None:
        """Loop until the editor quits or nothing is left."""
        from pipeline.core.errors import TriageError

        self.console.print(HELP, style="dim")
        for key in self._keys_pressed():
            try:
                self.keys.get(key, lambda: None)()
            except TriageError as error:
                self.console.print(one_line(str(error)), style="red", markup=False)

    def _keys_pressed(self) -> Iterator[str]:
        while rows := self._rows() or self._all_again():
            self.cursor = self.cursor if self.cursor in {s.id for s in rows} else rows[0].id
            self._show(self._here(), len(rows))
            key = self.read_key()
            if key in LEAVE:
                return
            yield key
        self.console.print("Nothing left to read.", style="dim")

    def _rows(self) -> "list[Story]":
        from pipeline.desk.listing import choose

        return choose(self.desk.stories(), self.section, "new", words=self.words)

    def _all_again(self) -> "list[Story]":
        """Leave a search that finds nothing."""
        if not self.words:
            return []
        self.console.print("Nothing found.", style="dim")
        self.words = ""
        return self._rows()

    def _here(self) -> "Story":
        return self.desk.story(self.cursor or "")

    def _show(self, story: "Story", left: int) -> None:
        from pipeline.desk.listing import age

        newsletter = self.desk.workspace.newsletter
        section = newsletter.section(story.section).name if story.section else "no section"
        facts = " · ".join((story.source, age(story, self.desk.as_of.time), section))
        self.console.rule(f"{story.rank or '–'} · {left} to read", align="left", style="dim")
        self.console.print(one_line(story.title), style="bold", markup=False, highlight=False)
        self.console.print(one_line(facts), style="dim", markup=False, highlight=False)
        for reason in story.reasons:
            sign = "+" if reason.contribution >= 0 else "−"
            self.console.print(f"  {sign} {one_line(reason.text)}", style="dim", markup=False, highlight=False)

    def _step(self, by: int) -> None:
        ids = [story.id for story in self._rows()]
        at = ids.index(self.cursor or "") + by
        self.cursor = ids[min(max(at, 0), len(ids) - 1)]

    def _decide(self, verdict: str) -> None:
        from pipeline.desk import commands

        story = self._here()
        self._step(1)
        self.desk.record(
            commands.decide([story.id], verdict, self.editor, self.desk.as_of.time, self.desk.workspace.newsletter)
        )
        self.console.print(f"{verdict}: {one_line(story.title)}", style="green", markup=False, highlight=False)

    def _set_section(self, nth: int) -> None:
        from pipeline.desk import commands

        newsletter = self.desk.workspace.newsletter
        if nth < len(newsletter.sections):
            section, now = newsletter.sections[nth], self.desk.as_of.time
            self.desk.record(commands.decide([self._here().id], "section", self.editor, now, newsletter, section.key))
            self.console.print(f"Section set: {section.name}", style="green", markup=False, highlight=False)

    def _find_section(self) -> None:
        """Set the section that is typed: by its whole name, how it begins, or some of it, if one alone has that."""
        from models.words import fold

        sections = self.desk.workspace.newsletter.sections
        words, found = fold(self.ask("Section", "")).strip(), list(range(len(sections)))
        for is_meant in (str.__eq__, str.startswith, str.__contains__) if words else ():
            found = [n for n, section in enumerate(sections) if is_meant(fold(section.name), words)]
            if found:
                break
        if words and len(found) == 1:
            self._set_section(found[0])
            return
        names = " · ".join(section.name for section in (sections[n] for n in found)) or f"no section has {words!r}"
        self.console.print(names, style="dim", markup=False, highlight=False)

    def _undo(self) -> None:
        undone = next(iter(self.desk.undo(self.editor)), None)
        self.cursor = undone.article_id if undone else self.cursor
        self.console.print("Undone." if undone else "Nothing to undo.", style="green")

    def _note(self) -> None:
        from pipeline.desk import commands

        story = self._here()
        text = self.ask(f"Note ({REMOVE} removes it)" if story.note else "Note", story.note)
        text = "" if text.strip() == REMOVE else text
        if text != story.note:
            self.desk.record([commands.note(story.id, text, self.editor, self.desk.as_of.time)])

    def _search(self) -> None:
        self.words = self.ask("Search", "")

    def _unfold(self) -> None:
        story = self._here()
        self.console.print(one_line(story.summary, 2000) or "No summary.", markup=False, highlight=False)


def step_through(desk: "Desk", editor: str, section: str | None) -> None:
    """Step through the shortlist on this terminal."""
    from rich.console import Console

    from pipeline.core.errors import InputError

    if not sys.stdin.isatty():
        raise InputError("--interactive reads keys and needs a terminal; without one use: triage decide ID... VERDICT")

    def ask(question: str, default: str) -> str:
        return str(typer.prompt(question, default=default, show_default=bool(default)))

    Stepper(
        desk, editor, Console(), read_key=typer.getchar, ask=ask, open_link=typer.launch, section=section
    ).run()  # fmt: skip
