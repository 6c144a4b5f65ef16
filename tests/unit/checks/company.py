"""The company of the checks' test story: its chart, products, taxes and policies, and the connector it uses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from simharness.domain.connector import ConnectorInfo, ReferenceRule
from simharness.domain.dictionary import (
    AccountSpec,
    Dictionary,
    Dimension,
    Ownership,
    ProductSpec,
    Region,
    RegionTax,
    RevenueType,
    TaxCode,
    TaxComponent,
    Terms,
)
from simharness.domain.policy import BooksPolicy, TaxPolicy


def day(text: str) -> date:
    return date.fromisoformat(text)


ACCOUNTS = (
    AccountSpec(number="1000", name="Bank", kind="bank", role="bank"),
    AccountSpec(number="1100", name="Accounts receivable", kind="receivable", role="receivable"),
    AccountSpec(number="1150", name="Gateway clearing", kind="current_asset", role="gateway_clearing"),
    AccountSpec(number="1160", name="Payouts in transit", kind="current_asset", role="payouts_in_transit"),
    AccountSpec(number="1200", name="Undeposited funds", kind="undeposited", role="undeposited"),
    AccountSpec(number="2200", name="Sales tax payable", kind="current_liability", role="tax_payable"),
    AccountSpec(number="2300", name="Unmatched receipts", kind="current_liability", role="unmatched"),
    AccountSpec(number="4010", name="Hardware sales", kind="income"),
    AccountSpec(number="4020", name="Service revenue", kind="income"),
    AccountSpec(number="4900", name="Discounts given", kind="contra_income", role="discounts_given"),
    AccountSpec(number="6100", name="Gateway fees", kind="expense", role="fees"),
    AccountSpec(number="6200", name="Bad debt", kind="expense", role="write_offs"),
    AccountSpec(number="7100", name="Exchange gain or loss", kind="other_income", role="exchange_gain"),
)


def dictionary(**policy: Any) -> Dictionary:
    return Dictionary(
        name="us-test",
        version="1",
        entity="main",
        currency="USD",
        time_zone="America/Los_Angeles",
        policy=BooksPolicy(**{"tax": TaxPolicy.PER_COMPONENT, "cut_over": day("2026-01-01"), **policy}),
        accounts=ACCOUNTS,
        revenue_types=(RevenueType(name="Hardware", account="4010"), RevenueType(name="Services", account="4020")),
        products=(
            ProductSpec(name="Badge printer", sku="HW-1", tax_category="goods", revenue_type="Hardware"),
            ProductSpec(name="Hearing loop", sku="HW-2", tax_category="goods", revenue_type="Hardware"),
            ProductSpec(name="Onboarding", sku="SV-1", tax_category="services", revenue_type="Services"),
        ),
        tax_codes=(
            TaxCode(
                name="CA San Francisco",
                account="2200",
                components=(
                    TaxComponent(authority="California", percent=Decimal("7.25")),
                    TaxComponent(authority="San Francisco", percent=Decimal("1.25"), valid_until=day("2025-12-31")),
                    TaxComponent(authority="San Francisco", percent=Decimal("1.375"), valid_from=day("2026-01-01")),
                ),
            ),
            TaxCode(
                name="TX Austin", account="2200", components=(TaxComponent(authority="Texas", percent=Decimal("8.25")),)
            ),
        ),
        regions=(
            Region(
                code="US-CA-SF",
                name="San Francisco",
                taxes=(RegionTax(category="goods", code="CA San Francisco"),),
                exempt_products=(("Hearing loop", "Assistive device"),),
            ),
        ),
        terms=(Terms(name="Net 30", days=30), Terms(name="Net 15", days=15)),
        cost_centres=(Dimension(code="CC-10", name="West"), Dimension(code="CC-20", name="East")),
        locations=(Dimension(code="SF", name="San Francisco office"),),
        ownership=(
            Ownership(dataset="deal", field="amount", owner="crm"),
            Ownership(dataset="deal", field="billing_status", owner="ledger"),
            Ownership(dataset="customer", field="phone", owner="ledger"),
            Ownership(dataset="customer", field="name", owner="crm"),
            Ownership(dataset="customer", field="email", owner="crm"),
        ),
    )


CONNECTOR = ConnectorInfo(
    name="reference",
    references=(
        ReferenceRule(
            noun="invoice", field="note", pattern=r"crm:deal:(?P<id>\w+):v(?P<version>\d+) lines:(?P<lines>\S*)"
        ),
        ReferenceRule(
            noun="credit_memo", field="note", pattern=r"crm:deal:(?P<id>\w+):v(?P<version>\d+) lines:(?P<lines>\S*)"
        ),
        ReferenceRule(noun="customer", field="note", pattern=r"crm:company:(?P<id>\w+)"),
        ReferenceRule(noun="payment", field="note", pattern=r"pay:charge:(?P<id>\w+)"),
        ReferenceRule(noun="fee", field="note", pattern=r"^pay:fee:(?P<id>\w+)$"),
        ReferenceRule(noun="refund", field="note", pattern=r"^pay:refund:(?P<id>\w+)$"),
        ReferenceRule(noun="dispute", field="note", pattern=r"^pay:dispute:(?P<id>\w+)(?::(?P<state>won))?$"),
        ReferenceRule(noun="payout", field="note", pattern=r"^pay:payout:(?P<id>\w+)(?::(?P<state>failed))?$"),
        ReferenceRule(noun="bank_line", field="note", pattern=r"^bank:line:(?P<id>\w+)$"),
        ReferenceRule(noun="credit", field="note", pattern=r"^credit:(?P<id>\w+:\d+)$"),
        ReferenceRule(
            noun="write_off",
            field="note",
            pattern=r"^write_off:(?P<id>\w+):(?P<version>\d+)(?::(?P<state>recovered):\w+)?$",
        ),
        ReferenceRule(
            noun="exemption",
            field="memo",
            pattern=r"Tax exempt: (?P<reason>.+?)(?: \(certificate (?P<certificate>.+)\))?$",
        ),
    ),
    evidence=("log", "reject"),
    publishes_bi=True,
    writes_status=True,
)
