"""The curated tables: their DDL as published, and their keys."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

_OF_COMPONENTS = ("payroll_id", "kind", "code", "cost_centre", "service_from", "service_to", "in_cash")

#: Every curated table with the columns that order its rows.
KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "meta": ("version",),
        "dim_account": ("account_id",),
        "dim_customer": ("customer_id",),
        "fct_document": ("document_id",),
        "fct_document_line": ("document_id", "line_no"),
        "fct_document_tax": ("document_id", "tax_code", "rate"),
        "fct_payment": ("payment_id",),
        "fct_open_item": ("item_id",),
        "fct_application": ("source_kind", "source_id", "document_kind", "document_id", "applied_on"),
        "fct_recurring_line": ("crm_line_id", "change_no"),
        "fct_payroll_component": _OF_COMPONENTS,
        "fct_journal_line": ("entry_id", "line_no"),
    }
)


def ddl() -> str:
    """The statements that make the empty curated tables."""
    return (files("simharness.bi") / "contract" / "tables.sql").read_text(encoding="utf-8")
