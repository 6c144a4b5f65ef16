"""A hundred worlds in one process do not see each other."""

from __future__ import annotations

from benchmarks import setting
from benchmarks.figures import Figure, timed_s
from simharness.domain.acts import CreateCompany

_WORLDS = 100


def measure() -> list[Figure]:
    """Each world gets as many companies as its number says; whoever sees another number has looked next door."""
    worlds = [setting.world() for _ in range(_WORLDS)]

    def fill() -> None:
        for turn in range(_WORLDS):
            for number in range(turn, _WORLDS):
                worlds[number].operate("crm", CreateCompany(name=f"World {number} company {turn}"), "sales")

    took_s = timed_s(fill)
    leaks = 0
    for number, world in enumerate(worlds):
        crm = world.snapshot().crm
        names = [company.name for company in crm.companies] if crm else []
        leaks += names != [f"World {number} company {turn}" for turn in range(number + 1)]
    acts = _WORLDS * (_WORLDS + 1) // 2
    note = f"{acts} acts in turn over {_WORLDS} worlds, {took_s / acts * 1000:.2f} ms each"
    return [Figure(name=f"worlds of {_WORLDS} that saw another one", value=leaks, goal=0, note=note)]
