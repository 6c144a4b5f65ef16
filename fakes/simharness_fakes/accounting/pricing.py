"""From a draft's lines to amounts, discounts, tax and totals (finance rules, section 2). Stores nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from simharness.domain.base import Record
from simharness_fakes.accounting import chart
from simharness_fakes.accounting.coding import Coder
from simharness_fakes.accounting.documents import (
    DescriptionLine,
    DiscountLine,
    DraftLine,
    ItemLine,
    Line,
    SaleDraft,
    TaxLine,
)
from simharness_fakes.accounting.refusals import AmountMismatch, BadValue, Missing
from simharness_fakes.accounting.rounding import Rounder, allocate
from simharness_fakes.accounting.state import State
from simharness_fakes.accounting.taxation import Code, Piece, Taxed, TaxRule, calculate

ZERO, ONE = Decimal(0), Decimal(1)
TAX_MODES = ("exclusive", "inclusive", "none")


class Priced(Record, frozen=True, kw_only=True):
    """A draft's figures: lines as they will be kept, tax by group, totals. net = Σ item nets − Σ discount nets."""

    lines: tuple[Line, ...]
    taxes: tuple[TaxLine, ...]
    net: Decimal
    tax: Decimal
    discount: Decimal
    tax_code: str
    tax_overridden: bool
    tax_given: bool


@dataclass(slots=True)
class _Working:
    """Amounts by line position while the document is priced; `item_of` and `code_of` of item lines only."""

    amounts: list[Decimal]
    item_of: dict[int, chart.Item | None] = field(default_factory=dict)
    code_of: dict[int, Code | None] = field(default_factory=dict)
    shares: dict[int, Decimal] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)
    piece_line: list[int] = field(default_factory=list)  # which line each piece's net belongs to


def price(
    state: State, draft: SaleDraft, customer: chart.Customer, currency: str, old_lines: tuple[Line, ...] = ()
) -> Priced:
    """Calculate a draft in a currency; refuses what is wrong with its lines, codes or amounts."""
    if draft.tax_mode not in TAX_MODES:
        raise BadValue("tax_mode", draft.tax_mode, f"it must be one of {', '.join(TAX_MODES)}")
    rounder = state.rounder_of(currency)
    coder = Coder(state, draft, customer)
    work = _Working([ZERO] * len(draft.lines))
    _item_lines(state, draft, coder, work, rounder)
    if not work.item_of:
        raise Missing("the document", "at least one line with an amount")
    if len(work.item_of) < len(draft.lines):
        _discount_lines(draft, work, rounder)
    settings = state.settings
    override = None if settings.automated_tax else draft.tax_override
    if override is None and not any(work.code_of.values()):
        taxed = Taxed(tuple([piece.amount for piece in work.pieces]), (), ZERO)
    else:
        taxed = calculate(work.pieces, _rule(settings, draft, rounder, override))
    nets = [ZERO] * len(draft.lines)
    for position, net in zip(work.piece_line, taxed.nets, strict=True):
        nets[position] += net
    lines = _kept(state, draft, work, nets, _line_ids(draft.lines, old_lines))
    return Priced(
        lines=lines,
        taxes=taxed.taxes,
        net=sum(nets, ZERO),
        tax=taxed.tax,
        discount=sum([line.amount for line in lines if line.kind == "discount"], ZERO),
        tax_code=coder.document_code,
        tax_overridden=settings.automated_tax and draft.tax_override not in (None, taxed.tax),
        tax_given=override is not None,
    )


def _rule(settings: chart.Settings, draft: SaleDraft, rounder: Rounder, override: Decimal | None) -> TaxRule:
    if override is not None and (override < 0 or not rounder.is_exact(override)):
        raise BadValue("tax_override", override, "tax is zero or more, in whole minor units")
    after = draft.tax_after_discount
    return TaxRule(
        rounder=rounder,
        policy=settings.tax_policy,
        inclusive_policy=settings.inclusive_policy,
        inclusive=draft.tax_mode == "inclusive",
        after_discount=settings.tax_after_discount if after is None else after,
        override=override,
    )


def line_amount(position: int, line: ItemLine, item: chart.Item | None, rounder: Rounder) -> Decimal:
    """The amount of an item line as entered; refuses `AmountMismatch` when quantity and price say another."""
    price = line.unit_price
    if price is None and line.amount is None and item is not None:
        price = item.unit_price
    if price is None:
        if line.amount is None:
            raise Missing(f"line {position}", "an amount")
        return _whole(position, line.amount, rounder)
    if line.quantity is None and line.amount is not None:
        return _whole(position, line.amount, rounder)
    if not line.base_quantity:
        raise BadValue(f"line {position} base_quantity", line.base_quantity, "a price is per some quantity")
    quantity = ONE if line.quantity is None else line.quantity
    amount = rounder.round(quantity * price / line.base_quantity)
    for each in line.adjustments:
        amount += rounder.round(each)
    if line.amount is not None and line.amount != amount:
        raise AmountMismatch(position, line.amount, amount)
    return amount


def _whole(position: int, amount: Decimal, rounder: Rounder) -> Decimal:
    rounded = rounder.round(amount)
    if rounded != amount:
        raise BadValue(f"line {position} amount", amount, f"the smallest amount is {rounder.unit}")
    return rounded


def _item_lines(state: State, draft: SaleDraft, coder: Coder, work: _Working, rounder: Rounder) -> None:
    running = ZERO
    for position, line in enumerate(draft.lines):
        if isinstance(line, ItemLine):
            item = state.refer(f"line {position + 1} item", "item", line.item) if line.item else None
            if item is None and not line.account:
                raise Missing(f"line {position + 1}", "an item or an account")
            amount = line_amount(position + 1, line, item, rounder)
            code = coder.code_of(position + 1, line, item)
            work.item_of[position], work.code_of[position] = item, code
            work.pieces.append(Piece(line=position, amount=amount, code=code))
            work.piece_line.append(position)
            work.amounts[position] = amount
            running += amount
        elif not isinstance(line, DiscountLine | DescriptionLine):
            work.amounts[position] = running


def _discount_lines(draft: SaleDraft, work: _Working, rounder: Rounder) -> None:
    for position, line in enumerate(draft.lines):
        if not isinstance(line, DiscountLine):
            continue
        covered = tuple(work.code_of) if line.covers is None else line.covers
        if not covered or any(each not in work.code_of for each in covered):
            raise BadValue(f"line {position + 1} covers", covered, "a discount covers item lines of its document")
        weights = [work.amounts[each] for each in covered]
        amount = _discount_amount(position + 1, line, sum(weights, ZERO), rounder)
        work.amounts[position] = amount
        for each, share in zip(covered, allocate(amount, weights, rounder.unit), strict=True):
            code = work.code_of[each]
            work.pieces.append(Piece(line=each, amount=-share, code=code, discount=True, off_net=line.off_net))
            work.piece_line.append(position)
            work.shares[each] = work.shares.get(each, ZERO) + share


def _discount_amount(position: int, line: DiscountLine, base: Decimal, rounder: Rounder) -> Decimal:
    if line.percent is not None:
        if not 0 <= line.percent <= 100:
            raise BadValue(f"line {position} percent", line.percent, "a discount is between 0 and 100 percent")
        amount = rounder.round(base * line.percent.scaleb(-2))
        if line.amount is not None and line.amount != amount:
            raise AmountMismatch(position, line.amount, amount)
        return amount
    if line.amount is None:
        raise Missing(f"line {position}", "a percentage or an amount")
    if line.amount < 0 or not rounder.is_exact(line.amount):
        raise BadValue(f"line {position} amount", line.amount, "a discount is a positive amount in whole minor units")
    return rounder.round(line.amount)


def _line_ids(lines: tuple[DraftLine, ...], old: tuple[Line, ...]) -> list[str]:
    """Ids within the document: those given are kept, new lines count on from the highest that was ever in use here."""
    if not old and not [line for line in lines if line.id]:
        return [str(number) for number in range(1, len(lines) + 1)]
    used = [line.id for line in lines if line.id] + [line.id for line in old]
    highest = max((int(id) for id in used if id.isdecimal()), default=0)
    seen: set[str] = set()
    ids: list[str] = []
    for line in lines:
        if line.id and line.id not in seen:
            ids.append(line.id)
        else:
            highest += 1
            ids.append(str(highest))
        seen.add(ids[-1])
    return ids


def _kept(state: State, draft: SaleDraft, work: _Working, nets: list[Decimal], ids: list[str]) -> tuple[Line, ...]:
    lines: list[Line] = []
    for position, line in enumerate(draft.lines):
        amount, net = work.amounts[position], nets[position]
        if isinstance(line, ItemLine):
            code = work.code_of[position]
            lines.append(
                Line(
                    id=ids[position], kind="item", amount=amount, net=net, description=line.description, item=line.item,
                    quantity=line.quantity, unit_price=line.unit_price,
                    account=_account(state, position, line, work.item_of[position]),
                    tax_code=code.id if code else "", taxable=code is not None and bool(code.rates),
                    cost_centre=_class(state, line.cost_centre or draft.cost_centre),
                    discount=work.shares.get(position, ZERO), carried=line.carried,
                )
            )  # fmt: skip
        elif isinstance(line, DiscountLine):
            lines.append(
                Line(
                    id=ids[position], kind="discount", amount=amount, net=-net, description=line.description,
                    percent=line.percent, account=_discount_account(state, line),
                    cost_centre=_class(state, line.cost_centre or draft.cost_centre), carried=line.carried,
                )
            )  # fmt: skip
        else:
            kind = "description" if isinstance(line, DescriptionLine) else "subtotal"
            lines.append(
                Line(id=ids[position], kind=kind, amount=amount, description=line.description, carried=line.carried)
            )
    return tuple(lines)


def _account(state: State, position: int, line: ItemLine, item: chart.Item | None) -> str:
    id = line.account or (item.income_account if item else "")
    field = f"line {position + 1} account"
    account: chart.Account = state.refer(field, "account", id)
    state.check_no_control(field, id)
    return account.id


def _discount_account(state: State, line: DiscountLine) -> str:
    if line.account:
        account: chart.Account = state.refer("discount account", "account", line.account)
        state.check_no_control("discount account", line.account)
        return account.id
    return state.account_for("discounts_given").id


def _class(state: State, id: str) -> str:
    if id:
        state.refer("cost_centre", "class", id)
    return id
