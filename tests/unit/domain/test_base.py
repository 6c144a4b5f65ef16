"""One codec for every record: what is written is read again, equal records give equal bytes."""

from __future__ import annotations

import typing
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simharness.core.money import Money
from simharness.domain import acts, books, connector, crm, events, evidence, exchange, finding, gateway, policy, write
from simharness.domain.base import Record, Tagged, decode, encode, from_builtins, to_builtins
from simharness.domain.exchange import Request
from tests.unit.domain.records import records, values

MODULES = (acts, books, connector, crm, evidence, events, exchange, finding, gateway, policy, write)
KINDS = sorted(
    {
        kind
        for module in MODULES
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Record) and kind not in (Record, Tagged)
    },
    key=lambda kind: f"{kind.__module__}.{kind.__name__}",
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_record_is_read_as_it_was_written(kind: type) -> None:
    @settings(max_examples=30)
    @given(records(kind))
    def law(record: Record) -> None:
        data = encode(record)
        assert decode(data, kind) == record
        assert encode(decode(data, kind)) == data
        assert from_builtins(to_builtins(record), kind) == record

    law()


@pytest.mark.parametrize("union", [evidence.Evidence, acts.Act, events.DomainEvent], ids=["evidence", "act", "event"])
def test_the_cases_of_a_union_are_told_apart(union: object) -> None:
    @given(values(union))
    def law(record: Record) -> None:
        again = decode(encode(record), union)
        assert type(again) is type(record)
        assert again == record

    law()
    tags = [kind.__struct_config__.tag for kind in typing.get_args(union)]
    assert len(set(tags)) == len(tags)


@given(st.permutations(["host", "accept", "x-two", "x-one"]))
def test_the_order_of_insertion_does_not_show(names: list[str]) -> None:
    one = encode(Request(method="GET", host="h", path="/", headers={name: name for name in names}))
    assert one == encode(Request(method="GET", host="h", path="/", headers={name: name for name in sorted(names)}))


def test_money_keeps_its_decimals() -> None:
    class Priced(Record, frozen=True, kw_only=True):
        price: Money

    data = encode(Priced(price=Money(Decimal("12.00"), "USD")))
    assert data == b'{"price":"USD 12.00"}'
    assert str(decode(data, Priced).price) == "USD 12.00"
    assert from_builtins({"price": "USD 12.00"}, Priced).price == Money("12", "USD")


def test_a_record_cannot_be_changed() -> None:
    request = Request(method="GET", host="h", path="/")
    with pytest.raises(AttributeError):
        request.method = "PUT"


def test_what_does_not_fit_is_named_by_its_path() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"\$\.method"):
        decode(b'{"method": 1, "host": "h", "path": "/"}', Request)
