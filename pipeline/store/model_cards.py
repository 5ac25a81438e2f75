"""Table `model_cards`: the registered models, and which one of each kind is active."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from pipeline.core.errors import NotFoundError
from pipeline.store.database import Connection

COLUMNS = "id, kind, created_at, trained_before, sha256, active, card"
UPDATE_CARD = "UPDATE model_cards SET card = ? WHERE id = ?"
SET_ASIDE = "set_aside"  # key in the card


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A registered model: a row of table `model_cards`."""

    id: str  # also the file's name under models/
    kind: str  # sections | relevance
    created_at: datetime  # the as-of time of its training
    trained_before: date  # saw only issues before
    sha256: str  # of the file
    active: bool
    card: dict[str, Any]  # data, params, versions, figures, limits

    @property
    def set_aside(self) -> str | None:
        """Why the model could not be loaded when it was last tried; None if it could."""
        return self.card.get(SET_ASIDE)


def add_card(connection: Connection, card: ModelCard) -> None:
    """Store a card; the same model again replaces its row."""
    connection.execute(
        f"INSERT OR REPLACE INTO model_cards ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 (constant)
        [
            card.id, card.kind, card.created_at, card.trained_before, card.sha256, card.active,
            _as_json(card.card),
        ],
    )  # fmt: skip


def all_cards(connection: Connection) -> list[ModelCard]:
    """Return every card, newest first."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM model_cards ORDER BY created_at DESC, kind, id"  # noqa: S608 (constant)
    ).fetchall()
    return [ModelCard(*row[:6], json.loads(row[6])) for row in rows]  # type: ignore[call-arg]  # a row as DuckDB gives it


def activate(connection: Connection, model_id: str) -> ModelCard:
    """Make one model the active one of its kind.

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
    if card.set_aside:
        card = replace(card, card={name: value for name, value in card.card.items() if name != SET_ASIDE})
        connection.execute(UPDATE_CARD, [_as_json(card.card), model_id])
    return replace(card, active=True)


def set_aside(connection: Connection, model_id: str, why: str) -> None:
    """Deactivate a model that cannot be loaded, and keep the reason in its card. Its file stays where it is."""
    connection.execute("UPDATE model_cards SET active = false WHERE id = ?", [model_id])
    for card in all_cards(connection):
        if card.id == model_id:
            connection.execute(UPDATE_CARD, [_as_json({**card.card, SET_ASIDE: why}), model_id])


def _as_json(card: dict[str, Any]) -> str:
    return json.dumps(card, ensure_ascii=False)
