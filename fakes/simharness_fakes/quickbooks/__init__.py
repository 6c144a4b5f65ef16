"""The fake QuickBooks Online (accounting). See README.md for its facts, their sources and the known gaps."""

from __future__ import annotations

from simharness.domain.exchange import STALE
from simharness.fakekit.contract import load
from simharness.fakekit.fake import Fake
from simharness.fakekit.pack import Keys, Pack, Setup
from simharness_fakes.quickbooks.options import OPTIONS

_PACKAGE = "simharness_fakes.quickbooks"


def build(setup: Setup) -> Fake:
    """A fresh QuickBooks with one empty company."""
    from simharness_fakes.quickbooks.api import Api

    return Api(PACK, setup, load(_PACKAGE))


PACK = Pack(
    vendor="quickbooks",
    family="accounting",
    title="QuickBooks Online",
    package=_PACKAGE,
    hosts=(
        "quickbooks.api.intuit.com",
        "sandbox-quickbooks.api.intuit.com",
        "oauth.platform.intuit.com",
        "developer.intuit.com",
        "developer.api.intuit.com",
    ),
    versions=("75",),
    meets={
        "partial_batch": ("batch",),
        "conflict": ("save*",),
        "stale_read": ("query", "queryByPost", "changes", "batch"),
        "page_shift": ("query", "queryByPost"),
    },
    build=build,
    options=OPTIONS,
    again={"5010": STALE},
    keys=Keys(profile="quickbooks", carried="query `requestid`", scope="company", requests=True),
    gaps=(
        "sub-customers, projects, inventory, bundles and group lines",
        "estimates, purchase orders, tax on bills and purchases, content of attachments",
        "revaluation of foreign balances",
        "cash basis reports, and reports summarised by month or dimension",
        "sending documents, PDF, invoice links",
        "the authorization page: tokens are granted when the world is built",
    ),
    sdks=("python-quickbooks 0.9.12", "intuit-oauth 1.2.6"),
)
