"""Units of work: what one process explores by itself, named by everything that its results depend on.

A unit that is explored twice, on whatever machine, gives the same results: so work can be handed out, interrupted,
repeated and put together in any order. Two units of one id are the same work.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from simharness.core.errors import HarnessFault, UsageError
from simharness.domain.base import Record, encode
from simharness.explore.digests import digest_of


class Terms(Record, frozen=True, kw_only=True):
    """What all units of an exploration have in common.

    `connector`, `contracts` and `harness` are digests; `profiles` are as they were asked for. `faults` are
    kinds in the order of their table.
    """

    release: str
    harness: str
    connector: str
    contracts: str
    faults: tuple[str, ...]
    depth: int = 1
    to_the_end: bool = False
    rng_seed: int = 0
    profiles: tuple[str, ...] = ()


class Standing(Record, frozen=True, kw_only=True):
    """Calls of a story that are not tried with faults of some kinds, `at` in the words of triggers, since others stand
    for them: `by` has the key of the story and the trigger of each.
    """

    by: tuple[str, ...]
    kinds: tuple[str, ...]
    at: tuple[str, ...]


class Unit(Record, frozen=True, kw_only=True):
    """One story to explore, or a range of numbers from which random stories come.

    `mapping` is the digest of the mapping that the story is played with, `steps` how long it is. `sample`: the kinds of
    which one case each is tried; every case of every kind without any. `standing`: what is not tried;
    `clean_only` says that nothing is. `tried`: how many cases are, where that was planned. `id` is made by `named`.
    """

    id: str = ""
    story: str = ""
    story_key: str = ""
    where: str = ""
    steps: int = 0
    mapping: str = ""
    sample: tuple[str, ...] = ()
    standing: tuple[Standing, ...] = ()
    clean_only: bool = False
    tried: int = 0
    first_seed: int = 0
    seeds: int = 0

    @property
    def title(self) -> str:
        """What a person calls it."""
        return self.story or f"random stories {self.first_seed} to {self.first_seed + self.seeds - 1}"

    @property
    def file(self) -> str:
        """The file of its story, "" for random stories."""
        return self.where.rpartition(":")[0]


class Shard(Record, frozen=True, kw_only=True):
    """The part `number` (from 1) of `of` parts of an exploration."""

    number: int = 1
    of: int = 1

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def holds(self, unit: Unit) -> bool:
        """Whether a unit belongs to it; by its id, so that a unit stays where it is when others come and go."""
        return int(unit.id, 16) % self.of == self.number - 1


class Exploration(Record, frozen=True, kw_only=True):
    """All that is to be explored: the terms, and every unit of every shard in the order of the stories."""

    terms: Terms
    units: tuple[Unit, ...]

    @property
    def digest(self) -> str:
        """What identifies it: explorations of equal digest can be put together."""
        return digest_of(encode(self.terms), *(unit.id.encode() for unit in self.units))

    def of(self, shard: Shard) -> tuple[Unit, ...]:
        """The units of a shard."""
        return tuple(unit for unit in self.units if shard.holds(unit))


def named(unit: Unit, terms: Terms) -> Unit:
    """The unit with its id: sixteen hexadecimal digits of the terms and of itself, wherever its file lies."""
    nameless = {name: getattr(unit, name) for name in Unit.__struct_fields__ if name not in ("id", "where")}
    return Unit(id=digest_of(encode(terms), encode(Unit(**nameless))), where=unit.where, **nameless)


def with_standing(unit: Unit, standing: tuple[Standing, ...], *, tried: int, clean_only: bool) -> Unit:
    """The unit with what is not tried in it, and how many cases are."""
    return replace(unit, standing=standing, tried=tried, clean_only=clean_only)


def exploration(terms: Terms, units: Iterable[Unit]) -> Exploration:
    """An exploration of units that get their names here.

    Equal units (a story that is there twice) are one; raises `HarnessFault` for two that only share a name.
    """
    distinct: dict[str, Unit] = {}
    for unit in (named(each, terms) for each in units):
        other = distinct.setdefault(unit.id, unit)
        if (other.story_key, other.first_seed) != (unit.story_key, unit.first_seed):
            raise HarnessFault(f"two units of work have the name {unit.id}: {other.title!r} and {unit.title!r}")
    return Exploration(terms=terms, units=tuple(distinct.values()))


def parse_shard(text: str) -> Shard:
    """The shard of a text such as `2/8`; the whole for none. Raises `UsageError`."""
    if not text:
        return Shard()
    number, _, of = text.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise UsageError(f"{text!r} is no shard", mend="write i/N with i from 1 to N, for example 2/8")
    return Shard(number=int(number), of=int(of))


def longest_first(units: Iterable[Unit]) -> Sequence[Unit]:
    """The order in which units are handed out: the long ones first, so that no process ends long after the others.

    Long are those in which many cases are tried, and of them, or where nothing was planned, long stories.
    """
    return sorted(units, key=lambda unit: (-unit.tried, -(unit.steps or unit.seeds), unit.id))
