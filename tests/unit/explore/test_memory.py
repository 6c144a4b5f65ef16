"""What processes held: the first tenth of a process's cases against its last."""

from __future__ import annotations

import sys

import pytest

from simharness.explore.memory import Growth, Held, give_back, growth, resident_kb


def held(*looks: tuple[int, int]) -> list[Held]:
    return [Held(cases=cases, resident_kb=kb) for cases, kb in looks]


def test_the_most_of_the_first_tenth_is_compared_with_the_most_of_the_last() -> None:
    process = held((5, 180), (10, 200), (50, 900), (90, 210), (100, 190))
    found = growth({7: process})
    assert found == Growth(cases=100, first_kb=200, last_kb=210)
    assert found.per_thousand == 50


def test_the_largest_process_counts_in_any_order_of_looks() -> None:
    found = growth({1: held((1000, 150), (100, 100)), 2: held((20, 130), (400, 120))})
    assert found == Growth(cases=1000, first_kb=130, last_kb=150)


def test_a_process_that_was_not_looked_at_early_says_nothing() -> None:
    assert growth({1: held((60, 100), (100, 300))}) is None
    assert growth({}) is None


def test_memory_that_is_taken_is_seen() -> None:
    before = resident_kb()
    taken = bytearray(b"\1" * 64_000_000)
    assert resident_kb() - before > 50_000
    del taken


@pytest.mark.skipif(sys.platform != "linux", reason="only there the system can be asked")
def test_what_is_freed_is_given_back_though_it_lies_below_what_is_held() -> None:
    below = [bytearray(b"\1" * 4_000) for _ in range(8_000)]
    held = bytearray(b"\1" * 4_000)
    before = resident_kb()
    del below
    give_back()
    assert before - resident_kb() > 20_000
    assert held
