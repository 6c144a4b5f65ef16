"""The same story with the money that comes and goes, worked out by hand, as a record that every check passes.

After the payment of 1,000.00 (fee 2.9 % + 0.30 = 29.30) the gateway refunds 100.00 of the onboarding (untaxed) on
22 January and pays out 800.00 on 24 January: 70.70 stay with it. The bank shows the payout on 26 January beside another
800.00 that nobody explains, which goes to unmatched receipts and raises an alert.
"""

from __future__ import annotations

from typing import Any

from simharness.domain.bank import BankAccount, BankLine, BankSnapshot
from simharness.domain.books import Deposit, DepositLine, Document, Transfer
from simharness.domain.evidence import Alert, DeadLetter, LogRow, Reject
from simharness.domain.expectation import Reconciles
from simharness.domain.fact import BankMoved, GatewayPaidOut, PaymentRefunded
from simharness.domain.gateway import BalanceLine, Charge, GatewaySnapshot, Payout, Refund
from simharness.domain.record import RunRecord
from simharness.domain.snapshot import Checkpoint, WorldSnapshot
from tests.unit.checks import builders as b
from tests.unit.checks.company import CONNECTOR

#: What tests take from here beside the builders.
__all__ = ["CONNECTOR", "Reconciles"]

usd, day, at = b.usd, b.day, b.at

EVIDENCE = ("log", "reject", "alert", "dead_letter")


# --- the gateway and the bank -----------------------------------------------------------------------------------------


def balance_line(
    id: str, kind: str, amount: str, source: str, on: str, fee: str = "0.00", **changes: Any
) -> BalanceLine:
    given: dict[str, Any] = {
        "id": id, "kind": kind, "amount": usd(amount), "fee": usd(fee), "net": usd(amount) - usd(fee),
        "source": source, "created_at": at(on), "available_at": at(on),
    }  # fmt: skip
    return BalanceLine(**(given | changes))


def balance_lines() -> tuple[BalanceLine, ...]:
    return (
        balance_line("txn1", "charge", "1000.00", "ch1", "2026-01-20", "29.30"),
        balance_line("txn2", "refund", "-100.00", "re1", "2026-01-22"),
        balance_line("txn3", "payout", "-800.00", "po1", "2026-01-24"),
    )


def payout(**changes: Any) -> Payout:
    given: dict[str, Any] = {
        "id": "po1", "amount": usd("800.00"), "created_at": at("2026-01-24"), "arrival": day("2026-01-26"),
        "status": "paid", "reference": "TRACE1",
    }  # fmt: skip
    return Payout(**(given | changes))


def gateway(**changes: Any) -> GatewaySnapshot:
    given: dict[str, Any] = {
        "vendor": "stripe",
        "charges": (Charge(id="ch1", amount=usd("1000.00"), created_at=at("2026-01-20")),),
        "balance_lines": balance_lines(),
        "available": (usd("50.00"),),
        "pending": (usd("20.70"),),
        "refunds": (Refund(id="re1", charge="ch1", amount=usd("100.00"), created_at=at("2026-01-22")),),
        "payouts": (payout(),),
    }
    return GatewaySnapshot(**(given | changes))


def bank_line(id: str, amount: str, reference: str, on: str = "2026-01-26", **changes: Any) -> BankLine:
    given: dict[str, Any] = {
        "id": id, "account": "acc", "amount": usd(amount), "date": day(on), "status": "posted", "reference": reference,
    }  # fmt: skip
    return BankLine(**(given | changes))


def bank_lines() -> tuple[BankLine, ...]:
    return (bank_line("B1", "800.00", "TRACE1"), bank_line("B2", "800.00", "ELSEWHERE 7"))


def bank(**changes: Any) -> BankSnapshot:
    account = BankAccount(id="acc", name="Checking", currency="USD", balance=usd("1600.00"))
    return BankSnapshot(**({"vendor": "plaid", "accounts": (account,), "lines": bank_lines()} | changes))


# --- facts ------------------------------------------------------------------------------------------------------------


def refunded(**changes: Any) -> PaymentRefunded:
    given = b.mark(7, "payments.gateway_refunds", "2026-01-22")
    given |= {"refund": "R-1", "payment": "P-1", "customer": "Globex", "company_id": "C1", "charge_id": "ch1"}
    given |= {"refund_id": "re1", "amount": usd("100.00"), "fee": usd("0.00"), "reason": "sale"}
    given |= {"lines": ((2, usd("100.00")),), "deal": "Rollout", "invoice_number": "1001"}
    return PaymentRefunded(**(given | changes))


def paid_out() -> GatewayPaidOut:
    given = b.mark(8, "payments.gateway_pays_out", "2026-01-24")
    given |= {"payout": "O-1", "payout_id": "po1", "amount": usd("800.00"), "reference": "TRACE1"}
    return GatewayPaidOut(**given, arrival=day("2026-01-26"))


def moved(step: int, line_id: str, amount: str, **changes: Any) -> BankMoved:
    given = b.mark(step, "payments.bank_receives", "2026-01-26")
    return BankMoved(**(given | {"line_id": line_id, "amount": usd(amount)} | changes))


def facts() -> tuple[Any, ...]:
    return (
        *b.facts(),
        refunded(),
        paid_out(),
        moved(9, "B1", "800.00", reference="TRACE1", purpose="payout", subject="po1"),
        moved(10, "B2", "800.00", reference="ELSEWHERE 7"),
        b.rest(11, "2026-01-26"),
    )


# --- the books --------------------------------------------------------------------------------------------------------


def receipt(**changes: Any) -> Document:
    """The refund of the onboarding: no tax, out of gateway clearing."""
    given: dict[str, Any] = {
        "id": "11", "kind": "refund_receipt", "number": "1002", "date": day("2026-01-22"), "due": None,
        "lines": (b.untaxed_line("1", "Onboarding", "100.00", "a4020"),), "taxes": (), "net": usd("100.00"),
        "tax": usd("0.00"), "total": usd("100.00"), "open": usd("0.00"), "status": "paid", "note": "pay:refund:re1",
        "account": "a1150",
    }  # fmt: skip
    return b.invoice(**(given | changes))


def transfer(id: str, source: str, target: str, note: str, on: str, amount: str = "800.00") -> Transfer:
    return Transfer(
        id=id, date=day(on), source=source, target=target, amount=usd(amount), note=note, created_by="connector"
    )


def deposit(**changes: Any) -> Deposit:
    line = DepositLine(amount=usd("800.00"), account="a2300")
    given: dict[str, Any] = {
        "id": "15", "date": day("2026-01-26"), "account": "a1000", "total": usd("800.00"), "lines": (line,),
        "note": "bank:line:B2", "created_by": "connector",
    }  # fmt: skip
    return Deposit(**(given | changes))


def moving(source: str, id: str, on: str, debit: str, credit: str, amount: str, note: str = "", **changes: Any) -> Any:
    """An entry of two lines."""
    lines = (b.posting(debit, amount), b.posting(credit, f"-{amount}"))
    return b.entry(source, id, on, *lines, note=note, **changes)


def entries() -> tuple[Any, ...]:
    refund = b.entry(
        "refund_receipt", "11", "2026-01-22",
        b.posting("a4020", "100.00", cost_centre="CC-20", location="SF"), b.posting("a1150", "-100.00"),
    )  # fmt: skip
    return (
        b.invoice_entry(),
        b.payment_entry(),
        moving("journal", "12", "2026-01-20", "a6100", "a1150", "29.30", "pay:fee:txn1"),
        refund,
        moving("transfer", "13", "2026-01-24", "a1160", "a1150", "800.00", "pay:payout:po1"),
        moving("transfer", "14", "2026-01-26", "a1000", "a1160", "800.00", "bank:line:B1"),
        moving("deposit", "15", "2026-01-26", "a1000", "a2300", "800.00", "bank:line:B2"),
    )


def replacing(source_id: str, *new: Any) -> tuple[Any, ...]:
    """The entries with those of one record replaced."""
    return tuple(item for old in entries() for item in ((old,) if old.source_id != source_id else new))


def ledger(**changes: Any) -> Any:
    given: dict[str, Any] = {
        "documents": (b.invoice(), receipt()),
        "transfers": (
            transfer("13", "a1150", "a1160", "pay:payout:po1", "2026-01-24"),
            transfer("14", "a1160", "a1000", "bank:line:B1", "2026-01-26"),
        ),
        "deposits": (deposit(),),
        "entries": entries(),
    }
    return b.ledger(**(given | changes))


# --- the evidence -----------------------------------------------------------------------------------------------------


def alert(incident: str, source: str, amount: str | None = "800.00", **changes: Any) -> Alert:
    given: dict[str, Any] = {
        "at": at("2026-01-26"), "incident": incident, "source": source, "owner": "finance", "reason": "nobody knows it",
        "amount": usd(amount) if amount else None,
    }  # fmt: skip
    return Alert(**(given | changes))


def reject(source: str, amount: str | None = "100.00") -> Reject:
    worth = usd(amount) if amount else None
    return Reject(at=at("2026-01-22"), source=source, code="refused", reason="it cannot be", amount=worth)


def dead(source: str, amount: str = "100.00", **changes: Any) -> DeadLetter:
    given: dict[str, Any] = {"at": at("2026-01-22"), "source": source, "reason": "refused", "attempts": 3}
    return DeadLetter(**(given | {"amount": usd(amount)} | changes))


def log(source: str, target: str, amount: str, **changes: Any) -> LogRow:
    return b.log(source, target, amount, "", **changes)


def evidence() -> tuple[Any, ...]:
    return (
        *b.evidence(),
        log("stripe:fee:txn1", "quickbooks:journal:12", "29.30"),
        log("stripe:refund:re1", "quickbooks:refund_receipt:11", "100.00"),
        log("stripe:payout:po1", "quickbooks:transfer:13", "800.00"),
        log("plaid:bank_line:B1", "quickbooks:transfer:14", "800.00"),
        log("plaid:bank_line:B2", "quickbooks:deposit:15", "800.00"),
        alert("unmatched:B2", "plaid:bank_line:B2"),
    )


# --- the record -------------------------------------------------------------------------------------------------------


def record(
    *,
    books: Any = None,
    told: tuple[Any, ...] | None = None,
    cash: GatewaySnapshot | None = None,
    statement: BankSnapshot | None = None,
    operations: Any = None,
    **changes: Any,
) -> RunRecord:
    """The whole story with any part replaced; the one checkpoint of the last rest holds all systems."""
    happened = told if told is not None else facts()
    stack = (("crm", "hubspot"), ("accounting", "quickbooks"), ("payments", "stripe"), ("banking", "plaid"))
    world = WorldSnapshot(
        at=max(fact.at for fact in happened), crm=b.crm(), ledgers=(books or ledger(),), gateway=cash or gateway(),
        bank=statement or bank(), operations=operations,
    )  # fmt: skip
    given: dict[str, Any] = {
        "header": b.header(stack=stack, connector=b.structs.replace(CONNECTOR, evidence=EVIDENCE)),
        "checkpoints": (Checkpoint(step=max(fact.step for fact in happened), name="connector at rest", world=world),),
        "evidence": evidence(),
        "bi": (),
    }
    return b.record(told=happened, **(given | changes))
