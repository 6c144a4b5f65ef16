"""Stripe in the dialect of its API v1: cards and bank debits, refunds, disputes, the balance, payouts, events."""

from __future__ import annotations

from simharness.fakekit.pack import Keys, Pack
from simharness_fakes.stripe.fake import build
from simharness_fakes.stripe.options import OPTIONS
from simharness_fakes.stripe.wire.versions import KNOWN

PACK = Pack(
    vendor="stripe",
    family="payments",
    title="Stripe",
    package="simharness_fakes.stripe",
    hosts=("api.stripe.com",),
    versions=tuple(reversed(KNOWN)),
    meets={"partial_batch": (), "conflict": (), "stale_read": ("*List", "*Search"), "page_shift": ()},
    build=build,
    options=OPTIONS,
    keys=Keys(profile="stripe_v1", carried="header `Idempotency-Key`", scope="account", requests=True),
    gaps=(
        "invoices, products and prices, subscriptions, connected accounts, instant payouts, top-ups",
        "payment methods other than cards and US bank accounts; cards that ask for authentication",
        "evidence as files, inquiries, appeals; a dispute that nobody closes stays open",
        "a test clock gives its customers the time, and nothing that is modelled here falls due in it",
        "conversion at rates that are stated, without a fee of its own; payouts in the balance's currency alone",
        "raw POST /v1/charges with a source",
        "search sees a change at once; Stripe's index is up to a minute behind",
    ),
    sdks=("stripe (Python)",),
)
