"""Read what can be read of a damaged journal. Pure: bytes and what the database knows in, decisions out.

A line may stand although its own checksum fails: the next line's checksum covers it too, and the database has a copy.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest

from pipeline.core.types import Decision
from pipeline.store.journal import GENESIS, checksum_of, from_json


@dataclass(frozen=True, slots=True)
class Salvage:
    """What a journal and a table together still know."""

    decisions: tuple[Decision, ...]  # in the order they were made, numbered from 1
    damaged: tuple[int, ...]  # lines of the journal that fail their checksum
    unproven: tuple[int, ...]  # of these, the ones that nothing confirms: kept as they read
    lost: tuple[int, ...]  # of these, the ones that cannot be read and that the database does not know
    from_table: int  # decisions that only the database still knew


@dataclass(frozen=True, slots=True)
class Line:
    """One line, taken apart as far as it goes."""

    number: int
    checksum: str
    text: str
    decision: Decision | None


def salvage(data: bytes, table: Mapping[int, Decision]) -> Salvage:
    """Join a damaged journal with the table of decisions, and lose nothing that either still knows.

    Parameters
    ----------
    data : bytes
        The journal. A last line without its end was never acknowledged.
    table : mapping of int to Decision
        The table `decisions` by place; it may lack the newest and hold more than the journal.
    """
    lines = [_taken_apart(number, raw) for number, raw in enumerate(data.split(b"\n")[:-1], 1)]
    damaged, sound = _judged(lines)
    kept: dict[int, Decision] = {}
    unproven = []
    for line in lines:
        if line.decision is None:
            continue
        seq = line.decision.seq
        if line.number not in sound and seq in table:
            kept[seq] = table[seq]
        else:
            kept.setdefault(seq, line.decision)
            unproven += [line.number] if line.number not in sound else []
    known = {**table, **kept}
    lost = tuple(line.number for line in lines if line.decision is None and line.number not in known)
    return Salvage(_in_order(kept, table), tuple(damaged), tuple(unproven), lost, len(known) - len(kept))


def _in_order(kept: Mapping[int, Decision], table: Mapping[int, Decision]) -> tuple[Decision, ...]:
    """Number all decisions anew; where the two disagree on a place, both stand, by the time they were made."""
    if any(kept[seq] != table[seq] for seq in kept.keys() & table.keys()):
        said = {replace(d, seq=0): d for d in (*table.values(), *kept.values())}
        ordered = sorted(said.values(), key=lambda d: (d.decided_at, d.seq))
    else:
        ordered = [decision for _, decision in sorted({**table, **kept}.items())]
    return tuple(replace(decision, seq=n) for n, decision in enumerate(ordered, 1))


def _taken_apart(number: int, raw: bytes) -> Line:
    checksum, _, text = raw.decode(errors="replace").partition(" ")
    try:
        return Line(number, checksum, text, from_json(text))
    except (ValueError, TypeError, KeyError):
        return Line(number, checksum, text, None)


def _judged(lines: list[Line]) -> tuple[list[int], set[int]]:
    """Return the numbers of the lines whose checksum fails, and of those whose text is proven by it or by the next."""
    damaged, proven = [], set()
    before = GENESIS
    for line, following in zip_longest(lines, lines[1:]):
        due = checksum_of(before, line.text)
        by_next = following is not None and following.checksum == checksum_of(due, following.text)
        if line.decision is None or line.checksum != due:
            damaged.append(line.number)
        if line.decision is not None and (line.checksum == due or by_next):
            proven.add(line.number)
        before = due if by_next else line.checksum
    return damaged, proven
