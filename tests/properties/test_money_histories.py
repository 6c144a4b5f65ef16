"""Whatever is sold, paid, credited and given back: the packs and the checks, which share no code, agree to the cent.

Each history goes through the real doors of a new company. What its ledger and its gateway then show is compared with
the arithmetic of the checks, figure by figure, and the checks themselves judge the picture.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from simharness.checks import check_by_id
from simharness.checks.oracle.rulebook import Rulebook
from simharness.checks.scope import Judged
from simharness.core.money import Money
from simharness.domain.books import Document, LedgerSnapshot
from simharness.domain.connector import ConnectorInfo, ReferenceRule
from simharness.domain.dictionary import Dictionary
from simharness.domain.fact import ChequeTaken, ConnectorFinished, CustomerPaid, Fact
from simharness.domain.finding import Judgement
from simharness.domain.record import RunHeader, RunRecord
from simharness.domain.snapshot import Checkpoint, WorldSnapshot
from simharness.stories import discovery
from simharness.stories.dictionaries import load_dictionary
from tests.properties.expected import ZERO, Arithmetic, Books, Cash, Paper, Priced
from tests.properties.histories import (
    NAMES,
    Credit,
    GiveBack,
    History,
    Move,
    OnAccount,
    Order,
    Pay,
    histories,
)
from tests.properties.ledger import NOW, STACK, Ledger, Names

#: The checks that need no connector, only what the systems show.
CHECKS = ("V1", "V6", "V7", "V8", "V9", "V10", "V18", "R7")
_SMALLEST_CHARGE = Decimal("0.50")
#: A history is much work, so the examples of a profile are shared by the dictionaries: `deep` plays 10,000 together.
_EXAMPLES = max(60, settings().max_examples // len(NAMES))
#: How the documents of these histories name what they come from.
_REFERENCES = tuple(
    ReferenceRule(noun=noun, field="note", pattern=pattern)
    for noun, pattern in (
        ("payment", r"^charge:(?P<id>\w+)$"),
        ("refund", r"^refund:(?P<id>\w+)$"),
        ("credit", r"^credit:(?P<id>\w+:\d+)$"),
    )
)


@dataclass(frozen=True, slots=True)
class Given:
    """What goes back of an invoice: a part of each line, and the paper that it makes."""

    parts: tuple[Decimal, ...]
    paper: Paper


class Play:
    """One history, told to the doors and to the expected books at once."""

    def __init__(self, dictionary: Dictionary, names: Names) -> None:
        self.door = Ledger(dictionary, names)
        self.sums = Arithmetic(Rulebook(dictionary))
        self.books = Books()
        self.customers = [self.door.customer("Globex"), self.door.customer("Initech")]
        self.orders: list[tuple[Order, Priced, str]] = []
        self.facts: list[Fact] = []

    def order(self, order: Order) -> None:
        priced = self.sums.price(order)
        lines = []
        for line, product, code, listed, net in zip(
            order.lines, priced.products, priced.codes, priced.listed, priced.nets, strict=True
        ):
            counted = {"Qty": line.quantity, "UnitPrice": line.price} if listed == net else {}
            lines.append(self.door.line(product, code, Amount=net, **counted))
        if order.discount:
            share = {"PercentBased": False} if order.flat else {"PercentBased": True, "DiscountPercent": order.discount}
            amount = {"Amount": priced.discount} if order.flat else {}
            lines.append({"DetailType": "DiscountLineDetail", **amount, "DiscountLineDetail": share})
        customer = self.customers[order.customer]
        id, number = self.door.document("Invoice", customer, order.day, priced.codes, lines)
        self.books.papers[id] = Paper("invoice", customer, priced.sale, number)
        self.orders.append((order, priced, id))

    def move(self, move: Move) -> None:
        if isinstance(move, OnAccount):
            customer = self.customers[move.customer]
            kept = self.door.payment(customer, move.amount, day=self.orders[0][0].day)
            self.books.cash[str(kept["Id"])] = Cash(customer, self.orders[0][0].day, move.amount)
            return
        order, priced, id = self.orders[move.order % len(self.orders)]
        if isinstance(move, Pay):
            self._pay(order, id, move)
        elif isinstance(move, Credit):
            self._credit(order, priced, id, move)
        elif isinstance(move, GiveBack):
            self._give_back(order, priced, id, move)
        else:
            self._return_excess(id)

    def _pay(self, order: Order, id: str, move: Pay) -> None:
        invoice = self.books.papers[id]
        amount = self.sums.unit * int(invoice.sale.total * move.percent / 100 / self.sums.unit)
        cash = Cash(invoice.customer, order.day, amount)
        more = {}
        if move.card and amount >= _SMALLEST_CHARGE:
            taken, fee = self.door.charge(amount), self.sums.fee(amount)
            assert taken.fee.amount == fee
            cash.charge = taken.charge_id
            more = self._on_clearing(f"charge:{cash.charge}")
            self.door.journal(order.day, "fees", "gateway_clearing", fee)
            self.books.clearing += amount - fee
        if used := min(amount, invoice.open):
            cash.links.append(("Invoice", id, used))
            invoice.used.append(used)
        kept = self.door.payment(cash.customer, amount, *cash.links, day=cash.day, **more)
        cash.version = str(kept["SyncToken"])
        self.books.cash[str(kept["Id"])] = cash
        self._tell(cash, str(kept["Id"]), invoice.number)

    def _tell(self, cash: Cash, id: str, number: str) -> None:
        """What the checks are told of a payment: who paid how much for which invoice."""
        money, step = Money(cash.amount, self.door.currency), len(self.facts) + 1
        said: dict[str, Any] = {
            "step": step,
            "at": NOW,
            "on": cash.day,
            "customer": cash.customer,
            "company_id": cash.customer,
        }
        said |= {"amount": money, "invoice_number": number}
        if cash.charge:
            fee = Money(self.sums.fee(cash.amount), self.door.currency)
            more: dict[str, Any] = {"payment": cash.charge, "charge_id": cash.charge, "fee": fee, "method": "card"}
            self.facts.append(CustomerPaid(verb="payments.customer_pays", **said, **more))
        else:
            self.facts.append(ChequeTaken(verb="accounting.cheque", cheque=id, payment_id=id, **said))

    def _on_clearing(self, note: str) -> dict[str, Any]:
        return {"DepositToAccountRef": self.door.account("gateway_clearing"), "PrivateNote": note}

    def _credit(self, order: Order, priced: Priced, id: str, move: Credit) -> None:
        invoice, given = self.books.papers[id], self._given(order, priced, id, move.percents)
        if given is None:
            return
        note = f"credit:{invoice.number}:{len(self.books.papers)}"
        credit = self._part("CreditMemo", order, priced, given, PrivateNote=note)
        memo = self.books.papers[credit]
        if used := min(memo.open, invoice.open):
            links = (("Invoice", id, used), ("CreditMemo", credit, used))
            kept = self.door.payment(memo.customer, ZERO, *links, day=order.day)
            self.books.cash[str(kept["Id"])] = Cash(memo.customer, order.day, ZERO)
            invoice.used.append(used)
            memo.used.append(used)

    def _give_back(self, order: Order, priced: Priced, id: str, move: GiveBack) -> None:
        given = self._given(order, priced, id, move.percents)
        for cash in self.books.cash.values():
            named = any(target == id for _, target, _ in cash.links)
            if given is None or not (cash.charge and named):
                continue
            total = given.paper.sale.total
            if ZERO < total <= cash.settling("Invoice") - cash.returned:
                refund = self._send_back(cash, total)
                cash.returned += total
                self._part("RefundReceipt", order, priced, given, **self._on_clearing(f"refund:{refund}"))
                return

    def _send_back(self, cash: Cash, amount: Decimal) -> str:
        refund = self.door.refund(cash.charge, amount)
        assert (refund.amount.amount, refund.fee.amount) == (amount, ZERO)
        self.books.clearing -= amount
        return refund.refund_id

    def _given(self, order: Order, priced: Priced, id: str, percents: tuple[int, ...]) -> Given | None:
        """A share of each line of an invoice. None where nothing is left, or where it were more than the invoice, or
        where it would end the invoice with another tax: taking that cent is a connector's work, and none is here.
        """
        parts, papers = self.sums.parts(priced, percents), self.books.papers
        back = self.sums.sale(parts, priced.codes, order.day)
        earlier = [paper.sale for paper in papers.values() if paper.of == id]
        whole, total = papers[id].sale, sum((sale.total for sale in earlier), back.total)
        ended_otherwise = total == whole.total and sum((sale.tax for sale in earlier), back.tax) != whole.tax
        if not any(parts) or total > whole.total or ended_otherwise:
            return None
        return Given(parts, Paper("", papers[id].customer, back, of=id))

    def _part(self, entity: str, order: Order, priced: Priced, given: Given, **more: Any) -> str:
        """A document over a share of each line of the order; the id."""
        lines = [
            self.door.line(product, code, Amount=part)
            for product, code, part in zip(priced.products, priced.codes, given.parts, strict=True)
        ]
        given.paper.kind = {"CreditMemo": "credit_memo", "RefundReceipt": "refund_receipt"}[entity]
        id, given.paper.number = self.door.document(
            entity, given.paper.customer, order.day, priced.codes, lines, **more
        )
        self.books.papers[id] = given.paper
        return id

    def _return_excess(self, id: str) -> None:
        for key, cash in self.books.cash.items():
            named = any(target == id for _, target, _ in cash.links)
            if not (cash.charge and named and cash.unapplied):
                continue
            excess = cash.unapplied
            note = f"refund:{self._send_back(cash, excess)}"
            entry = self.door.journal(cash.day, "receivable", "gateway_clearing", excess, cash.customer, note)
            cash.links.append(("JournalEntry", entry, excess))
            more = self._on_clearing(f"charge:{cash.charge}")
            kept = self.door.payment(
                cash.customer, cash.amount, *cash.links, day=cash.day, Id=key, SyncToken=cash.version, **more
            )
            cash.version = str(kept["SyncToken"])
            return


def _groups(document: Document) -> dict[tuple[str, Decimal], tuple[Decimal, Decimal]]:
    """Base and tax by code and rate; codes without a rate show nothing."""
    found: defaultdict[tuple[str, Decimal], tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
    for group in document.taxes:
        if group.percent:
            base, tax = found[group.code, group.percent]
            found[group.code, group.percent] = (base + group.base.amount, tax + group.tax.amount)
    return dict(found)


def _on(ledger: LedgerSnapshot, account: str) -> Decimal:
    lines = (line for entry in ledger.entries for line in entry.lines)
    return sum((line.amount.amount for line in lines if line.account == account), ZERO)


def compare(play: Play, world: WorldSnapshot) -> None:
    """Every figure that the ledger and the gateway show, against the expected books."""
    ledger, gateway, books = world.ledgers[0], world.gateway, play.books
    assert gateway is not None
    documents = {document.id: document for document in ledger.documents}
    assert documents.keys() == books.papers.keys()
    for id, paper in books.papers.items():
        document, sale = documents[id], paper.sale
        shown = (document.kind, document.net.amount, document.tax.amount, document.total.amount, document.open.amount)
        assert shown == (paper.kind, sale.net, sale.tax, sale.total, paper.open)
        assert _groups(document) == {
            (group.code, share.percent): (group.base, share.tax) for group in sale.groups for share in group.shares
        }
    payments = {payment.id: (payment.amount.amount, payment.unapplied.amount) for payment in ledger.payments}
    assert payments == {id: (cash.amount, cash.unapplied) for id, cash in books.cash.items()}
    owed = {customer: books.owed(customer) for customer in play.customers}
    assert {p.id: p.balance.amount for p in ledger.parties if p.balance is not None} == owed
    accounts = play.door.names.accounts
    assert _on(ledger, accounts["receivable"]) == sum(owed.values())
    assert _on(ledger, accounts["tax_payable"]) == -books.tax
    held = sum((money.amount for money in (*gateway.pending, *gateway.available, *gateway.reserved)), ZERO)
    assert _on(ledger, accounts["gateway_clearing"]) == books.clearing == held


def judge(dictionary: Dictionary, facts: Sequence[Fact], world: WorldSnapshot) -> None:
    """The checks themselves, on what the systems show and on who paid what."""
    today = NOW.date()
    header = RunHeader(
        story="a random history", started_at=NOW, today=today, stack=tuple(STACK.items()),
        connector=ConnectorInfo(name="the test", references=_REFERENCES), dictionary=dictionary,
    )  # fmt: skip
    rest = ConnectorFinished(step=len(facts) + 1, verb="middleware.connector_finishes", at=NOW, on=today, passes=1)
    end = Checkpoint(step=rest.step, name="end", world=world)
    record = RunRecord(header=header, facts=(*facts, rest), checkpoints=(end,))
    judged = Judged(record)
    for id in CHECKS:
        check = check_by_id(id)
        assert check is not None
        assert check.judge is not None
        result = check.judge(judged)
        assert not result.findings, f"{id}: {result.findings}"
        assert result.judgement in (Judgement.PASSED, Judgement.NOT_EXERCISED)


@pytest.fixture(scope="module")
def companies() -> Mapping[str, tuple[Dictionary, Names]]:
    """Each dictionary with the ids that its ledger gives."""
    root = discovery.shipped() / "dictionaries"
    loaded = {name: load_dictionary(root / f"{name}.yaml") for name in NAMES}
    return {name: (dictionary, Ledger(dictionary).names) for name, dictionary in loaded.items()}


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=_EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
@given(history=histories)
def test_packs_and_checks_agree_to_the_cent(
    companies: Mapping[str, tuple[Dictionary, Names]], name: str, history: History
) -> None:
    dictionary, names = companies[name]
    play = Play(dictionary, names)
    for order in history.orders:
        play.order(order)
    for move in history.moves:
        play.move(move)
    world = play.door.snapshot()
    compare(play, world)
    judge(dictionary, play.facts, world)
