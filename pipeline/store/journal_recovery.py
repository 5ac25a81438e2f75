"""Recover the decisions of a damaged journal. Pure: the file's bytes and the table in, decisions out.

A line whose own checksum fails can still be proven: the next line's checksum covers it, and the table has a copy.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest

from pipeline.core.types import Decision
from pipeline.store.journal import GENESIS, checksum_of, from_json


@dataclass(frozen=True, slots=True)
class Recovery:
    """The decisions recovered from journal and table."""

    decisions: tuple[Decision, ...]  # in the order they were made, numbered from 1
    damaged: tuple[int, ...]  # lines of the journal that fail their checksum
    unproven: tuple[int, ...]  # of these, those that nothing confirms: kept as they are
    lost: tuple[int, ...]  # of these, those that cannot be read and are not in the table
    from_table: int  # decisions that were only in the table


@dataclass(frozen=True, slots=True)
class Line:
    """One line, parsed as far as possible."""

    number: int
    checksum: str
    text: str
    decision: Decision | None


def recover(data: bytes, table: Mapping[int, Decision]) -> Recovery:
    """Merge a damaged journal with the table; no decision that either holds is lost.

    Parameters
    ----------
    data : bytes
        The journal. An unfinished last line was never acknowledged.
    table : mapping of int to Decision
        The table `decisions` by place; it may lack the newest decisions or hold more than the journal.
    """
    lines = [_parse_line(number, raw) for number, raw in enumerate(data.split(b"\n")[:-1], 1)]
    damaged, sound = _verify(lines)
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
    return Recovery(_in_order(kept, table), tuple(damaged), tuple(unproven), lost, len(known) - len(kept))


def _in_order(kept: Mapping[int, Decision], table: Mapping[int, Decision]) -> tuple[Decision, ...]:
    """Renumber all decisions; where journal and table disagree on a seq, keep both, ordered by time."""
    if any(kept[seq] != table[seq] for seq in kept.keys() & table.keys()):
        distinct = {replace(d, seq=0): d for d in (*table.values(), *kept.values())}
        ordered = sorted(distinct.values(), key=lambda d: (d.decided_at, d.seq))
    else:
        ordered = [decision for _, decision in sorted({**table, **kept}.items())]
    return tuple(replace(decision, seq=n) for n, decision in enumerate(ordered, 1))


def _parse_line(number: int, raw: bytes) -> Line:
    checksum, _, text = raw.decode(errors="replace").partition(" ")
    try:
        return Line(number, checksum, text, from_json(text))
    except (ValueError, TypeError, KeyError):
        return Line(number, checksum, text, None)


def _verify(lines: list[Line]) -> tuple[list[int], set[int]]:
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
