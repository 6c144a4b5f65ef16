"""Companies of the CRM become customers of the ledger, one each, and follow their owner's changes.

A customer of the ledger has one currency for good. So a company that buys in another one, too, has a further
customer of the same name with the currency behind it; it is remembered, and refers to the company, as `ID:CURRENCY`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from simharness.reference.beside.foreign import named
from simharness.reference.errors import NotYet, Refused, Rejected
from simharness.reference.invoicing.crm import CompanyFacts
from simharness.reference.ledger.catalogue import Catalogue
from simharness.reference.mapping.model import Mapping as Mapped
from simharness.reference.memory import store as tables
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.store import Store
from simharness.reference.posting.edge import CRM_RECORD, Edge
from simharness.reference.posting.intent import Intent
from simharness.reference.posting.outbox import Outbox
from simharness.reference.seat import ALONE, Seat
from simharness.reference.selling.merging import Merges
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import DUPLICATE_NAME, STALE, QuickBooks, quoted

_encode = msgspec.json.Encoder().encode
#: The ledger's names have no colon (it parts a sub-customer from its parent), tab or line break, and an end.
_FORBIDDEN = str.maketrans({":": "-", "\t": " ", "\n": " ", "\r": " "})
_NAME_LENGTH = 100
REFERENCE = "hubspot:company:"
#: Up to when changes of customers were looked through for those that other programs made.
_MARK = "watermark.foreign_customers"


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger holds of the fields that the CRM owns, and the version it gave them (its SyncToken)."""

    name: str
    terms: str = ""
    email: str = ""
    currency: str = ""
    version: str = ""


class Customers:
    """Keeps the ledger's customers in step with the CRM's companies."""

    def __init__(
        self,
        store: Store,
        quickbooks: QuickBooks,
        catalogue: Catalogue,
        outbox: Outbox,
        evidence: Evidence,
        mapping: Mapped,
        seat: Seat = ALONE,
        settle_s: int = 0,
    ) -> None:
        self._settle_s = settle_s
        self._store, self._quickbooks, self._catalogue = store, quickbooks, catalogue
        self._outbox, self._evidence, self._mapping, self._seat = outbox, evidence, mapping, seat
        self._owned = mapping.owned("customer", "crm")
        self._edge, self.merges = Edge(evidence), Merges(store)
        self._company = named(mapping.company.policies.invoices.company)

    def adopt(self) -> None:
        """Once for an empty memory: learn which customers an earlier installation created."""
        if self._store.get_setting("customers_adopted"):
            return
        rows = list(
            self._quickbooks.query("Customer")
        )  # before the transaction: news that comes meanwhile must not wait
        with self._store.transaction():
            for row in rows:
                note = str(row.get("Notes") or "")
                if note.startswith(REFERENCE):
                    company_id = note.removeprefix(REFERENCE)
                    facts = CompanyFacts(id=company_id, name=str(row["DisplayName"]))
                    self._store.put(
                        tables.company, {"id": company_id, "facts": _text(facts), "adopted": True, **_kept(row)}
                    )
            self._store.set_setting("customers_adopted", "yes")

    def meet(self, overlap_s: int) -> None:
        """Learn which customers other programs made of companies since the last look: they are the companies' own."""
        if self._company is None:
            return
        since = self._store.get_setting(_MARK)
        newest = datetime.fromisoformat(since) if since else datetime.fromtimestamp(0, UTC)
        from_ = newest - timedelta(seconds=overlap_s)
        where = f"MetaData.LastUpdatedTime >= {quoted(from_.isoformat(timespec='seconds'))}" if since else ""
        rows = list(self._quickbooks.query("Customer", where))
        self._catalogue.begin()
        with self._store.transaction():
            for row in rows:
                newest = max(newest, datetime.fromisoformat(row["MetaData"]["LastUpdatedTime"]).astimezone(UTC))
                self._take(row)
            self._store.set_setting(_MARK, newest.isoformat())

    def look_anew(self) -> None:
        """Look through every customer in the next pass."""
        self._store.set_setting(_MARK, "")

    def _take(self, row: Json) -> None:
        """A customer that another program made of a company which the ledger did not know."""
        match = self._company.fullmatch(str(row.get("Notes") or "")) if self._company is not None else None
        if match is None:
            return
        known = self._row(match[1])
        if known is not None and known["customer_id"]:
            return
        source = f"{REFERENCE}{match[1]}"
        if self._outbox.pending(source) and not self._outbox.withdraw(source):
            return
        facts = known["facts"] if known is not None else _text(CompanyFacts(id=match[1], name=str(row["DisplayName"])))
        self._store.put(tables.company, {"id": match[1], "facts": facts, "adopted": True, "problem": "", **_kept(row)})
        self._mark_dependants(match[1])
        if known is not None:
            self._complete(match[1])

    def _complete(self, company_id: str) -> None:
        """Put into a customer that another program made what the CRM has said already."""
        if (row := self._row(company_id)) is not None:
            self._follow(msgspec.json.decode(row["facts"], type=CompanyFacts), row)

    def admitted(self, companies: Iterable[Json], read: Callable[[Json], CompanyFacts]) -> Iterator[CompanyFacts]:
        """The companies that can be read; the others are in quarantine until they are mended."""
        return self._edge.admit(REFERENCE, companies, CRM_RECORD, read)

    def learn(self, companies: Iterable[CompanyFacts]) -> int:
        """Take in what the CRM says now; gives how many companies are new or changed.

        Rejected deals and charges of a changed company are marked to be decided again.
        """
        changed = 0
        for facts in companies:
            known = self._row(facts.id)
            if known is not None and known["facts"] == _text(facts):
                continue
            changed += 1
            self._catalogue.begin()
            with self._store.transaction():
                row = {"id": facts.id, "facts": _text(facts), "business_key": facts.business_key}
                self._store.put(tables.company, row)
                self._mark_dependants(facts.id)
                known = self._absorb(facts, known)
                self._follow(facts, known)
                self._follow_abroad(facts)
                if known is not None and known["business_key"] not in ("", facts.business_key):
                    self._look_again(tables.company.c.business_key == known["business_key"])
        return changed

    def facts(self, company_id: str) -> CompanyFacts | None:
        """What is known of a company."""
        row = self._row(company_id)
        return msgspec.json.decode(row["facts"], type=CompanyFacts) if row else None

    def customer_of(self, company_id: str, currency: str = "") -> tuple[str, bool]:
        """The ledger's customer, and whether it was there before this memory began. In a currency other than its own
        the company has a further one, which is created when it is first asked for.

        Raises `NotYet` while it is on its way, `Rejected` where it will not come by itself.
        """
        found = self._customer(company_id)
        if currency in ("", self.currency_of(company_id)):
            return found
        key = self._key_abroad(company_id, currency)
        if self._row(key) is None and (facts := self.facts(company_id)) is not None:
            further = _abroad(facts, currency)
            self._store.put(tables.company, {"id": key, "facts": _text(further)})
            self._follow(further, None, wanted=True)
        return self._customer(key)

    def _customer(self, company_id: str) -> tuple[str, bool]:
        row = self._row(company_id)
        if row is None or not row["customer_id"]:
            if row is not None and not self._seat.is_alone and not row["problem"]:
                self._follow(msgspec.json.decode(row["facts"], type=CompanyFacts), row, wanted=True)
                row = self._row(company_id)
            if self._outbox.pending(f"{REFERENCE}{company_id}"):
                raise NotYet(f"company {company_id} is on its way into the ledger")
            why = row["problem"] if row and row["problem"] else "it was never created"
            raise Rejected("no_customer", f"company {company_id} is no customer of the ledger: {why}")
        return row["customer_id"], bool(row["adopted"])

    def currency_of(self, company_id: str) -> str:
        """The currency that the ledger's customer has for good; that of the books before it exists."""
        row = self._row(company_id)
        written = msgspec.json.decode(row["written"], type=Written) if row and row["written"] else Written(name="")
        return written.currency or self._mapping.company.currency

    def _key_abroad(self, company_id: str, currency: str) -> str:
        """Under what a company's customer in another currency than its own is remembered: one that a company merged
        into it brought along, else a further one of its own.
        """
        family = self.merges.family(company_id)
        for key in [f"{company_id}:{currency}", *family[1:], *(f"{each}:{currency}" for each in family[1:])]:
            row = self._row(key)
            if row is not None and row["customer_id"] and self.currency_of(key) == currency:
                return key
        return f"{company_id}:{currency}"

    def _follow_abroad(self, facts: CompanyFacts) -> None:
        """What a company has further customers for follows its changes, too."""
        table = tables.company
        for row in self._store.rows(sa.select(table).where(table.c.id.startswith(f"{facts.id}:")).order_by(table.c.id)):
            further = _abroad(facts, str(row["id"]).partition(":")[2])
            self._store.put(table, {"id": row["id"], "facts": _text(further)})
            self._follow(further, row)

    def was_there(self, customer_id: str) -> bool:
        """Whether a customer of the ledger may have records from before this memory began."""
        table = tables.company
        row = self._store.row(sa.select(table.c.adopted).where(table.c.customer_id == customer_id))
        return row is None or bool(row["adopted"])

    def retry(self, source: str) -> None:
        """Look again at every company that was rejected, whichever source a replay is about: it may hang on one."""
        del source
        self._look_again(sa.true())

    def look_at(self, source: str) -> None:
        """Look again at one company that was rejected; nothing for a source of another kind."""
        if source.startswith(REFERENCE):
            self._look_again(tables.company.c.id == source.removeprefix(REFERENCE))

    def _absorb(self, facts: CompanyFacts, known: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        """Take in what the CRM merged into a company, whose memory this gives: what waited for them looks at it now."""
        for absorbed in self.merges.learn(facts.id, facts.merged):
            self._mark_dependants(absorbed)
            if self.merges.release(absorbed):
                self._evidence.recovered(f"{REFERENCE}{absorbed}")
        return self.merges.take_over(facts.id) or known

    def _look_again(self, which: sa.ColumnElement[bool]) -> None:
        table = tables.company
        for row in self._store.rows(sa.select(table).where(table.c.problem != "", which)):
            self._follow(msgspec.json.decode(row["facts"], type=CompanyFacts), row)

    def _mark_dependants(self, company_id: str) -> None:
        """Rejected deals and charges of the company are decided again in this pass or the next."""
        company_id = company_id.partition(":")[0]
        charge = tables.charge
        refused = (charge.c.company_id == company_id) & (charge.c.state == tables.REJECTED)
        self._store.connection.execute(sa.update(charge).where(refused).values(state=tables.NEW))
        table = tables.deal
        rejected = (table.c.company_id == company_id) & (table.c.state == tables.REJECTED)
        self._store.connection.execute(sa.update(table).where(rejected).values(state=tables.RETRY))

    def _follow(self, facts: CompanyFacts, known: Mapping[str, Any] | None, *, wanted: bool = False) -> None:
        """Let the ledger have what the CRM says. In a group a customer is an entity's only once it buys there
        (`wanted`), or was about to.
        """
        source = f"{REFERENCE}{facts.id}"
        if self._outbox.pending(source):
            return  # its outcome first; `posted` comes back here
        if not (wanted or self._seat.is_alone or (known and (known["customer_id"] or known["problem"]))):
            return
        try:
            if known is not None and known["customer_id"]:
                written = msgspec.json.decode(known["written"], type=Written)
                intent = self._update(facts, known["customer_id"], written)
            else:
                intent = self._create(facts)
        except Rejected as rejected:
            self._store.put(tables.company, {"id": facts.id, "problem": rejected.reason})
            self._evidence.reject(source, rejected.code, rejected.reason)
            return
        if known is not None and known["problem"]:
            self._store.put(tables.company, {"id": facts.id, "problem": ""})
            self._evidence.recovered(source)
        if intent is not None:
            self._outbox.put(intent)

    def _create(self, facts: CompanyFacts, *, name: str = "") -> Intent:
        currency = facts.currency or self._mapping.company.currency
        if not self._mapping.keeps(currency):
            raise Rejected("currency_not_kept", f"the company is billed in {currency}, which these books do not keep")
        self._alone(facts)
        wanted = self._wanted(facts, name)
        reference = f"{REFERENCE}{facts.id}"
        body: Json = {
            "DisplayName": wanted.name,
            "CompanyName": wanted.name,
            "CurrencyRef": {"value": currency},
            "Notes": reference,
            **self._fields(wanted, ("terms", "email")),
        }
        return Intent(
            kind="customer.create",
            source=reference,
            entity="Customer",
            reference=reference,
            body=_encode(body),
            context=facts.id,
        )

    def _alone(self, facts: CompanyFacts) -> None:
        """Raise `Rejected` if another company with the same key in the business is a customer, or on its way to be."""
        if not facts.business_key:
            return
        table = tables.company
        same = (table.c.business_key == facts.business_key) & (table.c.id != facts.id) & (table.c.problem == "")
        found = self._store.row(sa.select(table.c.id).where(same).order_by(table.c.id))
        if found is not None:
            reason = f"company {facts.id} has the key {facts.business_key!r} of company {found['id']}: merge them"
            raise Rejected("duplicate_business_key", reason)

    def _update(self, facts: CompanyFacts, customer_id: str, written: Written, *, name: str = "") -> Intent | None:
        wanted = self._wanted(facts, name)
        changed = [
            field
            for field in ("name", "terms", "email")
            if field in self._owned and getattr(wanted, field) != getattr(written, field)
        ]
        if not changed:
            return None
        body: Json = {"Id": customer_id, "SyncToken": written.version, "sparse": True, **self._fields(wanted, changed)}
        reference = f"{REFERENCE}{facts.id}"
        return Intent(
            kind="customer.update",
            source=reference,
            entity="Customer",
            reference=reference,
            body=_encode(body),
            action="update",
            context=facts.id,
        )

    def _wanted(self, facts: CompanyFacts, name: str) -> Written:
        plain = name or facts.name.translate(_FORBIDDEN).strip()[:_NAME_LENGTH]
        if not plain:
            raise Rejected("no_name", f"company {facts.id} has no name")
        terms = ""
        if facts.terms:
            mapped = self._mapping.terms.get(facts.terms)
            if mapped is None:
                raise Rejected("unknown_terms", f"payment terms {facts.terms!r} are not in the mapping")
            terms = self._catalogue.id_of("Term", mapped.term)
        return Written(name=plain, terms=terms, email=facts.email)

    def _fields(self, wanted: Written, names: Iterable[str]) -> Json:
        body: Json = {}
        for name in names:
            if name == "name":
                body["DisplayName"] = wanted.name
            elif name == "terms" and wanted.terms:
                body["SalesTermRef"] = {"value": wanted.terms}
            elif name == "email" and wanted.email:
                body["PrimaryEmailAddr"] = {"Address": wanted.email}
        return body

    # What the outbox asks.

    def posted(self, intent: Intent, record: Json) -> None:
        """The ledger has the customer as sent; follow what the CRM may have said meanwhile."""
        self._store.put(tables.company, {"id": intent.context, **_kept(record), "problem": ""})
        self._mark_dependants(intent.context)
        if str(record.get("Notes") or "") != intent.reference:
            self._complete(intent.context)

    def corrected(self, intent: Intent, refusal: Refused) -> Intent | Json | None:
        """A stale version is read again, a name that is taken is told apart; anything else stands."""
        facts = self.facts(intent.context)
        if facts is None or refusal.code not in (STALE, DUPLICATE_NAME):
            return None
        if refusal.code == STALE:
            row = self._row(facts.id)
            current = self._quickbooks.read("Customer", row["customer_id"] if row else "")
            again = self._update(facts, str(current["Id"]), _written(current))
            return again if again is not None else current
        return self._told_apart(facts, intent)

    def failed(self, intent: Intent, reason: str) -> None:
        """The company stays without customer, or with its old name."""
        self._store.put(tables.company, {"id": intent.context, "problem": reason})

    def made_elsewhere(self, intent: Intent) -> Json | None:
        """The company's customer where somebody else made it, seen before one is made under a name of its own."""
        facts = self.facts(intent.context)
        if facts is None or _encode(_distinct(self._wanted(facts, "").name, facts.id)) not in intent.body:
            return None
        return self._own(facts, self._named(facts))

    def _named(self, facts: CompanyFacts) -> list[Json]:
        """The ledger's customers that have the company's name, or the one it has where that is another's."""
        plain = self._wanted(facts, "").name
        names = f"({quoted(plain)}, {quoted(_distinct(plain, facts.id))})"
        return list(self._quickbooks.query("Customer", f"DisplayName in {names}"))

    def _own(self, facts: CompanyFacts, rows: Iterable[Json]) -> Json | None:
        return next((row for row in rows if self._is_of(str(row.get("Notes") or ""), facts.id)), None)

    def _told_apart(self, facts: CompanyFacts, intent: Intent) -> Intent | Json | None:
        plain = self._wanted(facts, "").name
        distinct = _distinct(plain, facts.id)
        rows = self._named(facts)
        if intent.action == "create" and (own := self._own(facts, rows)) is not None:
            return own
        if _encode(distinct) in intent.body:
            return None
        if intent.action == "create":
            # A name that is taken and that no customer shows may be that of one which the list does not show yet.
            shown = any(str(row["DisplayName"]).casefold() == plain.casefold() for row in rows)
            return replace(self._create(facts, name=distinct), wait_s=0 if shown else self._settle_s)
        known = self._row(facts.id)
        written = msgspec.json.decode(known["written"], type=Written) if known else Written(name="")
        return self._update(facts, known["customer_id"] if known else "", written, name=distinct)

    def _is_of(self, note: str, company_id: str) -> bool:
        """Whether a customer's note names a company, in this program's words or in those of another."""
        match = self._company.fullmatch(note) if self._company is not None else None
        return note == f"{REFERENCE}{company_id}" or (match is not None and match[1] == company_id)

    def _row(self, company_id: str) -> Mapping[str, Any] | None:
        table = tables.company
        return self._store.row(sa.select(table).where(table.c.id == company_id))


def _distinct(plain: str, company_id: str) -> str:
    """The name of a company whose own is taken in the ledger."""
    suffix = f" ({company_id.partition(':')[0]})"
    return plain[: _NAME_LENGTH - len(suffix)] + suffix


def _abroad(facts: CompanyFacts, currency: str) -> CompanyFacts:
    """A company as its customer in a further currency shows it."""
    suffix = f" ({currency})"
    name = facts.name.translate(_FORBIDDEN).strip()[: _NAME_LENGTH - len(suffix)].strip()
    return msgspec.structs.replace(
        facts,
        id=f"{facts.id}:{currency}",
        name=f"{name}{suffix}" if name else "",
        currency=currency,
        business_key="",
        merged=(),
    )


def _written(record: Json) -> Written:
    return Written(
        name=str(record["DisplayName"]),
        terms=str(record.get("SalesTermRef", {}).get("value", "")),
        email=str(record.get("PrimaryEmailAddr", {}).get("Address", "")),
        currency=str(record.get("CurrencyRef", {}).get("value", "")),
        version=str(record["SyncToken"]),
    )


def _kept(record: Json) -> dict[str, Any]:
    return {
        "customer_id": str(record["Id"]),
        "customer_name": str(record["DisplayName"]),
        "written": _text(_written(record)),
    }


def _text(value: msgspec.Struct) -> str:
    return _encode(value).decode()
