"""Acts, snapshot and writes: the bank as stories and checks see it, and a world that has one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec import structs

from simharness.core.clock import Clock
from simharness.core.ids import Ids
from simharness.core.money import Money
from simharness.core.rng import Rng
from simharness.domain.acts import ActRefused, Furnish, MoveBankMoney, PostBankLine, ReopenDeal
from simharness.domain.bank import BankSnapshot
from simharness.domain.dictionary import AccountSpec, Dictionary
from simharness.domain.events import BankMoneyMoved
from simharness.fakekit.pack import Setup
from simharness.world.registry import DEFAULT_STACK
from simharness.world.world import World
from simharness_fakes.plaid import PACK
from tests.fakes.conftest import furnished
from tests.fakes.plaid.sandbox import MONDAY, Follower, Sandbox


def test_the_default_world_has_a_bank_and_one_without_it_can_be_made(us_saas: Dictionary) -> None:
    without = {family: vendor for family, vendor in DEFAULT_STACK.items() if family != "banking"}
    assert "banking" not in World(now=MONDAY, stack=without).fakes
    world = furnished(us_saas)
    assert dict(DEFAULT_STACK).items() == {family: fake.vendor for family, fake in world.fakes.items()}.items()
    world.operate("banking", MoveBankMoney(amount=Money.parse("USD 5.00")), "customer")
    bank = world.snapshot().bank
    assert isinstance(bank, BankSnapshot)
    assert [str(line.amount) for line in bank.lines] == ["USD 5.00"]
    assert world.connections()["plaid.base_url"] == "https://sandbox.plaid.com"
    assert world.connections({"plaid": "http://127.0.0.1:8004"})["plaid.base_url"] == "http://127.0.0.1:8004"


def test_furnish_opens_the_dictionarys_account_once(sandbox: Sandbox) -> None:
    sandbox.fake.operate(Furnish(dictionary=sandbox.dictionary), "setup")
    (account,) = sandbox.bank.accounts
    role = sandbox.dictionary.account_by_role("bank")
    assert role is not None
    assert (account.name, account.currency, account.balance) == (role.name, "USD", Money.zero("USD"))
    assert len(account.number) == 10


def test_an_account_in_another_currency_is_opened_and_takes_its_own_money(make: Callable[..., Sandbox]) -> None:
    sandbox = make()
    euro = AccountSpec(number="1010", name="Euro account", kind="bank", currency="EUR")
    dictionary = structs.replace(sandbox.dictionary, accounts=(*sandbox.dictionary.accounts, euro))
    sandbox.fake.operate(Furnish(dictionary=dictionary), "setup")
    sandbox.fake.operate(MoveBankMoney(amount=Money.parse("EUR 5.00")), "customer")
    sandbox.fake.operate(MoveBankMoney(amount=Money.parse("USD 5.00")), "customer")
    assert [(each.name, str(each.balance)) for each in sandbox.bank.accounts] == [
        ("Bank", "USD 5.00"),
        ("Euro account", "EUR 5.00"),
    ]


def test_each_entity_has_an_account_of_its_own(sandbox: Sandbox) -> None:
    role = sandbox.dictionary.account_by_role("bank")
    assert role is not None
    chart = tuple(structs.replace(each, name="East") if each is role else each for each in sandbox.dictionary.accounts)
    east = structs.replace(sandbox.dictionary, entity="east", time_zone="Asia/Tokyo", accounts=chart)
    for _ in range(2):
        sandbox.fake.operate(Furnish(dictionary=east), "setup")
    first, second = sandbox.bank.accounts
    assert (first.name, second.name, second.currency) == (role.name, "East", "USD")
    assert first.number != second.number
    sandbox.fake.operate(MoveBankMoney(amount=Money.parse("USD 5.00"), account=second.id), "customer")
    assert [(each.name, str(each.balance)) for each in sandbox.bank.accounts] == [
        (role.name, "USD 0.00"),
        ("East", "USD 5.00"),
    ]


def test_a_second_account_is_opened_if_the_option_asks_for_it(make: Callable[..., Sandbox]) -> None:
    assert [account.currency for account in make(second_currency="EUR").bank.accounts] == ["USD", "EUR"]
    assert [account.currency for account in make(second_currency="USD").bank.accounts] == ["USD"]


def test_a_pending_line_is_one_movement_with_the_posted_one(sandbox: Sandbox) -> None:
    move = MoveBankMoney(amount=Money.parse("USD -30.00"), reference="r1", counterparty="Globex", pending=True)
    (announced,) = sandbox.fake.operate(move, "customer")
    assert isinstance(announced, BankMoneyMoved)
    assert not announced.posted
    post = PostBankLine(line_id=announced.line_id, amount=Money.parse("USD -31.50"), description="CARD")
    (posted,) = sandbox.fake.operate(post, "bank")
    (line,) = sandbox.bank.lines
    assert posted == BankMoneyMoved(line_id=line.id, posted=True)
    assert (line.replaces, str(line.amount), line.reference, line.description) == (
        announced.line_id, "USD -31.50", "r1", "CARD",
    )  # fmt: skip
    assert str(sandbox.bank.accounts[0].balance) == "USD -31.50"
    writes = [(w.dataset, w.action, w.record_id, w.actor) for w in sandbox.setup.writes if w.dataset == "bank_line"]
    assert writes == [
        ("bank_line", "create", announced.line_id, "customer"),
        ("bank_line", "delete", announced.line_id, "bank"),
        ("bank_line", "create", line.id, "bank"),
    ]
    assert sandbox.setup.writes[-1].fields == (
        "account", "amount", "counterparty", "date", "description", "reference", "replaces", "status",
    )  # fmt: skip


def test_a_dropped_line_leaves_nothing(sandbox: Sandbox) -> None:
    line = sandbox.move("USD -30.00", pending=True)
    assert sandbox.fake.operate(PostBankLine(line_id=line, drop=True), "bank") == (
        BankMoneyMoved(line_id="", posted=False),
    )
    assert sandbox.bank.lines == ()


def test_money_of_a_currency_without_an_account_is_refused_and_leaves_nothing(sandbox: Sandbox) -> None:
    with pytest.raises(ActRefused, match="there is no account in XTS"):
        sandbox.fake.operate(MoveBankMoney(amount=Money("5.00", "XTS")), "bank")
    assert not sandbox.fake.state.bank.snapshot("plaid").lines


def test_the_bank_refuses_what_a_bank_would(sandbox: Sandbox) -> None:
    posted = sandbox.move("USD 5.00")
    pending = sandbox.move("USD 5.00", pending=True)
    for act in (
        MoveBankMoney(amount=Money.parse("EUR 5.00")),
        MoveBankMoney(amount=Money.parse("USD 0.00")),
        MoveBankMoney(amount=Money.parse("USD 0.001")),
        MoveBankMoney(amount=Money.parse("USD 5.00"), account="none"),
        PostBankLine(line_id=posted),
        PostBankLine(line_id="none"),
        PostBankLine(line_id=pending, amount=Money.parse("EUR 5.00")),
        PostBankLine(line_id=pending, drop=True, amount=Money.parse("USD 5.00")),
        ReopenDeal(deal_id="1"),
    ):
        with pytest.raises(ActRefused):
            sandbox.fake.operate(act, "customer")
    assert len(sandbox.bank.lines) == 2
    with pytest.raises(ActRefused, match="furnish the world"):
        World(now=MONDAY, stack={"banking": "plaid"}).operate(
            "banking", MoveBankMoney(amount=Money.parse("USD 5.00")), "customer"
        )


def test_the_snapshot_is_the_bank_even_where_plaid_has_not_looked(make: Callable[..., Sandbox]) -> None:
    sandbox = make(update_interval_s="3600")
    line = sandbox.move("USD 5.00")
    assert [each.id for each in sandbox.bank.lines] == [line]
    assert sandbox.about("/transactions/sync")["added"] == []


def test_a_fork_goes_its_own_way_with_the_same_cursors(make: Callable[..., Sandbox]) -> None:
    sandbox = make(update_interval_s="3600")
    sandbox.move("USD 1.00")
    sandbox.clock.advance(timedelta(hours=1))
    cursor = sandbox.about("/transactions/sync")["next_cursor"]
    sandbox.move("USD 2.00")
    clock = Clock(sandbox.clock.now)
    setup = Setup(clock=clock, rng=Rng(11), ids=sandbox.setup.ids.fork(), post=sandbox.setup.post,
                  options=sandbox.options, writes=[])  # fmt: skip
    twin = Sandbox(sandbox.dictionary, options=sandbox.options)
    twin.fake, twin.clock, twin.token = sandbox.fake.fork(setup), clock, sandbox.token
    line = twin.move("USD 3.00")
    assert setup.writes[-1].record_id == line
    clock.advance(timedelta(hours=1))
    assert len(twin.about("/transactions/sync", cursor=cursor)["added"]) == 2
    assert sandbox.about("/transactions/sync", cursor=cursor)["added"] == []
    assert len(sandbox.bank.lines) == 2


def test_equal_worlds_give_equal_ids(us_saas: Dictionary) -> None:
    def told() -> object:
        sandbox = Sandbox(us_saas)
        sandbox.post(sandbox.move("USD -5.00", pending=True))
        reader = Follower(sandbox, sandbox.token)
        reader.finish()
        return sandbox.bank, reader.known, reader.cursor, sandbox.fake.connection("")

    assert told() == told()


def test_a_fake_can_be_built_without_a_world() -> None:
    rng = Rng(1)
    fake = PACK.build(Setup(clock=Clock(MONDAY), rng=rng, ids=Ids(rng), post=lambda _: None))
    (snapshot,) = fake.snapshot()
    assert snapshot == BankSnapshot(vendor="plaid")
