"""Giving back part of an invoice: the same lines, accounts and dimensions, and the tax it was billed with.

Pure arithmetic over the invoice as it stands in the ledger and what was given back of it before. What is given back
never passes the invoice, and the last part takes the cent, line by line and rate by rate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

import msgspec

from simharness.reference.arithmetic.money import ZERO, Cents
from simharness.reference.arithmetic.tax import Rate, TaxPolicy, Treatment
from simharness.reference.errors import Rejected
from simharness.reference.vendors.http import Json

#: How far from its proportional share the net of a group may lie so that net and tax make the asked amount.
_SEARCH_CENTS = 3


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What one document gives back: net a line of the invoice, and tax a rate (the ledger's id of it)."""

    nets: tuple[Decimal, ...]
    taxes: dict[str, Decimal] = {}

    @property
    def total(self) -> Decimal:
        """With tax."""
        return sum(self.nets, ZERO) + self.tax

    @property
    def tax(self) -> Decimal:
        """All rates together."""
        return sum(self.taxes.values(), ZERO)


class TaxLine(msgspec.Struct, frozen=True, kw_only=True):
    """One rate on the invoice, by the ledger's id of it."""

    rate: str
    percent: Decimal
    tax: Decimal


class Original(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice: its item lines as the ledger keeps them, their nets, and the tax code each is taxed under.

    `groups` has the rates of each code in use; a line that bears no tax has the code "".
    """

    record: Json
    lines: tuple[Json, ...]
    nets: tuple[Decimal, ...]
    codes: tuple[str, ...]
    groups: dict[str, tuple[TaxLine, ...]]

    def rest(self, before: Sequence[Given]) -> Given:
        """What has not been given back yet."""
        nets = [net - sum((each.nets[i] for each in before), ZERO) for i, net in enumerate(self.nets)]
        taxes = {
            line.rate: line.tax - sum((each.taxes.get(line.rate, ZERO) for each in before), ZERO)
            for lines in self.groups.values()
            for line in lines
        }
        return Given(nets=tuple(nets), taxes=taxes)


def original(invoice: Json, rates_of: Mapping[str, Sequence[str]], cents: Cents) -> Original:
    """Read an invoice. `rates_of` gives the ledger's rates of each of its tax codes (global tax model)."""
    lines = tuple(line for line in invoice["Line"] if line["DetailType"] == "SalesItemLineDetail")
    nets = [Decimal(line["Amount"]) for line in lines]
    discount = sum((Decimal(each["Amount"]) for each in invoice["Line"] if "DiscountLineDetail" in each), ZERO)
    if discount:
        nets = [net - share for net, share in zip(nets, cents.spread(discount, nets), strict=True)]
    taxes = [_tax_line(each) for each in invoice.get("TxnTaxDetail", {}).get("TaxLine", [])]
    codes, groups = [], {}
    for line in lines:
        code = str(line["SalesItemLineDetail"].get("TaxCodeRef", {}).get("value", ""))
        mine = tuple(taxes) if code == "TAX" else tuple(t for t in taxes if t.rate in rates_of.get(code, ()))
        codes.append(code if mine else "")
        if mine:
            groups[code] = mine
    return Original(record=invoice, lines=lines, nets=tuple(nets), codes=tuple(codes), groups=groups)


def _tax_line(line: Json) -> TaxLine:
    detail = line["TaxLineDetail"]
    return TaxLine(
        rate=str(detail["TaxRateRef"]["value"]),
        percent=Decimal(detail.get("TaxPercent", 0)),
        tax=Decimal(line["Amount"]),
    )


class Mirror:
    """Works out parts of an invoice by one tax policy."""

    def __init__(self, policy: TaxPolicy) -> None:
        # Nets are given back, so the tax goes on top even where list prices include it.
        self._policy = TaxPolicy(policy.cents, policy.tax)
        self._cents = policy.cents

    def of_lines(self, whole: Original, before: Sequence[Given], lines: Mapping[int, Decimal]) -> Given:
        """So much net of these lines (from 1), each with its own tax. Raises `Rejected` above what a line has left."""
        rest = whole.rest(before)
        nets = [ZERO] * len(rest.nets)
        for position, net in lines.items():
            if not 1 <= position <= len(nets):
                raise Rejected("no_such_line", f"{_name(whole)} has no line {position}")
            left = rest.nets[position - 1]
            if net * left <= 0 or abs(net) > abs(left) + self._slack(before):
                raise Rejected("above_invoice", f"line {position} of {_name(whole)} has {left} left, not {net}")
            nets[position - 1] = net if abs(net) <= abs(left) else left
        return self._taxed(whole, rest, nets)

    def at_own_rates(self, whole: Original, nets: Sequence[Decimal]) -> Given:
        """So much of each line, with the tax of its own rate."""
        return self._taxed(whole, whole.rest(()), nets)

    def of_amount(self, whole: Original, before: Sequence[Given], amount: Decimal) -> Given:
        """So much with tax, shared by all lines in proportion. Raises `Rejected` above what is left."""
        rest = whole.rest(before)
        if rest.total <= 0 or amount <= 0 or amount > rest.total + self._slack(before):
            raise Rejected("above_invoice", f"{_name(whole)} has {rest.total} left, not {amount}")
        if amount >= rest.total:
            return rest
        members = {
            code: [i for i, each in enumerate(whole.codes) if each == code] for code in dict.fromkeys(whole.codes)
        }
        weights = [
            sum((rest.nets[i] for i in mine), ZERO) + self._rest_of(whole, rest, code) for code, mine in members.items()
        ]
        nets, taxes = [ZERO] * len(rest.nets), dict.fromkeys(rest.taxes, ZERO)
        for (code, mine), gross in zip(members.items(), self._cents.spread(amount, weights), strict=True):
            found = self._within(whole, rest, code, mine, gross)
            for i in mine:
                nets[i] = found.nets[i]
            for line in whole.groups.get(code, ()):
                taxes[line.rate] = found.taxes[line.rate]
        return Given(nets=tuple(nets), taxes=taxes)

    def _slack(self, before: Sequence[Given]) -> Decimal:
        """Parts that were rounded each by itself may ask for a cent too much each; the last then takes what is left."""
        return len(before) * self._cents.quantum

    def _within(self, whole: Original, rest: Given, code: str, mine: Sequence[int], gross: Decimal) -> Given:
        """The nets of one tax code that make a gross amount with their tax, or come nearest; tax is then the rest."""
        left = sum((rest.nets[i] for i in mine), ZERO)
        both = left + self._rest_of(whole, rest, code)
        guess = self._cents.round(gross * left / both) if both else ZERO
        for cents in sorted(range(-_SEARCH_CENTS, _SEARCH_CENTS + 1), key=abs):
            found = self._split(whole, rest, mine, guess + cents * self._cents.quantum)
            if sum(found.nets, ZERO) + self._tax_of(whole, found, code) == gross:
                return found
        found = self._split(whole, rest, mine, guess)
        lines = whole.groups.get(code, ())
        parts = self._cents.spread(gross - guess, [line.percent for line in lines]) if lines else []
        forced = {line.rate: part for line, part in zip(lines, parts, strict=True)}
        return Given(nets=found.nets, taxes={**found.taxes, **forced})

    def _split(self, whole: Original, rest: Given, mine: Sequence[int], net: Decimal) -> Given:
        weights = [rest.nets[i] for i in mine]
        shares = self._cents.spread(net, weights) if sum(weights, ZERO) else [ZERO for _ in mine]
        nets = [ZERO] * len(rest.nets)
        for i, share in zip(mine, shares, strict=True):
            nets[i] = share
        return self._taxed(whole, rest, nets)

    def _taxed(self, whole: Original, rest: Given, nets: Sequence[Decimal]) -> Given:
        """Nets with the tax of their own rates; a tax code that is given back to the end takes what tax is left."""
        treatments = {
            code: Treatment(code, tuple(Rate(line.rate, line.percent) for line in lines))
            for code, lines in whole.groups.items()
        }
        found = self._policy.calculate(
            [(net, treatments.get(code, Treatment())) for net, code in zip(nets, whole.codes, strict=True)]
        )
        taxes = dict.fromkeys(rest.taxes, ZERO)
        for line in found.lines:
            taxes[line.rate.name] += min(line.tax, rest.taxes[line.rate.name])
        for code, lines in whole.groups.items():
            if all(net == rest.nets[i] for i, net in enumerate(nets) if whole.codes[i] == code):
                taxes |= {line.rate: rest.taxes[line.rate] for line in lines}
        return Given(nets=tuple(nets), taxes=taxes)

    def _rest_of(self, whole: Original, rest: Given, code: str) -> Decimal:
        return sum((rest.taxes[line.rate] for line in whole.groups.get(code, ())), ZERO)

    def _tax_of(self, whole: Original, given: Given, code: str) -> Decimal:
        return sum((given.taxes[line.rate] for line in whole.groups.get(code, ())), ZERO)


def body(whole: Original, given: Given, apart: Mapping[int, tuple[Decimal, str]] = MappingProxyType({})) -> Json:
    """The document that gives it back, in QuickBooks' dialect, without note, date and account.

    `apart`: what of a line (by position from 0) goes back under another item than it was sold under.
    """
    record = whole.record
    lines: list[Json] = []
    for position, (line, net) in enumerate(zip(whole.lines, given.nets, strict=True)):
        other, item = apart.get(position, (ZERO, ""))
        lines += [_line(line, net - other)] if net - other else []
        lines += [_line(line, other, item)] if other else []
    made: Json = {
        "CustomerRef": {"value": record["CustomerRef"]["value"]},
        "CurrencyRef": {"value": record["CurrencyRef"]["value"]},
        "Line": lines,
    }
    for name in ("DepartmentRef", "CustomerMemo", "ShipAddr"):
        if record.get(name):
            made[name] = record[name]
    if "GlobalTaxCalculation" in record:
        made["GlobalTaxCalculation"] = "TaxExcluded"
    if any(given.taxes.values()):
        made["TxnTaxDetail"] = _taxes(whole, given)
    return made


def _line(line: Json, net: Decimal, item: str = "") -> Json:
    known = line["SalesItemLineDetail"]
    detail = {name: {"value": known[name]["value"]} for name in ("ItemRef", "ClassRef", "TaxCodeRef") if name in known}
    if item:
        detail["ItemRef"] = {"value": item}
    return {
        "DetailType": "SalesItemLineDetail",
        "Amount": net,
        "Description": str(line.get("Description") or ""),
        "SalesItemLineDetail": detail,
    }


def _taxes(whole: Original, given: Given) -> Json:
    lines = []
    for code, taxes in whole.groups.items():
        base = sum((net for net, each in zip(given.nets, whole.codes, strict=True) if each == code), ZERO)
        lines += [_tax(each, base, given.taxes[each.rate]) for each in taxes if base or given.taxes[each.rate]]
    detail: Json = {"TotalTax": given.tax, "TaxLine": lines}
    if code_ref := whole.record.get("TxnTaxDetail", {}).get("TxnTaxCodeRef"):
        detail["TxnTaxCodeRef"] = {"value": code_ref["value"]}
    return detail


def _tax(line: TaxLine, base: Decimal, tax: Decimal) -> Json:
    detail: Json = {
        "TaxRateRef": {"value": line.rate},
        "PercentBased": True,
        "TaxPercent": line.percent,
        "NetAmountTaxable": base,
    }
    return {"DetailType": "TaxLineDetail", "Amount": tax, "TaxLineDetail": detail}


def _name(whole: Original) -> str:
    return f"invoice {whole.record.get('DocNumber') or whole.record['Id']}"
