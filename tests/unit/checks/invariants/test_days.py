"""V13 turns red for every day that is not the declared one."""

from __future__ import annotations

from tests.unit.checks import builders as b


def story(**changes: object) -> b.RunRecord:
    return b.record(books=b.ledger(documents=(b.invoice(**changes),)))


def test_an_invoice_on_the_day_in_utc_instead_of_the_local_one() -> None:
    # Won at 18:00 in Los Angeles on the 11th, 02:00 UTC on the 12th: the fact's local day counts.
    told = (*b.facts()[:2], b.won(on="2026-01-11", at=b.at("2026-01-12", 2)), *b.facts()[3:])
    books = b.ledger(documents=(b.invoice(),))
    found = b.findings("V13", b.record(books=books, told=told))
    assert [(each.expected, each.actual) for each in found] == [("2026-01-11", "2026-01-12")]
    assert found[0].at_risk == b.usd("4410.50")


def test_an_invoice_that_falls_due_on_another_day() -> None:
    found = b.the_finding("V13", story(due=b.day("2026-02-12")))
    assert (found.expected, found.actual) == ("2026-02-11, 30 days after 2026-01-12", "2026-02-12")


def test_an_invoice_without_due_day() -> None:
    assert b.the_finding("V13", story(due=None)).actual == "no due day"


def test_a_customer_without_terms_leaves_the_due_day_unjudged() -> None:
    told = (b.entered(terms=""), *b.facts()[1:])
    assert b.passes("V13", b.record(books=b.ledger(documents=(b.invoice(due=None),)), told=told))


def test_a_payment_on_another_day() -> None:
    payment = b.payment(date=b.day("2026-01-21"))
    entries = (b.invoice_entry(), b.payment_entry(date=b.day("2026-01-21")))
    found = b.the_finding("V13", b.record(books=b.ledger(payments=(payment,), entries=entries)))
    assert (found.expected, found.actual) == ("2026-01-20, the local day of the charge", "2026-01-21")


def test_an_entry_on_another_day_than_its_document() -> None:
    entries = (b.invoice_entry(date=b.day("2026-02-01")), b.payment_entry())
    found = b.the_finding("V13", b.record(books=b.ledger(entries=entries)))
    assert (found.expected, found.actual) == ("2026-01-12", "2026-02-01")


def test_a_link_bears_the_day_on_which_the_last_of_what_it_links_came_about() -> None:
    """The invoice is of 12 January, the credit of 22 January: it counts as applied from then on."""

    def linked(day: str, **changes: object) -> b.RunRecord:
        parts = (
            b.Application(document="1", amount=b.usd("100.00")),
            b.Application(document="3", amount=b.usd("-100.00")),
        )
        link = b.payment(id="4", amount=b.usd("0.00"), date=b.day(day), note="", applications=parts, **changes)
        books = b.ledger(documents=(b.invoice(), b.credit_memo()), payments=(b.payment(), link))
        return b.record(books=books)

    def found(story: b.RunRecord) -> list[tuple[str, str]]:
        mine = (each for each in b.findings("V13", story) if each.key == "V13:link:4:date")
        return [(each.expected, each.actual) for each in mine]

    assert not found(linked("2026-01-22"))
    assert found(linked("2026-01-12")) == [("2026-01-22, when the last of what it links came about", "2026-01-12")]
    assert found(linked("2026-02-22"))
    assert not found(linked("2026-01-12", status="void"))
    assert not found(linked("2026-01-12", created_by="bookkeeper")), "what people link is theirs"
