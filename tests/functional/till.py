"""What people do at the gateway, at the bank and at the connector of one company, and what then stands in its books."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from simharness.domain import acts, events
from tests.functional.test_reference_faults import Company, usd


class Till:
    """What people do at the gateway, at the bank and at the connector of one company."""

    def __init__(self, company: Company) -> None:
        self.company, self.world = company, company.world

    def bill(self, *lines: acts.LineSpec, region: str = "US-CA-SF", terms: str = "Net 30", name: str = "Globex") -> str:
        """A customer with one won deal, billed; his id in the CRM."""
        act = acts.CreateCompany(name=name, region=region, terms=terms, email=f"ap@{name.lower()}.test")
        (saved,) = self.world.operate("crm", act, "sales")
        assert isinstance(saved, events.CompanySaved)
        self.company.win(self.company.deal(saved.company_id, *lines, name=name))
        self.company.rest()
        return saved.company_id

    def pay(self, amount: str, number: str = "", *, customer: str = "", method: str = "card") -> str:
        act = acts.TakePayment(
            amount=usd(amount),
            customer_name="Globex",
            customer_reference=customer,
            method=method,
            references=(("invoice_number", number),) if number else (),
        )
        (taken,) = self.world.operate("payments", act, "customer")
        assert isinstance(taken, events.PaymentTaken)
        self.company.rest()
        return taken.charge_id

    def refund(self, charge_id: str, amount: str, reason: str, lines: str = "") -> None:
        references = (("reason", reason), *((("lines", lines),) if lines else ()))
        self.gateway(acts.RefundPayment(charge_id=charge_id, amount=usd(amount), references=references))

    def dispute(self, charge_id: str, amount: str) -> str:
        (disputed,) = self.gateway(acts.DisputePayment(charge_id=charge_id, amount=usd(amount)))
        assert isinstance(disputed, events.PaymentDisputed)
        return disputed.dispute_id

    def pay_out(self, amount: str) -> events.PayoutSent:
        (sent,) = self.gateway(acts.PayOut(amount=usd(amount)))
        assert isinstance(sent, events.PayoutSent)
        return sent

    def gateway(self, act: acts.Act) -> tuple[events.DomainEvent, ...]:
        done = self.world.operate("payments", act, "finance")
        self.company.rest()
        return done

    def bank(self, amount: str, reference: str = "", words: str = "TRANSFER", *, pending: bool = False) -> str:
        """A line of the statement, which the feed shows some time later."""
        act = acts.MoveBankMoney(amount=usd(amount), reference=reference, description=words, pending=pending)
        (moved,) = self.world.operate("banking", act, "bank")
        assert isinstance(moved, events.BankMoneyMoved)
        self.later()
        return moved.line_id

    def later(self, **time: float) -> None:
        self.world.advance(timedelta(**(time or {"hours": 8})))
        self.company.rest()

    def tell(self, act: str, number: str, amount: str, **further: str) -> None:
        args = {"invoice": number, "amount": amount, "reason": "agreed", "approver": "Controller", **further}
        self.company.connector.operate(act, args)
        self.company.rest()

    def close(self, until: date) -> None:
        self.world.operate("accounting", acts.ClosePeriod(until=until), "controller")

    def balances(self) -> dict[str, str]:
        """What stands on each account, by number; accounts at zero are left out."""
        ledger = self.world.snapshot().ledger()
        assert ledger is not None
        numbers = {account.id: account.number for account in ledger.accounts}
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for entry in ledger.entries:
            for line in entry.lines:
                sums[numbers[line.account]] += line.amount.amount
        return {number: str(sums[number]) for number in sorted(sums) if sums[number]}

    def gateway_holds(self) -> str:
        gateway = self.world.snapshot().gateway
        assert gateway is not None
        return str(sum((m.amount for m in (*gateway.available, *gateway.pending, *gateway.reserved)), Decimal(0)))

    def open_of(self, number: str) -> tuple[str, str]:
        """What is open of an invoice, and its due day."""
        ledger = self.world.snapshot().ledger()
        assert ledger is not None
        (found,) = [each for each in ledger.documents if each.kind == "invoice" and each.number == number]
        return str(found.open), str(found.due)

    def told(self, kind: type) -> list[tuple[str, str]]:
        """Source (without vendors' ids) and words of the evidence of a kind, but of what was cleared."""
        rows = [row for row in self.company.connector.evidence() if isinstance(row, kind)]
        return [(re.sub(r"(?<=:)\w{17,}", "ID", row.source), row.reason) for row in rows]

    def books(self) -> tuple[object, ...]:
        """Everything that a fault may not change, without ids of the ledger."""
        ledger = self.world.snapshot().ledger()
        assert ledger is not None
        numbers = {account.id: account.number for account in ledger.accounts}
        entries = sorted(
            (_plain(e.note), str(e.date), *sorted(f"{numbers[x.account]} {x.amount}" for x in e.lines))
            for e in ledger.entries
        )
        documents = sorted((d.kind, _plain(d.note), str(d.total), str(d.open)) for d in ledger.documents)
        payments = sorted(
            (_plain(p.note), str(p.amount), str(p.unapplied), *sorted(str(a.amount) for a in p.applications))
            for p in ledger.payments
        )
        items = sorted((_plain(i.note), str(i.amount), str(i.open)) for i in ledger.open_items)
        return entries, documents, payments, items, self.company.statuses()


def _plain(note: str) -> str:
    return re.sub(r":(payment|discount):\d+", r":\1", note)
