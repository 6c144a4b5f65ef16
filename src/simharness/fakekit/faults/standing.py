"""Conditions that last: a vendor that is down, slow, or asked too often, and answers that are spoiled until it is well.

A fault of a plan strikes at a numbered call. A condition stands from an instant on and meets whatever comes, so that a
story can say it in words (`the ledger is down for 10 minutes`). It never reaches into a fake: it answers in its place,
or changes what it answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from simharness.core.errors import HarnessFault
from simharness.domain.exchange import Delivery, DeliveryKind, Outcome, Request, Response
from simharness.domain.fault import Fault, Trigger
from simharness.fakekit.fake import Fake
from simharness.fakekit.limits import Limit, Limiter
from simharness.fakekit.problems import Throttled, Trouble

# Figures that are not spoiled stay as they were, to the digit.
_decoder = msgspec.json.Decoder(float_hook=Decimal)
_encoder = msgspec.json.Encoder(decimal_format="number")

#: What stands where a value was, once a record is spoiled: neither a number nor a day in any dialect.
SPOILED = "???"
_OWN_ID = frozenset({"id", "uuid", "transaction_id", "payroll_uuid"})


class Condition:
    """One lasting condition of a vendor. `fault` is what the log calls it, `told` what the connector sees.

    `over`: it stands no longer by itself.
    """

    told = ""
    #: Whether nothing at all can be done with the vendor while it stands.
    blocks = False
    #: Whether the vendor does not show all that it has while it stands.
    hides = False

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.over = False

    def stands(self, now: datetime) -> bool:
        """Whether it is not over yet."""
        return not self.over

    def before(self, fake: Fake, request: Request, now: datetime) -> Outcome | None:
        """What travels back in place of the fake's answer; None lets the fake answer."""
        return None

    def after(self, fake: Fake, response: Response, *, wrote: bool) -> Outcome | None:
        """What travels back in place of an answer that was made; None leaves it. `wrote`: something was committed."""
        return None


class Down(Condition):
    """Everything of a vendor fails from now on, for so many seconds (`amount` of the fault)."""

    told = "503 from everything of the vendor"
    blocks = True

    def __init__(self, fault: Fault, now: datetime) -> None:
        super().__init__(fault)
        self._until = now + timedelta(seconds=fault.amount)

    def stands(self, now: datetime) -> bool:
        """Whether the time is not over yet."""
        return now < self._until

    def before(self, fake: Fake, request: Request, now: datetime) -> Outcome | None:
        """Refuse until the time is over."""
        self.over = not self.stands(now)
        return None if self.over else Outcome(response=fake.fail(Trouble(status=503), request))


class Quota(Condition):
    """A vendor takes so many requests (`amount` of the fault) in a window, and asks whoever comes oftener to wait."""

    told = "429 with Retry-After above the limit"

    def __init__(self, fault: Fault, window: timedelta) -> None:
        super().__init__(fault)
        self._limiter = Limiter(Limit(name="quota", count=fault.amount, window=window))

    def before(self, fake: Fake, request: Request, now: datetime) -> Outcome | None:
        """Refuse what is above the limit."""
        taken = self._limiter.take(fake.vendor, now)
        if not isinstance(taken, Throttled):
            return None
        response = fake.fail(taken, request)
        headers = {**response.headers, "retry-after": str(taken.retry_after_s)}
        return Outcome(response=msgspec.structs.replace(response, headers=headers))


class Slow(Condition):
    """A vendor does what is asked, and answers after `amount` seconds: so many requests, or all."""

    told = "the answer after some seconds"

    def __init__(self, fault: Fault, requests: int | None = None) -> None:
        super().__init__(fault)
        self._left = requests

    def after(self, fake: Fake, response: Response, *, wrote: bool) -> Outcome | None:
        """Deliver late."""
        if self._left is not None:
            self._left -= 1
            self.over = self._left <= 0
        delay = timedelta(seconds=self.fault.amount)
        return Outcome(response=response, delivery=Delivery(kind=DeliveryKind.AFTER, delay=delay))


class Unanswered(Condition):
    """The next request by which a vendor saves something is never answered; what only reads is.

    The trigger of the fault may name the operation.
    """

    told = "nothing until its own timeout"

    def after(self, fake: Fake, response: Response, *, wrote: bool) -> Outcome | None:
        """Keep the answer to the first request that wrote."""
        if not wrote:
            return None
        self.over = True
        return Outcome(response=response, delivery=Delivery(kind=DeliveryKind.NO_ANSWER))


class Refusing(Condition):
    """A vendor refuses the credentials by itself, since they were revoked: the condition only notes where it did, until
    somebody is recognised.
    """

    told = "the vendor's own refusal of a credential that was revoked"
    blocks = True
    _REFUSED = frozenset({400, 401, 403})

    def after(self, fake: Fake, response: Response, *, wrote: bool) -> Outcome | None:
        """Leave the answer as it is, and count it where nobody was recognised."""
        self.over = bool(response.notes.actor)
        refused = response.status in self._REFUSED and not response.notes.actor
        return Outcome(response=response) if refused else None


class Spoiled(Condition):
    """A vendor sends one record with a value that cannot be read, wherever the record occurs in an answer."""

    told = "a record with a value that cannot be read"

    def __init__(self, fault: Fault, record_id: str, fields: tuple[str, ...]) -> None:
        super().__init__(fault)
        self._record_id, self._fields = record_id, frozenset(fields)

    def after(self, fake: Fake, response: Response, *, wrote: bool) -> Outcome | None:
        """Spoil the record's fields in an answer that has it."""
        if self._record_id.encode() not in response.body:
            return None
        try:
            body = _decoder.decode(response.body)
        except msgspec.DecodeError:
            return None
        found = [each for each in _objects(body) if self._record_id in (str(each.get(name)) for name in _names(each))]
        if not sum([self._spoil(each) for each in found]):
            return None
        return Outcome(response=msgspec.structs.replace(response, body=_encoder.encode(body)))

    def _spoil(self, record: dict[str, Any]) -> int:
        """How many fields of a record were spoiled; some vendors keep them one level deeper, under `properties`."""
        count = 0
        for part in (record, record.get("properties")):
            for name in self._fields & set(part if isinstance(part, dict) else ()):
                part[name] = SPOILED  # type: ignore[index]  # only a map has any of the names
                count += 1
        return count


class Standing:
    """The conditions that stand, met by every exchange in the order in which they were set.

    `note` is told of each that met something: its fault, the vendor and what the connector sees.
    """

    def __init__(self, note: Callable[[Fault, Fake, Request, str], None]) -> None:
        self._note = note
        self._conditions: list[Condition] = []

    def __bool__(self) -> bool:
        return bool(self._conditions)

    def blocked(self, now: datetime) -> bool:
        """Whether nothing at all can be done with some vendor."""
        return any(each.blocks and each.stands(now) for each in self._conditions)

    def lagging(self, now: datetime) -> bool:
        """Whether some vendor does not show all that it has."""
        return any(each.hides and each.stands(now) for each in self._conditions)

    def add(self, condition: Condition) -> None:
        """Let a condition stand from now on."""
        self._conditions.append(condition)

    def end(self, vendor: str) -> None:
        """Let none of a vendor's conditions stand any longer."""
        self._conditions = [each for each in self._conditions if each.fault.trigger.vendor != vendor]

    def clear(self) -> None:
        """Let none stand any longer."""
        self._conditions.clear()

    def around(self, fake: Fake, request: Request, now: datetime, answer: Callable[[], Outcome]) -> Outcome:
        """What travels back: a condition's own answer, else that of the fake as the others leave it."""
        operation = fake.operation_of(request)
        mine = [each for each in self._conditions if each.fault.trigger.matches(fake.vendor, operation)]
        outcome: Outcome | None = None
        for each in mine:
            outcome = each.before(fake, request, now)
            if outcome is not None:
                outcome = self._struck(each, fake, request, outcome)
                break
        if outcome is None:
            outcome = self._answered(mine, fake, request, answer)
        self._conditions = [each for each in self._conditions if not each.over]
        return outcome

    def _answered(self, mine: list[Condition], fake: Fake, request: Request, answer: Callable[[], Outcome]) -> Outcome:
        written = len(fake.writes)
        outcome = answer()
        wrote = len(fake.writes) > written
        for each in mine:
            changed = None if each.over else each.after(fake, outcome.response, wrote=wrote)
            outcome = outcome if changed is None else self._struck(each, fake, request, changed)
        return outcome

    def _struck(self, condition: Condition, fake: Fake, request: Request, outcome: Outcome) -> Outcome:
        self._note(condition.fault, fake, request, condition.told)
        return msgspec.structs.replace(outcome, fault=condition.fault.kind)


def spoiled(vendor: Fake, record_id: str) -> Spoiled:
    """The condition that spoils a record of a vendor. Raises `HarnessFault` where its pack names no field for it."""
    if not vendor.vital:
        raise HarnessFault(f"the fake of {vendor.vendor} does not say which fields a record cannot do without")
    fault = Fault(kind="malformed", trigger=Trigger(vendor=vendor.vendor))
    return Spoiled(fault, record_id, vendor.vital)


def _names(record: Mapping[str, Any]) -> Iterator[str]:
    """The keys under which vendors put a record's own id."""
    return (name for name in record if name.lower() in _OWN_ID)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _objects(each)
    elif isinstance(value, list):
        for each in value:
            yield from _objects(each)
