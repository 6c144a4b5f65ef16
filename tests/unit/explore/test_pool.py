from __future__ import annotations

from pathlib import Path

import pytest

from simharness.explore.orders import Order
from simharness.explore.pool import explored
from tests.unit.explore.samples import TERMS, whole


def test_a_unit_at_which_every_process_dies_is_given_up_and_told_with_their_last_words(tmp_path: Path) -> None:
    order = Order(terms=TERMS, connector=str(tmp_path / "gone.yaml"), mapping="", out=str(tmp_path))
    (unit,) = whole(1).units
    ((told, report),) = explored(order, [unit], jobs=1)
    assert told == unit
    assert report.failure.startswith("its process left with 1")
    assert "gone.yaml" in report.failure


def test_whoever_asks_to_stop_is_heard_and_nobody_goes_on(tmp_path: Path) -> None:
    order = Order(terms=TERMS, connector=str(tmp_path / "gone.yaml"), mapping="", out=str(tmp_path))

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(explored(order, whole(3).units, jobs=2, heed=stop))
    assert list(tmp_path.iterdir()) == []


def test_no_work_takes_no_process(tmp_path: Path) -> None:
    order = Order(terms=TERMS, connector="gone.yaml", mapping="", out=str(tmp_path))
    assert list(explored(order, [], jobs=2)) == []
