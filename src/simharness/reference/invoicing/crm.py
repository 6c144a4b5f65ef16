"""What HubSpot tells, read through the mapping's field names into companies and deals."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

import msgspec

from simharness.reference.arithmetic.currencies import CODES
from simharness.reference.arithmetic.pricing import NO_DISCOUNT, DealLine, Discount
from simharness.reference.arithmetic.recurring import FREQUENCIES, Recurring, recurring_of
from simharness.reference.errors import Rejected
from simharness.reference.mapping.model import Certificate, LineFields
from simharness.reference.mapping.model import Mapping as Mapped
from simharness.reference.seat import ALONE, Seat
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.hubspot import SEARCH_CEILING, HubSpot

MODIFIED = "hs_lastmodifieddate"


class CompanyFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the CRM says of a customer. `merged`: ids of the companies that were merged into it."""

    id: str
    name: str
    region: str = ""
    terms: str = ""
    currency: str = ""
    email: str = ""
    business_key: str = ""
    certificate: Certificate | None = None
    merged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """A won deal with its lines in document order. `modified` is its last change; HubSpot counts those of its lines."""

    id: str
    company_id: str
    currency: str
    won_at: datetime | None
    close_at: datetime | None
    modified: datetime
    discount: Discount
    cost_centre: str
    location: str
    entity: str
    lines: tuple[DealLine, ...]
    name: str = ""
    business_key: str = ""
    deposit: Discount = NO_DISCOUNT
    delivered_on: date | None = None

    @property
    def fingerprint(self) -> str:
        """A digest of everything that decides what the deal is billed."""
        facts = [
            self.company_id,
            self.currency,
            self.discount,
            self.cost_centre,
            self.location,
            self.entity,
            self.deposit,
            self.delivered_on,
            [
                (
                    line.id,
                    line.product,
                    line.quantity,
                    line.unit_price,
                    line.discount,
                    line.revenue_type,
                    line.cost_centre,
                    line.schedule,
                    line.frequency,
                    line.service_from,
                    line.service_to,
                    line.reached_on,
                )
                for line in self.lines
            ],
        ]
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:24]


class Crm:
    """Reads the portal. Objects come as HubSpot gives them from the searches, and as facts from the rest."""

    def __init__(self, hubspot: HubSpot, mapping: Mapped, seat: Seat = ALONE) -> None:
        self._hubspot, self._mapping, self._seat = hubspot, mapping, seat
        self._fields = mapping.fields
        self._company_properties = [*filter(None, msgspec.structs.asdict(self._fields.company).values()), MODIFIED]
        self._deal_properties = [*filter(None, msgspec.structs.asdict(self._fields.deal).values()), MODIFIED]
        self._line_properties = [*msgspec.structs.asdict(self._fields.line).values(), MODIFIED]

    def changed_companies(self, since_ms: int) -> Iterator[Json]:
        """Companies changed at or after the instant, oldest change first."""
        return self._changed("companies", since_ms, (), self._company_properties)

    def changed_won_deals(self, since_ms: int) -> Iterator[Json]:
        """Deals in a won stage changed at or after the instant, oldest change first."""
        stages = {"propertyName": self._fields.deal.stage, "operator": "IN", "values": list(self._fields.won_stages)}
        return self._changed("deals", since_ms, (stages,), self._deal_properties)

    def companies(self, ids: Sequence[str]) -> list[Json]:
        """Companies by id."""
        return list(self._hubspot.read("companies", ids, self._company_properties).values()) if ids else []

    def deals(self, ids: Sequence[str]) -> list[Json]:
        """Deals by id."""
        return list(self._hubspot.read("deals", ids, self._deal_properties).values()) if ids else []

    def is_kept(self, found: Json) -> bool:
        """Whether a deal is to be looked at here: where several entities keep books, by the field that says whose."""
        return self._seat.is_alone or self._seat.keeps(_text(found, self._fields.deal.entity))

    def deals_of_lines(self, line_ids: Sequence[str]) -> list[str]:
        """The deals that line items belong to now."""
        found = self._hubspot.associated("line_items", "deals", line_ids) if line_ids else {}
        return [deal for each in found.values() for deal in each]

    def is_won(self, found: Json) -> bool:
        """Whether a deal stands in a won stage."""
        return _text(found, self._fields.deal.stage) in self._fields.won_stages

    def companies_of(self, deal_ids: Sequence[str]) -> dict[str, list[str]]:
        """The companies of each deal, the primary one first."""
        return self._hubspot.associated("deals", "companies", deal_ids) if deal_ids else {}

    def lines_of(self, deal_ids: Sequence[str]) -> dict[str, list[Json]]:
        """The line items of each deal."""
        if not deal_ids:
            return {}
        ids = self._hubspot.associated("deals", "line_items", deal_ids)
        found = self._hubspot.read("line_items", [i for each in ids.values() for i in each], self._line_properties)
        return {deal: [found[i] for i in each if i in found] for deal, each in ids.items()}

    def list_prices(self, line_ids: Sequence[str]) -> dict[str, tuple[Decimal, Decimal]]:
        """Quantity and list price of line items, where they still exist and can be read."""
        prices: dict[str, tuple[Decimal, Decimal]] = {}
        names = self._fields.line
        for each in self._hubspot.read("line_items", line_ids, self._line_properties).values() if line_ids else ():
            quantity = _number(each, names.quantity)
            price = _number(each, names.price)
            if price is not None:
                prices[str(each["id"])] = (Decimal(1) if quantity is None else quantity, price)
        return prices

    def recurring_lines(self) -> tuple[list[Recurring], list[str]]:
        """The recurring lines of every won deal, and the ids of these deals; a line that cannot be read was told when
        its deal was billed.
        """
        kept = (each for each in self.changed_won_deals(0) if self.is_kept(each))
        currencies = {str(each["id"]): _text(each, self._fields.deal.currency) for each in kept}
        names, cents, lines = self._fields.line, self._mapping.cents(), list[Recurring]()
        for deal_id, of_deal in self.lines_of(list(currencies)).items():
            currency = currencies[deal_id] or self._mapping.company.currency
            for found in of_deal:
                if _text(found, names.frequency) not in FREQUENCIES:
                    continue
                try:
                    line = recurring_of(self._line(found), deal_id, currency, cents)
                except Rejected:
                    continue
                lines += [line] if line is not None else []
        return lines, list(currencies)

    def company(self, found: Json) -> CompanyFacts:
        """A company's facts. Raises `Rejected` where a value cannot be read."""
        names = self._fields.company
        number = _text(found, names.certificate)
        certificate = None
        if number:
            certificate = Certificate(
                number=number,
                jurisdictions=tuple(a.strip() for a in _text(found, names.jurisdictions).split(";") if a.strip()),
                reason=_text(found, names.exempt_reason),
                valid_from=_day(found, names.exempt_from),
                valid_until=_day(found, names.exempt_until),
            )
        return CompanyFacts(
            id=str(found["id"]),
            name=_text(found, names.name),
            region=_text(found, names.region),
            terms=_text(found, names.terms),
            currency=_text(found, names.currency),
            email=_text(found, names.email),
            business_key=_text(found, names.business_key) if names.business_key else "",
            certificate=certificate,
            merged=tuple(each for each in _text(found, names.merged).split(";") if each not in ("", str(found["id"]))),
        )

    def deal(self, found: Json, company_ids: Sequence[str], lines: Iterable[Json]) -> Deal:
        """A deal's facts. Raises `Rejected` where a value cannot be read."""
        names = self._fields.deal
        discounts = self._mapping.discounts
        read = sorted((self._line(each) for each in lines), key=lambda line: (line.position, int(line.id)))
        document = Discount(
            percent=_number(found, names.discount_percent), amount=_number(found, names.discount_amount)
        )
        currency = _text(found, names.currency) or self._mapping.company.currency
        if currency not in CODES:
            raise Rejected("unknown_currency", f"deal {found['id']} is in {currency!r}, which is no currency")
        return Deal(
            id=str(found["id"]),
            company_id=company_ids[0] if company_ids else "",
            name=_text(found, names.name),
            business_key=_text(found, names.business_key) if names.business_key else "",
            currency=currency,
            won_at=_instant(found, names.won_at),
            close_at=_instant(found, names.close_date),
            modified=datetime.fromtimestamp(modified_ms_of(found) / 1000, UTC),
            discount=document if discounts.document else Discount(),
            deposit=Discount(
                percent=_number(found, names.deposit_percent), amount=_number(found, names.deposit_amount)
            ),
            delivered_on=_day(found, names.delivered_on),
            cost_centre=_text(found, names.cost_centre),
            location=_text(found, names.location),
            entity=_text(found, names.entity),
            lines=tuple(read),
        )

    def _line(self, found: Json) -> DealLine:
        names = self._fields.line
        price = _number(found, names.price)
        if price is None:
            raise Rejected("line_without_price", f"line item {found['id']} has no price")
        quantity = _number(found, names.quantity)
        position = _number(found, names.position)
        return DealLine(
            id=str(found["id"]),
            product=_text(found, names.product),
            quantity=Decimal(1) if quantity is None else quantity,
            unit_price=price,
            discount=_line_discount(found, names) if self._mapping.discounts.line else Discount(),
            revenue_type=_text(found, names.revenue_type),
            cost_centre=_text(found, names.cost_centre),
            position=int(position) if position is not None else 0,
            schedule=_text(found, names.schedule),
            frequency=_text(found, names.frequency),
            service_from=_day(found, names.service_from),
            service_to=_day(found, names.service_to),
            reached_on=_day(found, names.reached_on),
        )

    def _changed(
        self, kind: str, since_ms: int, filters: Sequence[Mapping[str, object]], properties: Sequence[str]
    ) -> Iterator[Json]:
        """Objects by their change, each once; a search that ends at the vendor's ceiling is followed by another."""
        seen: set[str] = set()
        while True:
            since = {"propertyName": MODIFIED, "operator": "GTE", "value": str(since_ms)}
            newest_ms, count = since_ms, 0
            for each in self._hubspot.search(kind, [since, *filters], properties, MODIFIED):
                newest_ms, count = max(newest_ms, modified_ms_of(each)), count + 1
                if str(each["id"]) not in seen:
                    seen.add(str(each["id"]))
                    yield each
            if count < SEARCH_CEILING or newest_ms == since_ms:
                return
            since_ms = newest_ms


def now_ms() -> int:
    """The wall clock in the CRM's unit."""
    return int(datetime.now(UTC).timestamp() * 1000)


def modified_ms_of(found: Json) -> int:
    """When HubSpot says the object was last changed, in milliseconds."""
    changed = _instant(found, MODIFIED)
    if changed is None:
        changed = datetime.fromisoformat(str(found["updatedAt"]))
    return round(changed.timestamp() * 1000)


def _line_discount(found: Json, names: LineFields) -> Discount:
    """At most one of the three is set; the whole line's amount wins, because the unit's may have been rounded."""
    amount, unit = _number(found, names.discount_amount), _number(found, names.discount_per_unit)
    if amount is not None:
        return Discount(amount=amount)
    if unit is not None and unit != 0:
        return Discount(per_unit=unit)
    return Discount(percent=_number(found, names.discount_percent))


def _text(found: Json, name: str) -> str:
    return str(found["properties"].get(name) or "").strip()


def _number(found: Json, name: str) -> Decimal | None:
    text = _text(found, name)
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise Rejected("unreadable_value", f"{name} of {found['id']} is {text!r}, which is not a number")
    return number


def _instant(found: Json, name: str) -> datetime | None:
    text = _text(found, name)
    if not text:
        return None
    try:
        if text.isdecimal():
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        read = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise Rejected("unreadable_value", f"{name} of {found['id']} is {text!r}, which is not an instant") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _day(found: Json, name: str) -> date | None:
    """A date-only value: never converted between zones (HubSpot keeps it as midnight UTC)."""
    read = _instant(found, name)
    return read.date() if read else None
