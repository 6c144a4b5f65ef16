"""What goes wrong between the connector and its vendors: systems that are down, slow or full, answers that never come,
credentials that are refused, records that cannot be read, and a connector that dies in the middle of its work.

Each fault counts from the step that sets it. A story in which one never strikes is told as not tried.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Annotated

import msgspec

from simharness.core.errors import ContentError, UsageError, Where
from simharness.domain.fault import Fault, Trigger
from simharness.domain.fault_facts import FaultsEnded, FaultSet
from simharness.fakekit.fake import Fake
from simharness.fakekit.faults import standing
from simharness.stories.calls import CallName, call_named
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import hearing
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.verb import Action, Sentence, Verb
from simharness.stories.words import seconds_of

#: The systems that can go wrong, and the family of each.
FAMILIES: Mapping[str, str] = MappingProxyType({**hearing.FAMILIES, "alerts": "operations"})
System = Annotated[str, t.OneOf(tuple(FAMILIES), "system that can go wrong")]
#: The statuses with which a system answers in place of doing anything, and the kind of each.
STATUSES: Mapping[int, str] = MappingProxyType(
    {401: "token_expired", 403: "forbidden", 429: "throttled", 500: "error_500", 502: "error_502", 503: "error_503"}
)


class GoDown(Action, frozen=True, kw_only=True):
    """Everything of a system fails from now on, for a while."""

    system_down: System
    lasts: t.Duration = msgspec.field(name="for")


class AnswerErrors(Action, frozen=True, kw_only=True):
    """A system does nothing but answer with a status, to so many requests that come next."""

    errors_from: System
    status: int
    requests: int = 1


class SaveUnanswered(Action, frozen=True, kw_only=True):
    """A system does the next thing by which it is asked to save something, and never answers.

    `call`: the next such call, said as in `crash_after`.
    """

    saves_unanswered: System
    call: str = ""


class SlowDown(Action, frozen=True, kw_only=True):
    """A system does what it is asked, and takes so long to answer, until it is well again or for so many requests."""

    slow_answers: System
    takes: t.Duration
    requests: int | None = None


class AllowSoMany(Action, frozen=True, kw_only=True):
    """A system takes so many requests in any such time, and asks whoever comes oftener to wait, until it is well."""

    rate_limit: System
    requests: int
    per: t.Duration


class RefuseCredentials(Action, frozen=True, kw_only=True):
    """A system revokes what the connector signs in with, at once and without a word, until it has new keys."""

    credentials_refused: System


class SpoilRecord(Action, frozen=True, kw_only=True):
    """A system sends a deal, a payment or a bank line with a value that nobody can read, until it is well again."""

    malformed_record: str
    sent_by: System = msgspec.field(name="from")


class CrashAfter(Action, frozen=True, kw_only=True):
    """The connector is killed once a call of its was done, and never learns of the answer; it is started again.

    The call is said in words, `save invoice`, or as `vendor.operation`; `nth` counts such calls from now on.
    """

    crash_after: str
    nth: int = 1


class CrashBefore(Action, frozen=True, kw_only=True):
    """The connector is killed before a call of its goes out, otherwise as `crash_after`."""

    crash_before: str
    nth: int = 1


class Recover(Action, frozen=True, kw_only=True):
    """A system is well again: what was said of it before holds no longer."""

    system_recovers: System


def _down(stage: Stage, p: GoDown) -> None:
    fault = Fault(kind="outage", amount=seconds_of(p.lasts), trigger=_vendor(stage, p.system_down))
    _stand(stage, standing.Down(fault, stage.world.clock.now), f"is down for {p.lasts}", p.system_down)


def _errors(stage: Stage, p: AnswerErrors) -> None:
    trigger = _vendor(stage, p.errors_from)
    fault = Fault(kind=STATUSES[p.status], times=p.requests, trigger=trigger)
    stage.world.add_fault(fault)
    _set(stage, fault, f"answers {p.status} to the next {p.requests} request(s)", p.errors_from)


def _unanswered(stage: Stage, p: SaveUnanswered) -> None:
    trigger = _vendor(stage, p.saves_unanswered)
    if p.call:
        trigger = Trigger(vendor=trigger.vendor, operation=_call(stage, p.call, [trigger.vendor]).operation)
    fault = Fault(kind="timeout_after_commit", trigger=trigger)
    told = f"does {p.call!r} but never answers" if p.call else "saves the next request but never answers"
    _stand(stage, standing.Unanswered(fault), told, p.saves_unanswered)


def _slow(stage: Stage, p: SlowDown) -> None:
    fault = Fault(kind="slow", amount=seconds_of(p.takes), trigger=_vendor(stage, p.slow_answers))
    _stand(stage, standing.Slow(fault, p.requests), f"takes {p.takes} to answer", p.slow_answers)


def _limit(stage: Stage, p: AllowSoMany) -> None:
    fault = Fault(kind="quota", amount=p.requests, trigger=_vendor(stage, p.rate_limit))
    told = f"allows {p.requests} request(s) per {p.per}"
    _stand(stage, standing.Quota(fault, timedelta(seconds=seconds_of(p.per))), told, p.rate_limit)


def _refuse(stage: Stage, p: RefuseCredentials) -> None:
    fault = Fault(kind="credentials_refused", trigger=_vendor(stage, p.credentials_refused))
    _fake(stage, p.credentials_refused).rotate("keys", at_once=True)
    _stand(stage, standing.Refusing(fault), "refuses the credentials", p.credentials_refused)


def _spoil(stage: Stage, p: SpoilRecord) -> None:
    record_id = _record_id(stage, p)
    if not record_id:
        stage.impossible(f"the {p.sent_by} has no record of {p.malformed_record!r}")
        return
    condition = standing.spoiled(_fake(stage, p.sent_by), record_id)
    _stand(stage, condition, f"sends a malformed record for {p.malformed_record!r}", p.sent_by)


def _crash_after(stage: Stage, p: CrashAfter) -> None:
    _crash(stage, "crash_after", p.crash_after, p.nth)


def _crash_before(stage: Stage, p: CrashBefore) -> None:
    _crash(stage, "crash_before", p.crash_before, p.nth)


def _crash(stage: Stage, kind: str, text: str, nth: int) -> None:
    call = _call(stage, text, [fake.vendor for fake in stage.world.fakes.values()])
    fault = Fault(kind=kind, trigger=Trigger(nth=nth, vendor=call.vendor, operation=call.operation))
    stage.world.add_fault(fault)
    _set(stage, fault, f"crashes {kind.removeprefix('crash_')} {call} ({nth})")


def _call(stage: Stage, text: str, vendors: Collection[str]) -> CallName:
    try:
        return call_named(text, vendors)
    except UsageError as error:
        raise ContentError(error.what, where=Where(stage.mark["where"]), mend=error.mend) from error


def _recovers(stage: Stage, p: Recover) -> None:
    stage.world.end_faults(_fake(stage, p.system_recovers).vendor)
    stage.record(FaultsEnded(**stage.mark, system=p.system_recovers))


def _record_id(stage: Stage, p: SpoilRecord) -> str:
    """The vendor's id of a thing of the story, "" where it is not there: a name nobody used, or an act that failed."""
    cast, name = stage.cast, p.malformed_record
    if p.sent_by == "CRM":
        return cast.deals[name].deal_id if name in cast.deals else ""
    if p.sent_by == "gateway":
        return paid.charge_id if (paid := cast.payment(name)) else ""
    return cast.bank_lines.get(name, "")


def _wrong_record(p: SpoilRecord) -> str | None:
    senders = ("CRM", "gateway", "bank")
    if p.sent_by in senders:
        return None
    return f"a record that cannot be read comes from {', '.join(senders)}, not from {p.sent_by}"


def _fake(stage: Stage, system: str) -> Fake:
    return stage.world.fake(FAMILIES[system])


def _vendor(stage: Stage, system: str) -> Trigger:
    return Trigger(vendor=_fake(stage, system).vendor)


def _stand(stage: Stage, condition: standing.Condition, told: str, system: str) -> None:
    stage.world.stand(condition)
    _set(stage, condition.fault, told, system)


def _set(stage: Stage, fault: Fault, told: str, system: str = "") -> None:
    after = len(stage.world.struck)
    stage.record(FaultSet(**stage.mark, system=system, told=told, fault=fault, after=after))


def _wrong_status(p: AnswerErrors) -> str | None:
    if p.status not in STATUSES:
        return f"a fault answers with one of {', '.join(map(str, STATUSES))}, not with {p.status}"
    return None if p.requests else "requests counts from 1"


def _wrong_crash(p: CrashAfter | CrashBefore) -> str | None:
    text = p.crash_after if isinstance(p, CrashAfter) else p.crash_before
    return _wrong_call(text) or (None if p.nth else "nth counts from 1")


def _wrong_call(text: str) -> str | None:
    if not text:
        return None
    try:
        call_named(text)
    except UsageError as error:
        return f"{error.what}: {error.mend}"
    return None


VERBS = (
    Verb(
        name="fault.system_down",
        phases=("given", "when"),
        heads=("system_down",),
        params=GoDown,
        sentences=(Sentence(pattern="{system} is down for {duration}", binds=("system_down", "lasts")),),
        fact="FaultSet",
        does=_down,
        asks_system=False,
    ),
    Verb(
        name="fault.errors",
        phases=("given", "when"),
        heads=("errors_from",),
        params=AnswerErrors,
        sentences=(
            Sentence(
                pattern="{system} answers {int} to the next {int} request(s)",
                binds=("errors_from", "status", "requests"),
            ),
        ),
        fact="FaultSet",
        does=_errors,
        wrong=_wrong_status,
        asks_system=False,
    ),
    Verb(
        name="fault.saves_unanswered",
        phases=("given", "when"),
        heads=("saves_unanswered",),
        params=SaveUnanswered,
        sentences=(
            Sentence(pattern="{system} saves the next request but never answers", binds=("saves_unanswered",)),
            Sentence(pattern="{system} does {string} but never answers", binds=("saves_unanswered", "call")),
        ),
        fact="FaultSet",
        does=_unanswered,
        wrong=lambda p: _wrong_call(p.call),
        asks_system=False,
    ),
    Verb(
        name="fault.slow_answers",
        phases=("given", "when"),
        heads=("slow_answers",),
        params=SlowDown,
        sentences=(Sentence(pattern="{system} takes {duration} to answer", binds=("slow_answers", "takes")),),
        fact="FaultSet",
        does=_slow,
        wrong=lambda p: "requests counts from 1" if p.requests == 0 else None,
        asks_system=False,
    ),
    Verb(
        name="fault.rate_limit",
        phases=("given", "when"),
        heads=("rate_limit",),
        params=AllowSoMany,
        sentences=(
            Sentence(
                pattern="{system} allows {int} request(s) per {duration}", binds=("rate_limit", "requests", "per")
            ),
        ),
        fact="FaultSet",
        does=_limit,
        wrong=lambda p: None if p.requests else "a system that takes no request at all is down: say system_down",
        asks_system=False,
    ),
    Verb(
        name="fault.credentials_refused",
        phases=("given", "when"),
        heads=("credentials_refused",),
        params=RefuseCredentials,
        sentences=(Sentence(pattern="{system} refuses the credentials", binds=("credentials_refused",)),),
        fact="FaultSet",
        does=_refuse,
        asks_system=False,
    ),
    Verb(
        name="fault.malformed_record",
        phases=("given", "when"),
        heads=("malformed_record",),
        params=SpoilRecord,
        sentences=(
            Sentence(pattern="{system} sends a malformed record for {string}", binds=("sent_by", "malformed_record")),
        ),
        fact="FaultSet",
        does=_spoil,
        wrong=_wrong_record,
        asks_system=False,
    ),
    Verb(
        name="fault.crash_after",
        phases=("given", "when"),
        heads=("crash_after",),
        params=CrashAfter,
        sentences=(Sentence(pattern="the connector crashes after {string}", binds=("crash_after",)),),
        fact="FaultSet",
        does=_crash_after,
        wrong=_wrong_crash,
        asks_system=False,
    ),
    Verb(
        name="fault.crash_before",
        phases=("given", "when"),
        heads=("crash_before",),
        params=CrashBefore,
        sentences=(Sentence(pattern="the connector crashes before {string}", binds=("crash_before",)),),
        fact="FaultSet",
        does=_crash_before,
        wrong=_wrong_crash,
        asks_system=False,
    ),
    Verb(
        name="fault.system_recovers",
        phases=("given", "when"),
        heads=("system_recovers",),
        params=Recover,
        sentences=(Sentence(pattern="{system} is well again", binds=("system_recovers",)),),
        fact="FaultsEnded",
        does=_recovers,
        asks_system=False,
    ),
)
