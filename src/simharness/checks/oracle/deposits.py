"""What was invoiced of a deal in advance, what its final invoice takes off of that, and what went back of it.

A deposit is shared by the tax codes of what it is for, or bears none where tax is due at the sale. The final invoice
takes off what is left of it, never more than the lines of the same code come to, and these lines bear the tax of the
deposit for as much (rules: section 3, deposits).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from simharness.checks.arithmetic.allocation import largest_remainder
from simharness.checks.arithmetic.exemption import exempting
from simharness.checks.arithmetic.rounding import rounded
from simharness.checks.arithmetic.tax import Policy, Share
from simharness.checks.oracle.model import BilledLine, Conditions, Early
from simharness.checks.oracle.rulebook import Rulebook
from simharness.domain.policy import DepositTax

_ZERO = Decimal(0)
_HUNDRED = Decimal(100)


@dataclass(slots=True, kw_only=True)
class Part:
    """A deposit's share under one tax code ("" is none): `amount` in the terms of the price, all else without tax."""

    code: str
    amount: Decimal
    net: Decimal
    percent: Decimal
    off: Decimal = _ZERO
    back: Decimal = _ZERO

    @property
    def left(self) -> Decimal:
        return self.net - self.off - self.back


@dataclass(slots=True, kw_only=True)
class Advance:
    """The deposit of a deal once it is invoiced, and the conditions under which it was."""

    under: Conditions
    parts: list[Part]
    policy: Policy
    included: bool

    def held(self, part: Part) -> Decimal:
        """What is left of a part in the terms of the price."""
        if not part.back and not part.off:
            return part.amount
        if not self.included:
            return part.left
        return self._round(part.left * (_HUNDRED + part.percent) / _HUNDRED)

    def give_back(self, gross: Decimal) -> None:
        """So much with tax goes back, from every code in proportion to what is left of it; all of it at most."""
        rests = [part.left + self._round(part.left * part.percent / _HUNDRED) for part in self.parts]
        whole = sum(rests, _ZERO)
        if gross >= whole:
            for part in self.parts:
                part.back += part.left
            return
        shares = largest_remainder(gross, rests, self.policy.unit)
        for part, share in zip(self.parts, shares, strict=True):
            part.back += self._round(share * _HUNDRED / (_HUNDRED + part.percent))

    def give_back_lines(self, lines: Sequence[tuple[int, Decimal]]) -> None:
        """So much without tax of each line of the deposit invoice goes back; all of it at most."""
        for position, net in lines:
            if 1 <= position <= len(self.parts):
                part = self.parts[position - 1]
                part.back += min(net, part.left)

    def _round(self, amount: Decimal) -> Decimal:
        return rounded(amount, self.policy.unit, self.policy.rounding)


def asked(
    book: Rulebook,
    lines: tuple[BilledLine, ...],
    under: Conditions,
    percent: Decimal | None,
    amount: Decimal | None,
    policy: Policy,
) -> tuple[BilledLine, ...]:
    """The lines of a deposit invoice over what a deal sells; empty where the deposit is nothing or more than that."""
    total = sum((line.amount for line in lines), _ZERO)
    share = rounded((amount if amount is not None else total * (percent or _ZERO) / _HUNDRED),
                    policy.unit, policy.rounding)  # fmt: skip
    if not 0 < share <= total:
        return ()
    weights: dict[str, Decimal] = {}
    for line in lines:
        code = "" if book.policy.deposit_tax is DepositTax.AT_SALE else code_of(book, line.product, under)
        weights[code] = weights.get(code, _ZERO) + line.amount
    shares = largest_remainder(share, list(weights.values()), policy.unit)
    return tuple(_line(book, code, part, under) for code, part in zip(weights, shares, strict=True) if part)


def code_of(book: Rulebook, product: str, under: Conditions) -> str:
    """The code that a product is taxed under, "" where a certificate or the law exempts it."""
    if exempting(under.certificates, under.region, under.day) is not None:
        return ""
    return book.treatment(under.region, book.products[product], under.day).code


def taken_off(
    book: Rulebook, advance: Advance, lines: tuple[BilledLine, ...], now: Conditions
) -> tuple[tuple[BilledLine, ...], tuple[BilledLine, ...]]:
    """The lines of the final invoice that take the deposit off, and its sold lines with what was taxed before.

    What is taken off is noted as such on the deposit.
    """
    off: list[BilledLine] = []
    sold = {line.line_id: line for line in lines}
    for part in advance.parts:
        mine = [
            line for line in lines if not _taxed_early(book) or code_of(book, line.product, advance.under) == part.code
        ]
        base = sum((line.amount for line in mine), _ZERO)
        amount = min(advance.held(part), base)
        if amount <= 0:
            continue
        off.append(_line(book, part.code, -amount, advance.under))
        if not _taxed_early(book):
            continue
        for line, early in zip(mine, largest_remainder(amount, [each.amount for each in mine], advance.policy.unit),
                               strict=True):  # fmt: skip
            if early and code_of(book, line.product, now) != part.code:
                sold[line.line_id] = replace(line, early=Early(amount=early, code=part.code, under=advance.under))
    return tuple(off), tuple(sold.values())


def rate_conflict(book: Rulebook, advance: Advance, lines: tuple[BilledLine, ...], now: date) -> str:
    """Why no document can take the deposit off, in words: a code that it bears has another rate by now; else ""."""
    if not _taxed_early(book):
        return ""
    for part in advance.parts:
        changed = part.code and _percents(book.shares(part.code, advance.under.day)) != _percents(
            book.shares(part.code, now)
        )
        here = any(
            book.treatment(advance.under.region, book.products[line.product], now).code == part.code for line in lines
        )
        if changed and here and advance.held(part) > 0:
            return f"the deposit was taxed under {part.code}, which has another rate by now"
    return ""


def _percents(shares: Sequence[Share]) -> list[Decimal]:
    return [share.percent for share in shares]


def _taxed_early(book: Rulebook) -> bool:
    return book.policy.deposit_tax is DepositTax.ON_RECEIPT


def _line(book: Rulebook, code: str, amount: Decimal, under: Conditions) -> BilledLine:
    return BilledLine(
        line_id="",
        product="",
        account=book.account_with("deposits"),
        tax_code=code,
        listed=_ZERO,
        amount=amount,
        net=amount,
        cost_centre="",
        under=under,
    )
