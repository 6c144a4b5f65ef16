"""Which part of which document settles which: applications, open amounts, links (finance rules, section 3).

A debt (invoice, bill, journal line on a receivable) is settled, a credit (credit memo, vendor credit, journal credit)
is used up. Open amounts never pass zero. Each application also carries what it takes of the document's worth in base:
its share at the document's own rate, and whatever is left with the last of it, so that foreign zero is base zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from simharness_fakes.accounting.chart import Stamp
from simharness_fakes.accounting.documents import Apply, Bill, Journal, OpenAmount, Payment, Sale
from simharness_fakes.accounting.exchange import in_base
from simharness_fakes.accounting.refusals import BadReference, BadValue, IsVoid, OverApplied, WrongCustomer
from simharness_fakes.accounting.state import State

ZERO = Decimal(0)
#: What payments of each kind settle or use up; receipts and purchases were paid at once.
SETTLED = MappingProxyType(
    {"payment": ("invoice", "credit_memo", "journal"), "bill_payment": ("bill", "vendor_credit")}
)
_CREDITS = ("credit_memo", "vendor_credit")


class Taken(NamedTuple):
    """What is applied to, or open of, a document: in its currency and in base, both positive."""

    amount: Decimal
    base: Decimal


_NOTHING = Taken(ZERO, ZERO)


class Settled(NamedTuple):
    """A payment's applications with their worth in base, what is left of it, and the sums of debts and credits."""

    applications: tuple[Apply, ...]
    unapplied: Decimal
    debts: Taken
    credits: Taken


def applied(applications: tuple[Apply, ...]) -> dict[str, Taken]:
    """The sum of applications by document."""
    sums: dict[str, Taken] = {}
    for each in applications:
        amount, base = sums.get(each.document, _NOTHING)
        sums[each.document] = Taken(amount + each.amount, base + each.base)
    return sums


def settling(
    state: State,
    payer: tuple[str, str],
    amount: Decimal,
    applications: tuple[Apply, ...],
    before: Mapping[str, Taken],
    unit: Decimal,
) -> Settled:
    """What a payment of `amount` does by a kind of payment and the id of a party (`payer`).

    `before` is what its earlier version applied, by document. Refuses applications that are not positive or finer than
    `unit`, name nothing or another party's or a void document, pass a document's open amount, or together the
    payment: Σ settled ≤ amount + Σ credits used, and credits are used only to settle.
    """
    left: dict[str, Taken] = {}
    found: list[Apply] = []
    debts = credits_ = _NOTHING
    for each in applications:
        if each.amount <= 0 or each.amount % unit:
            raise BadValue("application", each.amount, "a positive amount in whole minor units is applied")
    for document, given in applied(applications).items():
        available = _available(state, payer, document, before)
        if given.amount > available.amount:
            raise OverApplied(document, given.amount, available.amount)
        left[document] = available
    for each in applications:
        taken = _take(state, each, left[each.document], payer[1])
        left[each.document] = Taken(left[each.document].amount - taken.amount, left[each.document].base - taken.base)
        found.append(msgspec.structs.replace(each, amount=taken.amount, base=taken.base))
        if is_credit(state, each.document, payer[1]):
            credits_ = Taken(credits_.amount + taken.amount, credits_.base + taken.base)
        else:
            debts = Taken(debts.amount + taken.amount, debts.base + taken.base)
    if debts.amount > amount + credits_.amount:
        raise OverApplied("", debts.amount, amount + credits_.amount)
    if credits_.amount > debts.amount:
        raise OverApplied("", credits_.amount, debts.amount)
    return Settled(tuple(found), amount + credits_.amount - debts.amount, debts, credits_)


def _available(state: State, payer: tuple[str, str], document: str, before: Mapping[str, Taken]) -> Taken:
    opened, earlier = _open(state, payer, document), before.get(document, _NOTHING)
    return Taken(opened.amount + earlier.amount, opened.base + earlier.base)


def _take(state: State, application: Apply, left: Taken, party: str) -> Taken:
    """What one application takes of what is left of its document."""
    if application.amount == left.amount:
        return left
    amount = application.amount.quantize(left.amount)
    rate = _rate(state, application.document)
    return Taken(amount, min(in_base(state, amount, rate), left.base))


def settle(state: State, party: str, before: Mapping[str, Taken], after: Mapping[str, Taken], by: Stamp) -> None:
    """Move the open amounts of documents from what a payment applied before to what it applies now."""
    for document in dict.fromkeys((*before, *after)):
        new, old = after.get(document, _NOTHING), before.get(document, _NOTHING)
        if new != old:
            _move(state, document, party, Taken(new.amount - old.amount, new.base - old.base), by)


def without(state: State, payment: Payment, document: str) -> tuple[Apply, ...]:
    """The applications of a payment once a document takes no more part in it.

    Where the document was a credit, the other applications are cut from the last one back, until the payment covers
    them; where it was a debt, credits that settle nothing are given back.
    """
    kept = tuple(each for each in payment.applications if each.document != document)
    debts, credits_ = _sums(state, payment.party, kept)
    if debts > payment.amount + credits_:
        return _cut(state, payment.party, kept, debts - payment.amount - credits_, of_credits=False)
    if credits_ > debts:
        return _cut(state, payment.party, kept, credits_ - debts, of_credits=True)
    return kept


def _cut(state: State, party: str, kept: tuple[Apply, ...], excess: Decimal, *, of_credits: bool) -> tuple[Apply, ...]:
    remaining: list[Apply] = []
    for each in reversed(kept):
        take = ZERO
        if is_credit(state, each.document, party) is of_credits:
            take = min(excess, each.amount)
            excess -= take
        if take < each.amount:
            remaining.append(msgspec.structs.replace(each, amount=each.amount - take))
    return tuple(reversed(remaining))


def _sums(state: State, party: str, applications: tuple[Apply, ...]) -> tuple[Decimal, Decimal]:
    debts = credits_ = ZERO
    for each in applications:
        if is_credit(state, each.document, party):
            credits_ += each.amount
        else:
            debts += each.amount
    return debts, credits_


def _open(state: State, payer: tuple[str, str], document: str) -> Taken:
    """What is open of a document of a party; refuses what cannot be settled by him."""
    kind, party = payer
    found = state.document(document)
    if not isinstance(found, Sale | Journal | Bill) or found.kind not in SETTLED[kind]:
        raise BadReference("application", "document", document)
    if found.void:
        raise IsVoid(found.kind, document)
    if isinstance(found, Journal):
        receivable = _receivable(found, party)
        return Taken(abs(receivable.open), abs(receivable.open_base))
    if found.party != party:
        raise WrongCustomer(document, found.party, party)
    return Taken(found.open, found.open_base)


def _rate(state: State, document: str) -> Decimal | None:
    found = state.document(document)
    return found.rate if found is not None else None


def is_credit(state: State, document: str, party: str) -> bool:
    """Whether a document is a credit of the party (it is used up) rather than a debt (it is settled)."""
    found = state.document(document)
    if isinstance(found, Journal):
        return _receivable(found, party).amount < 0
    return found is not None and found.kind in _CREDITS


def _receivable(journal: Journal, customer: str) -> OpenAmount:
    for each in journal.receivables:
        if each.customer == customer:
            return each
    raise WrongCustomer(journal.id, ", ".join(r.customer for r in journal.receivables), customer)


def _move(state: State, document: str, party: str, delta: Taken, by: Stamp) -> None:
    found = state.document(document)
    if isinstance(found, Sale | Bill):
        moved = msgspec.structs.replace(
            found, open=found.open - delta.amount, open_base=found.open_base - delta.base,
            **state.touched(by, found.kind, found),
        )  # fmt: skip
        state.documents[found.kind].put(moved)
    elif isinstance(found, Journal):
        receivables = tuple(_moved(each, delta) if each.customer == party else each for each in found.receivables)
        state.documents["journal"].put(
            msgspec.structs.replace(found, receivables=receivables, **state.touched(by, found.kind, found))
        )


def _moved(receivable: OpenAmount, delta: Taken) -> OpenAmount:
    sign = 1 if receivable.amount > 0 else -1
    return msgspec.structs.replace(
        receivable, open=receivable.open - sign * delta.amount, open_base=receivable.open_base - sign * delta.base
    )
