"""Faults as data: which kind, when, and the plan that lists them. How they act is the fault port's business."""

from __future__ import annotations

from simharness.domain.base import Record


class Trigger(Record, frozen=True, kw_only=True):
    """When a fault strikes: the nth exchange (from 1) that matches vendor and operation; empty text matches all."""

    nth: int = 1
    vendor: str = ""
    operation: str = ""


class Fault(Record, frozen=True, kw_only=True):
    """One named kind of fault (faults of the wire, the vendor or the connector's process) with its trigger."""

    kind: str
    trigger: Trigger = Trigger()


class Plan(Record, frozen=True, kw_only=True):
    """The faults of one case, in the order in which they were planned; empty for a clean run."""

    faults: tuple[Fault, ...] = ()
