"""What a finding is about: the statement of its step, and the deals, payments, accounts and entries it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from simharness.checks.expectations.case import Actions, Case, Names
from simharness.checks.findings import Reporter
from simharness.checks.group import Group
from simharness.checks.scope import Judged
from simharness.domain.books import Document, Entry
from simharness.domain.expectation import ClearingEqualsGateway, Expectation, MetricIs
from simharness.domain.expectation_base import ExpectationBase
from simharness.domain.fact import CustomerPaid, DealEntered, Fact
from simharness.domain.finding import Finding
from simharness.domain.payroll_facts import PayrollRun
from simharness.domain.record import RunRecord, ToldStep

#: The kinds of a ledger's records that bear lines.
DOCUMENTS = frozenset({"invoice", "credit_memo", "sales_receipt", "refund_receipt"})


def titled(document: Document) -> str:
    """A document as people call it: `invoice 1001`."""
    return f"{document.kind.replace('_', ' ')} {document.number or document.id}"


class Thing(tuple[str, str, str]):
    """One of a finding's objects: system, kind, id."""

    __slots__ = ()

    @property
    def kind(self) -> str:
        return self[1]

    @property
    def id(self) -> str:
        return self[2]


class Pages:
    """A record opened for its findings: indexed once, however many are explained."""

    def __init__(self, record: RunRecord) -> None:
        self.record = record

    @cached_property
    def group(self) -> Group:
        return Group(Judged(self.record))

    @cached_property
    def names(self) -> Names:
        return Names(self.record)

    @cached_property
    def actions(self) -> Actions:
        return Actions(self.record)

    @cached_property
    def steps(self) -> dict[int, ToldStep]:
        return {step.step: step for step in self.record.steps}

    @cached_property
    def by_place(self) -> dict[tuple[int, str], Expectation]:
        """The story's statements by step and verb."""
        return {(each.step, each.verb): each for each in reversed(self.record.expectations)}

    @cached_property
    def deals(self) -> dict[str, DealEntered]:
        """Every deal of the story by its id, in the order of the story."""
        return {fact.deal_id: fact for fact in self.record.facts if isinstance(fact, DealEntered)}


@dataclass(eq=False)
class Subject:
    """A finding with its statement, if it is the story's, and the world in which it was found.

    `entity`: in whose books to look, where they are other ones than those in which it was found.
    """

    pages: Pages
    finding: Finding
    entity: str = ""

    @cached_property
    def said(self) -> Expectation | None:
        """The story's own statement that does not hold; None for what a check demands."""
        return self.pages.by_place.get((self.finding.step, self.finding.check))

    @cached_property
    def case(self) -> Case:
        """The world in which the statement was judged; for a check the world at the end."""
        group, said = self.pages.group, self.said
        if said is not None:
            judged = group.of(self.entity) if self.entity else group.meant(said)
            expectation: ExpectationBase = said
        else:
            entity = self.entity or (self.finding.key.split(":")[1] if ":" in self.finding.key else "")
            judged = group.whole if group.is_alone else group.of(entity)
            expectation = ExpectationBase(step=judged.final.step, verb=self.finding.check, where=self.finding.where)
        reporter = Reporter(self.finding.check, self.pages.record.header)
        return Case(judged, self.pages.names, self.pages.actions, reporter, expectation)

    def within(self, deal_id: str) -> Subject:
        """The same in the books of the entity that sells a deal."""
        group, deal = self.pages.group, self.pages.deals.get(deal_id)
        entity = group.whose.of_deal(deal.deal) if deal is not None and not group.is_alone else ""
        if not entity or entity == self.case.judged.entity:
            return self
        return Subject(self.pages, self.finding, entity)

    @cached_property
    def things(self) -> tuple[Thing, ...]:
        """The finding's objects, taken apart."""
        return tuple(_things(self.finding.objects))

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The ledger's entries of the objects."""
        wanted = {(thing.kind, thing.id) for thing in self.things}
        ledger = self.case.ledger
        return tuple(
            entry
            for entry in (ledger.entries if ledger is not None else ())
            if (entry.source, entry.source_id or entry.id) in wanted
        )

    @cached_property
    def numbers(self) -> dict[tuple[str, str], str]:
        """What the ledger's documents are numbered, by kind and id."""
        ledger = self.case.ledger
        return {(item.kind, item.id): item.number for item in (ledger.documents if ledger is not None else ())}

    @cached_property
    def settled(self) -> dict[str, str]:
        """What a payment may settle, by id as people call it: documents and the open items of journals."""
        ledger = self.case.ledger
        if ledger is None:
            return {}
        items = {item.entry: f"journal {item.entry}" for item in ledger.open_items}
        return items | {item.id: titled(item) for item in ledger.documents}

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """What had happened by then."""
        return self.case.scope.facts

    @cached_property
    def accounts(self) -> tuple[str, ...]:
        """The ids of the accounts that it is about."""
        if isinstance(self.said, ClearingEqualsGateway):
            return tuple(sorted(self.case.scope.accounts_with("gateway_clearing")))
        ids = [thing.id for thing in self.things if thing.kind == "account"]
        name = getattr(self.said, "account", "")
        account = self.case.account(name) if name and not ids else None
        return tuple(dict.fromkeys([*ids, *([account.id] if account is not None else [])]))

    @cached_property
    def deals(self) -> tuple[str, ...]:
        """The ids of the deals concerned, in the order of the story; all of them where a whole ledger is meant."""
        found = set(self._deals())
        if not found and self.accounts:
            found = set(self._deals_on(self.accounts))
        if not found and isinstance(self.said, MetricIs):
            metric = self.said
            found = {
                deal_id
                for deal_id, deal in self.pages.deals.items()
                if metric.by != "cost_centre" or metric.key in {deal.cost_centre, *(n.cost_centre for n in deal.lines)}
            }
        if not found and len(self.pages.deals) == 1 and not self.payrolls:
            found = set(self.pages.deals)
        return tuple(deal_id for deal_id in self.pages.deals if deal_id in found)

    @cached_property
    def charges(self) -> tuple[CustomerPaid, ...]:
        """The payments it names that are of no deal."""
        named = {thing.id for thing in self.things} | {
            self.pages.names.charges.get(getattr(self.said, name, ""), "") for name in ("payment", "subject")
        }
        paid = (fact for fact in self.facts if isinstance(fact, CustomerPaid) and not fact.deal)
        return tuple(fact for fact in paid if fact.charge_id in named or self._is_posted_as(fact, named))

    @cached_property
    def payrolls(self) -> tuple[PayrollRun, ...]:
        """The runs of payroll it names."""
        names = {getattr(self.said, "payroll", ""), getattr(self.said, "subject", "")}
        ids = {thing.id for thing in self.things}
        runs = (fact for fact in self.facts if isinstance(fact, PayrollRun))
        return tuple(
            run for run in runs if run.payroll in names or run.payroll_id in ids or run.step == self.finding.step
        )

    def _is_posted_as(self, fact: CustomerPaid, named: set[str]) -> bool:
        return any(payment.id in named for payment in self.case.scope.links.payments_of.get(fact.charge_id, ()))

    def _deals(self) -> Iterator[str]:
        names, said = self.pages.names, self.said
        invoice = getattr(said, "invoice", None) or getattr(said, "settles", None)
        for name in (getattr(said, "deal", ""), getattr(invoice, "deal", ""), getattr(said, "subject", "")):
            if name in names.deals:
                yield names.deals[name]
        document = self.case.document(invoice) if invoice is not None and invoice.number else None
        if document is not None:
            yield from self._of_document(document.id)
        payment, customer = getattr(said, "payment", ""), getattr(said, "customer", "")
        for fact in self.facts:
            deal_id = getattr(fact, "deal_id", "") or names.deals.get(getattr(fact, "deal", ""), "")
            if isinstance(fact, DealEntered) and customer and fact.customer == customer:
                yield fact.deal_id
            elif deal_id:
                is_meant = isinstance(fact, CustomerPaid) and payment and fact.payment == payment
                if is_meant or fact.step == self.finding.step:
                    yield deal_id
        for thing in self.things:
            yield from self._of_thing(thing)

    def _of_thing(self, thing: Thing) -> Iterator[str]:
        links, effects = self.case.scope.links, self.case.scope.effects
        if thing.kind == "deal":
            yield thing.id.partition(":")[0]
        elif thing.kind in DOCUMENTS:
            yield from self._of_document(thing.id)
        elif thing.kind in {"company", "customer"}:
            ids = {thing.id} | {key for key, found in links.parties_of.items() if thing.id in {p.id for p in found}}
            yield from (deal_id for deal_id, deal in self.pages.deals.items() if deal.company_id in ids)
        elif thing.kind == "payment":
            charges = {key for key, found in links.payments_of.items() if thing.id in {p.id for p in found}}
            yield from self._of_charges(charges)
            for payment in self.case.ledger.payments if self.case.ledger is not None else ():
                if payment.id == thing.id:
                    for item in payment.applications:
                        yield from self._of_document(item.document)
        else:
            yield from self._of_charges(
                {thing.id, *self._sources(effect.id for effect in effects.by_record(*thing[1:]))}
            )

    def _sources(self, ids: Iterable[str]) -> Iterator[str]:
        """The charges of balance lines, refunds and disputes; what is none of them stands for itself."""
        gateway = self.case.scope.gateway
        lines = {line.id: line.source for line in (gateway.balance_lines if gateway is not None else ())}
        back = {each.id: each.charge for each in (gateway.refunds if gateway is not None else ())}
        back |= {each.id: each.charge for each in (gateway.disputes if gateway is not None else ())}
        for each in ids:
            source = lines.get(each, each)
            yield back.get(source, source)

    def _of_charges(self, charges: set[str]) -> Iterator[str]:
        for fact in self.facts:
            if isinstance(fact, CustomerPaid) and fact.charge_id in charges and fact.deal:
                yield self.pages.names.deals.get(fact.deal, "")

    def _of_document(self, document_id: str) -> Iterator[str]:
        linked = self.case.scope.links.by_id.get(document_id)
        if linked is not None:
            yield linked.reference.id
            return
        for deal_id in self.pages.deals:
            if document_id in {item.document.id for item in self.case.documents(deal_id, "credit_memo")}:
                yield deal_id

    def _deals_on(self, accounts: Iterable[str]) -> Iterator[str]:
        """The deals whose documents or payments moved an account."""
        wanted = set(accounts)
        for entry in self.case.ledger.entries if self.case.ledger is not None else ():
            if any(line.account in wanted for line in entry.lines):
                yield from self._of_thing(Thing(("", entry.source, entry.source_id or entry.id)))


def _things(objects: Iterable[str]) -> Iterator[Thing]:
    for each in objects:
        system, _, rest = each.partition(":")
        kind, _, rest = rest.partition(":")
        if rest:
            yield Thing((system, kind, rest.partition(" (")[0]))
