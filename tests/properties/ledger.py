"""A company at its doors: QuickBooks over its wire, Stripe by what people do there. It computes nothing by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from simharness.core.money import Money
from simharness.domain.acts import RefundPayment, TakePayment
from simharness.domain.dictionary import Dictionary
from simharness.domain.events import PaymentRefunded, PaymentTaken
from simharness.domain.exchange import Request
from simharness.domain.snapshot import WorldSnapshot
from simharness.fakekit.bodies import read_json, write_json
from simharness.world.world import World

NOW = datetime(2026, 4, 20, 18, tzinfo=UTC)
STACK: Mapping[str, str] = {"accounting": "quickbooks", "payments": "stripe"}


@dataclass(frozen=True, slots=True)
class Names:
    """The ids that the ledger gave to what the dictionary names; the same in every world of one dictionary."""

    items: Mapping[str, str]
    codes: Mapping[str, str]
    accounts: Mapping[str, str]


class Ledger:
    """One world, furnished from a dictionary; every document goes in as a request and must be accepted."""

    def __init__(self, dictionary: Dictionary, names: Names | None = None) -> None:
        self.us = dictionary.policy.tax_model == "us"
        self.included = dictionary.policy.prices_include_tax
        self.currency = dictionary.currency
        self.world = World(now=NOW, stack=STACK, options={"stripe": {"currency": dictionary.currency}})
        self.world.furnish(dictionary)
        self._books = self.world.fake("accounting")
        connection = self._books.connection("")
        self._realm = connection["realm_id"]
        self._headers = {
            "authorization": f"Bearer {connection['access_token']}",
            "content-type": "application/json",
        }
        self.names = names or self._read_names(dictionary)

    def _read_names(self, dictionary: Dictionary) -> Names:
        def named(entity: str, key: str) -> dict[str, str]:
            found = self.call("GET", "query", query={"query": f"select * from {entity} maxresults 1000"})  # noqa: S608 - asked of a fake
            return {str(each[key]): str(each["Id"]) for each in found["QueryResponse"][entity] if key in each}

        numbers = named("Account", "AcctNum")
        roles = {spec.role: numbers[spec.number] for spec in dictionary.accounts if spec.role}
        return Names(items=named("Item", "Name"), codes=named("TaxCode", "Name"), accounts=roles)

    def call(self, method: str, path: str, body: object = None, query: Mapping[str, str] | None = None) -> Any:
        request = Request(
            method=method,
            host="quickbooks.api.intuit.com",
            path=f"/v3/company/{self._realm}/{path}",
            query=urlencode({**(query or {}), "minorversion": "75"}),
            headers=self._headers,
            body=b"" if body is None else write_json(body),
        )
        outcome = self.world.exchange(request)
        assert outcome is not None
        assert outcome.response is not None
        assert outcome.response.status == 200, outcome.response.body.decode()
        return read_json(outcome.response.body)

    def save(self, entity: str, body: Mapping[str, Any]) -> Any:
        return self.call("POST", entity.lower(), body)[entity]

    def snapshot(self) -> WorldSnapshot:
        return self.world.snapshot()

    # -- documents -------------------------------------------------------------------------------------------------

    def customer(self, name: str) -> str:
        return str(self.save("Customer", {"DisplayName": name})["Id"])

    def line(self, product: str, code: str, **figures: Decimal) -> dict[str, Any]:
        """A line with its `Amount`, and with `Qty` and `UnitPrice` where it has them; the ledger taxes it by itself."""
        detail: dict[str, Any] = {"ItemRef": {"value": self.names.items[product]}}
        detail |= {key: value for key, value in figures.items() if key != "Amount"}
        kept = ("TAX" if code else "NON") if self.us else self.names.codes[code]
        detail["TaxCodeRef"] = {"value": kept}
        return {"DetailType": "SalesItemLineDetail", "Amount": figures["Amount"], "SalesItemLineDetail": detail}

    def document(
        self, entity: str, customer: str, day: date, codes: Sequence[str], lines: Sequence[Any], **more: Any
    ) -> tuple[str, str]:
        """Enter an invoice, a credit memo or a refund receipt; its id and number."""
        body = {"CustomerRef": {"value": customer}, "TxnDate": day.isoformat(), "Line": list(lines), **more}
        if not self.us:
            body["GlobalTaxCalculation"] = "TaxInclusive" if self.included else "TaxExcluded"
        elif code := next((code for code in codes if code), ""):
            body["TxnTaxDetail"] = {"TxnTaxCodeRef": {"value": self.names.codes[code]}}
        kept = self.save(entity, body)
        return str(kept["Id"]), str(kept["DocNumber"])

    def account(self, role: str) -> dict[str, str]:
        return {"value": self.names.accounts[role]}

    def payment(
        self, customer: str, amount: Decimal, *links: tuple[str, str, Decimal], day: date, **more: Any
    ) -> Mapping[str, Any]:
        """Enter a payment, or with its `Id` enter it anew; links are type, id and amount."""
        lines = [{"Amount": part, "LinkedTxn": [{"TxnType": kind, "TxnId": id}]} for kind, id, part in links]
        body = {"CustomerRef": {"value": customer}, "TotalAmt": amount, "TxnDate": day.isoformat(), "Line": lines}
        kept: Mapping[str, Any] = self.save("Payment", {**body, **more})
        return kept

    def journal(self, day: date, debit: str, credit: str, amount: Decimal, customer: str = "", note: str = "") -> str:
        """Debit one account and credit another, by role; the customer belongs to the receivable."""
        lines = []
        for side, role in (("Debit", debit), ("Credit", credit)):
            detail: dict[str, Any] = {"PostingType": side, "AccountRef": self.account(role)}
            if role == "receivable":
                detail["Entity"] = {"Type": "Customer", "EntityRef": {"value": customer}}
            lines.append({"DetailType": "JournalEntryLineDetail", "Amount": amount, "JournalEntryLineDetail": detail})
        return str(self.save("JournalEntry", {"TxnDate": day.isoformat(), "PrivateNote": note, "Line": lines})["Id"])

    # -- the gateway -----------------------------------------------------------------------------------------------

    def charge(self, amount: Decimal) -> PaymentTaken:
        taken = TakePayment(amount=Money(amount, self.currency), customer_name="Globex")
        (event,) = self.world.operate("payments", taken, "customer")
        assert isinstance(event, PaymentTaken)
        return event

    def refund(self, charge: str, amount: Decimal) -> PaymentRefunded:
        back = RefundPayment(charge_id=charge, amount=Money(amount, self.currency))
        (event,) = self.world.operate("payments", back, "controller")
        assert isinstance(event, PaymentRefunded)
        return event
