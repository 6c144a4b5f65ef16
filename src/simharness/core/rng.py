"""Randomness that a number can bring back.

One `rng_seed` gives any number of independent named streams: adding a stream never shifts the draws of another.
"""

from __future__ import annotations

import hashlib
import random


class Rng:
    """Named streams of pseudo-random numbers under one `rng_seed`; the same name always gives a fresh equal stream."""

    __slots__ = ("rng_seed",)

    def __init__(self, rng_seed: int) -> None:
        self.rng_seed = rng_seed

    def number(self, name: str) -> int:
        """A 64-bit number that depends on the seed and the name only (not on PYTHONHASHSEED)."""
        digest = hashlib.sha256(f"{self.rng_seed}/{name}".encode()).digest()
        return int.from_bytes(digest[:8], "big")

    def stream(self, name: str) -> random.Random:
        """A generator positioned at the start of the named stream."""
        return random.Random(self.number(name))  # noqa: S311 - simulation, not cryptography
