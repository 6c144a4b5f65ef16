"""Every field of a record is looked at by its rule, and a record that misfits says all that is wrong with it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from simharness.reference.arithmetic.currencies import CODES
from simharness.reference.errors import Rejected
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.store import Store
from simharness.reference.posting.edge import BANK_LINE, CHARGE, MOVEMENT, Edge, Kind, Rule, check

GOOD_CHARGE = {"id": "ch_1", "amount": 4200, "currency": "usd", "created": 1_768_000_000, "status": "succeeded"}
GOOD_MOVEMENT = {"id": "txn_1", "type": "charge", "amount": 4200, "fee": 152, "currency": "jpy", "created": 1}
GOOD_LINE = {"transaction_id": "t1", "amount": Decimal("-12.5"), "date": "2026-01-05", "pending": False}


def code_of(record: dict[str, Any], rules: tuple[Rule, ...]) -> str:
    try:
        check(record, rules)
    except Rejected as rejected:
        return rejected.code
    return ""


@pytest.mark.parametrize(
    ("record", "rules"),
    [
        (GOOD_CHARGE, CHARGE),
        ({**GOOD_CHARGE, "amount_captured": 0, "unknown": object}, CHARGE),
        (GOOD_MOVEMENT, MOVEMENT),
        ({**GOOD_MOVEMENT, "amount": -4200, "fee": 0}, MOVEMENT),
        (GOOD_LINE, BANK_LINE),
        ({**GOOD_LINE, "amount": 7, "iso_currency_code": None}, BANK_LINE),
    ],
)
def test_what_follows_its_rules_is_let_in(record: dict[str, Any], rules: tuple[Rule, ...]) -> None:
    assert code_of(record, rules) == ""


@pytest.mark.parametrize(
    ("record", "rules", "code"),
    [
        ({**GOOD_CHARGE, "id": ""}, CHARGE, "missing_field"),
        ({**GOOD_CHARGE, "amount": True}, CHARGE, "unreadable_value"),
        ({**GOOD_CHARGE, "amount": "4200"}, CHARGE, "unreadable_value"),
        ({**GOOD_CHARGE, "amount": Decimal("42.5")}, CHARGE, "unreadable_value"),
        ({**GOOD_CHARGE, "amount": 0}, CHARGE, "value_not_allowed"),
        ({**GOOD_CHARGE, "amount": 10**15}, CHARGE, "unreadable_value"),
        ({**GOOD_CHARGE, "currency": "usdollar"}, CHARGE, "unknown_currency"),
        ({**GOOD_CHARGE, "currency": 840}, CHARGE, "unreadable_value"),
        ({**GOOD_MOVEMENT, "fee": None}, MOVEMENT, "missing_field"),
        ({**GOOD_LINE, "date": "5 January"}, BANK_LINE, "unreadable_value"),
        ({**GOOD_LINE, "date": "2026-02-30"}, BANK_LINE, "unreadable_value"),
        ({**GOOD_LINE, "pending": "no"}, BANK_LINE, "unreadable_value"),
        ({**GOOD_LINE, "amount": Decimal("NaN")}, BANK_LINE, "unreadable_value"),
        ({**GOOD_LINE, "amount": Decimal("Infinity")}, BANK_LINE, "unreadable_value"),
        ({**GOOD_LINE, "iso_currency_code": "XTS"}, BANK_LINE, "unknown_currency"),
    ],
)
def test_what_does_not_is_told_by_code(record: dict[str, Any], rules: tuple[Rule, ...], code: str) -> None:
    assert code_of(record, rules) == code


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Rejected) as told:
        check({"id": "ch_1", "amount": "x", "currency": "zzz", "created": 1, "status": "lost"}, CHARGE)
    assert told.value.reason == (
        "amount is 'x', which is not a whole number; currency is 'zzz', which is no currency; "
        "status is 'lost'; allowed are failed, pending, succeeded"
    )


def test_a_path_goes_into_objects_and_stops_where_there_is_none() -> None:
    rule = (Rule("meta.number", Kind.TEXT),)
    assert code_of({"meta": {"number": "7"}}, rule) == ""
    assert code_of({"meta": "7"}, rule) == "missing_field"


def test_the_currencies_are_those_in_use() -> None:
    assert {"USD", "EUR", "JPY", "KWD", "CHF"} <= CODES
    assert not {"XTS", "XXX", "ZZZ", "DEM", "BTC"} & CODES
    assert all(len(code) == 3 and code.isupper() for code in CODES)


def test_a_batch_loses_only_what_misfits_and_a_mended_record_leaves_by_itself(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'state.db'}")
    evidence = Evidence(store, tmp_path / "evidence.ndjson", currency="USD", owner="finance")
    edge, prefix = Edge(evidence), "stripe:charge:"

    def read(records: list[dict[str, Any]]) -> list[str]:
        return list(edge.admit(prefix, records, CHARGE, lambda record: str(record["id"])))

    good, bad = GOOD_CHARGE, {**GOOD_CHARGE, "id": "ch_2", "amount": None}
    nameless = {**GOOD_CHARGE, "id": None}
    assert read([bad, good, nameless]) == ["ch_1"]
    assert read([bad, good, nameless]) == ["ch_1"]
    assert [each.code for each in evidence.held()] == ["missing_field", "missing_field"]
    assert edge.waiting(prefix) == ["ch_2"], "what has no id cannot be asked for"
    assert read([{**bad, "amount": 1}]) == ["ch_2"]
    assert edge.waiting(prefix) == []
    evidence.reject("stripe:charge:ch_3", "unknown_payer", "it names nobody")
    assert read([{**GOOD_CHARGE, "id": "ch_3"}]) == ["ch_3"]
    assert [each.source for each in evidence.held(prefix, unreadable=False)] == ["stripe:charge:ch_3"]
    evidence.flush()
    lines = (tmp_path / "evidence.ndjson").read_bytes().splitlines()
    assert sum(b'"type":"reject"' in line for line in lines) == 3
    store.close()
