"""A snapshot tells the present books, whatever an earlier one remembered."""

from __future__ import annotations

import msgspec

from simharness_fakes.accounting import snapshots
from simharness_fakes.accounting.books import Books
from tests.fakes.accounting.company import BY, D, company


def told_anew(books: Books) -> object:
    return snapshots.snapshot(books._state, "v", snapshots.Memory())


def test_a_remembered_snapshot_equals_one_told_anew_after_every_kind_of_change() -> None:
    made = company()
    books = made.books
    steps = []

    def check() -> None:
        snapshot = books.snapshot("v")
        assert snapshot == told_anew(books)
        assert not steps or snapshot != steps[-1], "the change must be seen"
        steps.append(snapshot)

    first = made.invoice(made.line("100.00", made.code("S25", "25")))
    check()
    second = made.invoice(made.line("50.00", made.code("EX", kind="exempt")))
    check()
    made.pay("80.00", (first.id, "80.00"))
    check()
    credit = made.credit_memo(made.line("20.00", made.code("EX", kind="exempt")))
    check()
    made.pay("0.00", (credit.id, "20.00"), (second.id, "20.00"))
    check()
    item = books.items.get(made.thing)
    assert item is not None
    books.items.update(made.thing, msgspec.structs.replace(item, name="Renamed thing"), BY)
    check()
    third = made.invoice(made.line("10.00", made.code("EX", kind="exempt")))
    books.invoices.void(third.id, BY)
    check()
    books.invoices.delete(third.id, BY)
    check()
    assert D("75.00") == sum(d.open.amount for d in books.snapshot("v").documents if d.kind == "invoice")


def test_an_unchanged_document_is_told_once() -> None:
    made = company()
    made.invoice(made.line("100.00", made.code("EX", kind="exempt")))
    before = made.books.snapshot("v")
    made.invoice(made.line("50.00", made.code("EX", kind="exempt")))
    after = made.books.snapshot("v")
    assert after.documents[0] is before.documents[0]
    assert after.entries[0] is before.entries[0]
