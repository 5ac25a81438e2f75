"""A newsletter's folder, and the composition root: everything that steps are given is built here."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.core.as_of import AsOf
from pipeline.core.config import FILE_NAME, Newsletter, render_template
from pipeline.core.config_reader import read_newsletter
from pipeline.core.errors import WorkspaceError
from pipeline.store import decisions
from pipeline.store.database import Database
from pipeline.store.journal import FILE_NAME as JOURNAL_NAME
from pipeline.store.journal import Journal

if TYPE_CHECKING:
    from models.embedder import Embedder
    from pipeline.ranking.context import RankingContext

DATABASE_NAME = "triage.duckdb"


@dataclass(frozen=True)
class Workspace:
    """A newsletter with its database and journal, as of a time."""

    folder: Path
    newsletter: Newsletter
    database: Database
    journal: Journal
    as_of: AsOf

    @classmethod
    def create(cls, folder: Path, name: str | None = None, template: str = "research-computing") -> "Workspace":
        """Create a newsletter's folder. Existing files are kept."""
        from pipeline.drafts.render import add_template  # Jinja2 is slow to import, and only `init` needs it here

        folder = _resolved(folder)
        file = folder / FILE_NAME
        text = render_template(template, name or folder.name.replace("-", " ").title())
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not file.exists():
                file.write_text(text, "utf-8")
                add_template(template, folder)
        except OSError as error:
            raise WorkspaceError(f"cannot write {file} ({error.strerror}); choose another folder") from error
        newsletter = read_newsletter(file)
        database = Database.create(folder / DATABASE_NAME)
        return cls(folder, newsletter, database, Journal(folder / JOURNAL_NAME), AsOf.now())

    @classmethod
    def open(cls, folder: Path | None = None, as_of: AsOf | None = None) -> "Workspace":
        """Open a newsletter's folder, and replay the journal into its database.

        Parameters
        ----------
        folder : Path, optional
            The folder; default: the nearest one upwards that holds newsletter.toml, else $TRIAGE_WORKSPACE.
        as_of : AsOf, optional
            Default: now.

        Raises
        ------
        WorkspaceError
            If there is no workspace.
        """
        workspace = cls.find(folder, as_of)
        decisions.catch_up(workspace.journal, workspace.database)
        return workspace

    @classmethod
    def find(cls, folder: Path | None = None, as_of: AsOf | None = None) -> "Workspace":
        """Find a newsletter's folder without opening its database: for `triage check`, which repairs it."""
        folder = _resolved(folder or _find_folder())
        if not (folder / FILE_NAME).exists():
            raise WorkspaceError(f"no {FILE_NAME} in {folder}; make a workspace with: triage init {folder}")
        return cls(
            folder,
            read_newsletter(folder / FILE_NAME),
            Database(folder / DATABASE_NAME),
            Journal(folder / JOURNAL_NAME),
            as_of or AsOf.now(),
        )

    @property
    def models_folder(self) -> Path:
        """Where fitted models are kept."""
        return self.folder / "models"

    @cached_property
    def embedder(self) -> "Embedder":
        """The newsletter's embedding model; weights are loaded on first use."""
        from models.embedder import UnknownModelError, load_embedder

        try:
            embedder = load_embedder(self.newsletter.embedding_model)
        except UnknownModelError as error:
            raise WorkspaceError(str(error)) from error
        return self._shared(embedder) if self.newsletter.share else embedder

    def context(self, as_of: AsOf | None = None, learns_from_candidates: bool = True) -> "RankingContext":
        """Build the ranking's inputs and models, as of this workspace's time or another."""
        from pipeline.ranking.context import RankingContext

        as_of = as_of or self.as_of
        return RankingContext(
            self.database, self.newsletter, self.embedder, as_of, self.models_folder, learns_from_candidates
        )  # fmt: skip

    def _shared(self, embedder: "Embedder") -> "Embedder":
        from pipeline.ops.shared_embeddings import SharedEmbedder

        folder = Path(self.newsletter.share) / "vectors"
        try:
            return SharedEmbedder(embedder, folder, self.as_of.run_date)
        except OSError as error:
            raise WorkspaceError(
                f"cannot write {folder} ({error.strerror}); name another folder under share in {FILE_NAME}"
            ) from error


def _resolved(folder: Path) -> Path:
    """Return a folder's absolute path, which DuckDB and Prefect can only take as UTF-8."""
    found = folder.resolve()
    try:
        str(found).encode()
    except UnicodeEncodeError as error:
        shown = os.fsencode(found).decode("utf-8", "backslashreplace")
        raise WorkspaceError(
            f"the name of {shown} cannot be read as UTF-8; rename the folder, or use a UTF-8 locale if that is one"
        ) from error
    return found


def _find_folder() -> Path:
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / FILE_NAME).exists():
            return folder
    named = os.environ.get("TRIAGE_WORKSPACE")
    if named:
        return Path(named)
    raise WorkspaceError(
        f"no {FILE_NAME} in {here} or above; go to a workspace, name one with --workspace, or run: triage init DIR"
    )
