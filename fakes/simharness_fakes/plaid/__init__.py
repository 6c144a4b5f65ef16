"""Plaid in the dialect of its API 2020-09-14: linking, accounts, balances, the transactions feed, webhooks."""

from __future__ import annotations

from simharness.fakekit.pack import Pack
from simharness_fakes.plaid.fake import build
from simharness_fakes.plaid.profile import OPTIONS

PACK = Pack(
    vendor="plaid",
    family="banking",
    title="Plaid",
    package="simharness_fakes.plaid",
    hosts=("sandbox.plaid.com",),
    versions=("2020-09-14",),
    meets={"partial_batch": (), "conflict": (), "stale_read": (), "page_shift": ("TransactionsSync",)},
    build=build,
    options=OPTIONS,
    gaps=(
        "products other than transactions and balance; accounts other than depository",
        "the Link window: public tokens come from the sandbox, update mode succeeds by itself after a while",
        "one institution, one login: every item shows the same accounts under the same ids; a new link keeps them",
        "categories, locations, logos, running balances; recurring transactions, rules, enrichment",
        "the history arrives at once, not thirty days first and the rest later",
        "production.plaid.com and API versions before 2020-09-14",
        "errors of institutions, and items that ask for a login after thirty days by themselves",
    ),
    sdks=("plaid-python 46.0.0",),
)
