"""What the connector did, in words: from what it says itself, and from what the systems answered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from simharness.domain.evidence import Alert, Evidence, LogRow, Reject
from simharness.domain.exchange import DeliveryKind, Exchange
from simharness.domain.fact import CustomerEntered, CustomerPaid
from simharness.domain.payroll_facts import PayrollRun
from simharness.report.explaining.concern import Concern, concerned, until
from simharness.report.explaining.instructions import CALLED, named, reason
from simharness.report.explaining.subject import Subject
from simharness.report.words import counted, money_text

#: So many deeds are told, and so many calls shown.
_DEEDS = 14
_CALLS = 14
#: The first status with which a vendor refuses, and how long a line may be that shows requests and answers.
_REFUSED = 400
_UNKNOWN = 401
_ADDRESS = 94

_DID: Mapping[str, str] = MappingProxyType(
    {
        "create": "created",
        "update": "updated",
        "void": "voided",
        "delete": "deleted",
        "apply": "applied",
        "adopt": "took over",
        "merge": "merged",
    }
)
_SYSTEMS: Mapping[str, str] = MappingProxyType(
    {
        "crm": "the CRM",
        "accounting": "the ledger",
        "payments": "the gateway",
        "banking": "the bank",
        "payroll": "the payroll",
        "operations": "the alert system",
    }
)
#: What the connector saw of an answer that did not come through as it was meant.
_UNSEEN: Mapping[DeliveryKind, str] = MappingProxyType(
    {
        DeliveryKind.LOST: "its answer was lost on the way",
        DeliveryKind.RESET_BEFORE: "the connection broke before anything was done",
        DeliveryKind.CUT_AT: "its answer was cut off",
        DeliveryKind.NO_ANSWER: "no answer came",
    }
)
#: What went wrong on the way to something stands before it.
_BEFORE = Decimal("0.5")
#: Where vendors put what they say to people.
_SAID = frozenset({"detail", "message", "error_message", "error_description", "msg", "display_message", "description"})


@dataclass(frozen=True, slots=True)
class _Deed:
    at: datetime
    order: Decimal | int
    text: str
    is_trouble: bool = False


def deeds(subject: Subject) -> tuple[str, ...]:
    """What it did about the things concerned, in order, each with its local time; what is too much is counted, but
    never what it turned away or told a person of before what it did.
    """
    mine = concerned(subject)
    if not mine.ids:
        return ()
    rows = [row for row in subject.pages.record.evidence if mine.covers(row) and until(subject, _when(row))]
    told = [_Deed(_when(row), number, _row(subject, row), _is_trouble(row)) for number, row in enumerate(rows)]
    if "log" not in subject.case.scope.connector.evidence and not any(isinstance(row, LogRow) for row in rows):
        told += _writes(subject, mine)
    sent = {row.key: (number, row) for number, row in enumerate(rows) if isinstance(row, LogRow) and row.key}
    told += _troubles(subject, _calls_about(subject, mine), sent)
    kept = sorted(sorted(told, key=lambda deed: (not deed.is_trouble, deed.at, deed.order))[:_DEEDS], key=_place)
    lines = [f"{deed.at.astimezone(subject.case.zone):%Y-%m-%d %H:%M}  {deed.text}" for deed in kept]
    if len(told) > len(kept):
        lines.append(f"and {counted(len(told) - len(kept), 'further deed')}")
    return tuple(lines) or ("nothing that its evidence or the systems tell of",)


def _place(deed: _Deed) -> tuple[datetime, Decimal | int]:
    return deed.at, deed.order


def _is_trouble(row: Evidence) -> bool:
    """Whether something was not done, or somebody was told of it."""
    return row.outcome == "failed" if isinstance(row, LogRow) else True


def calls(subject: Subject) -> tuple[str, ...]:
    """The requests about the things concerned, by their number in the record, with the answer of those refused."""
    lines: list[str] = []
    about = _calls_about(subject, concerned(subject))
    for each in about[:_CALLS]:
        status = str(each.response.status) if each.response is not None else "-"
        unseen = f" ({_UNSEEN[each.delivery.kind]})" if each.delivery.kind in _UNSEEN else ""
        head = f"#{each.sequence} {each.at:%Y-%m-%d %H:%M:%S} {status}{unseen} {each.request.method}"
        lines.append(_shortened(f"{head} {each.request.host}{each.request.path}", _ADDRESS))
        if each.response is not None and each.response.status >= _REFUSED:
            answer = " ".join(each.response.body.decode("utf-8", "replace").split())
            lines.append(_shortened(f"    {answer}", _ADDRESS))
    if len(about) > _CALLS:
        lines.append(f"and {counted(len(about) - _CALLS, 'further request')} (run.ndjson has them all)")
    return tuple(lines)


def _when(row: Evidence) -> datetime:
    """When it was told: of an alert that was cleared, and of what was taken up again, that is the later moment."""
    later = getattr(row, "cleared_at", None) or getattr(row, "replayed_at", None)
    return later or row.at


def _row(subject: Subject, row: Evidence) -> str:
    about = _named(subject, row.source)
    amount = f" ({money_text(row.amount)})" if row.amount is not None else ""
    if isinstance(row, LogRow):
        return _logged(subject, row, about, amount)
    if isinstance(row, Reject):
        return f"listed {about} as rejected because {reason(row)}{amount}"
    if isinstance(row, Alert) and row.cleared_at is not None:
        return f"told {row.owner} that it is over: {about}, {reason(row)}"
    if isinstance(row, Alert):
        return f"alerted {row.owner} about {about}: {reason(row)}{amount}"
    if row.replayed_at is not None:
        return f"took {about} up again, which had failed: {reason(row)}"
    return f"put {about} aside for a person after {counted(row.attempts, 'attempt')}: {reason(row)}{amount}"


def _logged(subject: Subject, row: LogRow, about: str, amount: str) -> str:
    target = _target(subject, row.target, row.entity)
    tries = f", at attempt {row.attempts}" if row.attempts > 1 else ""
    detail = f": {row.detail}" if row.detail else ""
    if row.outcome == "failed":
        return f"failed to {row.action.replace('_', ' ')} {target} for {about}{amount}{tries}{detail}"
    if row.outcome == "found":
        return f"found {target} for {about} there already{amount}, and sent nothing again"
    if row.action == "write_back":
        told = f"{row.detail}{f', {money_text(row.amount)}' if row.amount is not None else ''}"
        return f"wrote back to {target}: {told}{tries}"
    if row.action == "apply" and (what := _used(subject, row)):
        return f"applied {what} in {_system(subject, row.target.partition(':')[0])}{amount}{tries}{detail}"
    did = _DID.get(row.action, f"did {row.action.replace('_', ' ')} to")
    whose = "" if target.startswith(about) else f" for {about}"
    return f"{did} {target}{whose}{amount}{tries}{detail}"


def _used(subject: Subject, row: LogRow) -> str:
    """`credit memo 1002 to invoice 1001, by payment 3`; "" where the ledger's payment does not say."""
    id = row.target.rpartition(":")[2]
    ledger = subject.case.ledger if row.entity in ("", subject.case.judged.entity) else None
    payment = next((each for each in (ledger.payments if ledger is not None else ()) if each.id == id), None)
    if payment is None or not row.target.endswith(f":payment:{id}"):
        return ""
    sides: dict[bool, list[str]] = {True: [], False: []}
    for item in payment.applications:
        sides[item.amount.amount < 0].append(subject.settled.get(item.document, f"record {item.document}"))
    used, paid = sides[True], sides[False]
    return f"{' and '.join(used)} to {' and '.join(paid)}, by payment {id}" if used and paid else ""


def _target(subject: Subject, target: str, entity: str) -> str:
    """`invoice 1001 in the ledger`."""
    system, _, rest = target.partition(":")
    kind, _, id = rest.partition(":")
    if not id:
        return f"{_article(kind)} {kind.replace('_', ' ')} in {_system(subject, system)}"
    checkpoint = subject.pages.record.checkpoint(subject.case.scope.step)
    ledger = checkpoint.world.ledger(entity) if checkpoint is not None else None
    for item in ledger.documents if ledger is not None else ():
        if (item.kind, item.id) == (kind, id):
            return f"{kind.replace('_', ' ')} {item.number or id} in {_system(subject, system)}"
    for party in ledger.parties if ledger is not None and kind in {"customer", "party"} else ():
        if party.id == id:
            return f"customer {party.name!r} in {_system(subject, system)}"
    return f"{_named(subject, target)} in {_system(subject, system)}"


def _named(subject: Subject, source: str) -> str:
    """What a source is called in the story: `deal 'Hooli onboarding'`, or its kind and id."""
    told = named(source)
    if told is not None:
        return f"the {CALLED[told.noun]} on invoice {told.invoice}"
    parts = source.split(":")
    kind, id = (parts[1], parts[2]) if len(parts) > 2 else ("", source)
    words = kind.replace("_", " ")
    deal = subject.pages.deals.get(id)
    if deal is not None:
        return f"deal {deal.deal!r}"
    for fact in subject.facts:
        if isinstance(fact, CustomerPaid) and fact.charge_id == id:
            return fact.payment if fact.payment.startswith("payment ") else f"payment {fact.payment or id}"
        if isinstance(fact, CustomerEntered) and fact.company_id == id:
            return f"customer {fact.customer!r}"
        if isinstance(fact, PayrollRun) and fact.payroll_id == id:
            return f"{'' if kind == 'payroll' else f'the {words} of '}payroll {fact.payroll!r}"
    gateway = subject.case.scope.gateway
    if gateway is not None:
        of: dict[str, tuple[str, str]] = {line.id: (words, line.source) for line in gateway.balance_lines}
        of |= {each.id: ("refund", each.charge) for each in gateway.refunds}
        of |= {each.id: ("dispute", each.charge) for each in gateway.disputes}
        noun, whose = of.get(id, ("", ""))
        if whose and whose != id:
            return f"the {noun} of {_named(subject, f':charge:{whose}')}"
    return f"{words} {id}".strip()


def _system(subject: Subject, vendor: str) -> str:
    family = next((family for family, name in subject.pages.record.header.stack if name == vendor), "")
    return _SYSTEMS.get(family, vendor)


def _writes(subject: Subject, mine: Concern) -> Iterator[_Deed]:
    """Of a connector without a log, what the systems saw it write."""
    records = {id for _, id in mine.records} | {*subject.deals, *(thing.id for thing in subject.things)}
    actors = subject.case.judged.actors
    for number, write in enumerate(subject.pages.record.writes):
        if write.actor in actors and write.record_id in records and until(subject, write.at):
            target = _target(subject, f"{write.vendor}:{write.dataset}:{write.record_id}", write.entity)
            yield _Deed(write.at, number, f"{_DID.get(write.action, write.action)} {target}")


def _calls_about(subject: Subject, mine: Concern) -> list[Exchange]:
    """The connector's requests that name one of the things, or bear the key of something that was sent about them."""
    if not mine.ids:
        return []
    keys = {row.key for row in subject.pages.record.evidence if isinstance(row, LogRow) and mine.covers(row)}
    words = "|".join(re.escape(each) for each in sorted(mine.ids))
    pattern = re.compile(f"(?<![0-9A-Za-z])(?:{words})(?![0-9A-Za-z])".encode())
    found = []
    for each in subject.pages.record.exchanges:
        if each.client != "connector" or not until(subject, each.at):
            continue
        notes = each.response.notes if each.response is not None else None
        asked = f"{each.request.path}?{each.request.query}".encode() + b"\n" + each.request.body
        if (notes is not None and notes.idempotency_key in keys - {""}) or pattern.search(asked):
            found.append(each)
    return found


def _troubles(subject: Subject, about: Iterable[Exchange], sent: Mapping[str, tuple[int, LogRow]]) -> Iterator[_Deed]:
    """What was refused or got lost, each reason once with how often it came; `sent` are the rows of the log by key."""
    met: dict[tuple[str, str], list[Exchange]] = {}
    calls_about = list(about)
    for place, each in enumerate(calls_about):
        if _expired(each, calls_about[place + 1 :]):
            continue
        unseen = _UNSEEN.get(each.delivery.kind, "")
        refused = each.response is not None and each.response.status >= _REFUSED
        if not unseen and not refused:
            continue
        key = each.response.notes.idempotency_key if each.response is not None else ""
        what = f"asked {_system(subject, each.vendor)}"
        if key in sent:
            row = sent[key][1]
            kind = row.target.split(":")[1] if ":" in row.target else "record"
            what += f" to {row.action} {_article(kind)} {kind.replace('_', ' ')} for {_named(subject, row.source)}"
        what += f", and {unseen}" if unseen else f" and was refused: {_words(each)}"
        met.setdefault((key, what), []).append(each)
    for (key, what), calls_ in met.items():
        times = f" ({len(calls_)} times)" if len(calls_) > 1 else ""
        yield _Deed(calls_[0].at, sent[key][0] - _BEFORE if key in sent else -1, f"{what}{times}")


def _expired(call: Exchange, later: Sequence[Exchange]) -> bool:
    """Whether a key had run out that was renewed: the same request was let in afterwards."""
    if call.response is None or call.response.status != _UNKNOWN:
        return False
    same = (each for each in later if (each.request.host, each.request.path) == (call.request.host, call.request.path))
    return any(each.response is not None and each.response.status < _REFUSED for each in same)


def _article(noun: str) -> str:
    return "an" if noun[:1] in "aeiou" else "a"


def _words(exchange: Exchange) -> str:
    """What a vendor said to people when it refused: the longest text under a name that is for them."""
    body = exchange.response.body if exchange.response is not None else b""
    try:
        said = sorted(_said(json.loads(body)), key=len)
    except ValueError:
        said = []
    return said[-1] if said else "it gave no reason"


def _said(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and key.lower() in _SAID:
                yield inner
            else:
                yield from _said(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _said(inner)


def _shortened(text: str, length: int) -> str:
    """The text, or as much of it as fits with the sign that there is more."""
    return text if len(text) <= length else f"{text[: length - 1]}…"
