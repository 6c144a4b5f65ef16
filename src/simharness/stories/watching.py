"""The search of a run for personal data, made while the world still knows them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from simharness.checks.privacy.canaries import PAYROLL, Canary, canaries
from simharness.checks.privacy.looking import look
from simharness.checks.privacy.redaction import Blots
from simharness.domain.base import encode
from simharness.domain.personal import Watch
from simharness.domain.record import RunRecord
from simharness.stories.sinks import sinks
from simharness.world.world import World


@dataclass(frozen=True, slots=True)
class Watched:
    """A record with what was seen, and the canaries that were looked for."""

    record: RunRecord
    canaries: tuple[Canary, ...]

    def blotted(self) -> RunRecord:
        """The record without a text that identifies a person."""
        payroll = frozenset(vendor for family, vendor in self.record.header.stack if family == PAYROLL)
        return Blots(self.canaries, payroll).record(self.record)


def watch(world: World, record: RunRecord, state_dir: Path) -> Watched:
    """Look for everybody's personal data in everything that a connector could have written, told or kept by now."""
    held = world.personal()
    if not held:
        return Watched(msgspec.structs.replace(record, watches=(Watch(),)), ())
    said = b"\n".join(encode(each) for each in (*record.facts, record.header.dictionary, *record.further))
    sought = canaries(held, said.decode().lower())
    found = look(sought, sinks(record, world, state_dir))
    return Watched(msgspec.structs.replace(record, watches=(found,)), sought)
