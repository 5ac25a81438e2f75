"""Count what is done while an archive is read."""

from dataclasses import dataclass

from pipeline.core.types import Progress


@dataclass
class Steps:
    """Counts what is done of an archive: its files are read, its issues looked at, and their picks taken."""

    progress: Progress | None
    total: int
    done: int = 0

    def __call__(self) -> None:
        """Count one."""
        self.done += 1
        if self.progress:
            self.progress(self.done, self.total)
