"""What programs beside the connector do in a story: they find the customer or make it, and bill each deal once."""

from __future__ import annotations

from pathlib import Path

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.domain.books import LedgerSnapshot
from simharness.domain.fact import InvoiceEntered, InvoiceVoided, StepImpossible
from simharness.domain.record import RunRecord
from simharness.stories.discovery import load
from simharness.stories.playing import Setting, play

HEAD = """\
story: Beside
dictionary: us-saas-beside
today: 2026-01-05
given:
  - {customer: Globex, region: US-OR, terms: Net 30}
  - {deal: North, customer: Globex, lines: [{product: Badge printer, quantity: 2, unit_price: USD 10.00}]}
  - {deal: South, customer: Globex, lines: [{product: Badge printer, quantity: 3, unit_price: USD 10.00}]}
when:
"""
TAIL = "then:\n  - {account: 1100 Accounts receivable, holds: USD 0.00}\n"


def told(folder: Path, *steps: str) -> RunRecord:
    path = folder / "beside.yaml"
    path.write_text(HEAD + "".join(f"  - {step}\n" for step in (*steps, "connector_finishes")) + TAIL, encoding="utf-8")
    (story,) = load([path])
    return play(story, Setting(attachment=load_manifest(builtin_manifest()))).record


def books(record: RunRecord) -> LedgerSnapshot:
    ledger = record.checkpoints[-1].world.ledger()
    assert ledger is not None
    return ledger


def entered(record: RunRecord) -> list[tuple[str, str, str]]:
    return [(f.by, f.deal, f.invoice_number) for f in record.facts if isinstance(f, InvoiceEntered)]


def test_a_sync_bills_every_won_deal_once_in_a_series_of_its_own(tmp_path: Path) -> None:
    record = told(
        tmp_path,
        "{deal_won: North, on: 2026-01-12}",
        "{native_sync_copies: lines}",
        "{native_sync_copies: lines}",
        "{deal_won: South, on: 2026-01-13}",
        "{native_sync_copies: lines}",
    )
    assert entered(record) == [("native-sync", "North", "HS-1001"), ("native-sync", "South", "HS-1002")]
    assert [each.created_by for each in books(record).parties] == ["native-sync"]


def test_a_program_takes_the_customer_that_bears_the_name(tmp_path: Path) -> None:
    record = told(
        tmp_path, "{deal_won: North, on: 2026-01-12}", "connector_finishes", "{billing_system_invoices: South}"
    )
    assert entered(record) == [("billing", "South", "BS-1001")]
    assert [(each.name, each.created_by) for each in books(record).parties] == [("Globex", "connector")]


def test_a_billing_system_may_bill_something_else_on_another_day(tmp_path: Path) -> None:
    line = "{product: Consulting hour, quantity: 1, unit_price: USD 110.00, cost_centre: CC-30}"
    record = told(tmp_path, f"{{billing_system_invoices: North, dated: 2026-01-07, lines: [{line}], on: 2026-01-12}}")
    (document,) = books(record).documents
    assert (str(document.date), str(document.total), document.lines[0].cost_centre) == (
        "2026-01-07", "USD 110.00", "CC-30",
    )  # fmt: skip


def test_a_bookkeeper_voids_what_somebody_wrote_and_nothing_else(tmp_path: Path) -> None:
    record = told(
        tmp_path,
        "{billing_system_invoices: North, on: 2026-01-12}",
        "{invoice_voided: North, written_by: native-sync}",
        "{invoice_voided: North, written_by: billing}",
    )
    (impossible,) = [fact for fact in record.facts if isinstance(fact, StepImpossible)]
    assert "nobody can void the invoice of 'North' by native-sync" in impossible.what
    (voided,) = [fact for fact in record.facts if isinstance(fact, InvoiceVoided)]
    assert (voided.invoice_number, voided.by) == ("BS-1001", "billing")
    assert [each.status for each in books(record).documents] == ["void"]


def test_in_a_group_the_programs_write_into_the_books_of_the_entity_that_sold(tmp_path: Path) -> None:
    path = tmp_path / "group.yaml"
    path.write_text(
        """\
story: Beside a group
dictionary: us-group
entities: [us-group-east]
today: 2026-01-05
given:
  - {customer: Globex, region: US-OR, terms: Net 30}
  - {deal: North, customer: Globex, entity: east, lines: [{product: Badge printer, quantity: 2, unit_price: USD 10.00}]}
  - {deal: South, customer: Globex, entity: west, lines: [{product: Badge printer, quantity: 3, unit_price: USD 10.00}]}
when:
  - {deal_won: North, on: 2026-01-12}
  - {billing_system_invoices: North, on: 2026-01-12, at: "22:00"}      # one in the morning of the 13th in New York
  - {billing_system_invoices: South}
  - connector_finishes
  - {invoice_voided: North, written_by: billing, on: 2026-01-14}
  - connector_finishes
then:
  - {account: 1100 Accounts receivable, holds: USD 30.00, entity: west}
""",
        encoding="utf-8",
    )
    (story,) = load([path])
    record = play(story, Setting(attachment=load_manifest(builtin_manifest()))).record
    wrote = {each.entity: each for each in record.checkpoints[-1].world.ledgers}
    theirs = {
        entity: [(str(d.date), str(d.total), d.number) for d in ledger.documents if d.created_by == "billing"]
        for entity, ledger in wrote.items()
    }
    assert theirs == {
        "west": [("2026-01-12", "USD 30.00", "BS-1001")],
        "east": [("2026-01-13", "USD 0.00", "BS-1001")],
    }
    assert [fact.deal for fact in record.facts if isinstance(fact, InvoiceVoided)] == ["North"]
