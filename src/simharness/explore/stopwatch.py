"""Real time, for what work costs: it is told beside results and is never a part of them."""

from __future__ import annotations

import time


def now_us() -> int:
    """Real microseconds since some moment; a frozen clock does not stop it."""
    return time.perf_counter_ns() // 1000
