"""The inputs of every model: n articles or past picks, column by column."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32] | NDArray[np.float64]
Indices = NDArray[np.intp]
BATCH_ROWS = 1024  # rows copied at a time: bounds memory


@dataclass(frozen=True, eq=False)
class Examples:
    """Columns about n articles or past picks.

    Parameters
    ----------
    titles : sequence of str
    vectors : array of shape (n, d)
        Unit embeddings of the titles.
    urls, sources, authors : sequence of str
        "" where unknown. A source is the host of the address, spelled alike for articles and picks.
    summary_vectors : array of shape (n, d), optional
        Unit embeddings of "title. summary"; rows of zeros where there is no summary.
    days : array of shape (n,), optional
        Day number (date.toordinal) an article was first seen, or a pick's issue came out; nan where unknown.

    Raises
    ------
    ValueError
        If a column has another length than `titles`.
    """

    titles: Sequence[str]
    vectors: Floats
    urls: Sequence[str] = ()
    sources: Sequence[str] = ()
    authors: Sequence[str] = ()
    summary_vectors: Floats | None = None
    days: Floats | None = None

    def __post_init__(self) -> None:
        n = len(self.titles)
        for name in ("urls", "sources", "authors"):
            object.__setattr__(self, name, tuple(getattr(self, name)) or ("",) * n)
        object.__setattr__(self, "titles", tuple(self.titles))
        if self.days is None:
            object.__setattr__(self, "days", np.full(n, np.nan))
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None and len(value) != n:
                raise ValueError(f"{field.name} has {len(value)} rows, titles have {n}")

    def __len__(self) -> int:
        return len(self.titles)

    @property
    def content_vectors(self) -> Floats:
        """The vector of title and summary where there is a summary, else of the title: shape (n, d)."""
        return self._content_vectors(np.arange(len(self)))

    def _content_vectors(self, rows: Indices) -> Floats:
        """Return the content vectors of some rows; only so many others are held as are compared at a time."""
        if self.summary_vectors is None:
            return self.vectors[rows]
        content = np.empty((len(rows), self.vectors.shape[1]), self.vectors.dtype)
        for start in range(0, len(rows), BATCH_ROWS):
            batch = rows[start : start + BATCH_ROWS]
            summaries = self.summary_vectors[batch]
            has_summary = summaries.any(axis=1, keepdims=True)
            content[start : start + BATCH_ROWS] = np.where(has_summary, summaries, self.vectors[batch])
        return content

    def take_content(self, rows: Sequence[int] | Indices) -> "Examples":
        """Return some rows with their content vectors as the only ones."""
        rows = np.asarray(rows, dtype=np.intp)
        others = {f.name: _rows(getattr(self, f.name), rows) for f in fields(self) if not f.name.endswith("vectors")}
        return Examples(**others, vectors=self._content_vectors(rows))

    def take(self, indices: Any) -> "Examples":
        """Return the rows at `indices` (integers, a boolean mask, or a slice, which copies no array), in that order."""
        rows = indices if isinstance(indices, slice) else np.arange(len(self))[indices]
        return Examples(**{f.name: _rows(getattr(self, f.name), rows) for f in fields(self)})

    @classmethod
    def concatenate(cls, parts: Sequence["Examples"]) -> "Examples":
        """Stack several Examples, in order."""
        return cls(**{f.name: _stack([getattr(p, f.name) for p in parts], parts) for f in fields(cls)})


@dataclass(frozen=True, eq=False)
class Briefs:
    """The newsletter's sections as configured: key, text ("name. instructions") and the text's unit vector."""

    keys: Sequence[str]
    texts: Sequence[str]
    vectors: Floats


def _rows(column: Any, rows: Indices | slice) -> Any:
    if column is None or isinstance(column, np.ndarray) or isinstance(rows, slice):
        return None if column is None else column[rows]
    return tuple(map(column.__getitem__, rows.tolist()))


def _stack(columns: Sequence[Any], parts: Sequence[Examples]) -> Any:
    if all(column is None for column in columns):
        return None
    if not any(isinstance(column, np.ndarray) for column in columns):
        return tuple(item for column in columns for item in column)
    blank = [np.zeros_like(p.vectors) if c is None else c for c, p in zip(columns, parts, strict=True)]
    return np.concatenate(blank)
