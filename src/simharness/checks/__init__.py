"""Checks: pure functions that read a record and say what is wrong. The only maker of findings.

`judge(record)` applies all of them, `compare(record_a, record_b)` and `compare_orders` those that need two runs.
Nothing here shares code with a fake, a connector or BI's SQL, because the second implementation is the oracle.
"""

from simharness.checks.judge import judge
from simharness.checks.order import compare_orders
from simharness.checks.registry import CHECKS, Check, check_by_id
from simharness.checks.replay import compare

__all__ = ["CHECKS", "Check", "check_by_id", "compare", "compare_orders", "judge"]
