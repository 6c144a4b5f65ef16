"""The rules by which a random story goes on: what sales, customers and finance may do next, as the vocabulary says it.

A rule only adds steps; the story is played when it is complete. A machine is made for a `Teller`, which says what the
story may be about and takes it in the end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.control import current_build_context
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from simharness.core.money import Money
from simharness.domain.fault import Plan
from simharness.explore.random import drawing
from simharness.explore.random.company import Company, chargeable, share
from simharness.explore.random.model import Books, Buyer, Paid, Sold
from simharness.explore.random.telling import FINISHES, LAST_DAY, Telling
from simharness.stories.story import Story
from simharness.stories.vocabulary.bank import DepositCheques
from simharness.stories.vocabulary.cheques import GiveCheque
from simharness.stories.vocabulary.close import CloseBooks, StateGatewayRate, StateRate
from simharness.stories.vocabulary.crediting import Credit, WriteOff
from simharness.stories.vocabulary.crm import (
    ChangeADeal,
    ChangeCustomer,
    EnterCustomer,
    EnterDeal,
    RenameCustomer,
    ReopenADeal,
    WinADeal,
)
from simharness.stories.vocabulary.gateway import DecideDispute, Dispute, Refund, Return
from simharness.stories.vocabulary.payment import NO_REFERENCE, Pay
from simharness.stories.vocabulary.verb import Action
from simharness.stories.words import Percent

#: How long a bank debit takes until it is sure.
_DEBIT_DAYS = 8
_APPROVER = "Dana Scully"
#: What one unit of foreign money is worth in hundredths of that of the books: near to what was stated before.
_WORTH = st.integers(108, 112)


@dataclass(frozen=True)
class Teller:
    """What stories may be about, and who takes each that is complete."""

    areas: frozenset[str]
    companies: tuple[Company, ...]
    kinds: tuple[str, ...]
    take: Callable[[Story, Plan], None]


class Machine(RuleBasedStateMachine):
    """Sales, and all money that follows from them. `teller` is set by the class that is made for an exploration."""

    teller: Teller

    def __init__(self) -> None:
        super().__init__()
        self.plan = Plan()
        self.books = Books(self.teller.companies[0])
        self.telling = Telling(self.books.company)
        self.closed = date(2026, 1, 1)

    def may(self, area: str) -> bool:
        """Whether stories may be about an area."""
        return area in self.teller.areas

    def teardown(self) -> None:
        """Hand the story over, unless it was broken off before it was complete."""
        if not current_build_context().data.frozen:
            self.teller.take(self.telling.story(), self.plan)

    def when(self, verb: str, params: Action, days: int = 0) -> None:
        """Say that something happens, so many days later as far as that is allowed."""
        self.telling.when(verb, params, days=self.allowed(days))

    def allowed(self, days: int) -> int:
        """So many days, or none where they would lead beyond the last day of all stories."""
        return days if self.telling.day + timedelta(days=days) <= LAST_DAY else 0

    @initialize(data=st.data())
    def begins(self, data: st.DataObject) -> None:
        """A company with a first customer; with faults among the areas, a plan for half of the stories."""
        company = data.draw(st.sampled_from(self.teller.companies))
        payouts = data.draw(st.sampled_from(("manual", "daily", "weekly"))) if self.may("payouts") else "manual"
        self.books = Books(company)
        self.telling = Telling(company, payouts)
        if self.may("faults") and self.teller.kinds and data.draw(st.booleans()):
            self.plan = data.draw(drawing.plans(self.teller.kinds))
        if self.may("sales"):
            self._states_rates()
            self._enters(data, data.draw(st.sampled_from(company.currencies)))

    def _states_rates(self) -> None:
        books = self.books.company.dictionary.currency
        for currency in self.books.company.currencies[1:]:
            worth = Money("1.10", books)
            self.telling.given("close.rate_of", StateRate(rate_of=currency, worth=worth))
            self.telling.given("close.gateway_rate_of", StateGatewayRate(gateway_rate_of=currency, worth=worth))

    def _enters(self, data: st.DataObject, currency: str) -> None:
        """A customer and a deal of theirs."""
        company, books = self.books.company, self.books
        buyer = Buyer(
            name=f"Customer {len(books.buyers) + 1}",
            region=data.draw(st.sampled_from(company.regions)),
            currency=currency,
        )
        books.buyers.append(buyer)
        own = company.dictionary.currency
        entered = EnterCustomer(
            customer=buyer.name,
            region=buyer.region,
            terms=data.draw(st.sampled_from(company.terms)),
            currency=None if currency == own else currency,
        )
        self._say_first("crm.customer", entered)
        self._sells(data, buyer)

    def _sells(self, data: st.DataObject, buyer: Buyer) -> None:
        company, books = self.books.company, self.books
        deal = Sold(
            name=f"Deal {len(books.deals) + 1}",
            buyer=buyer,
            lines=data.draw(drawing.lines(company, buyer.currency)),
            discount=data.draw(drawing.DISCOUNTS),
        )
        books.deals.append(deal)
        centre = data.draw(st.none() | st.sampled_from(company.cost_centres))
        entered = EnterDeal(
            deal=deal.name, customer=buyer.name, lines=deal.lines, discount=deal.discount, cost_centre=centre
        )
        self._say_first("crm.deal", entered)

    def _say_first(self, verb: str, params: Action) -> None:
        """What is entered before anything happened is how things stand."""
        if self.telling.has_begun:
            self.when(verb, params)
        else:
            self.telling.given(verb, params)

    # --- the connector ------------------------------------------------------------------------------------------------

    @rule(days=drawing.DAYS)
    def finishes(self, days: int) -> None:
        """The connector finishes its work."""
        self.when(FINISHES, Action(), days)
        self.books.finish()

    @precondition(lambda self: self.may("faults") and self.telling.is_at_rest)
    @rule()
    def restarts(self) -> None:
        """The connector restarts."""
        self.when("middleware.connector_restarts", Action())

    # --- sales --------------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.may("sales") and self.books.buyers and len(self.books.deals) < 4)
    @rule(data=st.data(), new=st.booleans())
    def sells_more(self, data: st.DataObject, new: bool) -> None:
        """Another deal, of a new customer or of one that there is."""
        if new:
            self._enters(data, data.draw(st.sampled_from(self.books.company.currencies)))
        else:
            self._sells(data, data.draw(st.sampled_from(self.books.buyers)))

    @precondition(lambda self: self.may("sales") and any(deal.is_open for deal in self.books.deals))
    @rule(data=st.data(), days=drawing.DAYS, at_once=st.booleans())
    def wins(self, data: st.DataObject, days: int, at_once: bool) -> None:
        """An open deal is won, and perhaps billed at once: much of what may happen needs an invoice."""
        deal = data.draw(st.sampled_from([deal for deal in self.books.deals if deal.is_open]))
        self.when("crm.deal_won", WinADeal(deal_won=deal.name), days)
        deal.is_open, deal.won_on = False, deal.won_on or self.telling.day
        if at_once:
            self.finishes(0)

    @precondition(lambda self: self.may("edits") and any(deal.total for deal in self.books.deals if not deal.is_open))
    @rule(data=st.data(), days=drawing.DAYS)
    def reopens(self, data: st.DataObject, days: int) -> None:
        """A billed deal goes back to an open stage."""
        deal = data.draw(st.sampled_from([each for each in self.books.deals if each.total and not each.is_open]))
        self.when("crm.deal_reopened", ReopenADeal(deal_reopened=deal.name), days)
        deal.is_open = True

    @precondition(lambda self: self.may("edits") and any(deal.untouched for deal in self.books.deals))
    @rule(data=st.data(), days=drawing.DAYS, only_discount=st.booleans())
    def edits(self, data: st.DataObject, days: int, only_discount: bool) -> None:
        """Lines or discount of a deal change, before it is won or after."""
        deal = data.draw(st.sampled_from([deal for deal in self.books.deals if deal.untouched]))
        discount = data.draw(drawing.DISCOUNTS) or Percent(value=Decimal(0))
        lines = None if only_discount else data.draw(drawing.lines(self.books.company, deal.currency))
        self.when("crm.deal_changed", ChangeADeal(deal_changed=deal.name, lines=lines, discount=discount), days)
        deal.lines, deal.discount = lines or deal.lines, discount
        deal.edited = deal.edited or deal.total is not None

    @precondition(lambda self: self.may("edits") and self.books.buyers)
    @rule(data=st.data(), days=drawing.DAYS, renamed=st.booleans())
    def changes_a_customer(self, data: st.DataObject, days: int, renamed: bool) -> None:
        """A customer gets another name, or moves to another region."""
        buyer = data.draw(st.sampled_from(self.books.buyers))
        if renamed:
            buyer.names += 1
            told = RenameCustomer(customer_renamed=buyer.name, to=f"{buyer.name} & Sons {buyer.names}")
            self.when("crm.customer_renamed", told, days)
        else:
            buyer.region = data.draw(st.sampled_from(self.books.company.regions))
            self.when("crm.customer_changed", ChangeCustomer(customer_changed=buyer.name, region=buyer.region), days)

    # --- payments -----------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.may("payments") and self.books.billed)
    @rule(
        data=st.data(),
        days=drawing.DAYS,
        percent=drawing.SHARES,
        by=st.sampled_from(("card", "card", "ach")),
        at_once=st.booleans(),
    )
    def pays(self, data: st.DataObject, days: int, percent: int, by: str, at_once: bool) -> None:
        """A customer pays an invoice: all of it, a part, or too much; or what was paid before. Perhaps it is taken up
        at once: what goes back must have come.
        """
        deal = data.draw(st.sampled_from(self.books.billed))
        assert deal.total is not None  # noqa: S101 - billed deals have a total
        wanted = deal.left if deal.certain and deal.left else deal.total
        amount = chargeable(share(wanted, percent))
        if amount.currency != "USD":
            by = "card"
        name = self._payment_name()
        self.when("payment.customer_pays", Pay(customer_pays=amount, invoice_of=deal.name, by=by, name=name), days)
        deal.untouched = False
        self._paid(name, amount, by, deal)
        if at_once:
            self.finishes(0)

    @precondition(lambda self: self.may("payments") and self.books.billed)
    @rule(data=st.data(), days=drawing.DAYS)
    def pays_without_reference(self, data: st.DataObject, days: int) -> None:
        """A customer who was billed pays without saying what for."""
        buyer = data.draw(st.sampled_from([deal.buyer for deal in self.books.billed]))
        amount = chargeable(data.draw(drawing.prices(buyer.currency)))
        name = self._payment_name()
        paid = Pay(customer_pays=amount, customer=buyer.name, reference=NO_REFERENCE, name=name)
        self.when("payment.customer_pays", paid, days)
        self._paid(name, amount, "card", None)

    def _payment_name(self) -> str:
        return f"P-{len(self.books.payments) + 1}"

    def _paid(self, name: str, amount: Money, by: str, deal: Sold | None) -> None:
        self.books.payments.append(Paid(name=name, amount=amount, by=by, day=self.telling.day, deal=deal))

    @precondition(lambda self: self.may("payments") and self.books.settling)
    @rule(data=st.data(), days=drawing.DAYS, percent=drawing.PARTS)
    def gives_a_cheque(self, data: st.DataObject, days: int, percent: int) -> None:
        """A bookkeeper takes a cheque for what is open of an invoice, or a part of it."""
        deal = data.draw(st.sampled_from(self.books.settling))
        assert deal.left is not None  # noqa: S101 - of a settling deal something is open
        amount = share(deal.left, percent)
        if not amount or amount.currency != self.books.company.dictionary.currency:
            return
        number = str(1001 + len(self.books.cheques))
        self.when("payment.cheque_taken", GiveCheque(cheque_taken=amount, number=number, invoice_of=deal.name), days)
        self.books.cheques.append((number, amount))
        deal.untouched, deal.left = False, deal.left - amount

    @precondition(lambda self: self.may("bank") and len(self.books.cheques) > len(self.books.deposited))
    @rule(days=drawing.DAYS)
    def deposits_cheques(self, days: int) -> None:
        """The bank credits all cheques that were taken, in one line."""
        waiting = [(number, amount) for number, amount in self.books.cheques if number not in self.books.deposited]
        total = sum((amount for _, amount in waiting[1:]), waiting[0][1])
        numbers = tuple(number for number, _ in waiting)
        self.when("bank.cheques_deposited", DepositCheques(cheques_deposited=total, numbers=numbers), days)
        self.books.deposited.extend(numbers)

    # --- what goes back -----------------------------------------------------------------------------------------------

    @precondition(lambda self: self.may("refunds") and any(paid.excess for paid in self.books.payments))
    @rule(data=st.data(), days=drawing.DAYS, percent=drawing.PARTS)
    def refunds_excess(self, data: st.DataObject, days: int, percent: int) -> None:
        """What was paid too much, or for nothing, goes back."""
        paid = data.draw(st.sampled_from([each for each in self.books.payments if each.excess]))
        amount = share(paid.excess, percent)
        if not amount or amount != chargeable(amount) or paid.applied is None:
            return
        self.when("gateway.refunds", Refund(gateway_refunds=amount, payment=paid.name, because="overpayment"), days)
        paid.amount = paid.amount - amount

    @precondition(lambda self: self.may("refunds") and self._refundable())
    @rule(data=st.data(), days=drawing.DAYS, percent=drawing.PARTS)
    def refunds_sale(self, data: st.DataObject, days: int, percent: int) -> None:
        """A sale, or a part of it, goes back."""
        paid = data.draw(st.sampled_from(self._refundable()))
        assert paid.applied is not None  # noqa: S101 - refundable payments were applied
        assert paid.deal is not None  # noqa: S101 - to an invoice
        amount = share(min(paid.applied, paid.deal.creditable), percent)
        if not amount or amount != chargeable(amount):
            return
        self.when("gateway.refunds", Refund(gateway_refunds=amount, payment=paid.name, because="sale"), days)
        paid.amount, paid.applied = paid.amount - amount, paid.applied - amount
        paid.deal.credited = (paid.deal.credited or amount - amount) + amount

    def _refundable(self) -> list[Paid]:
        return [
            paid for paid in self.books.payments
            if paid.deal is not None and paid.applied and paid.deal.creditable
            and not paid.disputed and not paid.returned and paid.settled and paid.deal.name not in self.books.touched
        ]  # fmt: skip

    @precondition(lambda self: self.may("credits") and any(deal.creditable for deal in self.books.billed))
    @rule(data=st.data(), days=drawing.DAYS, percent=drawing.PARTS)
    def credits(self, data: st.DataObject, days: int, percent: int) -> None:
        """Somebody approves a credit note."""
        deal = data.draw(st.sampled_from([each for each in self.books.billed if each.creditable]))
        amount = share(deal.creditable, percent)
        if not amount:
            return
        told = Credit(credit=amount, invoice_of=deal.name, because="goodwill", approved_by=_APPROVER)
        self.when("crediting.credit", told, days)
        deal.untouched, deal.credited = False, (deal.credited or amount - amount) + amount
        self._takes_off(deal, amount)

    @precondition(lambda self: self.may("credits") and self.books.settling)
    @rule(data=st.data(), days=drawing.DAYS, percent=drawing.PARTS)
    def writes_off(self, data: st.DataObject, days: int, percent: int) -> None:
        """Somebody approves to give up what is open, or a part of it."""
        deal = data.draw(st.sampled_from(self.books.settling))
        assert deal.left is not None  # noqa: S101 - of a settling deal something is open
        amount = share(deal.left, percent)
        if not amount:
            return
        told = WriteOff(write_off=amount, invoice_of=deal.name, because="insolvent", approved_by=_APPROVER)
        self.when("crediting.write_off", told, days)
        deal.untouched = False
        self._takes_off(deal, amount)

    def _takes_off(self, deal: Sold, amount: Money) -> None:
        """Something other than a payment settles a part; beside a payment that waits nobody knows which comes first."""
        if any(paid.deal is deal and not paid.seen for paid in self.books.payments):
            deal.certain = False
        self.books.touched.add(deal.name)
        if deal.left is not None:
            deal.left = deal.left - min(deal.left, amount)

    @precondition(lambda self: self.may("disputes") and self._disputable())
    @rule(data=st.data(), days=drawing.DAYS)
    def disputes(self, data: st.DataObject, days: int) -> None:
        """A customer contests a card payment at the bank."""
        paid = data.draw(st.sampled_from(self._disputable()))
        self.when("gateway.payment_disputed", Dispute(payment_disputed=paid.name), days)
        paid.disputed = True
        self._uncertain(paid)

    @precondition(lambda self: self.may("disputes") and any(p.disputed and not p.returned for p in self.books.payments))
    @rule(data=st.data(), days=drawing.DAYS, won=st.booleans())
    def decides(self, data: st.DataObject, days: int, won: bool) -> None:
        """The bank decides a dispute."""
        paid = data.draw(st.sampled_from([p for p in self.books.payments if p.disputed and not p.returned]))
        decided = DecideDispute(dispute_won=paid.name) if won else DecideDispute(dispute_lost=paid.name)
        self.when("gateway.dispute_decided", decided, days)
        paid.returned = True

    @precondition(lambda self: self.may("disputes") and self._debited())
    @rule(data=st.data(), days=drawing.DAYS)
    def returns(self, data: st.DataObject, days: int) -> None:
        """A bank sends back a debit that had succeeded."""
        paid = data.draw(st.sampled_from(self._debited()))
        self.when("gateway.payment_returned", Return(payment_returned=paid.name), days)
        paid.returned = True
        self._uncertain(paid)

    def _disputable(self) -> list[Paid]:
        return [
            paid for paid in self.books.payments
            if paid.by == "card" and paid.seen and not paid.disputed and not paid.returned
            and paid.deal is not None and not paid.deal.edited and paid.applied == paid.amount and paid.amount
            and not paid.deal.credited
        ]  # fmt: skip

    def _debited(self) -> list[Paid]:
        sure = self.telling.day - timedelta(days=_DEBIT_DAYS)
        return [p for p in self.books.payments if p.by == "ach" and p.day <= sure and p.seen and not p.returned]

    def _uncertain(self, paid: Paid) -> None:
        if paid.deal is not None:
            paid.deal.certain = False

    # --- the close ----------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.may("close") and self.telling.is_at_rest)
    @rule(days=st.sampled_from((0, 1, 9)))
    def closes(self, days: int) -> None:
        """The controller closes the books of all months that are over."""
        end = (self.telling.day + timedelta(days=self.allowed(days))).replace(day=1) - timedelta(days=1)
        if end > self.closed:
            self.closed = end
            self.when("close.books_closed", CloseBooks(books_closed=end), days)

    @precondition(lambda self: self.may("close") and len(self.books.company.currencies) > 1)
    @rule(data=st.data(), days=st.sampled_from((1, 9, 31)), cents=_WORTH)
    def states_a_rate(self, data: st.DataObject, days: int, cents: int) -> None:
        """The controller says what foreign money is worth from today on."""
        currency = data.draw(st.sampled_from(self.books.company.currencies[1:]))
        worth = Money(Decimal(cents) / 100, self.books.company.dictionary.currency)
        self.when("close.rate_of", StateRate(rate_of=currency, worth=worth), days)
