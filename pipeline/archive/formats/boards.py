"""Turn a board of Trello into rows: links in lists of issues, or issues where the cards hold several links."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pipeline.archive.blocks import BARE_ADDRESS
from pipeline.archive.metadata.value_dates import given_date
from pipeline.core.counted import counted

SEVERAL = 3  # addresses of a card that is an issue
ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"]+")
Row = dict[str, Any]


def is_board(data: Any) -> bool:
    """Has it lists, and cards in them?"""
    cards = data.get("cards") if isinstance(data, dict) and isinstance(data.get("lists"), list) else None
    return isinstance(cards, list) and any(isinstance(card, dict) and "idList" in card for card in cards)


def board_rows(data: Mapping[str, Any], problem: Callable[[str, str], None]) -> list[Row]:
    """Return a row a card, in their order on the board, without those that were archived.

    Parameters
    ----------
    problem : callable
        Is called with each list beside those of issues, and why its cards are no rows.
    """
    lists = sorted((each for each in data["lists"] if isinstance(each, dict)), key=_position)
    cards = [card for card in data["cards"] if isinstance(card, dict) and not card.get("closed")]
    cards = [card for each in lists for card in sorted(cards, key=_position) if card.get("idList") == each.get("id")]
    counts = [len(set(_addresses(card))) for card in cards]
    if sum(n for n in counts if n >= SEVERAL) > sum(counts) / 2:
        pairs = zip(cards, counts, strict=True)
        return [{"title": c.get("name"), "body": c.get("desc"), "date": _day(c)} for c, n in pairs if n >= SEVERAL]
    return _links(cards, {str(each.get("id")): str(each.get("name") or "") for each in lists}, problem)


def _links(cards: Sequence[Row], names: Mapping[str, str], problem: Callable[[str, str], None]) -> list[Row]:
    """Return a link a card; where most cards are in lists that name an issue, without those of other lists."""
    own = [names[card["idList"]] for card in cards]
    are_issues = sum(bool(re.search(r"\d", name)) for name in own) > len(own) / 2
    rows: list[Row] = []
    beside: dict[str, int] = {}
    for card, name in zip(cards, own, strict=True):
        url = next(iter(_addresses(card)), "")
        if are_issues and not re.search(r"\d", name):
            beside[name] = beside.get(name, 0) + 1
        elif url:
            labels = (str(label.get("name") or "") for label in card.get("labels") or () if isinstance(label, dict))
            note = " ".join(BARE_ADDRESS.sub("", str(card.get("desc") or "")).split())
            issue = {"issue": name} if are_issues else {}
            day = (given_date(name) if are_issues else None) or _day(card)
            section = next((label for label in labels if label), "" if are_issues else name)
            rows.append(
                {"title": card.get("name"), "url": url, **issue, "date": day, "section": section, "notes": note}
            )
    for name, n in beside.items():
        problem(f"list {name!r}", f"its name has no number and no day of an issue: {counted(n, 'card')} left out")
    return rows


def _position(each: Mapping[str, Any]) -> float:
    place = each.get("pos")
    return float(place) if isinstance(place, int | float) else 0.0


def _addresses(card: Mapping[str, Any]) -> list[str]:
    """Return the addresses of a card: of its attachments, of its text, of its name."""
    attached = [str(each.get("url") or "") for each in card.get("attachments") or () if isinstance(each, dict)]
    return ADDRESS.findall(" ".join([*attached, str(card.get("desc") or ""), str(card.get("name") or "")]))


def _day(card: Mapping[str, Any]) -> Any:
    """Return when a card is due, else when it was made: the first half of its name is the second of that."""
    made = re.match(r"[0-9a-f]{8}(?=[0-9a-f]{16}$)", str(card.get("id") or ""))
    return card.get("due") or (datetime.fromtimestamp(int(made[0], 16), UTC) if made else None)
