"""What an operator tells of the cost of a service: that it is known and not billed yet, or paid in advance.

It is remembered as a task of its own, so that it survives a restart; told again in the same words it is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

import msgspec

from simharness.reference.arithmetic.service import BY_DAY, BY_MONTH, whole_months, workdays
from simharness.reference.errors import ConfigurationError
from simharness.reference.mapping.model import Account
from simharness.reference.mapping.model import Mapping as Mapped
from simharness.reference.posting.tasks import Nothing, Task, Tasks

#: The kinds of tasks that remember what was told. Their label is the same for all of a kind.
ACCRUE, PREPAID = "accrue", "prepaid"
LABEL = "told"
_REFERENCES = MappingProxyType({ACCRUE: "close:accrual:", PREPAID: "close:prepaid:"})


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A cost of `account` for the days of a service, in the books' own currency; `day` is when it was told.

    `against`: of an accrual the liability, of what is prepaid the account that bore it until now; "" leaves it to the
    mapping, or to whoever has posted it. `by`: how what is prepaid becomes a cost.
    """

    id: str
    day: date
    account: str
    amount: Decimal
    service_from: date
    service_to: date
    cost_centre: str = ""
    against: str = ""
    by: str = BY_DAY


def take(tasks: Tasks, mapping: Mapped, kind: str, args: Mapping[str, str]) -> None:
    """An operator's instruction: `id`, `account` (number or name), `amount`, `currency`, `from`, `to`, and perhaps
    `cost_centre`, `against` and `by`. Raises `ConfigurationError` for what cannot be a cost of a service, and for an id
    under which something else was told.
    """
    said = {name: value.strip() for name, value in args.items()}
    id = said.get("id", "")
    if not id or ":" in id or " " in id:
        raise ConfigurationError(f"{kind} called {id!r}", mend="give it an `id` without blank or colon")
    told = _read(kind, id, said, mapping)
    reference = _REFERENCES[kind] + id
    for known in tasks.found(kind, LABEL):
        if known.reference == reference:
            before = read(known)
            if msgspec.structs.replace(before, day=told.day) != told:
                raise ConfigurationError(f"{kind} {id} was told otherwise before", mend="give it another `id`")
            return
    task = Task(
        reference=reference,
        kind=kind,
        at_s=int(datetime.now(UTC).timestamp()),
        facts=msgspec.json.encode(told).decode(),
        amount=told.amount,
        label=LABEL,
    )
    tasks.take([task])


def read(task: Task) -> Told:
    """What was told."""
    return msgspec.json.decode(task.facts, type=Told)


def account_of(mapping: Mapped, text: str) -> Account:
    """The account that a number or a name means: as the mapping has it, else as it was said."""
    known = next((each for each in mapping.accounts.values() if text in (each.number, each.name)), None)
    return known or Account(number=text, name=text)


class Remembering:
    """The work of a task that only remembers: there is nothing to post."""

    def plan(self, task: Task) -> Nothing:
        """Nothing to write."""
        del task
        return Nothing()

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """Nothing follows."""
        del task, ledger_id, memo
        return ()


def _read(kind: str, id: str, said: Mapping[str, str], mapping: Mapped) -> Told:
    home = mapping.company.currency
    if said.get("currency", home) != home:
        raise ConfigurationError(f"{kind} {id} is in {said['currency']}", mend=f"say what it comes to in {home}")
    try:
        amount = Decimal(said.get("amount", ""))
        first, last = date.fromisoformat(said.get("from", "")), date.fromisoformat(said.get("to", ""))
    except (InvalidOperation, ValueError) as error:
        mend = "give `amount`, and the days of service as `from` and `to`"
        raise ConfigurationError(f"{kind} {id} cannot be read", mend=mend) from error
    if not amount.is_finite() or amount <= 0 or mapping.cents().round(amount) != amount:
        raise ConfigurationError(f"{kind} {id}: {amount} is no amount of {home}", mend="give whole cents above zero")
    by = said.get("by", "") or BY_DAY
    if last < first or (kind == ACCRUE and not workdays(first, last)):
        raise ConfigurationError(f"{kind} {id} has no day of service", mend="let `to` not be before `from`")
    if by not in (BY_DAY, BY_MONTH) or (by == BY_MONTH and not whole_months(first, last)):
        raise ConfigurationError(f"{kind} {id} cannot go by {by}", mend="use day, or month for whole months")
    if not said.get("account"):
        raise ConfigurationError(f"{kind} {id} names no account", mend="give its cost as `account`")
    return Told(
        id=id,
        day=datetime.now(UTC).astimezone(mapping.zone()).date(),
        account=said["account"],
        amount=amount,
        service_from=first,
        service_to=last,
        cost_centre=said.get("cost_centre", ""),
        against=said.get("against", ""),
        by=by,
    )
