"""The ledger over its wire and the arithmetic of the checks agree to the cent on 10,000 random histories.

A history is an invoice, a payment, a credit note that settles a part of it, and a refund of a sale. The two sides share
no code: one rounds and taxes in the fake, the other in the checks.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simharness.checks.arithmetic.lines import extended
from simharness.checks.arithmetic.settlement import open_balance
from simharness.checks.arithmetic.tax import Sale, sale
from simharness.checks.oracle.rulebook import Rulebook
from simharness.domain.exchange import Request
from simharness.stories import discovery
from simharness.stories.dictionaries import load_dictionary
from simharness.world.world import World

DAY = date(2026, 1, 12)
#: Together 10,000. Components, groups, lines and halves to the even neighbour are rounded in four different ways.
SHARES = {"us-saas": 2500, "eu-saas": 2500, "eu-saas-per-line": 2500, "eu-saas-half-even": 2500}
CODES = {"us-saas": ("NY New York City", ""), "eu-saas": ("DE 19", "DE 7", "LU 15", "Exempt")}
#: After so many histories a new company begins, so that none gets slow.
_HISTORIES = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Lines as (quantity, price in cents, which code); shares in per cent of what there is to pay and to give back."""

    lines: tuple[tuple[int, int, int], ...]
    paid: int
    credited: tuple[int, ...]
    refunded: tuple[int, ...]


lines = st.tuples(st.integers(1, 400), st.integers(1, 99_999), st.integers(0, 3))
shares = st.lists(st.integers(0, 100), min_size=3, max_size=3).map(tuple)
histories = st.builds(
    History, lines=st.lists(lines, min_size=1, max_size=3).map(tuple), paid=st.integers(0, 130), credited=shares,
    refunded=shares,
)  # fmt: skip


class Company:
    """The books of one dictionary behind their wire."""

    def __init__(self, name: str) -> None:
        dictionary = load_dictionary(discovery.shipped() / "dictionaries" / f"{name}.yaml")
        self.book = Rulebook(dictionary)
        self.us = dictionary.policy.tax_model == "us"
        self.codes = CODES["us-saas" if self.us else "eu-saas"]
        unlimited = {"quickbooks": {"requests_per_minute": "1000000000"}}
        world = World(now=datetime(2026, 1, 12, 18, tzinfo=UTC), options=unlimited)
        world.furnish(dictionary)
        self._fake = world.fake("accounting")
        connection = self._fake.connection("")
        self._token, self._company = connection["access_token"], f"/v3/company/{connection['realm_id']}"
        self.item = self.first("Item", "Active = true")["Id"]
        self.code_ids = {code: self.first("TaxCode", f"Name = '{code}'")["Id"] for code in self.codes if code}
        clearing = self.book.account_with("gateway_clearing")
        self.clearing = self.first("Account", f"AcctNum = '{clearing}'")["Id"]
        self.count = 0

    def first(self, entity: str, where: str) -> Any:
        asked = f"select * from {entity} where {where}"  # noqa: S608 - the ledger's own query language, our own words
        return self.send("GET", "/query", query=f"query={quote(asked)}")["QueryResponse"][entity][0]

    def send(self, method: str, path: str, body: Any = None, query: str = "") -> Any:
        content = json.dumps(body).encode() if body is not None else b""
        headers = {
            "host": self._fake.pack.hosts[0], "authorization": f"Bearer {self._token}", "accept": "application/json",
            "content-type": "application/json", "content-length": str(len(content)),
        }  # fmt: skip
        request = Request(
            method=method, host=self._fake.pack.hosts[0], path=self._company + path,
            query=f"{query}&minorversion=75".lstrip("&"), headers=headers, body=content,
        )  # fmt: skip
        response = self._fake.handle(request)
        assert response.status == 200, response.body.decode()
        return json.loads(response.body, parse_float=Decimal, parse_int=Decimal)

    def customer(self) -> str:
        self.count += 1
        return str(self.send("POST", "/customer", {"DisplayName": f"Customer {self.count}"})["Customer"]["Id"])

    def sale(self, amounts: Sequence[Decimal], codes: Sequence[str]) -> Sale:
        """What the checks make of it."""
        rates = {code: self.book.shares(code, DAY) for code in codes if code}
        return sale(amounts, codes, rates, self.book.tax_policy)

    def document(
        self, entity: str, customer: str, amounts: Sequence[Decimal], codes: Sequence[str], **more: Any
    ) -> Any:
        """Enter a document and leave its tax to the ledger."""
        parts = []
        for amount, code in zip(amounts, codes, strict=True):
            detail: dict[str, Any] = {"ItemRef": {"value": self.item}}
            if self.us:
                detail["TaxCodeRef"] = {"value": "TAX" if code else "NON"}
            elif code:
                detail["TaxCodeRef"] = {"value": self.code_ids[code]}
            parts.append({"DetailType": "SalesItemLineDetail", "Amount": float(amount), "SalesItemLineDetail": detail})
        body = {"CustomerRef": {"value": customer}, "TxnDate": DAY.isoformat(), "Line": parts, **more}
        if self.us:
            body["TxnTaxDetail"] = {"TxnTaxCodeRef": {"value": self.code_ids[self.codes[0]]}}
        else:
            body["GlobalTaxCalculation"] = "TaxExcluded"
        return self.send("POST", f"/{entity.lower()}", body)[entity]

    def pay(self, customer: str, amount: Decimal, *links: tuple[str, str, Decimal]) -> Any:
        """Enter a payment; links are type, id and amount."""
        applied = [
            {"Amount": float(part), "LinkedTxn": [{"TxnType": kind, "TxnId": id}]} for kind, id, part in links if part
        ]
        body = {"CustomerRef": {"value": customer}, "TotalAmt": float(amount), "TxnDate": DAY.isoformat()}
        return self.send("POST", "/payment", {**body, "Line": applied} if applied else body)["Payment"]


def share(amounts: Sequence[Decimal], percents: Sequence[int]) -> tuple[Decimal, ...]:
    return tuple(
        (amount * percent / 100).quantize(Decimal("0.01")) for amount, percent in zip(amounts, percents, strict=False)
    )


def agree(company: Company, history: History) -> None:
    """Play one history on both sides and compare every figure the ledger shows."""
    unit, rounding = company.book.tax_policy.unit, company.book.tax_policy.rounding
    amounts = tuple(
        extended(Decimal(quantity) / 8, Decimal(cents).scaleb(-2), unit, rounding)
        for quantity, cents, _ in history.lines
    )
    codes = tuple(company.codes[which % len(company.codes)] for *_, which in history.lines)
    customer = company.customer()
    billed = company.sale(amounts, codes)
    invoice = company.document("Invoice", customer, amounts, codes)
    assert (invoice["TotalAmt"], invoice["TxnTaxDetail"]["TotalTax"]) == (billed.total, billed.tax)

    paid = (billed.total * history.paid / 100).quantize(Decimal("0.01"))
    used = min(paid, billed.total)
    payment = company.pay(customer, paid, ("Invoice", str(invoice["Id"]), used))
    assert payment["UnappliedAmt"] == open_balance(paid, [used])

    parts = share(amounts, history.credited)
    credited = company.sale(parts, codes)
    settled = Decimal(0)
    if any(parts):
        memo = company.document("CreditMemo", customer, parts, codes)
        assert memo["TotalAmt"] == credited.total
        settled = min(credited.total, open_balance(billed.total, [used]))
        both = (("Invoice", str(invoice["Id"]), settled), ("CreditMemo", str(memo["Id"]), settled))
        if settled:
            company.pay(customer, Decimal(0), *both)
    back = share(amounts, history.refunded)
    if any(back):
        more = {"DepositToAccountRef": {"value": str(company.clearing)}}
        refund = company.document("RefundReceipt", customer, back, codes, **more)
        assert refund["TotalAmt"] == company.sale(back, codes).total

    left = open_balance(billed.total, [used, settled])
    assert company.send("GET", f"/invoice/{invoice['Id']}")["Invoice"]["Balance"] == left
    unapplied = open_balance(paid, [used]) + open_balance(credited.total if any(parts) else Decimal(0), [settled])
    assert company.send("GET", f"/customer/{customer}")["Customer"]["Balance"] == left - unapplied


@pytest.mark.parametrize("name", sorted(SHARES))
def test_the_ledger_and_the_checks_agree_on_every_figure(name: str) -> None:
    companies: list[Company] = []

    @settings(max_examples=SHARES[name], deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(history=histories)
    def every(history: History) -> None:
        if not companies or companies[-1].count >= _HISTORIES:
            companies[:] = [Company(name)]
        agree(companies[-1], history)

    every()


def test_ten_thousand_histories_are_played() -> None:
    assert sum(SHARES.values()) == 10_000
