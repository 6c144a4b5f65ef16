"""Convergence: after any faults the books end as without them. `business_state` says a run's end in canonical words."""

from simharness.checks.convergence.compare import converged, unexcused
from simharness.checks.convergence.said import Said, State
from simharness.checks.convergence.state import business_state

__all__ = ["Said", "State", "business_state", "converged", "unexcused"]
