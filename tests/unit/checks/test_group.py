"""Each entity of a group sees its own facts on its own days, and of the gateway what is its own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from simharness.checks.group import Group, Whose
from simharness.checks.scope import Judged
from simharness.domain.bank import BankAccount, BankLine, BankSnapshot
from simharness.domain.dictionary import AccountSpec
from simharness.domain.evidence import Reject
from simharness.domain.expectation import NetPayIs, YearToDateShows
from simharness.domain.fact import BankMoved, BooksClosed, CustomerPaid, DealChanged
from simharness.domain.gateway import BalanceLine, Charge, GatewaySnapshot, Payout, Refund
from simharness.domain.payroll_facts import EmployeeHired, EmploymentEnded, PayrollReversed, PayrollRun
from simharness.domain.record import RunRecord
from simharness.domain.snapshot import Checkpoint, WorldSnapshot
from tests.unit.checks import builders as b
from tests.unit.checks.company import ACCOUNTS, dictionary

DUE_TO = AccountSpec(number="2410", name="Due to east", kind="current_liability", role="due_to", counterpart="east")
DUE_FROM = AccountSpec(number="1310", name="Due from main", kind="current_asset", role="due_from", counterpart="main")
MAIN = b.structs.replace(dictionary(), time_zone="America/Los_Angeles", accounts=(*ACCOUNTS, DUE_TO))
EAST = b.structs.replace(
    dictionary(),
    name="east",
    entity="east",
    time_zone="America/New_York",
    accounts=(
        AccountSpec(number="1000", name="East account", kind="bank", role="bank"),
        *(account for account in ACCOUNTS if account.role not in ("bank", "gateway_clearing")),
        DUE_FROM,
    ),
)
#: 23:45 on 31 January in Los Angeles, 02:45 on 1 February in New York.
NIGHT = datetime(2026, 2, 1, 7, 45, tzinfo=UTC)


def line(id: str, kind: str, amount: str, fee: str, source: str) -> BalanceLine:
    net = b.usd(amount) - b.usd(fee)
    return BalanceLine(
        id=id, kind=kind, amount=b.usd(amount), fee=b.usd(fee), net=net, source=source, created_at=NIGHT,
        available_at=NIGHT,
    )  # fmt: skip


GATEWAY = GatewaySnapshot(
    vendor="stripe",
    charges=(
        Charge(id="ch_main", amount=b.usd("500.00"), created_at=NIGHT),
        Charge(id="ch_east", amount=b.usd("300.00"), created_at=NIGHT),
    ),
    refunds=(Refund(id="re_east", charge="ch_east", amount=b.usd("50.00"), created_at=NIGHT),),
    payouts=(Payout(id="po_1", amount=b.usd("100.00"), created_at=NIGHT, arrival=date(2026, 2, 3)),),
    balance_lines=(
        line("txn_1", "charge", "500.00", "14.80", "ch_main"),
        line("txn_2", "charge", "300.00", "9.00", "ch_east"),
        line("txn_3", "refund", "-50.00", "0.00", "re_east"),
        line("txn_4", "payout", "-100.00", "0.00", "po_1"),
    ),
    available=(b.usd("626.20"),),
)
BANK = BankSnapshot(
    vendor="plaid",
    accounts=(
        BankAccount(id="acc_1", name="Bank", currency="USD"),
        BankAccount(id="acc_2", name="East account", currency="USD"),
    ),
    lines=tuple(
        BankLine(id=id, account=account, amount=b.usd(amount), date=date(2026, 2, 1), status="posted")
        for id, account, amount in (("out", "acc_1", "-120.00"), ("in", "acc_2", "120.00"))
    ),
)


def paid(charge: str, entity: str, deal: str = "") -> CustomerPaid:
    told = {**b.mark(5, "payment.customer_pays", "2026-01-31"), "at": NIGHT, "charge_id": charge, "entity": entity}
    return b.structs.replace(b.paid(), **told, payment=charge, deal=deal, invoice_number="")


def between(entity: str, other: str, line_id: str, amount: str) -> BankMoved:
    told: dict[str, Any] = {**b.mark(6, "group.entity_pays", "2026-01-31"), "at": NIGHT}
    return BankMoved(
        **told, line_id=line_id, amount=b.usd(amount), purpose="intercompany", subject=other, entity=entity
    )


def record(*more: Any) -> RunRecord:
    told = (
        b.entered(),
        b.deal_entered(deal="ours", deal_id="d1", entity="main"),
        b.deal_entered(deal="theirs", deal_id="d2", entity="east"),
        b.deal_entered(deal="nobody's", deal_id="d3", entity=""),
        paid("ch_main", "main"),
        paid("ch_east", "east"),
        between("main", "east", "out", "-120.00"),
        between("east", "main", "in", "120.00"),
        *more,
    )
    story = b.record(told=told)
    world = WorldSnapshot(
        at=NIGHT,
        crm=b.crm(),
        ledgers=(b.ledger(), b.structs.replace(b.ledger(), entity="east")),
        gateway=GATEWAY,
        bank=BANK,
    )
    return b.structs.replace(
        story,
        header=b.structs.replace(story.header, dictionary=MAIN),
        further=(EAST,),
        checkpoints=(Checkpoint(step=9, name="connector at rest", world=world),),
        evidence=(
            b.log("hubspot:deal:1:v1", "quickbooks:invoice:1", "10.00", "k", entity="main"),
            b.log("hubspot:deal:2:v1", "quickbooks:invoice:1", "20.00", "l", entity="east"),
        ),
    )


def views(*more: Any) -> tuple[Judged, Judged]:
    main, east = Group(Judged(record(*more))).views
    return main, east


def deals(view: Judged) -> list[str]:
    return [fact.deal for fact in view.record.facts if hasattr(fact, "lines")]


def test_an_entity_alone_sees_the_record_as_it_is() -> None:
    judged = Judged(b.record())
    assert Group(judged).views == (judged,)


def test_each_fact_is_one_entitys_and_customers_are_everybodys() -> None:
    main, east = views()
    assert (deals(main), deals(east)) == (["ours", "nobody's"], ["theirs"])
    assert all(any(type(fact).__name__ == "CustomerEntered" for fact in each.record.facts) for each in (main, east))
    assert len(main.record.facts) + len(east.record.facts) == len(record().facts) + 1


def test_a_fact_bears_the_day_of_its_entity() -> None:
    days = [next(fact.on for fact in each.record.facts if isinstance(fact, CustomerPaid)) for each in views()]
    assert days == [date(2026, 1, 31), date(2026, 2, 1)]


def test_a_deal_that_is_given_to_another_entity_is_that_ones_from_the_beginning() -> None:
    told: dict[str, Any] = {**b.mark(7, "crm.deal_changed", "2026-01-31"), "at": NIGHT}
    changed = DealChanged(**told, deal="nobody's", deal_id="d3", lines=(), entity="east")
    main, east = views(changed)
    assert (deals(main), deals(east)) == (["ours"], ["theirs", "nobody's", "nobody's"])


def test_what_names_no_entity_is_the_firsts() -> None:
    told: dict[str, Any] = {**b.mark(7, "close.books_closed", "2026-01-31"), "at": NIGHT}
    whose = Whose(record())
    assert whose.of(BooksClosed(**told, until=date(2026, 1, 31))) == "main"
    assert whose.of(BooksClosed(**told, until=date(2026, 1, 31), entity="east")) == "east"


def test_the_owner_sees_its_whole_gateway_and_knows_what_is_not_its_own() -> None:
    main, _ = views()
    assert main.final.gateway == GATEWAY
    assert main.final.foreign == {"ch_east": "east", "re_east": "east"}


def test_another_entity_sees_what_was_taken_for_it_gross_less_what_it_was_paid() -> None:
    _, east = views()
    seen = east.final.gateway
    assert seen is not None
    assert [(line.id, line.amount, line.fee, line.net) for line in seen.balance_lines] == [
        ("txn_2", b.usd("300.00"), b.usd("0.00"), b.usd("300.00")),
        ("txn_3", b.usd("-50.00"), b.usd("0.00"), b.usd("-50.00")),
    ]
    assert (seen.payouts, seen.available) == ((), ())
    assert seen.pending == (b.usd("130.00"),)  # 300.00 - 50.00 - 120.00
    assert east.book.account_with("gateway_clearing") == "1310"


def test_each_entity_has_its_own_books_statement_and_evidence() -> None:
    for view, name, account, target in zip(views(), ("main", "east"), ("acc_1", "acc_2"), ("1", "2"), strict=True):
        scope = view.final
        assert scope.ledger is not None
        assert scope.bank is not None
        assert (view.entity, scope.ledger.entity) == (name, name)
        assert {line.account for line in scope.bank.lines} == {account}
        assert [row.source for row in view.record.evidence] == [f"hubspot:deal:{target}:v1"]


def run(name: str, entity: str) -> PayrollRun:
    day = date(2026, 1, 15)
    return PayrollRun(
        **b.mark(5, "payroll.run", "2026-01-09"), payroll=name, payroll_id=f"id of {name}", kind="regular",
        service_from=day, service_to=day, debit_on=day, cheque_on=day, entity=entity,
    )  # fmt: skip


def test_payroll_is_that_of_the_entity_that_employs_and_runs() -> None:
    mark = b.mark(5, "payroll", "2026-01-09")
    hired = EmployeeHired(
        **mark, employee="Bob", employee_id="e1", department="Sales", state="TX", hired=date(2026, 1, 1),
        basis="salary", pay=b.usd("72000.00"), entity="east",
    )  # fmt: skip
    ended = EmploymentEnded(**mark, employee="Bob", employee_id="e1", last_day=date(2026, 1, 31))
    back = PayrollReversed(
        **mark, payroll="Back", payroll_id="id of Back", reverses="id of Theirs", reason="", reference="",
        net_debit=b.usd("0.00"), tax_debit=b.usd("0.00"), debit_on=date(2026, 1, 15),
    )  # fmt: skip
    told = record(run("Ours", "main"), run("Theirs", "east"), hired, ended, back)
    for book, names in zip(Group(Judged(told)).views, ({"Ours"}, {"Theirs", "Back"}), strict=True):
        facts = book.record.facts
        assert {fact.payroll for fact in facts if isinstance(fact, PayrollRun | PayrollReversed)} == names
        staff = [fact for fact in facts if isinstance(fact, EmployeeHired | EmploymentEnded)]
        assert len(staff) == (2 if book.entity == "east" else 0)
    claim: Any = {**mark, "entity": ""}
    del claim["at"], claim["on"]
    group = Group(Judged(told))
    net = NetPayIs(**claim, employee="Bob", payroll="Back", amount=b.usd("0.00"))
    year = YearToDateShows(**claim, employee="Bob", year=2026, sums=())
    assert (group.meant(net).entity, group.meant(year).entity) == ("east", "east")


def test_what_one_entity_was_told_is_known_to_all_since_an_exchange_names_none() -> None:
    rejected = Reject(at=NIGHT, source="hubspot:deal:3:v1", code="403", reason="no right", entity="east")
    told = b.structs.replace(record(), evidence=(rejected,))
    views = {view.entity: view for view in Group(Judged(told)).views}
    assert {entity: view.listed.refused("3") for entity, view in views.items()} == {"main": False, "east": True}
    assert all(view.listed_anywhere.refused("3") for view in views.values())
