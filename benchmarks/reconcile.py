"""Payments against a bank statement, a hundred thousand each, half of them decoys of equal amount; and its growth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

from benchmarks import setting
from benchmarks.figures import Figure, timed_s
from simharness.checks.reconciliations.gateway_to_ledger import gateway_to_ledger
from simharness.checks.reconciliations.payouts_to_bank import payouts_to_bank
from simharness.checks.scope import Judged
from simharness.core.money import Money
from simharness.domain.bank import BankLine, BankSnapshot
from simharness.domain.books import Account, Entry, EntryLine, LedgerSnapshot, Transfer
from simharness.domain.connector import ConnectorInfo, ReferenceRule
from simharness.domain.fact import ConnectorFinished
from simharness.domain.finding import CheckResult
from simharness.domain.gateway import BalanceLine, GatewaySnapshot, Payout
from simharness.domain.record import RunHeader, RunRecord
from simharness.domain.snapshot import Checkpoint, WorldSnapshot

_COUNT = 100_000
_ROUNDS = 5
_DAY = date(2026, 1, 5)
_AT = datetime(2026, 1, 5, 18, tzinfo=UTC)
_ACCOUNTS = {"1000": "bank", "1150": "current_asset", "1160": "current_asset"}
_REFERENCES = (
    ReferenceRule(noun="payment", field="note", pattern=r"^pay:charge:(?P<id>\w+)$"),
    ReferenceRule(noun="payout", field="note", pattern=r"^pay:payout:(?P<id>\w+)$"),
    ReferenceRule(noun="bank_line", field="note", pattern=r"^bank:line:(?P<id>\w+)$"),
)


def measure() -> list[Figure]:
    """Both sides of money on its way to the bank; every pair of neighbours has the same amount."""
    half, whole = record(_COUNT // 2), record(_COUNT)
    figures = []
    checks: tuple[tuple[str, Callable[..., CheckResult]], ...] = (
        ("payouts to bank", payouts_to_bank),
        ("gateway to ledger", gateway_to_ledger),
    )
    for name, check in checks:
        small_s = large_s = float("inf")
        # In turn, so that whatever else the machine does meets both.
        for _ in range(_ROUNDS):
            small_s = min(small_s, timed_s(partial(_judge, check, half)))
            large_s = min(large_s, timed_s(partial(_judge, check, whole)))
        note = f"{large_s:.2f} s / {small_s:.2f} s for half"
        figures += [
            Figure(name=f"{name}, {_COUNT:,} against {_COUNT:,}", value=large_s, unit="s", goal=2),
            Figure(name=f"{name}: twice as many ÷ half", value=large_s / small_s, goal=2.2, note=note),
        ]
    return figures


def _judge(check: Callable[..., CheckResult], story: RunRecord) -> None:
    _clean(check(Judged(story).rested))


def _clean(result: CheckResult) -> None:
    assert not result.findings, result.findings[:3]
    assert result.examined, result.reason


def record(count: int) -> RunRecord:
    """So many payouts, each with its balance line, its bank line and its two transfers in the ledger."""
    amounts = [Money(Decimal(100 + number // 2), "USD") for number in range(count)]
    transfers, entries = [], []
    for number, amount in enumerate(amounts):
        for id, source, target, note in (
            (f"s{number}", "1150", "1160", f"pay:payout:po{number}"),
            (f"t{number}", "1160", "1000", f"bank:line:b{number}"),
        ):
            transfers.append(Transfer(id=id, date=_DAY, source=source, target=target, amount=amount, note=note))
            lines = (EntryLine(account=target, amount=amount), EntryLine(account=source, amount=-amount))
            entries.append(Entry(id=id, date=_DAY, source="transfer", source_id=id, lines=lines, note=note))
    ledger = LedgerSnapshot(
        vendor="quickbooks", entity="main", currency="USD", time_zone="America/Los_Angeles",
        accounts=tuple(Account(id=number, number=number, name=number, kind=kind) for number, kind in _ACCOUNTS.items()),
        transfers=tuple(transfers), entries=tuple(entries),
    )  # fmt: skip
    world = WorldSnapshot(
        at=_AT + timedelta(hours=1), ledgers=(ledger,), gateway=_gateway(amounts), bank=_bank(amounts)
    )
    rest = ConnectorFinished(step=1, verb="middleware.connector_finishes", at=_AT, on=_DAY, passes=1)
    header = RunHeader(
        story="Payouts by the thousand", started_at=_AT, today=_DAY,
        stack=(("accounting", "quickbooks"), ("payments", "stripe"), ("banking", "plaid")),
        connector=ConnectorInfo(name="reference", references=_REFERENCES), dictionary=setting.dictionary(),
    )  # fmt: skip
    return RunRecord(header=header, facts=(rest,), checkpoints=(Checkpoint(step=1, name="at rest", world=world),))


def _gateway(amounts: list[Money]) -> GatewaySnapshot:
    nothing = Money.zero("USD")
    return GatewaySnapshot(
        vendor="stripe",
        balance_lines=tuple(
            BalanceLine(
                id=f"txn{number}", kind="payout", amount=-amount, fee=nothing, net=-amount, source=f"po{number}",
                created_at=_AT, available_at=_AT,
            )
            for number, amount in enumerate(amounts)
        ),
        payouts=tuple(
            Payout(
                id=f"po{number}", amount=amount, created_at=_AT, arrival=_DAY, status="paid", reference=f"TRACE{number}"
            )
            for number, amount in enumerate(amounts)
        ),
    )  # fmt: skip


def _bank(amounts: list[Money]) -> BankSnapshot:
    return BankSnapshot(
        vendor="plaid",
        lines=tuple(
            BankLine(
                id=f"b{number}", account="acc", amount=amount, date=_DAY, status="posted", reference=f"TRACE{number}"
            )
            for number, amount in enumerate(amounts)
        ),
    )
