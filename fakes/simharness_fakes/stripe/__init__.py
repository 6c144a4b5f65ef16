"""Stripe in the dialect of its API v1: customers, card payments, the balance and its transactions, events, webhooks."""

from __future__ import annotations

from simharness.fakekit.pack import Pack
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
    build=build,
    options=OPTIONS,
    gaps=(
        "refunds, disputes, payouts, manual capture, invoices, products and prices, connected accounts",
        "payment methods other than cards; cards that ask for authentication",
        "conversion: a charge stays in its own currency on the balance",
        "raw POST /v1/charges with a source",
        "search sees a change at once; Stripe's index is up to a minute behind",
    ),
    sdks=("stripe (Python)",),
)
