"""Gusto in the dialect of its embedded API: people, pay, payrolls and their runs, the ledger report, webhooks."""

from __future__ import annotations

from simharness.domain.exchange import STALE
from simharness.fakekit.pack import Pack
from simharness_fakes.gusto.fake import build
from simharness_fakes.gusto.profile import OPTIONS

PACK = Pack(
    vendor="gusto",
    family="payroll",
    title="Gusto",
    package="simharness_fakes.gusto",
    hosts=("api.gusto-demo.com", "api.gusto.com"),
    versions=("2024-04-01", "2025-06-15"),
    meets={
        "partial_batch": (),
        "conflict": ("UpdateEmployee", "UpdateHomeAddress", "UpdateJob"),
        "stale_read": ("ListPayrolls", "ListEmployees", "ListDepartments"),
        "page_shift": (),
    },
    build=build,
    options=OPTIONS,
    again={"invalid_resource_version": STALE},
    gaps=(
        "contractors and their payments, external payrolls over the wire, tax forms, signatories, onboarding flows",
        "one job and one place of work an employee; a place of work holds from today on",
        "paid time off policies and holidays; hours of time off are entered by hand",
        "a payment method or a memo for one payroll only, tips, owner's draw, imputed pay",
        "child support, which Gusto remits itself: the company remits every garnishment here",
        "payment speeds, risk and credit blockers, wires, recovery cases, ACH transactions",
        "API versions other than 2024-04-01 and 2025-06-15",
    ),
    sdks=("gusto_embedded 0.2.4",),
)
