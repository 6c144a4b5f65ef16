"""C2: what is repeated, how often, how soon, and after what."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl

from simharness.checks.conduct.intents import is_login, is_lookup, looks
from simharness.checks.conduct.passes import Passes, of_connector
from simharness.checks.findings import Reporter
from simharness.checks.scope import Scope
from simharness.domain.exchange import LATER, STALE, DeliveryKind, Exchange
from simharness.domain.finding import CheckResult, Severity

#: More attempts at one request in one pass are no patience any more; each entity of a group has a patience of its own.
MOST_ATTEMPTS = 10
#: From so many waits on they have to grow: one that is drawn at random may be shorter than the one before.
_WAITS_THAT_GROW = 3

_UNAUTHENTICATED, _THROTTLED = 401, 429
_A_WINDOW = timedelta(seconds=1)
_REPEATABLE = frozenset({408, 409, 429})
#: So many parts of a connector may ask for the same within a pass without knowing of each other's refusal.
_READERS = 1
#: Parameters that name the attempt or its key and not what is asked.
_KEYS = frozenset({"requestid"})
_WHOLE = (DeliveryKind.COMPLETE, DeliveryKind.AFTER)
_NOTHING = timedelta(0)

Asked = tuple[str, str, str, str, tuple[tuple[str, str], ...], bytes]


@dataclass(slots=True)
class _Chain:
    """Failed attempts at one request, one after the other in one pass, and how long was waited between them."""

    failed: list[Exchange]
    waits: list[timedelta] = field(default_factory=list)
    #: Waits after no answer: how long the connector's own patience with the answer was is in them.
    unanswered: list[timedelta] = field(default_factory=list)
    #: How many further entities may begin to read the same, without knowing of the attempts of the others.
    others: int = 0
    #: How many attempts everybody together may make.
    most: int = MOST_ATTEMPTS


def retries_are_decent(scope: Scope) -> CheckResult:
    """C2: a request that failed is repeated a bounded number of times, after waits that grow, not before the instant
    that the vendor asked for; one that was refused only for 408, 409, 429, once after a token refresh (401), after a
    re-read for a stale object, and for what the vendor's pack marks as worth repeating.

    A repetition is the same request to the same vendor. What a later pass reads anew is a poll, and two parts of a
    connector may read the same, as may each entity of a group; a write that was refused may be sent again once
    something happened since.
    """
    report = Reporter("C2", scope.record.header, Severity.CONDUCT)
    passes = Passes(scope.record)
    chains: dict[Asked, _Chain] = {}
    stale: dict[tuple[str, str, str], Exchange] = {}
    between: list[Exchange] = []
    for exchange in of_connector(scope.record):
        if exchange.spilled:
            continue
        between.append(exchange)
        _reread(report, passes, exchange, stale, between)
        asked = _asked(exchange)
        chain = chains.pop(asked, None)
        if chain is not None:
            report.examined += 1
            chain = _next(report, passes, chain, exchange, between)
        if not _failed(exchange):
            continue
        further = len(scope.record.further)
        chains[asked] = chain or _Chain(failed=[], others=further, most=MOST_ATTEMPTS * (1 + further))
        chains[asked].failed.append(exchange)
    return report.result("no request of the connector failed and was sent again")


def _next(report: Reporter, passes: Passes, chain: _Chain, exchange: Exchange, sent: list[Exchange]) -> _Chain | None:
    """Judge a repetition; the chain it goes on, or None where it begins a new one."""
    last = chain.failed[-1]
    same_process = not passes.died_between(last, exchange)
    if same_process:
        _asked_to_wait(report, last, exchange)
    if passes.of(last) == passes.of(exchange):
        if chain.others and not _is_write(exchange) and _is_at_an_end(chain):
            return _Chain(failed=[], others=chain.others - 1, most=chain.most)
        _permitted(report, chain, exchange, sent)
        _backs_off(report, chain, exchange)
        return chain
    if same_process and passes.step_of(last) == passes.step_of(exchange) and _is_write(last):
        _sent_again(report, last, exchange)
    return None


def _is_at_an_end(chain: _Chain) -> bool:
    """Whether who asked last has no business to ask again: what was refused with a renewed credential too, or for good.
    Then it is another entity that begins to read the same.
    """
    last = chain.failed[-1]
    if _status(last) != _UNAUTHENTICATED:
        return _is_refusal(last)
    return len({_credential(each) for each in chain.failed if _status(each) == _UNAUTHENTICATED}) > 1


def _permitted(report: Reporter, chain: _Chain, exchange: Exchange, sent: list[Exchange]) -> None:
    """What may be repeated at all within a pass, and how often."""
    last, status = chain.failed[-1], _status(chain.failed[-1])
    if len(chain.failed) == chain.most:
        _found(
            report, "unbounded", exchange, f"{_name(exchange)} is attempted again and again",
            f"at most {chain.most} attempts in a pass", "a further one", (*chain.failed, exchange),
        )  # fmt: skip
    if status == _UNAUTHENTICATED:
        # A refresh that only did not succeed yet, such as one that was throttled, is tried again with the request.
        refreshed = any(is_login(each) and not _is_refusal(each) for each in _between(sent, last, exchange))
        renewed = refreshed or _credential(last) != _credential(exchange)
        if not renewed:
            _found(
                report, "unrefreshed", exchange, f"{_name(exchange)} was repeated after 401 with the same credential",
                "a token refresh before", "none", (last, exchange),
            )  # fmt: skip
        elif len({_credential(each) for each in chain.failed if _status(each) == _UNAUTHENTICATED}) > 1:
            _found(
                report, "refreshed", exchange, f"{_name(exchange)} was repeated more than once after 401",
                "one repetition after a token refresh", "another", (*chain.failed, exchange),
            )  # fmt: skip
    elif _is_refusal(last) and (_is_write(last) or len(chain.failed) > _READERS):
        _found(
            report, f"refused:{status}", exchange, f"{_name(exchange)} was refused with {status} and sent again",
            "no repetition of what was refused for good", f"the same request after {_wait(last, exchange)}",
            (last, exchange),
        )  # fmt: skip


def _backs_off(report: Reporter, chain: _Chain, exchange: Exchange) -> None:
    """Waits are there, and grow. After a refreshed token none is needed; one that was asked for is the vendor's, and a
    limit a second or more has windows of one length. Only what waited for an answer in vain is compared with its like,
    since its wait begins when the connector gave that up, which nobody sees. After an answer that came late the wait
    begins when it came.
    """
    last = chain.failed[-1]
    if _status(last) == _UNAUTHENTICATED or _is_refusal(last):
        return
    wait = exchange.at - last.at
    if wait <= _NOTHING and chain.others and not _is_write(exchange):
        chain.others -= 1
        chain.waits.clear()
        chain.unanswered.clear()
        return
    if wait <= _NOTHING:
        _found(
            report, "at_once", exchange, f"{_name(exchange)} was repeated at once", "a wait before",
            "none", (last, exchange),
        )  # fmt: skip
        return
    if _not_before(last) is not None or (_status(last) == _THROTTLED and wait >= _A_WINDOW):
        return
    answered = last.delivery.kind is not DeliveryKind.NO_ANSWER and wait > last.delivery.delay
    waits = chain.waits if answered else chain.unanswered
    waits.append(wait - last.delivery.delay if answered else wait)
    if len(waits) >= _WAITS_THAT_GROW and max(waits) <= waits[0]:
        _found(
            report, "steady", exchange, f"{_name(exchange)} is repeated without backing off", "waits that grow",
            ", ".join(str(each) for each in waits), (*chain.failed, exchange),
        )  # fmt: skip


def _asked_to_wait(report: Reporter, last: Exchange, exchange: Exchange) -> None:
    until = _not_before(last)
    if until is not None and exchange.at < until:
        _found(
            report, "too_early", exchange, f"{_name(exchange)} was repeated before the vendor wanted it",
            f"not before {until:%H:%M:%S}, as Retry-After says", f"{exchange.at:%H:%M:%S}", (last, exchange),
        )  # fmt: skip


def _sent_again(report: Reporter, last: Exchange, exchange: Exchange) -> None:
    """A later pass sends what was refused for good, and nothing has happened since."""
    if _status(last) != _UNAUTHENTICATED and _is_refusal(last):
        _found(
            report, f"refused:{_status(last)}", exchange,
            f"{_name(exchange)} was refused with {_status(last)} and sent again in a later pass",
            "no repetition of what was refused for good", "the same request, though nothing happened since",
            (last, exchange),
        )  # fmt: skip


def _reread(
    report: Reporter,
    passes: Passes,
    exchange: Exchange,
    stale: dict[tuple[str, str, str], Exchange],
    sent: list[Exchange],
) -> None:
    """An object that changed under the connector is read again before it is written again."""
    subject = _object(exchange)
    if subject is None:
        return
    last = stale.pop(subject, None)
    if last is not None and passes.of(last) == passes.of(exchange):
        report.examined += 1
        looked = any(is_lookup(each) and each.vendor == exchange.vendor for each in _between(sent, last, exchange))
        if not looked:
            _found(
                report, "stale", exchange, f"{_name(exchange)} met a stale object and was sent again unseen",
                "a look at the object before", "none", (last, exchange),
            )  # fmt: skip
    if _arrived(exchange) and exchange.response is not None and exchange.response.notes.again == STALE:
        stale[subject] = exchange


def _between(sent: list[Exchange], first: Exchange, second: Exchange) -> list[Exchange]:
    """What was sent after one exchange and before another."""
    at = bisect_right(sent, first.sequence, key=_sequence)
    return sent[at : bisect_left(sent, second.sequence, key=_sequence)]


def _sequence(exchange: Exchange) -> int:
    return exchange.sequence


def _asked(exchange: Exchange) -> Asked:
    request = exchange.request
    query = tuple(pair for pair in parse_qsl(request.query, keep_blank_values=True) if pair[0] not in _KEYS)
    return exchange.vendor, request.method, request.host, request.path, query, request.body


def _object(exchange: Exchange) -> tuple[str, str, str] | None:
    """What a write is about: its address, with the id in its body where the address has none; None for a read."""
    request = exchange.request
    if not _is_write(exchange):
        return None
    told = ""
    if request.body.startswith(b"{"):
        try:
            body = json.loads(request.body)
        except ValueError:
            body = {}
        told = str(body.get("Id") or body.get("id") or "")
    return exchange.vendor, request.path, told


def _is_write(exchange: Exchange) -> bool:
    return not looks(exchange) and not is_login(exchange)


def _status(exchange: Exchange) -> int:
    """The status that the connector saw; 0 where no answer reached it."""
    return exchange.response.status if exchange.response is not None and _arrived(exchange) else 0


def _arrived(exchange: Exchange) -> bool:
    return exchange.response is not None and exchange.delivery.kind in _WHOLE


def _failed(exchange: Exchange) -> bool:
    return not _arrived(exchange) or _status(exchange) >= 400


def _is_refusal(exchange: Exchange) -> bool:
    """Whether an answer says no for good: a repetition of the very same request cannot be meant well."""
    if not _arrived(exchange) or not 400 <= _status(exchange) < 500 or _status(exchange) in _REPEATABLE:
        return False
    return exchange.response is None or exchange.response.notes.again != LATER


def _not_before(exchange: Exchange) -> datetime | None:
    """The instant before which the vendor does not want to be asked again."""
    if not _arrived(exchange) or exchange.response is None or _status(exchange) < 400:
        return None
    told = exchange.response.headers.get("retry-after", "")
    if told.isdecimal():
        return exchange.at + timedelta(seconds=int(told))
    try:
        until = parsedate_to_datetime(told)
    except ValueError:
        return None
    return until if until.tzinfo else until.replace(tzinfo=UTC)


def _credential(exchange: Exchange) -> str:
    return exchange.request.headers.get("authorization", "")


def _wait(first: Exchange, second: Exchange) -> str:
    return f"{(second.at - first.at).total_seconds():g} s"


def _name(exchange: Exchange) -> str:
    operation = exchange.response.notes.operation if exchange.response else ""
    return f"{operation or f'{exchange.request.method} {exchange.request.path}'} of {exchange.vendor}"


def _found(
    report: Reporter,
    shape: str,
    exchange: Exchange,
    message: str,
    expected: str,
    actual: str,
    objects: Iterable[Exchange],
) -> None:
    report.found(
        f"{exchange.vendor}:{shape}:{exchange.sequence}",
        message,
        expected=expected,
        actual=actual,
        objects=[f"exchange:{each.sequence}" for each in objects],
    )
