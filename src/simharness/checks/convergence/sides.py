"""What the systems beside the ledger hold, in words. Their ids are the story's, and so the same in both runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from msgspec.structs import replace

from simharness.checks.convergence.said import Said, listed
from simharness.checks.convergence.words import Words
from simharness.core.money import Money
from simharness.domain.bank import BankSnapshot
from simharness.domain.base import Record
from simharness.domain.crm import CrmSnapshot
from simharness.domain.gateway import GatewaySnapshot
from simharness.domain.operations import OperationsSnapshot
from simharness.domain.payroll import PayrollSnapshot

_R = TypeVar("_R", bound=Record)

#: What is no business of anybody: when something was written, and in which version. A won deal's instant is the
#: story's own, and moves with the clock of the run.
_UNSAID = frozenset({"created_at", "updated_at", "won_at", "processed_at", "available_at", "version", "created_by"})


def _content(record: Record, *left_out: str) -> str:
    """All fields that say something, with their names, in the order of their declaration."""
    fields = [name for name in record.__struct_fields__ if name not in _UNSAID and name not in left_out]
    return "; ".join(f"{name} {_told(getattr(record, name))}" for name in fields if getattr(record, name))


def _told(value: Any) -> str:
    if isinstance(value, Record):
        return f"({_content(value)})"
    return f"[{', '.join(map(_told, value))}]" if isinstance(value, tuple) else str(value)


def crm_items(crm: CrmSnapshot) -> Iterator[Said]:
    """Companies and deals; what the connector writes back follows from what was billed and paid."""
    names = {company.id: company.name for company in crm.companies}
    for company in crm.companies:
        yield Said(
            system=crm.vendor, noun="company", name=company.id, content=_content(company), sources=(company.id,),
            party=company.name,
        )  # fmt: skip
    for deal in crm.deals:
        yield Said(
            system=crm.vendor,
            noun="deal",
            name=deal.id,
            content=_content(deal, "billing_status", "outstanding"),
            settled=listed(deal.billing_status, deal.outstanding and f"outstanding {deal.outstanding}"),
            sources=(deal.id,),
            party=names.get(deal.company_id, ""),
            worth=deal.amount,
        )


def _in_words(record: _R, words: Words) -> _R:
    """A record of the story whose texts name our documents by their sources: their numbers are another run's others."""
    changes: dict[str, Any] = {
        name: words.of(getattr(record, name)) for name in ("description", "reference") if hasattr(record, name)
    }
    if hasattr(record, "references"):
        changes["references"] = tuple((key, words.of(value)) for key, value in record.references)
    return replace(record, **changes)


def gateway_items(gateway: GatewaySnapshot, words: Words, of: Mapping[str, Words]) -> Iterator[Said]:
    """What was taken, given back, contested and paid out; what is available yet is a question of the hour. A record
    that names an entity is told in the words `of` its books.
    """
    for noun, records in (
        ("charge", gateway.charges),
        ("refund", gateway.refunds),
        ("dispute", gateway.disputes),
        ("payout", gateway.payouts),
        ("balance line", gateway.balance_lines),
    ):
        for each in records:
            named = (value for _, value in getattr(each, "references", ()) if value in of)
            content = _content(_in_words(each, of.get(next(named, ""), words)))
            yield Said(system=gateway.vendor, noun=noun, name=each.id, content=content, worth=each.amount)
    sums: dict[str, Money] = {}
    for part in (*gateway.available, *gateway.pending, *gateway.reserved):
        sums[part.currency] = sums[part.currency] + part if part.currency in sums else part
    for currency, balance in sums.items():
        yield Said(system=gateway.vendor, noun="balance", name=currency, content=str(balance), worth=balance)


def bank_items(bank: BankSnapshot, words: Words) -> Iterator[Said]:
    """Accounts and the lines of their statements; what a payer says of our invoices is said by their sources."""
    for account in bank.accounts:
        yield Said(system=bank.vendor, noun="account", name=account.id, content=_content(account))
    for line in bank.lines:
        content = _content(_in_words(line, words))
        yield Said(system=bank.vendor, noun="bank line", name=line.id, content=content, worth=line.amount)


def payroll_items(payroll: PayrollSnapshot) -> Iterator[Said]:
    """The runs: a connector reads them, and must not change whether they stand."""
    for run in payroll.payrolls:
        net = sum((cheque.net.amount for cheque in run.cheques), Decimal(0))
        yield Said(
            system=payroll.vendor,
            noun="payroll",
            name=run.id,
            content=listed(run.kind, run.status, run.debit_on, run.cheque_on, len(run.cheques), f"net {net}"),
            worth=Money(net, payroll.currency),
        )


def desk_items(desk: OperationsSnapshot, words: Words) -> Iterator[Said]:
    """Alerts that nobody cleared; how often one was repeated is no state."""
    for alert in desk.alerts:
        if alert.cleared_at is None:
            yield Said(
                system=desk.vendor,
                noun="alert",
                name=words.of(alert.incident),
                content=listed(alert.owner, alert.amount),
                sources=(alert.item,),
                worth=alert.amount,
            )
