"""Table `model_cards`: every fitted model that was kept, and which one serves."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.core.errors import NotFoundError
from pipeline.store.database import Connection

COLUMNS = "id, kind, created_at, trained_before, sha256, active, card"


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One kept model. Column by column the table `model_cards`."""

    id: str  # also the file's name under models/
    kind: str  # sections | relevance
    created_at: datetime  # the moment it was trained for
    trained_before: date  # saw only issues before
    sha256: str  # of the file
    active: bool
    card: dict[str, Any]  # data, recipe, figures, limits


def add_card(connection: Connection, card: ModelCard) -> None:
    """Keep a card; the same model kept twice is one row."""
    connection.execute(
        f"INSERT OR REPLACE INTO model_cards ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 (constant)
        [
            card.id, card.kind, card.created_at, card.trained_before, card.sha256, card.active,
            json.dumps(card.card, ensure_ascii=False),
        ],
    )  # fmt: skip


def all_cards(connection: Connection) -> list[ModelCard]:
    """Return every card, newest first."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM model_cards ORDER BY created_at DESC, kind, id"  # noqa: S608 (constant)
    ).fetchall()
    return [ModelCard(*row[:6], json.loads(row[6])) for row in rows]  # type: ignore[call-arg]  # a row as DuckDB gives it


def activate(connection: Connection, model_id: str) -> ModelCard:
    """Let one model serve in place of the others of its kind.

    Raises
    ------
    NotFoundError
        If no model has this id.
    """
    cards = {card.id: card for card in all_cards(connection)}
    if model_id not in cards:
        raise NotFoundError(f"no model {model_id!r}; list them with: triage models list")
    card = cards[model_id]
    connection.execute("UPDATE model_cards SET active = (id = ?) WHERE kind = ?", [model_id, card.kind])
    return card
