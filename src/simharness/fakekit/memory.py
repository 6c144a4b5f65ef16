"""The last answers of a function of plain values, kept with what compiled them; bounded, so that no run can fill it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K", str, bytes)
V = TypeVar("V")

#: Answers kept, and the longest question whose answer is kept: what connectors ask again and again is short.
SIZE, LONGEST = 256, 2048


class Memory(Generic[K, V]):
    """Answers by question; the oldest goes first. What is kept must depend on the question alone and never change."""

    __slots__ = ("_answers", "get")

    def __init__(self) -> None:
        self._answers: dict[K, V] = {}
        #: The answer that is kept for a question, or None.
        self.get: Callable[[K], V | None] = self._answers.get

    def keep(self, question: K, answer: V) -> None:
        """Keep an answer; one to a long question is not kept."""
        if len(question) > LONGEST:
            return
        if len(self._answers) >= SIZE:
            del self._answers[next(iter(self._answers))]
        self._answers[question] = answer

    def __len__(self) -> int:
        return len(self._answers)
