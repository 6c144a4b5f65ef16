from __future__ import annotations

import signal

import pytest

from simharness.cli.interrupt import interruptible


def interrupted(times: int, *, heeded: bool = False) -> list[str]:
    """What was reached when Ctrl-C is pressed so many times."""
    reached: list[str] = []
    try:
        with interruptible() as interrupts:
            for _ in range(times):
                signal.raise_signal(signal.SIGINT)
            reached.append("went on")
            if heeded:
                interrupts.heed()
                reached.append("past the place to stop")
    except KeyboardInterrupt:
        reached.append("stopped")
    return reached


def test_a_first_ctrl_c_waits_until_it_is_heeded() -> None:
    assert interrupted(1, heeded=True) == ["went on", "stopped"]


def test_a_second_ctrl_c_stops_at_once() -> None:
    assert interrupted(2) == ["stopped"]


def test_one_that_nobody_heeded_is_raised_at_the_end() -> None:
    assert interrupted(1) == ["went on", "stopped"]


def test_without_one_nothing_stops() -> None:
    assert interrupted(0, heeded=True) == ["went on", "past the place to stop"]


@pytest.mark.parametrize("times", [0, 1, 2])
def test_the_handler_before_comes_back(times: int) -> None:
    before = signal.getsignal(signal.SIGINT)
    interrupted(times)
    assert signal.getsignal(signal.SIGINT) is before
