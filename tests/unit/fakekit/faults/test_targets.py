"""Which calls a kind of fault can meet is told by the contract and by the fake, whoever the vendor is."""

from __future__ import annotations

import pytest

from simharness.domain.exchange import Request
from simharness.domain.fault_kinds import KINDS, FaultKind, Place, Target
from simharness.fakekit.faults.targets import applies, why_not
from simharness.fakekit.faults.wire import ACTS
from simharness.world.world import World
from tests.unit.world.tiny import NOW, kiosk_pack


def a_fake() -> World:
    return World(now=NOW, stack={"payments": "kiosk"}, packs={"kiosk": kiosk_pack()})


def asked(method: str, path: str = "/notes") -> Request:
    return Request(method=method, host="kiosk.example", path=path)


def test_every_kind_of_the_wire_has_an_act_and_no_other_has() -> None:
    assert set(ACTS) == {kind.name for kind in KINDS.values() if kind.place is Place.WIRE}


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.place is Place.WIRE])
def test_a_vendor_without_hooks_is_met_by_what_needs_none(kind: FaultKind) -> None:
    fake = a_fake().fakes["payments"]
    name, target = kind.name, kind.target
    needs_key = name in ("token_expired", "forbidden")  # the kiosk is open to everybody
    assert applies(name, fake, asked("GET")) is (target is Target.ANY and not needs_key)
    assert applies(name, fake, asked("POST")) is (target in (Target.ANY, Target.WRITE) and not needs_key)


def test_a_kind_that_does_not_apply_says_why() -> None:
    fake = a_fake().fakes["payments"]
    assert why_not("timeout_after_commit", fake, asked("GET")) == "it writes nothing"
    assert why_not("timeout_after_commit", fake, asked("POST"), wrote=False) == "it writes nothing"
    assert why_not("reply_lost", fake, asked("GET", "/nowhere")) == "nothing of the vendor answers there"
    assert why_not("forbidden", fake, asked("GET")) == "the operation needs no credential"
    assert why_not("webhook_lost", fake, asked("GET")) == "it acts on deliveries"
    assert why_not("partial_batch", fake, asked("POST")) == "it is no batch"
    assert why_not("page_shift", fake, asked("GET")) == "nothing can move between its pages"
    assert why_not("stale_read", fake, asked("GET")) == "what it reads never runs behind"
    assert why_not("conflict", fake, asked("POST")) == "it changes no object that somebody else could have changed"
    assert why_not("crash_after", fake, asked("GET")) == ""
