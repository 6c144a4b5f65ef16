"""What people tell the connector of the cost of a service: known and not billed yet, or paid in advance."""

from __future__ import annotations

import re
from datetime import date, timedelta

import msgspec

from simharness.core.money import Money
from simharness.domain.close_facts import AccrualTold, PrepaidTold
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.verb import Action, Sentence, Verb

BASES = ("day", "month")
_SATURDAY = 5


class Accrue(Action, frozen=True, kw_only=True):
    """A cost of `account` for the days of a service is known, its bill is not there: at the ends of periods that cut
    the service, its workdays so far are accrued. `owed_on`: the liability, that of accrued expenses unless said.
    """

    accrual: str
    amount: Money
    account: t.AccountName
    service_from: date = msgspec.field(name="from")
    service_to: date = msgspec.field(name="to")
    cost_centre: t.CostCentre | None = None
    owed_on: t.AccountName | None = None
    entity: t.EntityName | None = None


class Prepay(Action, frozen=True, kw_only=True):
    """A cost of `account` was paid for the days of a service in advance; it becomes one by day, or by whole months.

    `against`: the account that has borne it so far; without it a bookkeeper has put it on the prepaid account.
    """

    prepaid: str
    amount: Money
    account: t.AccountName
    service_from: date = msgspec.field(name="from")
    service_to: date = msgspec.field(name="to")
    by: str = "day"
    against: t.AccountName | None = None
    cost_centre: t.CostCentre | None = None
    entity: t.EntityName | None = None


def _accrue(stage: Stage, p: Accrue) -> None:
    id, account, owed_on = _id(p.accrual), _number(stage, p, p.account), _number(stage, p, p.owed_on)
    args = _args(stage, p, id, account) | ({"against": owed_on} if owed_on else {})
    if not stage.instruct("accrue", args):
        stage.impossible("the connector offers no act by which a cost is accrued", p.amount)
        return
    stage.record(
        AccrualTold(
            **stage.mark,
            accrual=id,
            account=account,
            amount=p.amount,
            service_from=p.service_from,
            service_to=p.service_to,
            cost_centre=p.cost_centre or "",
            owed_on=owed_on,
            entity=p.entity or "",
        )
    )


def _prepay(stage: Stage, p: Prepay) -> None:
    id, account, against = _id(p.prepaid), _number(stage, p, p.account), _number(stage, p, p.against)
    args = _args(stage, p, id, account) | {"by": p.by} | ({"against": against} if against else {})
    if not stage.instruct("prepaid", args):
        stage.impossible("the connector offers no act by which a cost is spread that was paid in advance", p.amount)
        return
    stage.record(
        PrepaidTold(
            **stage.mark,
            prepaid=id,
            account=account,
            amount=p.amount,
            service_from=p.service_from,
            service_to=p.service_to,
            cost_centre=p.cost_centre or "",
            by=p.by,
            against=against,
            entity=p.entity or "",
        )
    )


def _args(stage: Stage, p: Accrue | Prepay, id: str, account: str) -> dict[str, str]:
    args = {
        "id": id,
        "account": account,
        "amount": str(p.amount.amount),
        "currency": p.amount.currency,
        "from": p.service_from.isoformat(),
        "to": p.service_to.isoformat(),
    }
    if p.cost_centre:
        args["cost_centre"] = p.cost_centre
    return args | ({"entity": p.entity or stage.entity} if stage.is_group else {})


def _id(name: str) -> str:
    """The story's name as an id: no blank, no colon."""
    return re.sub(r"[^\w-]+", "-", name).strip("-").lower()


def _number(stage: Stage, p: Accrue | Prepay, account: str | None) -> str:
    """The number of an account of the dictionary, which a story may call by number, by name, or by both."""
    books = stage.books_of(p.entity or "").accounts
    said = [each.number for each in books if account in (each.number, each.name, f"{each.number} {each.name}")]
    return said[0] if said else account or ""


def _wrong_accrual(p: Accrue) -> str | None:
    days = (p.service_from + timedelta(days=n) for n in range((p.service_to - p.service_from).days + 1))
    return _wrong(p) or (None if any(day.weekday() < _SATURDAY for day in days) else "no workday lies in the service")


def _wrong_prepaid(p: Prepay) -> str | None:
    if p.by not in BASES:
        return f"{p.by!r} is no way to spread a cost: say day or month"
    whole = p.service_from.day == 1 and (p.service_to + timedelta(days=1)).day == 1
    return _wrong(p) or ("by month, the service has whole months only" if p.by == "month" and not whole else None)


def _wrong(p: Accrue | Prepay) -> str | None:
    if p.amount.amount <= 0:
        return f"{p.amount} is no cost: it must be more than zero"
    return "the service ends before it begins" if p.service_to < p.service_from else None


VERBS = (
    Verb(
        name="accruing.accrual",
        phases=("when",),
        heads=("accrual",),
        params=Accrue,
        sentences=(
            Sentence(
                pattern="{money} on {account} for {date} to {date} is known as {string} and not billed yet",
                binds=("amount", "account", "service_from", "service_to", "accrual"),
            ),
            Sentence(
                pattern="{money} on {account} of cost centre {string} for {date} to {date} is known as {string} "
                "and not billed yet",
                binds=("amount", "account", "cost_centre", "service_from", "service_to", "accrual"),
            ),
        ),
        fact="AccrualTold",
        does=_accrue,
        wrong=_wrong_accrual,
        asks_system=False,
    ),
    Verb(
        name="accruing.prepaid",
        phases=("when",),
        heads=("prepaid",),
        params=Prepay,
        sentences=(
            Sentence(
                pattern="{money} on {account} for {date} to {date} is paid in advance as {string} and spread by {word}",
                binds=("amount", "account", "service_from", "service_to", "prepaid", "by"),
            ),
        ),
        fact="PrepaidTold",
        does=_prepay,
        wrong=_wrong_prepaid,
        asks_system=False,
    ),
)
