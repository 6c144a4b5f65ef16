"""Facts of faults: what a story lets go wrong between the connector and its vendors, and when that is over."""

from __future__ import annotations

from simharness.domain.fact_base import FactBase
from simharness.domain.fault import Fault


class FaultSet(FactBase, frozen=True, kw_only=True):
    """Something is to go wrong from now on. `told` says so in words, `fault` is what the log of faults calls it.

    `system`: CRM, ledger, gateway, bank, payroll or alerts, "" for the connector's own process. `after` is how many
    strikes the log of faults had by then, so that a strike belongs to the latest of equal faults.
    """

    told: str
    fault: Fault
    system: str = ""
    after: int = 0


class FaultsEnded(FactBase, frozen=True, kw_only=True):
    """Nothing that a story let go wrong with a system stands any longer."""

    system: str


FaultFact = FaultSet | FaultsEnded
