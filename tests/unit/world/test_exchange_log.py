"""The exchange log never drops: past its size bodies move to a file and are read back whole."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from simharness.domain.exchange import Exchange, Request, Response
from simharness.world.exchange_log import ExchangeLog
from tests.unit.world.tiny import NOW


def exchange(number: int, asked: bytes, answered: bytes | None) -> Exchange:
    response = None if answered is None else Response(status=200, body=answered)
    request = Request(method="POST", host="h", path="/", body=asked)
    return Exchange(sequence=number, at=NOW, vendor="v", request=request, response=response)


_BODIES = st.lists(st.tuples(st.binary(max_size=40), st.none() | st.binary(max_size=40)), max_size=20)


@given(bodies=_BODIES, spill_after=st.integers(0, 200))
def test_every_body_comes_back_wherever_it_went(
    tmp_path_factory: object, bodies: list[tuple[bytes, bytes | None]], spill_after: int
) -> None:
    folder: Path = tmp_path_factory.mktemp("spill")  # type: ignore[attr-defined]  # pytest's own factory
    log = ExchangeLog(folder / "bodies.bin", spill_after=spill_after)
    for number, (asked, answered) in enumerate(bodies, start=1):
        log.append(exchange(number, asked, answered))
    assert [log.bodies(e) for e in log] == [(asked, answered or b"") for asked, answered in bodies]
    held = sum(len(e.request.body) + len(e.response.body if e.response else b"") for e in log)
    assert held <= spill_after
    log.close()


def test_without_a_file_everything_stays_in_memory() -> None:
    log = ExchangeLog(spill_after=0)
    log.append(exchange(1, b"asked", b"answered"))
    assert log[0].spilled == ""
    assert log.bodies(log[0]) == (b"asked", b"answered")
