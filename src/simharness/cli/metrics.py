"""The metrics that a team brings along on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simharness.bi.metrics import Metric


def own_metrics(folder: Path | None) -> Mapping[str, Metric]:
    """The metrics of a team's folder; none without one. Raises `UsageError` or `ContentError` for what cannot be
    used.
    """
    if folder is None:
        return {}
    from simharness.bi.metrics import metrics_in  # BI is heavy, and most runs bring no metrics of their own

    return metrics_in(folder)
