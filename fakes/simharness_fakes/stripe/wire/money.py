"""Money that moves after it was taken, as Stripe's objects: refunds, disputes, payouts, balance, its transactions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType

from simharness.core.money import Money
from simharness.domain.base import Record
from simharness_fakes.payments import payouts
from simharness_fakes.payments.balance import Movement
from simharness_fakes.payments.payouts import Payout
from simharness_fakes.payments.refunds import Refund
from simharness_fakes.stripe.profile import WEEKDAYS
from simharness_fakes.stripe.state import BalanceSettings, Dispute, TestClock
from simharness_fakes.stripe.wire.amounts import seconds, to_wire
from simharness_fakes.stripe.wire.objects import Object

#: Evidence that is text; the rest of Stripe's names are ids of files, which are not modelled.
EVIDENCE_TEXTS = (
    "access_activity_log",
    "billing_address",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_tracking_number",
    "uncategorized_text",
)
EVIDENCE_FILES = (
    "cancellation_policy",
    "customer_communication",
    "customer_signature",
    "duplicate_charge_documentation",
    "receipt",
    "refund_policy",
    "service_documentation",
    "shipping_documentation",
    "uncategorized_file",
)
CLOCK_LIFE = timedelta(days=30)
#: How reports group a type of balance transaction, where they do not by its own name. Source: Stripe's page on
#: reporting categories.
_CATEGORIES: Mapping[str, str] = MappingProxyType(
    {
        "payment": "charge",
        "payment_failure_refund": "charge_failure",
        "payment_refund": "refund",
        "payout_cancel": "payout_reversal",
        "payout_failure": "payout_reversal",
        "stripe_fee": "fee",
    }
)


def refund(record: Refund) -> Object:
    """The `refund` object."""
    told: Object = {
        "id": record.id,
        "object": "refund",
        "amount": to_wire(record.amount),
        "balance_transaction": record.movement or None,
        "charge": record.charge,
        "created": seconds(record.created_at),
        "currency": record.amount.currency.lower(),
        "destination_details": _destination(record),
        "metadata": dict(record.references),
        "payment_intent": record.intent or None,
        "reason": record.reason or None,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": record.status,
        "transfer_reversal": None,
    }
    if record.status == "pending":
        told["pending_reason"] = "processing"
    if record.failure_movement:
        told |= {"failure_balance_transaction": record.failure_movement, "failure_reason": record.failure_reason}
    return told


def dispute(record: Dispute, now: datetime) -> Object:
    """The `dispute` object with its movements of the balance as at `now`."""
    given = dict(record.evidence)
    return {
        "id": record.id,
        "object": "dispute",
        "amount": to_wire(record.amount),
        "balance_transactions": [balance_transaction(movement, now) for movement in record.movements],
        "charge": record.charge,
        "created": seconds(record.created_at),
        "currency": record.amount.currency.lower(),
        "enhanced_eligibility_types": [],
        "evidence": {
            **{name: given.get(name) for name in EVIDENCE_TEXTS},
            **dict.fromkeys(EVIDENCE_FILES),
            "enhanced_evidence": {},
        },
        "evidence_details": {
            "due_by": seconds(record.due_at),
            "enhanced_eligibility": {},
            "has_evidence": bool(given),
            "past_due": False,
            "submission_count": record.submissions,
            "submission_method": "manual" if record.submissions else "not_submitted",
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": dict(record.references),
        "network_reason_code": None,
        "payment_intent": record.intent or None,
        "payment_method_details": None
        if record.card is None
        else {
            "card": {
                "brand": record.card.brand,
                "case_type": "chargeback",
                "network": record.card.brand,
                "network_reason_code": None,
            },
            "type": "card",
        },
        "reason": record.reason,
        "status": record.status,
    }


class Bankside(Record, frozen=True, kw_only=True):
    """How an account's payouts look: the bank account they go to, and whether their trace is known from the start."""

    account: str
    traced_early: bool


def payout(record: Payout, bank: Bankside) -> Object:
    """The `payout` object. A trace that is not known from the start is known once the bank has booked the payout."""
    traced = bank.traced_early or record.status not in (payouts.PENDING, payouts.IN_TRANSIT)
    return {
        "id": record.id,
        "object": "payout",
        "amount": to_wire(record.amount),
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": seconds(arrival(record)),
        "automatic": record.automatic,
        "balance_transaction": record.movement or None,
        "created": seconds(record.created_at),
        "currency": record.amount.currency.lower(),
        "description": record.description or None,
        "destination": bank.account,
        "failure_balance_transaction": record.failure_movement or None,
        "failure_code": record.failure_code or None,
        "failure_message": record.failure_reason or None,
        "livemode": False,
        "metadata": dict(record.references),
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": _reconciliation(record),
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": record.descriptor or None,
        "status": record.status,
        "trace_id": {
            "status": "supported" if traced else "pending",
            "value": record.reference if traced else None,
        },
        "type": "bank_account",
    }


def test_clock(record: TestClock) -> Object:
    """The `test_helpers.test_clock` object; a clock is deleted by itself 30 days after it was made."""
    target = None if record.target is None else seconds(record.target)
    return {
        "id": record.id,
        "object": "test_helpers.test_clock",
        "created": seconds(record.created_at),
        "deletes_after": seconds(record.created_at + CLOCK_LIFE),
        "frozen_time": seconds(record.frozen_at),
        "livemode": False,
        "name": record.name or None,
        "status": "ready" if target is None else "advancing",
        "status_details": {} if target is None else {"advancing": {"target_frozen_time": target}},
    }


def balance_settings(record: BalanceSettings) -> Object:
    """The `balance_settings` object."""
    schedule = record.schedule
    told: Object = {"interval": schedule.interval}
    if schedule.interval == payouts.WEEKLY:
        told["weekly_payout_days"] = [WEEKDAYS[day] for day in schedule.weekdays]
    if schedule.interval == payouts.MONTHLY:
        told["monthly_payout_days"] = list(schedule.month_days)
    return {
        "object": "balance_settings",
        "payments": {
            "debit_negative_balances": record.collects,
            "payouts": {
                # Empty, not null: the Python SDK reads them as maps and breaks at null.
                "automatic_transfer_rules_by_currency": {},
                "minimum_balance_by_currency": {},
                "schedule": told,
                "statement_descriptor": None,
                "status": "enabled",
            },
            "settlement_timing": {
                "delay_days": record.delay_days,
                "delay_days_override": None,
                "start_of_day": None,
            },
        },
    }


def arrival(record: Payout) -> datetime:
    """The instant that stands for the day on which the bank books a payout: its midnight UTC."""
    return datetime.combine(record.arrival, time(0), tzinfo=UTC)


def balance_transaction(record: Movement, now: datetime) -> Object:
    """The `balance_transaction` object as at `now`: it is `pending` until its money is available."""
    fee = to_wire(record.fee)
    currency = record.amount.currency.lower()
    details = {
        "amount": fee,
        "application": None,
        "currency": currency,
        "description": "Dispute fee" if record.category.startswith("dispute") else "Stripe processing fees",
        "type": "stripe_fee",
    }
    return {
        "id": record.id,
        "object": "balance_transaction",
        "amount": to_wire(record.amount),
        "available_on": seconds(record.available_at),
        "balance_type": "risk_reserved" if record.reserved else "payments",
        "created": seconds(record.created_at),
        "currency": currency,
        "description": record.description or None,
        "exchange_rate": record.rate,
        "fee": fee,
        "fee_details": [details] if fee else [],
        "net": to_wire(record.net),
        "reporting_category": record.category or _CATEGORIES.get(record.kind, record.kind),
        "source": record.source or None,
        "status": "available" if record.available_at <= now else "pending",
        "type": record.kind,
    }


def balance(available: Sequence[Money], pending: Sequence[Money], currency: str) -> Object:
    """The `balance` object; an account that never took money shows zero in its own currency."""
    return {
        "object": "balance",
        "available": _funds(available, currency),
        "livemode": False,
        "pending": _funds(pending, currency),
        "refund_and_dispute_prefunding": {"available": _nothing(currency), "pending": _nothing(currency)},
    }


def _destination(record: Refund) -> Object:
    if not record.id.startswith("re_"):
        return {"type": "us_bank_transfer", "us_bank_transfer": {"reference": None, "reference_status": "pending"}}
    return {
        "card": {
            "reference_status": "pending",
            "reference_type": "acquirer_reference_number",
            "type": "pending" if record.status == "pending" else "refund",
        },
        "type": "card",
    }


def _reconciliation(record: Payout) -> str:
    if not record.automatic:
        return "not_applicable"
    return "completed" if record.status in (payouts.PAID, payouts.FAILED) else "in_progress"


def _funds(amounts: Sequence[Money], currency: str) -> list[Object]:
    shown = amounts or (Money.zero(currency),)
    return [{"amount": to_wire(m), "currency": m.currency.lower(), "source_types": {"card": to_wire(m)}} for m in shown]


def _nothing(currency: str) -> list[Object]:
    return [{"amount": 0, "currency": currency.lower(), "source_types": {"bank_account": 0, "card": 0, "fpx": 0}}]
