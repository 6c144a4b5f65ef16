"""C6, C9 and C11 turn red for foreign fields, foreign hosts and requests outside the contract."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from simharness.domain.exchange import UNMODELLED, Exchange, Notes, Request, Response
from simharness.domain.finding import Judgement, Severity
from tests.unit.checks import builders as b


def answered(status: int = 200, headers: dict[str, str] | None = None, **notes: Any) -> Exchange:
    told = Notes(operation="invoice", actor="connector", **notes)
    return b.exchange(3, "invoice", b"{}", response=Response(status=status, headers=headers or {}, notes=told))


def test_c6_a_field_of_the_system_it_was_written_into() -> None:
    found = b.the_finding("C6", b.record(writes=(b.write("deal", "D1", "update", "amount", "billing_status"),)))
    assert found.message == "the connector changed amount of deal D1, which the crm owns"
    assert found.severity is Severity.CONDUCT


def test_c6_a_ledger_customers_phone_belongs_to_the_ledger() -> None:
    write = b.write("party", "p1", "update", "name", "phone", family="accounting", vendor="quickbooks")
    assert b.the_finding("C6", b.record(writes=(write,))).key == "C6:quickbooks:party:phone"


@pytest.mark.parametrize(
    "write",
    [
        b.write("deal", "D1", "update", "amount", actor="sales"),
        b.write("deal", "D1", "create", "amount"),
        b.write("deal", "D1", "update", "vendor:invoice_number"),
        b.write("party", "p1", "update", "name", family="accounting", vendor="quickbooks"),
    ],
    ids=["somebody else", "a creation", "a field without owner", "a copy that follows its owner"],
)
def test_c6_accuses_nobody_of(write: b.Write) -> None:
    assert not b.findings("C6", b.record(writes=(*b.writes(), write)))


def test_c6_without_a_matrix_is_not_applicable() -> None:
    story = b.record()
    bare = structs.replace(story.header, dictionary=structs.replace(story.header.dictionary, ownership=()))
    assert b.result("C6", structs.replace(story, header=bare)).judgement is Judgement.NOT_APPLICABLE


def outside(host: str, client: str = "connector") -> Exchange:
    request = Request(method="GET", host=host, path="/track")
    return Exchange(
        sequence=9, at=b.at("2026-01-12"), vendor="", request=request, response=None, outside=True, client=client
    )


def test_c9_a_call_that_left_the_world() -> None:
    found = b.the_finding(
        "C9", b.record(exchanges=(*b.exchanges(), outside("api.example.com"), outside("api.example.com")))
    )
    assert found.expected == "calls to hubspot, quickbooks, stripe"
    assert found.actual == "GET api.example.com/track"


def test_c9_counts_each_host_once_and_only_the_connectors_calls() -> None:
    calls = (*b.exchanges(), outside("a.example"), outside("b.example"), outside("c.example", client="story"))
    assert {found.key for found in b.findings("C9", b.record(exchanges=calls))} == {"C9:a.example", "C9:b.example"}


@pytest.mark.parametrize(
    ("exchange", "actual"),
    [
        (answered(400, violations=("Line is required",)), "Line is required"),
        (answered(501, unmodelled=("field:Foo",)), "status 501"),
        (answered(501, {UNMODELLED: "operation"}), "status 501"),
        (answered(200, {"deprecation": "@1767225600"}), "@1767225600"),
    ],
    ids=["violation", "unmodelled field", "unmodelled operation", "deprecated"],
)
def test_c11_a_request_outside_the_contract(exchange: Exchange, actual: str) -> None:
    assert b.the_finding("C11", b.record(exchanges=(*b.exchanges(), exchange))).actual == actual


def test_c11_says_the_same_violation_once() -> None:
    twice = (answered(400, violations=("x",)), answered(400, violations=("x",)))
    assert len(b.findings("C11", b.record(exchanges=twice))) == 1


def test_c11_a_vendors_own_refusal_is_no_breach() -> None:
    assert b.passes("C11", b.record(exchanges=(*b.exchanges(), answered(400), answered(200, inert=("minorversion",)))))


def test_the_wire_is_not_exercised_by_a_silent_connector() -> None:
    assert {b.result(check, b.record(exchanges=())).judgement for check in ("C9", "C11")} == {Judgement.NOT_EXERCISED}
