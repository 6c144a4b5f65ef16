"""The rate of a tax code on a day, and a code that comes to another one."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from msgspec.structs import replace as amended

from simharness.core.errors import HarnessError
from simharness.domain.dictionary import TaxCode, TaxComponent


class Refuse(Protocol):
    """Makes the error of what cannot be: what is wrong, and how to mend it."""

    def __call__(self, what: str, mend: str | None = None) -> HarnessError: ...


def rate_on(code: TaxCode, day: date) -> Decimal:
    """What a tax code comes to on a day, in percent."""
    return sum((each.percent for each in code.components if _holds(each, day)), Decimal(0))


def with_rate(code: TaxCode, percent: Decimal, since: date | None, today: date, refuse: Refuse) -> TaxCode:
    """A tax code at another rate from a day on (None: from ever); `refuse` makes the error of what cannot be."""
    if rate_on(code, since or today) == percent:
        return code
    if code.kind != "standard":
        raise refuse(f"the tax code {code.name!r} is {code.kind.replace('_', ' ')}: it has no rate", None)
    authorities = dict.fromkeys(each.authority for each in code.components)
    if len(authorities) > 1:
        what = f"the rate of {code.name!r} is made of those of {', '.join(authorities)}"
        raise refuse(what, "change the one that changes in the dictionary")
    new = TaxComponent(authority=next(iter(authorities)), percent=percent, valid_from=since)
    earlier = [each for each in code.components if since and (each.valid_from is None or each.valid_from < since)]
    ended = tuple(_ended(each, since - timedelta(days=1)) for each in earlier) if since else ()
    return amended(code, components=(*ended, new))


def _ended(component: TaxComponent, last: date) -> TaxComponent:
    return amended(component, valid_until=min(component.valid_until or last, last))


def _holds(component: TaxComponent, day: date) -> bool:
    begun = component.valid_from is None or component.valid_from <= day
    return begun and (component.valid_until is None or day <= component.valid_until)
