"""An invoice that another program wrote, taken for the deal's own: whether it agrees to the cent, and what it lacks.

It agrees where customer, currency, total and every line (item and amount, in any order) are those of the invoice that
this program would have written. The amount alone says nothing. What it lacks of the fields that the CRM owns is put in,
its own note and number stay: the other program finds it by them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec

from simharness.reference.beside.awaiting import Awaiting
from simharness.reference.beside.foreign import Foreigners
from simharness.reference.errors import Refused, Rejected
from simharness.reference.invoicing.billing import INVOICE, deposit_source
from simharness.reference.mapping.model import Mapping
from simharness.reference.memory import store as tables
from simharness.reference.memory.evidence import Evidence
from simharness.reference.posting.intent import Intent
from simharness.reference.posting.outbox import Outbox
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import STALE, QuickBooks

_encode = msgspec.json.Encoder(decimal_format="number").encode
_decode = msgspec.json.Decoder(float_hook=Decimal).decode

#: The ledger's fields of what can be put in, with the names that ownership.yaml has for them.
_FIELDS = (
    ("date", "TxnDate"), ("due", "DueDate"), ("terms", "SalesTermRef"), ("memo", "CustomerMemo"),
    ("location", "DepartmentRef"),
)  # fmt: skip
_SALE = "SalesItemLineDetail"


class Lacking(msgspec.Struct, frozen=True, kw_only=True):
    """What an invoice is to be given: fields as the ledger takes them, and the class of each line, "" for none."""

    fields: Json
    classes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.fields) or any(self.classes)


def difference(record: Json, wanted: bytes, customers: Collection[str], total: Decimal | None) -> str:
    """Why an invoice is not the one that would have been written (its body is `wanted`), in words; "" where it is.

    `total` None: the ledger calculates tax, so only what is before tax is compared.
    """
    body = _decode(wanted)
    if str(record["CustomerRef"]["value"]) not in customers:
        return f"it is billed to another customer, {record['CustomerRef'].get('name', record['CustomerRef']['value'])}"
    currency, due = str(record["CurrencyRef"]["value"]), str(body["CurrencyRef"]["value"])
    if currency != due:
        return f"it is in {currency}, the deal in {due}"
    found, calls_for = sorted(map(_sold, _sales(record))), sorted(map(_sold, _sales(body)))
    if found != calls_for or any(line.get("DetailType") == "DiscountLineDetail" for line in record["Line"]):
        return f"its lines come to {_sum(found)} before tax, the deal's to {_sum(calls_for)}, or sell something else"
    if total is not None and Decimal(record["TotalAmt"]) != total:
        return f"the deal comes to {total} with tax"
    return ""


def lacking(record: Json, wanted: bytes, owned: Collection[str]) -> Lacking:
    """What an invoice that agrees says otherwise than it should, of the fields that this program may write."""
    body = _decode(wanted)
    fields = {
        name: body[name]
        for meaning, name in _FIELDS
        if meaning in owned and name in body and _plain(record.get(name)) != _plain(body[name])
    }
    if "lines" not in owned:
        return Lacking(fields=fields)
    left = [(_sold(line), _class(line)) for line in _sales(body)]
    classes = []
    for line in _sales(record):
        sold = _sold(line)
        wants = next((each for each in left if each[0] == sold), (sold, ""))
        if wants in left:
            left.remove(wants)
        classes.append(wants[1] if wants[1] != _class(line) else "")
    return Lacking(fields=fields, classes=tuple(classes) if any(classes) else ())


def completion(record: Json, lack: Lacking, source: str) -> Intent:
    """The update that gives an invoice what it lacks and leaves everything else as it is."""
    body: Json = {"Id": str(record["Id"]), "SyncToken": str(record["SyncToken"]), "sparse": True, **lack.fields}
    if lack.classes:
        classes = iter(lack.classes)
        body["Line"] = [_classed(line, next(classes)) for line in _sales(record)]
        if "TxnTaxDetail" in record:
            body["TxnTaxDetail"] = record["TxnTaxDetail"]
    return Intent(
        kind="completion",
        source=source,
        entity=INVOICE,
        reference=str(record.get("PrivateNote") or ""),
        body=_encode(body),
        action="update",
        context=msgspec.json.encode((str(record["Id"]), lack)).decode(),
    )


def taken_as(record: Json, wanted: Intent) -> str:
    """The reference that this program would have given an invoice, its lines in the order of that one's."""
    stem, _, listed = wanted.reference.partition(" lines:")
    sales = list(_sales(_decode(wanted.body)))
    ids = listed.split(",")
    if len(ids) != len(sales):
        return wanted.reference
    left = list(zip(map(_sold, sales), ids, strict=True))
    order = []
    for line in _sales(record):
        found = next(each for each in left if each[0] == _sold(line))
        left.remove(found)
        order.append(found[1])
    return f"{stem} lines:{','.join(order)}"


class Others:
    """The other programs that bill deals, as a deal sees them: what they billed, and what they are still to."""

    def __init__(
        self,
        quickbooks: QuickBooks,
        foreign: Foreigners,
        awaiting: Awaiting,
        outbox: Outbox,
        evidence: Evidence,
        mapping: Mapping,
        *,
        settle_s: int = 0,
    ) -> None:
        self._settle_s = settle_s
        self._quickbooks, self._foreign, self._awaiting = quickbooks, foreign, awaiting
        self._outbox, self._evidence = outbox, evidence
        self._rules, self._owned = mapping.company.policies.invoices, mapping.owned("invoice", "crm")
        #: Whether a billing system writes every invoice, and this program none.
        self.bill = self._rules.by_billing_system
        #: Whether other programs write invoices at all.
        self.active = foreign.active

    def of_deal(self, deal_id: str) -> list[Json]:
        """The invoices of others that name a deal, as they are in the ledger now, oldest first."""
        return self._foreign.of_deal(deal_id)

    def await_(self, deal_id: str, won: date, worth: Decimal | None, currency: str) -> None:
        """A deal that was won on a day waits for the billing system's invoice."""
        self._awaiting.begin(deal_id, won + timedelta(days=self._rules.within_days), worth, currency)

    def settled(self, deal_id: str) -> None:
        """A deal waits no longer."""
        self._awaiting.end(deal_id)

    def taken(self, record: Json, wanted: Intent, customers: Collection[str], *, calculated: bool) -> Json:
        """The invoice, taken for the one that would have been written (`wanted`); what it lacks is on its way to it.

        `calculated`: the ledger works out the tax. Raises `Rejected` where it does not agree to the cent.
        """
        total, currency = Decimal(record["TotalAmt"]), str(record["CurrencyRef"]["value"])
        why = difference(record, wanted.body, customers, None if calculated else wanted.amount)
        if why:
            number = record.get("DocNumber") or record["Id"]
            reason = f"invoice {number} of another program over {currency} {total} does not agree: {why}"
            raise Rejected("other_invoice_differs", reason)
        target = f"quickbooks:invoice:{record['Id']}"
        self._evidence.log(wanted.source, target, "adopt", "found", amount=total, currency=currency)
        lack = lacking(record, wanted.body, self._owned)
        if lack:
            self._outbox.put(completion(record, lack, wanted.source))
        return record

    # What the outbox asks before it sends a deal's first invoice.

    def waits(self, intent: Intent, since_s: int) -> bool:
        """Nothing is sent without a look for what others wrote, in this pass and so long after it was decided that also
        a ledger whose lists run behind shows what was there then.
        """
        settled = datetime.now(UTC).timestamp() >= since_s + self._settle_s
        return _is_first(intent) and not (settled and self._foreign.looked)

    def is_elsewhere(self, intent: Intent) -> bool:
        """Whether the deal has an invoice of another program by now; an answer that was lost left this one behind."""
        return _is_first(intent) and bool(self._foreign.of_deal(intent.source.split(":")[2]))

    def dropped(self, intent: Intent) -> None:
        """The deal is decided about again, by the other program's invoice."""
        self._foreign.again(intent.source.split(":")[2], tables.BILLED)

    # What the outbox asks about what an invoice lacks.

    def posted(self, intent: Intent, record: Json) -> None:
        """Nothing else is remembered of it: the invoice was taken over before."""

    def corrected(self, intent: Intent, refusal: Refused) -> Intent | Json | None:
        """What was changed meanwhile is read again; what it still lacks is the same."""
        if refusal.code != STALE:
            return None
        invoice_id, lack = msgspec.json.decode(intent.context, type=tuple[str, Lacking])
        record = self._quickbooks.read(INVOICE, invoice_id)
        same = not lack.classes or len(lack.classes) == len(list(_sales(record)))
        return completion(record, lack, intent.source) if same else None

    def failed(self, intent: Intent, reason: str) -> None:
        """The invoice stays as it is, and the alert says what it lacks."""


def _is_first(intent: Intent) -> bool:
    first = intent.source.endswith(":v1") or intent.source == deposit_source(intent.source.split(":")[2])
    return intent.kind == "document" and intent.entity == INVOICE and first


def _sales(record: Json) -> Iterator[Json]:
    return (line for line in record["Line"] if line.get("DetailType") == _SALE)


def _sold(line: Json) -> tuple[str, Decimal]:
    return str(line[_SALE]["ItemRef"]["value"]), Decimal(line["Amount"])


def _class(line: Json) -> str:
    return str(line[_SALE].get("ClassRef", {}).get("value", ""))


def _classed(line: Json, class_id: str) -> Json:
    if not class_id:
        return line
    return {**line, _SALE: {**line[_SALE], "ClassRef": {"value": class_id}}}


def _sum(lines: Iterable[tuple[str, Decimal]]) -> Decimal:
    return sum((amount for _, amount in lines), Decimal(0))


def _plain(value: object) -> object:
    """A reference without the name that the ledger shows beside it."""
    return value.get("value") if isinstance(value, dict) else value
