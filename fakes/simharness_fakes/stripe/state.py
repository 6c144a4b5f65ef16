"""What a Stripe account holds: frozen records, and the order in which they were made. No HTTP here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from simharness.core.money import Money
from simharness.domain.base import Record
from simharness_fakes.payments.charges import Charge as TakenCharge
from simharness_fakes.payments.chronicle import Chronicle
from simharness_fakes.payments.disputes import Dispute as ContestedCharge
from simharness_fakes.payments.payouts import Payout, Schedule
from simharness_fakes.payments.refunds import Refund

References = tuple[tuple[str, str], ...]


class Address(Record, frozen=True, kw_only=True):
    """A postal address; empty parts are absent."""

    city: str = ""
    country: str = ""
    line1: str = ""
    line2: str = ""
    postal_code: str = ""
    state: str = ""


class Billing(Record, frozen=True, kw_only=True):
    """To whom a payment method belongs."""

    name: str = ""
    email: str = ""
    phone: str = ""
    address: Address = Address()


class Decline(Record, frozen=True, kw_only=True):
    """Why an issuer refuses: Stripe's `code`, the issuer's `decline_code` (may be empty) and the message for people."""

    code: str
    decline_code: str
    message: str


class Card(Record, frozen=True, kw_only=True):
    """A card as far as Stripe shows it. `decline`: how this test card answers every charge, None if it is good.

    Test cards further: `refund_course` is `pending` or `fails`; a charge with `dispute_reason` is disputed at once;
    `bypass`: the money is available at once.
    """

    brand: str
    last4: str
    exp_month: int
    exp_year: int
    fingerprint: str = ""
    funding: str = "credit"
    country: str = "US"
    decline: Decline | None = None
    refund_course: str = ""
    dispute_reason: str = ""
    bypass: bool = False


class Bank(Record, frozen=True, kw_only=True):
    """A US bank account as far as Stripe shows it. `decline`: how this test account sends every debit back, None if it
    is good; `stuck`: debits of it are processing for ever.
    """

    last4: str
    routing: str = "110000000"
    name: str = "STRIPE TEST BANK"
    account_type: str = "checking"
    holder_type: str = "individual"
    fingerprint: str = ""
    decline: Decline | None = None
    stuck: bool = False


Instrument = Card | Bank


class Customer(Record, frozen=True, kw_only=True):
    """A customer. `references` is the metadata, sorted by key; `default_method` the payment method for invoices.

    `clocked_at` is what a test clock that it belongs to showed when it was entered, at `created_at`.
    """

    id: str
    created_at: datetime
    name: str = ""
    email: str = ""
    phone: str = ""
    description: str = ""
    address: Address | None = None
    tax_exempt: str = "none"
    locales: tuple[str, ...] = ()
    default_method: str = ""
    invoice_prefix: str = ""
    test_clock: str = ""
    clocked_at: datetime | None = None
    references: References = ()


class Method(Record, frozen=True, kw_only=True):
    """A payment method. `spent`: it paid without a customer or was detached, and is of no more use."""

    id: str
    created_at: datetime
    instrument: Instrument
    customer: str = ""
    billing: Billing = Billing()
    references: References = ()
    spent: bool = False

    @property
    def kind(self) -> str:
        """Stripe's type of payment method."""
        return "card" if isinstance(self.instrument, Card) else "us_bank_account"


class PaymentError(Record, frozen=True, kw_only=True):
    """The last refusal of an intent: the decline, the charge it failed with and the method that was tried."""

    decline: Decline
    charge: str
    method: Method


class Intent(Record, frozen=True, kw_only=True):
    """A payment intent. `received`: what came of it.

    `status`: requires_payment_method, requires_confirmation, requires_capture, processing, succeeded, canceled.
    """

    id: str
    created_at: datetime
    amount: Money
    client_secret: str = ""
    status: str = "requires_payment_method"
    customer: str = ""
    method: str = ""
    received: Money | None = None
    method_types: tuple[str, ...] = ("card",)
    automatic_methods: bool = True
    capture_method: str = "automatic_async"
    confirmation_method: str = "automatic"
    description: str = ""
    receipt_email: str = ""
    descriptor: str = ""
    descriptor_suffix: str = ""
    references: References = ()
    latest_charge: str = ""
    error: PaymentError | None = None
    canceled_at: datetime | None = None
    cancellation_reason: str = ""


class Charge(TakenCharge, frozen=True, kw_only=True):
    """A charge with what Stripe shows beside the family's facts: what paid as it was, and why it was declined."""

    instrument: Instrument
    billing: Billing = Billing()
    decline: Decline | None = None
    receipt_email: str = ""
    descriptor: str = ""
    descriptor_suffix: str = ""
    disputed: bool = False

    @property
    def refund_course(self) -> str:
        """How refunds of this test card go: at once (""), `pending` first, or `fails` afterwards."""
        return self.instrument.refund_course if isinstance(self.instrument, Card) else ""


class Dispute(ContestedCharge, frozen=True, kw_only=True):
    """A dispute with the card it is about."""

    card: Card | None = None


class Endpoint(Record, frozen=True, kw_only=True):
    """A webhook endpoint. `events` are types or `*`; `version` is the API version it is told in, "" the account's.

    Until `old_until` events are signed under its `old_secret` as well.
    """

    id: str
    created_at: datetime
    url: str
    events: tuple[str, ...]
    secret: str
    old_secret: str = ""
    old_until: datetime | None = None
    status: str = "enabled"
    version: str = ""
    description: str = ""
    references: References = ()

    def wants(self, kind: str) -> bool:
        """Whether this endpoint is sent events of a type."""
        return self.status == "enabled" and ("*" in self.events or kind in self.events)


class TestClock(Record, frozen=True, kw_only=True):
    """A clock of test mode. `target` is the instant it is advancing to, None while it is ready."""

    #: Not a test case, whatever its name says to pytest.
    __test__: ClassVar[bool] = False

    id: str
    created_at: datetime
    frozen_at: datetime
    name: str = ""
    target: datetime | None = None


class BalanceSettings(Record, frozen=True, kw_only=True):
    """How an account is paid out. `collects`: what is missing from a negative balance is collected from the bank."""

    id: str
    schedule: Schedule
    collects: bool
    delay_days: int


class Plan(Record, frozen=True, kw_only=True):
    """Something that will happen by itself at an instant: `what` names it, `subject` is the id it concerns."""

    at: datetime
    what: str
    subject: str


Subject = Customer | Method | Intent | Charge | Refund | Dispute | Payout | TestClock | BalanceSettings


class Event(Record, frozen=True, kw_only=True):
    """Something that happened: `subject` as it was right after, `before` right before (None unless an update)."""

    id: str
    created_at: datetime
    kind: str
    subject: Subject
    before: Subject | None = None
    request_id: str = ""
    idempotency_key: str = ""

    @property
    def subject_id(self) -> str:
        """The id of the object the event is about."""
        return self.subject.id


def customers() -> Chronicle[Customer]:
    """An empty list of customers, found by e-mail, name, the CRM's id and test clock; "" is that of no test clock."""
    return Chronicle(
        key=lambda c: c.id,
        created=lambda c: c.created_at,
        email=lambda c: c.email or None,
        name=lambda c: c.name or None,
        crm=lambda c: dict(c.references).get(CRM_REFERENCE),
        test_clock=lambda c: c.test_clock,
    )


def methods() -> Chronicle[Method]:
    """An empty list of payment methods, found by customer."""
    return Chronicle(key=lambda m: m.id, created=lambda m: m.created_at, customer=lambda m: m.customer or None)


def intents() -> Chronicle[Intent]:
    """An empty list of payment intents, found by customer."""
    return Chronicle(key=lambda i: i.id, created=lambda i: i.created_at, customer=lambda i: i.customer or None)


def charges() -> Chronicle[Charge]:
    """An empty list of charges, found by customer and intent."""
    return Chronicle(
        key=lambda c: c.id,
        created=lambda c: c.created_at,
        customer=lambda c: c.customer or None,
        intent=lambda c: c.intent or None,
    )


def refunds() -> Chronicle[Refund]:
    """An empty list of refunds, found by charge and intent."""
    return Chronicle(
        key=lambda r: r.id,
        created=lambda r: r.created_at,
        charge=lambda r: r.charge,
        intent=lambda r: r.intent or None,
    )


def disputes() -> Chronicle[Dispute]:
    """An empty list of disputes, found by charge and intent."""
    return Chronicle(
        key=lambda d: d.id,
        created=lambda d: d.created_at,
        charge=lambda d: d.charge,
        intent=lambda d: d.intent or None,
    )


def payouts() -> Chronicle[Payout]:
    """An empty list of payouts, found by status."""
    return Chronicle(key=lambda p: p.id, created=lambda p: p.created_at, status=lambda p: p.status)


def clocks() -> Chronicle[TestClock]:
    """An empty list of test clocks."""
    return Chronicle(key=lambda c: c.id, created=lambda c: c.created_at)


def events() -> Chronicle[Event]:
    """An empty list of events, found by type."""
    return Chronicle(key=lambda e: e.id, created=lambda e: e.created_at, kind=lambda e: e.kind)


def endpoints() -> Chronicle[Endpoint]:
    """An empty list of webhook endpoints."""
    return Chronicle(key=lambda e: e.id, created=lambda e: e.created_at)


#: The metadata key under which a customer keeps the CRM's company id; everybody who reads it agrees on this name.
CRM_REFERENCE = "crm_company_id"


@dataclass(slots=True)
class State:
    """Everything one account holds, but for the balance (the family engine has it)."""

    customers: Chronicle[Customer] = field(default_factory=customers)
    methods: Chronicle[Method] = field(default_factory=methods)
    intents: Chronicle[Intent] = field(default_factory=intents)
    charges: Chronicle[Charge] = field(default_factory=charges)
    refunds: Chronicle[Refund] = field(default_factory=refunds)
    disputes: Chronicle[Dispute] = field(default_factory=disputes)
    payouts: Chronicle[Payout] = field(default_factory=payouts)
    clocks: Chronicle[TestClock] = field(default_factory=clocks)
    collects: bool = True
    schedule: Schedule = field(default_factory=Schedule)
    plans: dict[str, Plan] = field(default_factory=dict)
    events: Chronicle[Event] = field(default_factory=events)
    endpoints: Chronicle[Endpoint] = field(default_factory=endpoints)
    deleted_customers: dict[str, None] = field(default_factory=dict)
    undelivered: dict[str, int] = field(default_factory=dict)

    def fork(self) -> State:
        """An independent copy that shares the records."""
        return State(
            customers=self.customers.fork(),
            methods=self.methods.fork(),
            intents=self.intents.fork(),
            charges=self.charges.fork(),
            refunds=self.refunds.fork(),
            disputes=self.disputes.fork(),
            payouts=self.payouts.fork(),
            clocks=self.clocks.fork(),
            collects=self.collects,
            schedule=self.schedule,
            plans=dict(self.plans),
            events=self.events.fork(),
            endpoints=self.endpoints.fork(),
            deleted_customers=dict(self.deleted_customers),
            undelivered=dict(self.undelivered),
        )
