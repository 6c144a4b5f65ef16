"""Checks: pure functions that read a record and say what is wrong. The only maker of findings.

`judge(record)` applies all of them; `compare(record_a, record_b)`, `compare_orders` and `converged` are those that need
two runs.
Nothing here shares code with a fake, a connector or BI's SQL, because the second implementation is the oracle.
"""

from simharness.checks.convergence import State, business_state, converged, unexcused
from simharness.checks.judge import judge
from simharness.checks.order import compare_orders
from simharness.checks.registry import CHECKS, Check, check_by_id
from simharness.checks.replay import compare
from simharness.checks.signature import signature_of

__all__ = [
    "CHECKS",
    "Check",
    "State",
    "business_state",
    "check_by_id",
    "compare",
    "compare_orders",
    "converged",
    "judge",
    "signature_of",
    "unexcused",
]
