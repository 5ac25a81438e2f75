"""A benchmark's result, and timing of several actions in turn, by medians."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One row of the table."""

    name: str  # what was measured
    against: str  # beside what
    value: float
    goal: float
    unit: str = "×"
    at_most: bool = True  # whether the goal is a ceiling, else it is a floor
    detail: str = ""  # absolute numbers, for this machine only
    series: dict[str, float] = field(default_factory=dict)  # plotted, where given
    measured_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="minutes"))

    @property
    def is_met(self) -> bool:
        """Return whether the goal is reached."""
        return self.value <= self.goal if self.at_most else self.value >= self.goal

    @property
    def record(self) -> dict[str, Any]:
        """As it is kept between runs."""
        return asdict(self)


def in_turn(rounds: int = 5, **actions: Callable[[], object]) -> dict[str, float]:
    """Run each action once per round, one after the other, and return the median seconds of each."""
    seconds: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            started = time.perf_counter()
            action()
            seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(taken) for name, taken in seconds.items()}
