"""A measured figure with its goal, and how to measure: the best of several rounds, because noise only ever adds."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the report. A figure without a goal is for information. `note` says what was divided by what."""

    name: str
    value: float
    unit: str = ""
    goal: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether the goal is reached; true where there is none."""
        if self.goal is None:
            return True
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        goal = "" if self.goal is None else f"{sign} {self.goal:g}{' ' + self.unit if self.unit else ''}"
        verdict = "" if self.goal is None else ("met" if self.met else "MISSED")
        value = f"{self.value:,.3g}" if self.value < 1000 else f"{self.value:,.0f}"
        return (
            f"  {self.name:<58}{value + (' ' + self.unit if self.unit else ''):>14}  {goal:<10} {verdict:<7}{self.note}"
        )


def best_s(work: Callable[[], object], rounds: int = 5) -> float:
    """Seconds of the quickest round."""
    return min(timed_s(work) for _ in range(rounds))


def timed_s(work: Callable[[], object]) -> float:
    """Seconds of one round; the garbage collector waits, for where one of its passes falls is chance."""
    gc.collect()
    gc.disable()
    try:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began
    finally:
        gc.enable()
