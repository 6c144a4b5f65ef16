"""What is said between the process that hands work out and those that do it: one line of JSON a message."""

from __future__ import annotations

from pathlib import Path

from simharness.connectors.manifest import load_manifest
from simharness.domain.base import Record
from simharness.explore.planning import Spot
from simharness.explore.units import Terms
from simharness.fakekit.idempotency.choosing import profiles_of
from simharness.stories.playing import Setting
from simharness.world.registry import installed_packs


class Order(Record, frozen=True, kw_only=True):
    """The first line a worker reads: under which terms, with which connector, into which folder.

    `mapping` overrides the connector's own, "" leaves it. `flags` end every reproduction line. When `planning`, units
    are only looked through for what can be tried in them.
    """

    terms: Terms
    connector: str
    mapping: str
    out: str
    flags: str = ""
    planning: bool = False

    def setting(self) -> Setting:
        """What stories are played with; raises `ContentError` for a manifest that cannot be used."""
        return Setting(
            attachment=load_manifest(Path(self.connector)),
            mapping=Path(self.mapping) if self.mapping else None,
            rng_seed=self.terms.rng_seed,
            profiles=profiles_of(self.terms.profiles, installed_packs()),
            flags=self.flags,
        )


class Report(Record, frozen=True, kw_only=True):
    """What a worker answers about a unit: how far it is, that it is done, or why it cannot be.

    `results` and `found` count from the beginning of the unit. `failure` is the message for a person; `exit_code` what
    the command shall leave with then. `spots` answers an order for planning.
    """

    unit: str
    results: int = 0
    found: int = 0
    done: bool = False
    failure: str = ""
    exit_code: int = 3
    spots: tuple[Spot, ...] = ()
