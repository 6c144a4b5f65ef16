"""Identifiers as vendors make them, without chance: the same world makes the same ids in the same order."""

from __future__ import annotations

import hashlib
import string
import uuid

from simharness.core.rng import Rng

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_BASE = len(_ALPHABET)
#: Large numbers are divided seldom, by as many digits at a time as still make a small number.
_CHUNK = 10
_CHUNK_SIZE = _BASE**_CHUNK
#: Two signs at a time, the lower one first, as a number gives them up.
_PAIRS = tuple(low + high for high in _ALPHABET for low in _ALPHABET)
_TWO = _BASE**2
_WEIGHTS = tuple(_TWO**place for place in range(_CHUNK // 2))


class Ids:
    """Counters and derived tokens of one owner (a fake, a world), named by kind.

    `fork()` gives an independent copy that continues with the same next ids.
    """

    __slots__ = ("_counters", "_rng")

    def __init__(self, rng: Rng, counters: dict[str, int] | None = None) -> None:
        self._rng = rng
        self._counters = dict(counters or {})

    def next(self, kind: str, *, start: int = 1, step: int = 1) -> int:
        """The next number of a kind: `start`, then `step` further each time."""
        value = self._counters.get(kind, start - step) + step
        self._counters[kind] = value
        return value

    def token(self, kind: str, length: int = 24) -> str:
        """The next opaque token of a kind: letters and digits, looks random, depends on seed, kind and count only."""
        count = self.next(f"token:{kind}")
        digest = hashlib.sha256(f"{self._rng.rng_seed}/{kind}/{count}".encode()).digest()
        number = int.from_bytes(digest * (1 + length // 32), "big")
        out: list[str] = []
        while 2 * len(out) < length:
            number, part = divmod(number, _CHUNK_SIZE)
            out += [_PAIRS[part // weight % _TWO] for weight in _WEIGHTS]
        return "".join(out)[:length]

    def uuid(self, kind: str) -> str:
        """The next UUID (version 4 form) of a kind, in lower case with hyphens."""
        count = self.next(f"uuid:{kind}")
        digest = hashlib.sha256(f"{self._rng.rng_seed}/uuid/{kind}/{count}".encode()).digest()
        return str(uuid.UUID(bytes=digest[:16], version=4))

    def fork(self) -> Ids:
        """A copy whose next ids equal this one's next ids."""
        return Ids(self._rng, self._counters)
