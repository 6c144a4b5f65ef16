"""Ids and randomness depend on the seed and the name, on nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid

from hypothesis import given
from hypothesis import strategies as st

from simharness.core.ids import Ids
from simharness.core.rng import Rng

_SHOW = """
from simharness.core.ids import Ids
from simharness.core.rng import Rng
from simharness.domain.base import encode
from simharness.domain.exchange import Request
ids = Ids(Rng(7))
print(ids.token("a"), ids.token("a", 50), ids.uuid("b"), ids.next("c"), Rng(7).number("n"), Rng(7).stream("s").random())
headers = {name: "1" for name in {"host", "accept", "x-one", "x-two", "x-three"}}
print(encode(Request(method="GET", host="h", path="/", headers=headers)).decode())
"""


def test_another_hash_seed_changes_nothing() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", _SHOW],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(told) == 1


@given(st.integers(), st.text(), st.integers(1, 200))
def test_equal_seeds_give_equal_ids_and_no_id_comes_twice(seed: int, kind: str, length: int) -> None:
    one, two = Ids(Rng(seed)), Ids(Rng(seed))
    made = [one.token(kind, length + 10) for _ in range(20)]
    assert made == [two.token(kind, length + 10) for _ in range(20)]
    assert len(set(made)) == 20
    assert all(len(token) == length + 10 and token.isalnum() and token.isascii() for token in made)


def test_another_seed_gives_other_ids() -> None:
    assert Ids(Rng(1)).token("a") != Ids(Rng(2)).token("a")
    assert Ids(Rng(1)).uuid("a") != Ids(Rng(2)).uuid("a")


def test_kinds_do_not_disturb_each_other() -> None:
    mixed, plain = Ids(Rng(3)), Ids(Rng(3))
    mixed.token("noise")
    mixed.next("noise")
    assert (mixed.token("a"), mixed.uuid("a"), mixed.next("a")) == (plain.token("a"), plain.uuid("a"), plain.next("a"))


def test_numbers_start_and_step_as_asked() -> None:
    ids = Ids(Rng(0))
    assert [ids.next("n") for _ in range(3)] == [1, 2, 3]
    assert [ids.next("big", start=1001, step=10) for _ in range(3)] == [1001, 1011, 1021]


def test_a_fork_goes_on_with_the_same_next_ids_and_on_its_own() -> None:
    ids = Ids(Rng(5))
    ids.next("n")
    twin = ids.fork()
    assert [ids.next("n"), ids.next("n")] == [twin.next("n"), twin.next("n")] == [2, 3]
    assert ids.token("t") == twin.token("t")


def test_a_uuid_has_the_form_of_version_four() -> None:
    made = uuid.UUID(Ids(Rng(5)).uuid("u"))
    assert (made.version, made.variant) == (4, uuid.RFC_4122)


@given(st.integers(0, 10**6), st.text(max_size=5), st.text(max_size=5))
def test_streams_of_different_names_are_independent(seed: int, one: str, other: str) -> None:
    rng = Rng(seed)
    alone = [rng.stream(one).random() for _ in range(2)]
    assert alone[0] == alone[1]
    stream = rng.stream(one)
    rng.stream(other).random()
    assert stream.random() == alone[0]
    assert (rng.number(one) == rng.number(other)) == (one == other)
