"""A world that can be replaced while doors stay open: what a served simulator resets."""

from __future__ import annotations

from collections.abc import Callable

from simharness.world.world import World


class WorldHost:
    """Holds the present world of a set of doors; `reset` makes a fresh one in its place."""

    def __init__(self, make: Callable[[], World]) -> None:
        self._make = make
        self.world = make()

    def reset(self) -> None:
        """Throw the present world away and begin anew, in the same initial state."""
        self.world = self._make()
