"""The connector of several entities: kept apart over kills, told whose books are meant, one log for all of them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from simharness.connectors.inprocess import InProcessConnector, frozen
from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.connectors.port import ConnectorFailed
from simharness.core.content import content_folder
from simharness.core.money import Money
from simharness.domain import acts, events
from simharness.domain.books import LedgerSnapshot
from simharness.domain.evidence import LogRow
from simharness.reference.__main__ import main
from simharness.stories.dictionaries import load_dictionary
from simharness.world.world import World
from tests.functional.test_reference_faults import NOON, Company, Nth


class Entities(Company):
    """The shipped group with the reference connector on it."""

    def __init__(self, folder: Path) -> None:
        self.port = Nth()
        self.world = World(now=NOON, port=self.port)
        shelf = content_folder("scenarios") / "dictionaries"
        self.world.furnish(*(load_dictionary(shelf / f"{name}.yaml") for name in ("us-group", "us-group-east")))
        attachment = load_manifest(builtin_manifest())
        mapping = attachment.mapping_for("us-group", None)
        self.connector = InProcessConnector(attachment, self.world, mapping=mapping)
        self.connector.start({**self.world.connections(), "bi.url": f"duckdb://{folder / 'bi'}"}, folder / "state")

    def sold(self, company_id: str, entity: str, price: str = "100.00") -> str:
        line = acts.LineSpec(product="Onboarding service", quantity=Decimal(1), unit_price=Money(price, "USD"))
        act = acts.CreateDeal(
            name=f"{entity} {price}", company_id=company_id, currency="USD", lines=(line,), entity=entity
        )
        (saved,) = self.world.operate("crm", act, "sales")
        assert isinstance(saved, events.DealSaved)
        self.world.operate("crm", acts.WinDeal(deal_id=saved.deal_id), "sales")
        return saved.deal_id

    def pays(self, company_id: str, amount: str, **references: str) -> None:
        act = acts.TakePayment(
            amount=Money(amount, "USD"),
            customer_name="Globex",
            customer_reference=company_id,
            references=tuple(sorted(references.items())),
        )
        self.world.operate("payments", act, "customer")

    def ledger(self, entity: str) -> LedgerSnapshot:
        found = self.world.snapshot().ledger(entity)
        assert found is not None
        return found


@pytest.fixture
def company(tmp_path: Path) -> Entities:
    return Entities(tmp_path)


def test_each_entity_keeps_its_own_over_a_kill_and_an_empty_memory(tmp_path: Path, company: Entities) -> None:
    globex = company.customer(region="US-OR")
    company.sold(globex, "west")
    company.sold(globex, "east", "200.00")
    company.connector.trigger("work")
    company.connector.kill()
    company.connector.restart()
    company.rest()
    company.pays(globex, "200.00", invoice_number="1001", entity="east")
    company.pays(globex, "40.00", entity="west")
    company.rest()
    assert [str(each.total) for each in company.ledger("west").documents] == ["USD 100.00"]
    assert [str(each.total) for each in company.ledger("east").documents] == ["USD 200.00"]
    assert [str(each.amount) for each in company.ledger("west").payments] == ["USD 40.00"]
    assert [str(each.amount) for each in company.ledger("east").payments] == ["USD 200.00"]
    before = [company.ledger(entity) for entity in ("west", "east")]
    company.connector.kill()
    for file in tmp_path.rglob("connector-*.db*"):
        file.unlink()
    company.connector.restart()
    company.rest()
    after = [company.ledger(entity) for entity in ("west", "east")]
    assert [each.entries for each in after] == [each.entries for each in before]
    assert [each.parties for each in after] == [each.parties for each in before]


def test_a_customer_is_in_the_books_in_which_it_buys_and_in_no_others(company: Entities) -> None:
    bought, looked = company.customer("Globex", "US-OR"), company.customer("Initech", "US-OR")
    company.sold(bought, "east")
    company.rest()
    assert [each.name for each in company.ledger("east").parties] == ["Globex"]
    assert company.ledger("west").parties == ()
    company.pays(looked, "10.00", entity="west")
    company.rest()
    assert [each.name for each in company.ledger("west").parties] == ["Initech"]


def test_a_charge_that_names_nobody_waits_with_the_owner_of_the_gateway(company: Entities) -> None:
    globex = company.customer(region="US-OR")
    company.pays(globex, "50.00")
    company.rest()
    rows = [row for row in company.connector.evidence() if type(row).__name__ == "Reject"]
    assert [(row.entity, row.code) for row in rows if not isinstance(row, LogRow)] == [("west", "unknown_entity")]
    assert company.ledger("west").payments == company.ledger("east").payments == ()


def test_an_operator_says_in_whose_books(company: Entities) -> None:
    globex = company.customer(region="US-OR")
    for entity in ("west", "east"):
        company.sold(globex, entity)
    company.rest()
    told = {"invoice": "1001", "amount": "30.00", "reason": "scratched", "approver": "Dana"}
    with pytest.raises(ConnectorFailed, match="does not say in whose books"):
        company.connector.operate("credit", told)
    with pytest.raises(ConnectorFailed, match=r"no entity 'north'.*west, east"):
        company.connector.operate("credit", {**told, "entity": "north"})
    with pytest.raises(ConnectorFailed, match="nothing waits under"):
        company.connector.operate("replay", {"source": "hubspot:deal:1"})
    company.connector.operate("credit", {**told, "entity": "east"})
    company.rest()
    assert [each.kind for each in company.ledger("west").documents] == ["invoice"]
    assert [each.kind for each in company.ledger("east").documents] == ["invoice", "credit_memo"]


def test_one_file_of_evidence_holds_a_sound_chain_of_each_entity(
    company: Entities,
) -> None:
    globex = company.customer(region="US-OR")
    for entity in ("west", "east"):
        company.sold(globex, entity)
    company.rest()
    evidence = company.connector.evidence()
    for entity in ("west", "east"):
        chain = [row for row in evidence if row.entity == entity]
        assert [row.previous for row in chain] == ["", *(row.digest for row in chain[:-1])]
    assert {row.entity for row in evidence} == {"west", "east"}


def test_the_log_of_each_entity_is_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], database: str
) -> None:
    if database != "sqlite":
        pytest.skip("what is verified is the same; the address of a file is known here")
    company = Entities(tmp_path)
    globex = company.customer(region="US-OR")
    company.sold(globex, "east")
    company.rest()
    company.connector.stop()
    state = next(tmp_path.rglob("connector-west.db"))
    monkeypatch.setenv("CONNECTOR_STATE_URL", f"sqlite:///{state.with_name('connector.db')}")
    mapping = load_manifest(builtin_manifest()).mapping_for("us-group", None)
    monkeypatch.setenv("CONNECTOR_MAPPING", str(mapping))
    assert main(["verify-log"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in said] == ["west", "east"]
    assert all("rows hold" in line for line in said)


def test_an_entity_without_a_ledger_company_is_refused_by_name(tmp_path: Path) -> None:
    world = World(now=NOON)
    shelf = content_folder("scenarios") / "dictionaries"
    world.furnish(load_dictionary(shelf / "us-group.yaml"))
    attachment = load_manifest(builtin_manifest())
    connector = InProcessConnector(attachment, world, mapping=attachment.mapping_for("us-group", None))
    with frozen(world), pytest.raises(ConnectorFailed, match=r"QUICKBOOKS_ENTITY_2: no ledger company.*'east'"):
        connector.start({**world.connections(), "bi.url": ""}, tmp_path)
