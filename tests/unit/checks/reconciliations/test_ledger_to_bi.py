"""R8 turns red for each kind of break between the ledger and the published tables."""

from __future__ import annotations

import pytest
from msgspec import structs

from simharness.domain.snapshot import Checkpoint
from tests.unit.checks import builders as b

DOCUMENT = "1|invoice|2026-01-12|2026-02-11|4100.0000|310.5000|4410.5000|3410.5000|false"
COLUMNS = "document_id kind document_date due_date net tax total open_amount is_void"


def published(name: str, columns: str, *rows: str) -> b.RunRecord:
    tables = tuple(b.table(name, columns, *rows) if table.name == name else table for table in b.tables())
    return b.record(bi=(b.reading(tables=tables),))


@pytest.mark.parametrize(
    ("rows", "keys"),
    [
        ((), ["R8:missing-right:invoice:1"]),
        ((DOCUMENT, DOCUMENT), ["R8:duplicate:invoice:1"]),
        ((DOCUMENT.replace("3410.5000", "4410.5000"),), ["R8:amount:invoice:1"]),
        ((DOCUMENT.replace("2026-01-12", "2026-01-13"),), ["R8:date:invoice:1"]),
        ((DOCUMENT, DOCUMENT.replace("1|", "9|", 1)), ["R8:missing-left:invoice:9"]),
    ],
    ids=["missing right", "duplicate", "amount", "date", "missing left"],
)
def test_each_kind_of_break_of_a_document(rows: tuple[str, ...], keys: list[str]) -> None:
    found = [each.key for each in b.findings("R8", published("fct_document", COLUMNS, *rows))]
    assert [key for key in found if "fct_" not in key] == keys


def test_figures_and_money_at_risk() -> None:
    found = b.the_finding("R8", published("fct_document", COLUMNS, DOCUMENT.replace("3410.5000", "4410.5000")))
    assert (found.expected, found.actual) == ("the ledger: open USD 3,410.50", "BI: open USD 4,410.50")
    assert found.at_risk == b.usd("1000.00")


def test_a_payment_that_bi_shows_otherwise() -> None:
    columns = "payment_id payment_date amount unapplied"
    assert b.the_finding("R8", published("fct_payment", columns, "2|2026-01-20|970.70|0")).key == "R8:amount:payment:2"
    assert b.the_finding("R8", published("fct_payment", columns)).key == "R8:missing-right:payment:2"


def test_a_link_without_money_need_not_be_in_the_ledgers_list() -> None:
    columns = "payment_id payment_date amount unapplied"
    assert b.passes("R8", published("fct_payment", columns, "2|2026-01-20|1000|0", "4|2026-01-22|0|0"))


def test_postings_that_do_not_sum_to_the_journal() -> None:
    columns = "entry_id source source_id account_id amount"
    rows = ("1|invoice|1|a1100|4410.50", "1|invoice|1|a4010|-4100", "1|invoice|1|a2200|-310.50",
            "2|payment|2|a1150|1000", "2|payment|2|a1100|-1000")  # fmt: skip
    found = b.findings("R8", published("fct_journal_line", columns, *rows))
    assert [(each.expected, each.actual) for each in found] == [
        ("the ledger: USD -3,600.00", "BI: USD -4,100.00"),
        ("the ledger: USD -500.00", "BI: USD 0.00"),
    ]


def test_accounts_that_bear_postings_are_shown_once_and_as_they_are() -> None:
    accounts = b.ledger().accounts
    right = [f"{each.id}|{each.number}|{each.kind}" for each in accounts]

    def found(*rows: str) -> list[str]:
        dimension = b.table("dim_account", "account_id number kind", *rows)
        story = b.record(bi=(b.reading(tables=(*b.tables(), dimension)),))
        return [each.key for each in b.findings("R8", story)]

    assert found(*right) == []
    assert found(*right, "a4010|4010|income") == ["R8:duplicate:dim_account:a4010"]
    assert found(*(row.replace("|4010|income", "|4010|expense") for row in right)) == ["R8:amount:dim_account:a4010"]
    assert found(*(row for row in right if not row.startswith("a4010"))) == ["R8:missing-right:dim_account:a4010"]


PLACED = ("1|2026-01-12|invoice|1|a1100|4410.50|", "1|2026-01-12|invoice|1|a4010|-3600|CC-10",
          "1|2026-01-12|invoice|1|a4020|-500|CC-20", "1|2026-01-12|invoice|1|a2200|-310.50|",
          "2|2026-01-20|payment|2|a1150|1000|", "2|2026-01-20|payment|2|a1100|-1000|")  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("", "", None),
        ("12|invoice|1|a4010", "13|invoice|1|a4010", "R8:date:postings:invoice:1 on account a4010:place"),
        ("CC-20", "CC-30", "R8:amount:postings:invoice:1 on account a4020:place"),
    ],
    ids=["as posted", "another day", "another cost centre"],
)
def test_a_posting_on_another_day_or_cost_centre(old: str, new: str, key: str | None) -> None:
    columns = "entry_id entry_date source source_id account_id amount cost_centre"
    rows = (row.replace(old, new) if old else row for row in PLACED)
    found = [each.key for each in b.findings("R8", published("fct_journal_line", columns, *rows))]
    assert found == ([key] if key else [])


@pytest.mark.parametrize(
    ("name", "columns", "rows"),
    [
        ("fct_document_line", "document_id line_no net_amount", ("1|1|3600.00",)),
        ("fct_document_tax", "document_id rate tax", ("1|California|261.00",)),
    ],
)
def test_lines_and_taxes_that_do_not_sum_to_their_document(name: str, columns: str, rows: tuple[str, ...]) -> None:
    assert b.the_finding("R8", published(name, columns, *rows)).key == f"R8:amount:{name}:invoice:1"


def test_nothing_published_shows_nothing() -> None:
    story = b.record(bi=(b.reading(tables=(), metrics=(), version=""),))
    assert {found.key.split(":")[1] for found in b.findings("R8", story)} >= {"missing-right"}


def test_a_version_is_held_against_the_ledger_when_it_was_first_seen() -> None:
    story = b.record(bi=(b.reading(), b.reading(step=8)))
    world = story.checkpoints[-1].world
    later = structs.replace(world, ledgers=(b.ledger(documents=(b.invoice(), b.credit_memo())),))
    checkpoints = (*story.checkpoints, Checkpoint(step=8, name="claims", world=later))
    assert b.passes("R8", structs.replace(story, checkpoints=checkpoints))
