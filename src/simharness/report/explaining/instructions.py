"""What people told the connector to take off an invoice: credit notes and write-offs, and what became of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from simharness.checks.effects import Effect
from simharness.core.money import Money
from simharness.domain.books import Document, Entry
from simharness.domain.evidence import Alert, DeadLetter, Reject
from simharness.domain.fact import CreditApproved, DealEntered, WriteOffApproved
from simharness.report.explaining.explanation import Link
from simharness.report.explaining.subject import Subject
from simharness.report.words import money_text

#: The nouns under which sources and references name an instruction, as people call what comes of it.
CALLED: Mapping[str, str] = MappingProxyType({"credit": "credit note", "write_off": "write-off"})


class Named(NamedTuple):
    """An instruction as a source names it: `credit:1001:2` is the second credit on invoice 1001."""

    noun: str
    invoice: str


def named(source: str) -> Named | None:
    """The instruction that a source names, with or without a system before it; None for any other source."""
    parts = source.split(":")
    place = next((place for place, part in enumerate(parts[:2]) if part in CALLED), -1)
    return Named(parts[place], parts[place + 1]) if 0 <= place < len(parts) - 1 else None


def invoice_names(subject: Subject, deal: DealEntered) -> frozenset[str]:
    """What instructions may call the invoices of a deal: their numbers and ids, and what people said."""
    found = {fact.invoice_number for fact in _facts(subject, deal)}
    for item in subject.case.documents(deal.deal_id, "invoice"):
        found |= {item.document.number, item.document.id}
    return frozenset(found - {""})


def write_offs(subject: Subject, deal: DealEntered) -> list[Entry]:
    """The entries of the write-offs on a deal's invoices."""
    return [effect.entry for effect in _written_off(subject, deal)]


def not_made(subject: Subject, deal: DealEntered, credits_: Sequence[Document]) -> Iterator[Link]:
    """A link for each instruction of which nothing is in the ledger, with the reason where the connector gave one."""
    told = subject.case.scope.links.by_id
    notes = [(item.total, item.id not in told) for item in credits_]
    gone = [amount for effect in _written_off(subject, deal) if (amount := _moved(effect.entry)) is not None]
    for noun, facts, made in (
        ("credit", _credits(subject, deal), notes),
        ("write_off", _write_offs(subject, deal), [(amount, True) for amount in gone]),
    ):
        for fact in _left(facts, made):
            yield _link(subject, deal, noun, fact)


def _facts(subject: Subject, deal: DealEntered) -> list[CreditApproved | WriteOffApproved]:
    return [*_credits(subject, deal), *_write_offs(subject, deal)]


def _credits(subject: Subject, deal: DealEntered) -> list[CreditApproved | WriteOffApproved]:
    return [fact for fact in subject.facts if isinstance(fact, CreditApproved) and fact.deal == deal.deal]


def _write_offs(subject: Subject, deal: DealEntered) -> list[CreditApproved | WriteOffApproved]:
    return [fact for fact in subject.facts if isinstance(fact, WriteOffApproved) and fact.deal == deal.deal]


def _left(
    facts: Sequence[CreditApproved | WriteOffApproved], made: Sequence[tuple[Money, bool]]
) -> list[CreditApproved | WriteOffApproved]:
    """The instructions to which nothing answers: what is of their amount answers first, then what can be of no other
    event (True) in its order.
    """
    rest, open_ = list(made), []
    for fact in facts:
        same = next((each for each in rest if each[0] == fact.amount), None)
        if same is not None:
            rest.remove(same)
        else:
            open_.append(fact)
    return open_[sum(is_told for _, is_told in rest) :]


def _written_off(subject: Subject, deal: DealEntered) -> list[Effect]:
    effects = subject.case.scope.effects.of
    found = [each for name in invoice_names(subject, deal) for each in effects.get(("write_off", name), ())]
    return sorted((each for each in found if not each.is_recovery), key=lambda each: each.entry.date)


def _moved(entry: Entry) -> Money | None:
    """What an entry comes to: the sum of its debits, None where it has none."""
    debits = [line.foreign or line.amount for line in entry.lines if line.amount.amount > 0]
    return sum(debits[1:], debits[0]) if debits else None


def turned_away(subject: Subject, sources: Callable[[str], bool], amount: Money | None = None) -> str:
    """Why something was not posted, as the connector said last of such a source; "" where it does not say.

    What waits in its error queue counts as turned away. `amount`: what is told of another amount does not count.
    """
    until, why = subject.case.until, ""
    for row in subject.pages.record.evidence:
        if (
            (isinstance(row, Reject) or (isinstance(row, DeadLetter) and row.replayed_at is None))
            and sources(row.source)
            and (row.amount is None or amount in (None, row.amount))
            and row.entity in ("", subject.case.judged.entity)
            and (until is None or row.at <= until)
        ):
            why = reason(row)
    return f", since the connector turned it away: {why}" if why else ""


def reason(row: Reject | Alert | DeadLetter) -> str:
    """The reason of a row without the source, where it begins with it: that is told in words of the story."""
    return row.reason.removeprefix(f"{row.source}: ")


def _link(subject: Subject, deal: DealEntered, noun: str, fact: CreditApproved | WriteOffApproved) -> Link:
    wanted = {Named(noun, name) for name in invoice_names(subject, deal)}
    why = turned_away(subject, lambda source: named(source) in wanted, fact.amount)
    text = f"{money_text(fact.amount)} told on {fact.on}: nothing of it is in the ledger{why}"
    if not why and not fact.approver:
        text = f"{text}, and nobody is said to have approved it"
    return Link(noun=CALLED[noun], text=text, is_missing=not why)
