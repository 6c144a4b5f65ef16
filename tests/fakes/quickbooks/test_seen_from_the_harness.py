"""The two neutral ports and the write log: what stories and checks see of the ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from simharness.core.clock import Clock
from simharness.core.errors import UsageError
from simharness.core.money import Money
from simharness.domain.acts import (
    ActRefused,
    ClosePeriod,
    EditParty,
    EnterInvoice,
    EnterParty,
    Furnish,
    InvoiceLine,
    ReopenDeal,
    VoidInvoice,
)
from simharness.domain.books import Document
from simharness.domain.events import InvoiceEntered, PartySaved
from simharness.domain.write import Write
from simharness.world.world import World
from tests.fakes.conftest import furnished
from tests.fakes.quickbooks.driving import Client, ledger_of, operate

D = Decimal


def last(world: World) -> Write:
    return world.writes[-1]


def usd(amount: str) -> Money:
    return Money(amount, "USD")


def test_a_snapshot_tells_documents_in_canonical_words(client: Client, world: World) -> None:
    customer = client.customer(Notes="hubspot:company:7", SalesTermRef={"value": client.id_of("Term", "Net 30")})
    code = client.id_of("TaxCode", "TX Austin")
    sale = client.invoice(
        customer, client.line("Badge printer", "100.00", ClassRef={"value": client.id_of("Class", "Sales West")}),
        TxnTaxDetail={"TxnTaxCodeRef": {"value": code}}, TxnDate="2026-01-12", PrivateNote="hubspot:deal:3:v1 lines:9",
        CustomerMemo={"value": "Tax exempt: no"},
        DepartmentRef={"value": client.id_of("Department", "San Francisco office")},
    )  # fmt: skip
    client.paid(customer, "10.00", ("Invoice", sale["Id"], "10.00"), PaymentRefNum="ref", PrivateNote="stripe:charge:1")
    ledger = world.snapshot().ledger()
    assert ledger is not None
    (party,), (document,), (payment,) = ledger.parties, ledger.documents, ledger.payments
    assert (party.name, party.note, party.terms) == ("Globex", "hubspot:company:7", "Net 30")
    assert (document.number, document.note, document.memo) == ("1001", "hubspot:deal:3:v1 lines:9", "Tax exempt: no")
    assert (document.location, document.lines[0].cost_centre, document.tax_code) == ("SF", "CC-10", "TX Austin")
    assert (document.total, document.open, document.due) == (usd("108.25"), usd("98.25"), date(2026, 2, 11))
    assert (payment.reference, payment.note, payment.applications[0].amount) == ("ref", "stripe:charge:1", usd("10.00"))
    assert document.created_by == payment.created_by == "connector"


def test_a_write_names_the_fields_that_were_set_and_who_set_them(client: Client, world: World) -> None:
    customer = client.customer(Title="", Notes="n")
    assert (last(world).dataset, last(world).fields, last(world).actor) == ("party", ("name", "note"), "connector")
    sale = client.invoice(customer, client.line("Badge printer", "1.00"), PrivateNote="x", TxnDate="2026-01-12")
    assert last(world).record_id == sale["Id"]
    assert (last(world).action, last(world).fields) == ("create", ("date", "lines", "note", "party"))


def test_an_update_notes_only_what_really_changed(client: Client, world: World) -> None:
    made = client.save("Customer", {"DisplayName": "Globex", "Notes": "n"})
    count = len(world.writes)
    body = {"Id": made["Id"], "sparse": True, "DisplayName": "Globex", "Notes": "n"}
    client.save("Customer", {**body, "SyncToken": "0"})
    assert len(world.writes) == count
    client.save("Customer", {**body, "SyncToken": "1", "Notes": "m"})
    assert (last(world).action, last(world).fields) == ("update", ("note",))
    client.save("Customer", {"Id": made["Id"], "SyncToken": "2", "DisplayName": "Globex"})
    assert last(world).fields == ("note",)


def test_a_void_and_a_delete_are_writes(client: Client, world: World) -> None:
    sale = client.invoice(client.customer(), client.line("Badge printer", "1.00"))
    client.save("Invoice", {"Id": sale["Id"], "SyncToken": "0"}, operation="void")
    assert (last(world).action, last(world).dataset) == ("void", "invoice")
    client.save("Invoice", {"Id": sale["Id"], "SyncToken": "1"}, operation="delete")
    assert (last(world).action, last(world).record_id) == ("delete", sale["Id"])


def test_a_second_void_is_no_write(client: Client, world: World) -> None:
    sale = client.invoice(client.customer(), client.line("Badge printer", "1.00"))
    for token in ("0", "1"):
        client.save("Invoice", {"Id": sale["Id"], "SyncToken": token}, operation="void")
    assert [write.action for write in world.writes if write.record_id == sale["Id"]][-2:] == ["create", "void"]


def test_a_refused_request_writes_nothing(client: Client, world: World) -> None:
    client.customer()
    count = len(world.writes)
    client.fault("6240", "POST", "customer", {"DisplayName": "Globex"})
    assert len(world.writes) == count


def test_a_bookkeepers_edit_moves_the_version_on(client: Client, world: World) -> None:
    customer = client.customer()
    operate(world, EditParty(party_id=customer, phone="555"), "bookkeeper")
    assert (last(world).actor, last(world).fields) == ("bookkeeper", ("phone",))
    edited = client.read("Customer", customer)
    assert (edited["PrimaryPhone"]["FreeFormNumber"], edited["SyncToken"]) == ("555", "1")
    client.fault("5010", "POST", "customer", {"Id": customer, "SyncToken": "0", "sparse": True, "Notes": "x"})


def test_closing_the_books_is_a_write_of_the_controller(client: Client, world: World) -> None:
    operate(world, ClosePeriod(until=date(2026, 1, 31)))
    assert (last(world).dataset, last(world).actor, last(world).fields) == ("settings", "controller", ("closed_until",))
    ledger = world.snapshot().ledger()
    assert ledger is not None
    assert ledger.closed_until == date(2026, 1, 31)


def test_acts_of_other_families_are_refused(world: World) -> None:
    with pytest.raises(ActRefused):
        operate(world, ReopenDeal(deal_id="1"))


def test_furnishing_is_noted_and_doing_it_again_changes_nothing(world: World, us_saas: Any) -> None:
    ledger = [write for write in world.writes if write.vendor == "quickbooks"]
    assert {"account", "item", "class", "department", "term", "tax_code"} <= {write.dataset for write in ledger}
    assert {write.actor for write in ledger} == {"setup"}
    count = len(world.writes)
    operate(world, Furnish(dictionary=us_saas), "setup")
    assert len(world.writes) == count


def test_a_further_entity_has_a_realm_of_its_own(client: Client, world: World, us_saas: Any) -> None:
    operate(world, Furnish(dictionary=msgspec.structs.replace(us_saas, entity="subsidiary")), "setup")
    fake = ledger_of(world)
    main, other = fake.companies.values()
    assert (main.books.settings.entity, other.books.settings.entity) == ("main", "subsidiary")
    token = fake.tokens.authorise("connector", other.realm).access_token
    there = Client(fake, token=token, realm=other.realm)
    there.customer("Globex")
    assert client.query("select * from Customer") == {}
    assert last(world).entity == "subsidiary"
    assert [ledger.entity for ledger in world.snapshot().ledgers] == ["main", "subsidiary"]


def test_a_fork_goes_its_own_way_with_the_same_next_ids(client: Client) -> None:
    client.customer("Before")
    setup = client.fake.setup
    twin = client.fake.fork(
        type(setup)(
            clock=Clock(setup.clock.now), rng=setup.rng, ids=setup.ids.fork(), post=setup.post, options=setup.options
        )
    )
    there = Client(twin)
    here_made, there_made = client.customer("Here"), there.customer("There")
    assert here_made == there_made
    assert [row["DisplayName"] for row in client.query("select * from Customer")["Customer"]] == ["Before", "Here"]
    assert [row["DisplayName"] for row in there.query("select * from Customer")["Customer"]] == ["Before", "There"]


def test_times_carry_the_pacific_offset_of_their_season(client: Client, world: World) -> None:
    for moment, shown in (
        (datetime(2026, 3, 8, 9, 59, 59, tzinfo=UTC), "2026-03-08T01:59:59-08:00"),
        (datetime(2026, 3, 8, 10, 0, 0, tzinfo=UTC), "2026-03-08T03:00:00-07:00"),
    ):
        world.advance_to(moment)
        client.renew()
        made = client.save("Customer", {"DisplayName": shown.replace(":", ".")})
        assert made["MetaData"]["CreateTime"] == shown


@pytest.mark.parametrize(
    "options", [{"tax_model": "lunar"}, {"batch_items": "many"}, {"retry_after": "perhaps"}], ids=str
)
def test_an_option_that_cannot_be_is_refused_by_name(us_saas: Any, options: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=next(iter(options))):
        furnished(us_saas, quickbooks=options)


def entered_by(world: World) -> Document:
    ledger = world.snapshot().ledger()
    assert ledger is not None
    return ledger.documents[0]


def test_another_program_enters_a_customer_and_an_invoice_whose_tax_the_ledger_calculates(world: World) -> None:
    (party,) = world.operate("accounting", EnterParty(name="Globex", terms="Net 30", note="company 7"), "billing")
    assert isinstance(party, PartySaved)
    lines = (
        InvoiceLine(product="Badge printer", amount=usd("100.00"), tax_code="TX Austin", cost_centre="CC-10"),
        InvoiceLine(product="Consulting hour", amount=usd("50.00"), tax_code=""),
    )
    act = EnterInvoice(party_id=party.party_id, lines=lines, day=date(2026, 1, 12), number="BS-1", note="deal 3")
    (entered,) = world.operate("accounting", act, "billing")
    # 100.00 + 50.00, and 8.25 % on the first line
    assert isinstance(entered, InvoiceEntered)
    assert (entered.number, entered.net, entered.total) == ("BS-1", usd("150.00"), usd("158.25"))
    assert {(write.dataset, write.action, write.actor) for write in world.writes[-2:]} == {
        ("party", "create", "billing"),
        ("invoice", "create", "billing"),
    }
    document = entered_by(world)
    assert (document.note, document.due, document.created_by) == ("deal 3", date(2026, 2, 11), "billing")
    assert [line.cost_centre for line in document.lines] == ["CC-10", ""]
    operate(world, VoidInvoice(invoice_id=entered.invoice_id), actor="bookkeeper")
    assert (last(world).action, last(world).actor) == ("void", "bookkeeper")
    assert (entered_by(world).status, entered_by(world).total) == ("void", usd("0.00"))


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        (InvoiceLine(product="Anvil", amount=usd("1.00")), "no item 'Anvil'"),
        (InvoiceLine(product="Badge printer", amount=usd("1.00"), tax_code="TX Dallas"), "no tax code 'TX Dallas'"),
        (InvoiceLine(product="Badge printer", amount=usd("1.00"), cost_centre="CC-99"), "no cost centre 'CC-99'"),
    ],
)
def test_an_invoice_with_a_name_that_the_ledger_does_not_know_is_refused(
    client: Client, world: World, line: InvoiceLine, refusal: str
) -> None:
    with pytest.raises(ActRefused, match=refusal):
        operate(world, EnterInvoice(party_id=client.customer(), lines=(line,)), actor="billing")
