"""What changed of a deal since it was billed, as lines of further documents. Pure decisions.

A line with days of service is billed or credited for the days that are left, where the mapping prorates by the day:
what all its days come to, each at the price it had, less what was billed before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from simharness.reference.arithmetic.money import ZERO, Cents
from simharness.reference.errors import Rejected
from simharness.reference.invoicing.billed import BilledLine, Service

Lines = tuple[tuple[str, BilledLine], ...]


def differences(
    wanted: Mapping[str, BilledLine],
    billed: Mapping[str, BilledLine],
    cents: Cents,
    *,
    anew: bool,
    prorated_from: date | None = None,
) -> tuple[Lines, Lines]:
    """What went up and what went down, both positive; anew: all of it, unless nothing changed.

    `prorated_from`: lines with days of service change on that day, and not for the days before it.
    """
    up: list[tuple[str, BilledLine]] = []
    down: list[tuple[str, BilledLine]] = []
    for line_id in [*wanted, *(each for each in billed if each not in wanted)]:
        now, before = wanted.get(line_id), billed.get(line_id)
        if before is not None and before.service is not None and prorated_from is not None and not anew:
            side, line = _prorated(now, before, before.service, prorated_from, cents)
            (up if side > 0 else down).extend([(line_id, line)] if side else [])
        elif now is None:
            if before is not None and before.amount:
                down.append((line_id, before))
        elif before is None:
            if now.amount:
                up.append((line_id, now))
        elif now.amount > before.amount:
            up.append((line_id, now.plus(before, -1)))
        elif now.amount < before.amount:
            down.append((line_id, before.less(now, cents)))
    if anew and (up or down):
        everything = tuple((line_id, line) for line_id, line in billed.items() if line.amount)
        return tuple((line_id, _again(line, billed.get(line_id))) for line_id, line in wanted.items()), everything
    return tuple(up), tuple(down)


def _prorated(
    now: BilledLine | None, before: BilledLine, service: Service, day: date, cents: Cents
) -> tuple[int, BilledLine]:
    """Whether the days that are left cost more (1), less (-1) or the same (0), and the line that says by how much."""
    same_days = now is None or (now.service is not None and _days(now.service) == _days(service))
    if not same_days:
        raise Rejected("service_changed", f"the days of service of a billed line ({before.product}) were changed")
    listed, amount = (now.list_amount, now.amount) if now is not None else (ZERO, ZERO)
    if amount == service.amount:
        return 0, before
    changed = service.changed(listed, amount, day)
    listed, amount = changed.worth(cents)
    more, discount = amount - before.amount, listed - amount - before.discount
    side = (more > 0) - (more < 0)
    line = now if side > 0 and now is not None else before
    return side, _at(line, side * more, side * discount, changed)


def _at(line: BilledLine, amount: Decimal, discount: Decimal, service: Service) -> BilledLine:
    return msgspec.structs.replace(
        line, list_amount=amount + discount, discount=discount, quantity=ZERO, service=service
    )


def _days(service: Service) -> tuple[date, date]:
    return service.first, service.last


def _again(line: BilledLine, before: BilledLine | None) -> BilledLine:
    """A line that is billed anew: what was taxed with the deposit stays so, as far as the line still comes to it."""
    early = before.early if before is not None else None
    if early is None or not early.amount or early.code == line.code:
        return line
    amount = early.amount if abs(early.amount) <= abs(line.amount) else line.amount
    return msgspec.structs.replace(line, early=msgspec.structs.replace(early, amount=amount))


def after(
    billed: Mapping[str, BilledLine], plan_lines: Sequence[tuple[str, BilledLine]], *, up: bool
) -> dict[str, BilledLine]:
    """What has been billed once the document is posted; lines that came to nothing stay, with their treatment."""
    sign = 1 if up else -1
    result = dict(billed)
    for line_id, line in plan_lines:
        before = result.get(line_id)
        result[line_id] = before.plus(line, sign) if before is not None else line
    return result
