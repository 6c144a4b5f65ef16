"""A new world is made in under five milliseconds once the contracts are compiled."""

from __future__ import annotations

from benchmarks import setting
from benchmarks.figures import Figure, best_s

_ROUNDS = 30


def measure() -> list[Figure]:
    """Making and furnishing, apart."""
    dictionary = setting.dictionary()
    setting.world(furnished=dictionary)
    made_s = best_s(setting.world, _ROUNDS)
    furnished_s = best_s(lambda: setting.world(furnished=dictionary), _ROUNDS)
    return [
        Figure(name="a new world", value=made_s * 1000, unit="ms", goal=5),
        Figure(name="a new world with the furniture of a dictionary", value=furnished_s * 1000, unit="ms"),
    ]
