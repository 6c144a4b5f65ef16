"""Won deals become documents: reads what changed, decides, and puts the documents into the outbox."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import msgspec
import sqlalchemy as sa

from simharness.reference.beside.takeover import Others, taken_as
from simharness.reference.errors import ConfigurationError, NotYet, Refused, Rejected
from simharness.reference.invoicing.billed import Deferred
from simharness.reference.invoicing.billing import (
    CREDIT_MEMO,
    INVOICE,
    BilledLine,
    Biller,
    DocumentPlan,
    deposit_source,
    sources_of,
)
from simharness.reference.invoicing.changes import after
from simharness.reference.invoicing.crm import CompanyFacts, Crm, Deal, modified_ms_of, now_ms
from simharness.reference.invoicing.deposits import Deposit
from simharness.reference.invoicing.documents import Composer
from simharness.reference.invoicing.history import Histories
from simharness.reference.invoicing.items import Items
from simharness.reference.invoicing.lateness import Lateness
from simharness.reference.invoicing.schedules import ONCE, SLOTS
from simharness.reference.memory import store as tables
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.relief import Reliefs
from simharness.reference.memory.store import Store
from simharness.reference.posting.edge import reading
from simharness.reference.posting.intent import Intent
from simharness.reference.posting.outbox import Outbox
from simharness.reference.recognition.deferrals import Deferrals
from simharness.reference.seat import ALONE, Seat
from simharness.reference.selling.adopting import Adoption, asked, keep, netted
from simharness.reference.selling.customers import Customers
from simharness.reference.selling.twins import Twins
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import QuickBooks

#: States of a deal: what is to be done next, or why nothing is.
BILLED, REJECTED, OUT_OF_SCOPE, RETRY = tables.BILLED, tables.REJECTED, "out_of_scope", tables.RETRY

REFERENCE = "hubspot:deal:"

_Row = Mapping[str, Any] | None

_encode = msgspec.json.Encoder(decimal_format="string").encode


class Posting(msgspec.Struct, frozen=True, kw_only=True):
    """What to remember once a document is in the ledger. `deposit`: what it is where it asks for one; `netted`: what of
    one it takes off, without tax, by tax code.
    """

    kind: str
    deal_id: str
    version: int
    day: date
    customer_id: str
    total: Decimal
    lines: tuple[tuple[str, BilledLine], ...]
    deposit: Deposit | None = None
    netted: dict[str, Decimal] = {}
    deferred: tuple[Deferred, ...] = ()


class Deals:
    """Bills won deals, once, and their later edits by policy."""

    def __init__(
        self,
        store: Store,
        crm: Crm,
        quickbooks: QuickBooks,
        biller: Biller,
        composer: Composer,
        items: Items,
        customers: Customers,
        outbox: Outbox,
        evidence: Evidence,
        *,
        twins: Twins,
        others: Others,
        lateness: Lateness,
        histories: Histories,
        ledger_calculates: bool,
        seat: Seat = ALONE,
    ) -> None:
        self._store, self._crm, self._quickbooks = store, crm, quickbooks
        self._biller, self._composer, self._customers = biller, composer, customers
        self._items, self._outbox, self._evidence, self._seat = items, outbox, evidence, seat
        self._twins, self._others, self._ledger_calculates = twins, others, ledger_calculates
        self._reliefs, self._lateness, self._deferrals = Reliefs(store), lateness, Deferrals(store, biller.cents)
        self._histories = histories
        self._adoption = Adoption(store, quickbooks, biller, items, customers)
        #: Whether the last deals considered have to be considered again, by whoever told of them.
        self.put_off = False

    def consider(self, found: Sequence[Json]) -> int:
        """Decide about deals as polled, and again about those marked for it; gives how many were news."""
        self.put_off = False
        known = self._known([str(each["id"]) for each in found])
        fresh = [
            each
            for each in found
            if (str(each["id"]) in known or self._crm.is_kept(each))
            and _may_have_changed(each, known.get(str(each["id"])))
        ]
        due = self._fallen_due()
        again = [each for each in dict.fromkeys([*self._marked(), *due]) if each not in {str(f["id"]) for f in fresh}]
        fresh += self._still_won(self._crm.deals(again))
        if not fresh:
            return 0
        ids = [str(each["id"]) for each in fresh]
        known |= self._known(again)
        known |= {each: {**known[each], "fingerprint": ""} for each in due if each in known}  # decide about it anew
        owners = self._crm.companies_of([i for i in ids if i not in known or not known[i]["company_id"]])
        lines = self._crm.lines_of(ids)
        self._meet({company for each in owners.values() for company in each[:1]})
        read = [self._read(each, known.get(str(each["id"])), owners, lines) for each in fresh]
        self._items.ensure(deal for _, _, deal in read if isinstance(deal, Deal))
        with self._store.transaction():
            return sum(self._decide(*each) for each in read)

    def holding(self, line_ids: Sequence[str]) -> list[str]:
        """The deals that were billed with any of these line items, which may be gone from the CRM since."""
        table = tables.deal
        quoted = [table.c.billed.contains(f'"{each}"', autoescape=True) for each in line_ids]
        return [row["id"] for row in self._store.rows(sa.select(table.c.id).where(sa.or_(*quoted)))] if quoted else []

    def listed(self) -> dict[tuple[str, str], Decimal]:
        """The list amount of every (document, deal line) this memory billed."""
        table = tables.document
        found: dict[tuple[str, str], Decimal] = {}
        for row in self._store.rows(sa.select(table.c.id, table.c.listed)):
            lines = msgspec.json.decode(row["listed"], type=dict[str, Decimal])
            found |= {(row["id"], line_id): amount for line_id, amount in lines.items()}
        return found

    def taken(self) -> dict[str, str]:
        """The reference, as this program would have given it, of every invoice that another one wrote; by id."""
        table = tables.document
        rows = self._store.rows(sa.select(table.c.id, table.c.taken_as).where(table.c.taken_as != ""))
        return {row["id"]: row["taken_as"] for row in rows}

    def retry(self, source: str) -> None:
        """Decide again about rejected deals in the next pass: one (`hubspot:deal:ID`, or one of its versions), or all
        for "".
        """
        table = tables.deal
        change = sa.update(table).where(table.c.state == REJECTED).values(state=RETRY, fingerprint="")
        if source:
            change = change.where(table.c.id == source.removeprefix(REFERENCE).partition(":")[0])
        with self._store.transaction():
            self._store.connection.execute(change)

    def accept(self, source: str) -> None:
        """Take a rejected deal (`hubspot:deal:ID`) for one of its own, however like another it is. Raises
        `ConfigurationError` where there is none.
        """
        table, deal_id = tables.deal, source.removeprefix(REFERENCE)
        own = sa.update(table).where(table.c.id == deal_id, table.c.state == REJECTED)
        with self._store.transaction():
            taken = self._store.connection.execute(own.values(accepted=True, state=RETRY, fingerprint=""))
        if not taken.rowcount:
            raise ConfigurationError(f"no rejected deal {source!r}", mend="name it as waiting does: hubspot:deal:ID")

    def _read(
        self, found: Json, row: _Row, owners: Mapping[str, list[str]], lines: Mapping[str, list[Json]]
    ) -> tuple[Json, _Row, Deal | Rejected]:
        deal_id = str(found["id"])
        company_ids = [row["company_id"]] if row and row["company_id"] else owners.get(deal_id, [])
        if company_ids and not (row and row["version"]):  # what was billed before a merge stays where it is
            company_ids = [self._customers.merges.survivor_of(company_ids[0])]
        try:
            with reading():
                return found, row, self._crm.deal(found, company_ids, lines.get(deal_id, []))
        except Rejected as rejected:
            return found, row, rejected

    def _decide(self, found: Json, row: _Row, deal: Deal | Rejected) -> int:
        deal_id = str(found["id"])
        source = f"hubspot:deal:{deal_id}"
        seen = {"id": deal_id, "modified_ms": modified_ms_of(found), "read_ms": now_ms()}
        version = row["version"] if row else 0
        try:
            seen["fingerprint"] = str(deal) if isinstance(deal, Rejected) else deal.fingerprint
            marks = {} if isinstance(deal, Rejected) else self._twins.marks(deal)
            if row and row["fingerprint"] == seen["fingerprint"] and _is_decided(row, marks):
                self._store.put(tables.deal, {**seen, **marks})
                self._twins.changed(row, marks)
                return 0
            if isinstance(deal, Rejected):
                raise deal
            self._histories.note(deal, is_new=row is None)
            seen |= {"company_id": deal.company_id, **marks}
            self._twins.changed(row, marks)
            if version or self._seat.keeps(deal.entity):
                self._seat.check(f"deal {deal_id}", deal.entity, billed=bool(version))
            if version == 0 and not self._biller.concerns(deal):
                self._store.put(tables.deal, {**seen, "state": OUT_OF_SCOPE})
                self._evidence.recovered(source)  # it may have been nobody's until now
                return 0
            under_way = (deposit_source(deal_id), *sources_of(deal_id, version), *sources_of(deal_id, version + 1))
            if any(self._outbox.pending(each) for each in under_way) or self._outbox.pending_of(f"{source}:", SLOTS):
                self.put_off = True  # what is under way first; the next pass sees this change again
                return 1
            if version == 0 and not (row and row["accepted"]) and not self._others.bill:
                self._twins.check(deal)
            state = self._bill(deal, row, version)
            seen["next_due"] = self._biller.next_due(deal, self._biller.today())
        except NotYet:
            self._store.put(tables.deal, {**seen, "state": RETRY})
            return 1
        except Rejected as rejected:
            self._others.settled(deal_id)
            self._store.put(tables.deal, {"company_id": "", **seen, "state": REJECTED, "dirty": True, "next_due": ""})
            worth = None if isinstance(deal, Rejected) else self._biller.worth(deal)
            currency = "" if isinstance(deal, Rejected) else deal.currency
            self._evidence.reject(source, rejected.code, rejected.reason, worth, currency=currency)
            return 1
        self._store.put(tables.deal, {**seen, "state": state})
        if row and row["state"] in (REJECTED, RETRY):
            self._store.put(tables.deal, {"id": deal_id, "dirty": True})
            self._evidence.recovered(source)
        return 1

    def _bill(self, deal: Deal, row: Mapping[str, Any] | None, version: int) -> str:
        """The deal's state once what is still to be posted of it is in the outbox."""
        if not deal.company_id:
            raise Rejected("no_company", f"deal {deal.id} has no company")
        facts = self._customers.facts(deal.company_id)
        if facts is None:
            raise Rejected("no_company", f"company {deal.company_id} of deal {deal.id} cannot be read")
        currency = deal.currency if version == 0 and self._biller.keeps(deal.currency) else ""
        today = self._biller.today()
        try:
            customer_id = self._customers.customer_of(deal.company_id, currency)[0]
        except Rejected:
            # What is wrong with the deal itself is told first: it stays so when the customer is there.
            self._biller.plan(deal, facts, _billed(row), version, today=today, deposit=_deposit(row), held=())
            raise
        if deal.deposit.given:
            self._items.deposit()  # without it nothing of the deal can be billed as it was agreed
        if version == 0 and _deposit(row) is None and self._adoption.adopt(deal, facts, today):
            row = self._known([deal.id])[deal.id]
            version = row["version"]
        deposit = _deposit(row)
        held = self._biller.held(deal, deposit, self._reliefs.given(deposit.invoice_id)) if deposit is not None else ()
        if not version and self._others.active:
            own = partial(self._biller.plan, deal, facts, {}, 0, today=today, deposit=deposit, held=held)
            if state := self._elsewhere(deal, facts, customer_id, own):
                return state
        if version or deposit is not None:
            customer_id = self._billed_on(deal.id) or customer_id
        if version == 0 and deal.delivered_on is None and (deposit is not None or deal.deposit.given):
            if deposit is None:
                self._put(self._biller.deposit(deal, facts), customer_id, facts)
            return BILLED  # the rest is billed on delivery
        plans = self._biller.plan(deal, facts, _billed(row), version, today=today, deposit=deposit, held=held)
        if plans and self._others.bill:
            raise Rejected("edited_after_billing", f"deal {deal.id} was changed after another program billed it")
        self._put_all(deal.id, plans, version, customer_id, facts)
        return BILLED

    def _put_all(
        self, deal_id: str, plans: Sequence[DocumentPlan], version: int, customer_id: str, facts: CompanyFacts
    ) -> None:
        """The documents that a deal calls for beside those of a version."""
        changes = {(plan.source, plan.kind) for plan in plans if not plan.slot}
        if version:
            # What was refused of a change is part of the difference as it is now, which may be nothing any more.
            self._stand_for((*sources_of(deal_id, version), *sources_of(deal_id, version + 1)), changes)
        elif changes:
            self._stand_for((deposit_source(deal_id),), changes)
        for plan in plans:
            self._put(plan, customer_id, facts)

    def _stand_for(self, sources: Iterable[str], wanted: Collection[tuple[str, str]]) -> None:
        """Give up what was refused of some sources for good, but for what is wanted as it was. What an invoice of
        another program lacks goes on waiting: no difference holds it.
        """
        for source in sources:
            kinds = [kind for kind in (CREDIT_MEMO, INVOICE) if (source, kind) not in wanted]
            gone = [kind for kind in kinds if self._outbox.supersede(source, kind, "document")]
            if gone and not self._outbox.is_dead(source):
                self._evidence.recovered(source)

    def _put(self, plan: DocumentPlan, customer_id: str, facts: CompanyFacts) -> None:
        self._outbox.put(self._lateness.dated(self._intent(plan, customer_id, facts)))

    def _intent(self, plan: DocumentPlan, customer_id: str, facts: CompanyFacts) -> Intent:
        context = Posting(
            kind=plan.kind,
            deal_id=plan.deal_id,
            version=plan.version,
            day=plan.day,
            customer_id=customer_id,
            total=plan.taxes.total,
            lines=plan.lines,
            deposit=asked(plan, facts) if plan.is_deposit else None,
            netted={} if plan.is_deposit else netted(plan),
            deferred=() if plan.is_deposit else plan.deferred,
        )
        return Intent(
            kind="document",
            source=plan.source,
            entity=plan.kind,
            reference=plan.reference,
            body=self._composer.body(plan, customer_id, self._rate(plan)),
            customer_id=customer_id,
            amount=plan.taxes.total,
            context=_encode(context).decode(),
        )

    def _rate(self, plan: DocumentPlan) -> Decimal | None:
        """The rate a document bears; None is the ledger's own of its day."""
        if not self._composer.bears_first_rate(plan):
            return None
        table = tables.document
        mine = (table.c.deal_id == plan.deal_id) & (table.c.kind == INVOICE)
        first = self._store.row(sa.select(table.c.id).where(mine).order_by(table.c.version, table.c.id))
        return Decimal(self._quickbooks.read(INVOICE, first["id"])["ExchangeRate"]) if first is not None else None

    def _billed_on(self, deal_id: str) -> str:
        """The ledger's customer that a deal was billed on: what follows goes there too, whoever was merged since."""
        table = tables.document
        first = sa.select(table.c.customer_id).where(table.c.deal_id == deal_id).order_by(table.c.version)
        row = self._store.row(first)
        return str(row["customer_id"]) if row is not None else ""

    def _elsewhere(
        self, deal: Deal, facts: CompanyFacts, customer_id: str, own: Callable[[], tuple[DocumentPlan, ...]]
    ) -> str:
        """The state of a deal that another program bills: its invoice is taken for the deal's `own`, or awaited. ""
        where it is this program's to bill.
        """
        found = self._others.of_deal(deal.id)
        if not found and not self._others.bill:
            return ""
        if any(line.schedule not in ("", ONCE) for line in deal.lines):
            raise Rejected("scheduled_elsewhere", f"deal {deal.id} is billed by another program, and has schedules")
        plan = own()[0]
        if not found:
            self._others.await_(deal.id, plan.day, self._biller.worth(deal), deal.currency)
            return tables.AWAITED
        self._others.settled(deal.id)
        if deal.deposit.given and not self._others.bill:
            number = found[0].get("DocNumber") or found[0]["Id"]
            raise Rejected("deposit_first", f"invoice {number} of another program bills a deal with a deposit at once")
        wanted = self._intent(plan, customer_id, facts)
        customers = self._customers.merges.customers(deal.company_id)
        record = self._others.taken(found[0], wanted, customers, calculated=self._ledger_calculates)
        self._outbox.supersede(wanted.source, wanted.entity)
        self._evidence.recovered(wanted.source)  # this program's own may have been refused
        self._store.put(tables.deal, {"id": deal.id, "company_id": deal.company_id, "state": BILLED})
        self.posted(wanted, record)
        self._store.put(tables.document, {"id": str(record["Id"]), "taken_as": taken_as(record, wanted)})
        return BILLED

    def _meet(self, company_ids: set[str]) -> None:
        """Companies that the search does not show yet are read directly."""
        unknown = sorted(each for each in company_ids if self._customers.facts(each) is None)
        if unknown:
            found = self._crm.companies(unknown)
            self._customers.learn(self._customers.admitted(found, self._crm.company))
            self._outbox.deliver()

    def _known(self, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        table = tables.deal
        return {row["id"]: row for row in self._store.rows(sa.select(table).where(table.c.id.in_(ids)))} if ids else {}

    def _marked(self) -> list[str]:
        """Deals that were rejected and are to be decided again."""
        table = tables.deal
        return [row["id"] for row in self._store.rows(sa.select(table.c.id).where(table.c.state == RETRY))]

    def _fallen_due(self) -> list[str]:
        """Deals of which something falls due today or before, whatever the CRM told."""
        table = tables.deal
        due = (table.c.next_due != "") & (table.c.next_due <= self._biller.today().isoformat())
        return [row["id"] for row in self._store.rows(sa.select(table.c.id).where(due))]

    def _still_won(self, found: Sequence[Json]) -> list[Json]:
        """Those that are won now; the others wait until they are won again."""
        won, marked = [each for each in found if self._crm.is_won(each)], set(self._marked())
        with self._store.transaction():
            for each in found:
                if not self._crm.is_won(each):  # won again, it is decided about anew
                    state = {"state": REJECTED} if str(each["id"]) in marked else {}
                    self._store.put(tables.deal, {"id": str(each["id"]), "fingerprint": "", "next_due": "", **state})
        return won

    # What the outbox asks.

    def posted(self, intent: Intent, record: Json) -> None:
        """The document is in the ledger: remember what is billed, and what the ledger made of it."""
        posting = msgspec.json.decode(intent.context, type=Posting)
        table = tables.deal
        row = self._store.row(sa.select(table).where(table.c.id == posting.deal_id))
        billed = after(_billed(row), posting.lines, up=posting.kind == INVOICE)
        version = max(posting.version, row["version"] if row else 0)
        keep(self._store, record, posting.kind, posting.deal_id, posting.version, posting.customer_id)
        # The kind tells two documents of a change apart that stand in a memory under one source.
        self._deferrals.keep(f"{intent.source}:{posting.kind}", str(record["Id"]), posting.day, posting.deferred)
        listed = _encode({line_id: line.list_amount for line_id, line in posting.lines}).decode()
        self._store.put(tables.document, {"id": str(record["Id"]), "listed": listed})
        changed = {"state": BILLED, "version": version, "billed": _encode(billed).decode(), "dirty": True}
        if posting.deposit is not None:
            asked = msgspec.structs.replace(posting.deposit, invoice_id=str(record["Id"]))
            changed["deposit"] = _encode(asked).decode()
        known = _deposit(row)
        if posting.netted and known is not None:
            changed["deposit"] = _encode(msgspec.structs.replace(known, netted=posting.netted)).decode()
        self._store.put(table, {"id": posting.deal_id, **changed})
        found = Decimal(record["TotalAmt"])
        if found != posting.total and not self._ledger_calculates:
            reason = f"{posting.kind} {record['Id']} totals {found} in the ledger, {posting.total} was sent"
            self._evidence.alert(f"total:{intent.source}", f"{intent.source}:total", reason, found - posting.total)

    def corrected(self, intent: Intent, refusal: Refused) -> Intent | Json | None:
        """Its day may have been closed. What else is refused is not corrected by guessing."""
        return self._lateness.corrected(intent, refusal)

    def failed(self, intent: Intent, reason: str) -> None:
        """The deal is not billed, or its change is not; sales sees it as rejected."""
        del reason
        posting = msgspec.json.decode(intent.context, type=Posting)
        self._store.put(tables.deal, {"id": posting.deal_id, "state": REJECTED, "dirty": True})


def _may_have_changed(found: Json, known: Mapping[str, Any] | None) -> bool:
    """Whether a deal must be read again.

    A change within the millisecond of the last read leaves the same stamp, so a stamp as young as its read proves
    nothing.
    """
    if known is None:
        return True
    modified_ms = modified_ms_of(found)
    return bool(known["modified_ms"] != modified_ms or modified_ms >= known["read_ms"])


def _is_decided(row: Mapping[str, Any], marks: Mapping[str, str]) -> bool:
    """Whether a deal that is billed as it was needs no other decision: a rejected one may be told by something else."""
    same = all(row[name] == value for name, value in marks.items())
    return bool(row["state"] == BILLED or (row["state"] == REJECTED and same))


def _billed(row: Mapping[str, Any] | None) -> dict[str, BilledLine]:
    return msgspec.json.decode(row["billed"], type=dict[str, BilledLine]) if row else {}


def _deposit(row: Mapping[str, Any] | None) -> Deposit | None:
    return msgspec.json.decode(row["deposit"], type=Deposit) if row and row["deposit"] else None
