"""Mutants that behave badly when something goes wrong: keys, retries, uncertain outcomes, crashes, alerts."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from simharness.reference.memory import store as tables
from tests.functional.broken import connectors
from tests.mutants.mutant import Mutant, Override, Reach, Try, constant, instead
from tests.mutants.wired import built, changed

SALE = "tests/mutants/stories/sale.yaml"
STORY = "tests/functional/broken/story.yaml"
MONEY = "tests/functional/broken/money.yaml"
TWO_WINS = "tests/mutants/stories/two_wins.yaml"
PAYDAY = "tests/functional/broken/payroll.yaml"
_REF = "simharness.reference"
_ONCE = f"{_REF}.vendors.http:Caller._once"
_MILLIS = 1000
#: More often than any budget allows for.
_WHOLE_AGAIN = 60
_LOST = "reply_lost@quickbooks.saveInvoice#1"


def _with_params(request: Any, change: Callable[[str], str | None]) -> Any:
    params = [(n, change(v) if n == "requestid" else v) for n, v in request.params]
    return dataclasses.replace(request, params=[(n, v) for n, v in params if v is not None])


def _key_of_the_attempt(reach: Reach, original: Any, caller: Any, request: Any) -> Any:
    if request.key and request.attempts > 1:
        reach()
        request = _with_params(request, lambda key: f"{key[:-2]}-{request.attempts}")
    return original(caller, request)


def _no_key(reach: Reach, original: Any, caller: Any, request: Any) -> Any:
    if request.key and caller.vendor == "quickbooks":
        reach()
        request = _with_params(request, lambda _: None)
    return original(caller, request)


def _anew(reach: Reach, original: Any, outbox: Any, row: Mapping[str, Any]) -> Any:
    if row["attempts"]:
        reach()
        row = {**row, "key": f"{row['key'][:-3]}-{row['attempts']}"}
    return original(outbox, row)


def _key_of_the_incarnation() -> Override:
    """A key with a number that a restart forgets."""

    @contextmanager
    def apply(reach: Reach) -> Iterator[None]:
        lives = [0]

        def begins(_: Reach, original: Any, outbox: Any, *args: Any, **named: Any) -> None:
            lives[0] += 1
            original(outbox, *args, **named)

        def write(_: Reach, original: Any, quickbooks: Any, entity: str, body: bytes, key: str) -> Any:
            reach()
            return original(quickbooks, entity, body, f"{key[:-3]}-{lives[0]}")

        with (
            instead(f"{_REF}.posting.outbox:Outbox.__init__", begins)(reach),
            instead(f"{_REF}.vendors.quickbooks:QuickBooks.write", write)(reach),
        ):
            yield

    return apply


def _forgets(reach: Reach, original: Any, outbox: Any, store: Any, *args: Any, **named: Any) -> None:
    original(outbox, store, *args, **named)
    table = tables.outbox
    with store.transaction():
        gone = store.connection.execute(sa.delete(table).where(table.c.state == "due"))
        if gone.rowcount:
            reach()


def _may(status: int, *, repeat: bool) -> Override:
    def may(reach: Reach, original: Any, given: int) -> bool:
        if given == status:
            reach()
            return repeat
        return bool(original(given))

    return instead(f"{_REF}.vendors.http:_may_repeat", may)


def _nothing(reach: Reach, original: Any, *args: Any, **named: Any) -> None:
    del original, args, named
    reach()


def _false(reach: Reach, original: Any, *args: Any, **named: Any) -> bool:
    del original, args, named
    reach()
    return False


def _nobody_refused(reach: Reach, original: Any, *args: Any) -> dict[str, str]:
    if original(*args):
        reach()
    return {}


def _unsent(reach: Reach, original: Any, hubspot: Any, kind: str, inputs: Any) -> dict[str, str]:
    del original, hubspot, kind, inputs
    reach()
    return {}


def _alert_again(
    reach: Reach, original: Any, evidence: Any, name: str, source: str, reason: str, amount: Any = None, **named: Any
) -> None:
    if evidence._store.row(sa.select(tables.incident.c.name).where(tables.incident.c.name == name)):
        reach()
        with evidence._store.transaction():
            about = {"incident": name, "source": source, "owner": evidence._owner, "reason": reason}
            evidence._append("alert", amount, named.get("currency", ""), **about)
        return
    original(evidence, name, source, reason, amount, **named)


def _quietly_dead(reach: Reach, original: Any, outbox: Any, sequence: int, intent: Any, *_: Any) -> None:
    del original
    reach()
    outbox._finish(sequence, state="dead", problem="refused")
    outbox.handlers[intent.kind].failed(intent, "refused")


def _stale_is_final(reach: Reach, original: Any, customers: Any, intent: Any, refusal: Any) -> Any:
    if refusal.code == "5010":
        reach()
        return None
    return original(customers, intent, refusal)


def _since_the_last_look() -> Override:
    """A watermark that is the instant of the last look, and not what was seen then."""

    @contextmanager
    def apply(reach: Reach) -> Iterator[None]:
        looked: dict[int, int] = {}

        def since(_: Reach, original: Any, sync: Any, mark: int, per_second: int) -> int:
            del original, sync
            reach()
            before = looked.get(per_second, 0)
            if per_second == _MILLIS:
                looked[per_second] = int(time.time() * per_second)
            return before if mark else 0

        with instead(f"{_REF}.sync:Sync._since", since)(reach):
            yield

    return apply


def _first_page(reach: Reach, original: Any, hubspot: Any, path: str, body: Any) -> Any:
    page = original(hubspot, path, body)
    if path.endswith("/search") and page.pop("paging", None) is not None:
        reach()
    return page


def _first_page_of_money(reach: Reach, original: Any, stripe: Any, path: str, params: Any) -> Any:
    page = original(stripe, path, params)
    if page.get("has_more"):
        reach()
        page["has_more"] = False
    return page


def _no_wait(reach: Reach, original: Any, *args: Any) -> float:
    if original(*args) > 0:
        reach()
    return 0.0


def _never_asked(reach: Reach, original: Any, *args: Any) -> int | None:
    if original(*args) is not None:
        reach()
    return None


def _whole_again(reach: Reach, original: Any, hubspot: Any, kind: str, inputs: Any) -> dict[str, str]:
    refused: dict[str, str] = original(hubspot, kind, inputs)
    for _ in range(_WHOLE_AGAIN if refused else 0):
        reach()
        refused = original(hubspot, kind, inputs)
    return refused


def _from_the_beginning(reach: Reach, original: Any, sync: Any, mark: int, per_second: int) -> int:
    if original(sync, mark, per_second):
        reach()
    return 0


_SAME = f"{_REF}.posting.outbox:Outbox"

MUTANTS = (
    Mutant(
        name="a refusal sent again", checks=("C2",),
        tries=(Try(story=SALE, plan="forbidden*3@quickbooks.saveInvoice#1"),), overrides=(_may(403, repeat=True),),
    ),
    Mutant(
        name="retries that do not wait", checks=("C2",),
        tries=(Try(story=SALE, plan="error_503*3@quickbooks.saveInvoice#1"),),
        overrides=(instead(f"{_REF}.vendors.http:Caller._wait_s", _no_wait),),
    ),
    Mutant(
        name="Retry-After ignored", checks=("C2",),
        tries=(Try(story=SALE, plan="throttled:30@quickbooks.saveInvoice#1"),),
        overrides=(instead(f"{_REF}.vendors.http:Caller._asked_ms", _never_asked),),
    ),
    Mutant(
        name="a batch sent again whole for one part", checks=("C10",),
        tries=(Try(story=STORY, plan="partial_batch@hubspot.batchUpdateObjects#1"),),
        overrides=(instead(f"{_REF}.vendors.hubspot:HubSpot.update", _whole_again),),
    ),
    Mutant(
        name="a new key per attempt", checks=("C1", "C3", "V2", "F1"), tries=(Try(story=SALE, plan=_LOST),),
        overrides=(instead(_ONCE, _key_of_the_attempt),),
    ),
    Mutant(
        name="no key at all", checks=("C3", "V2", "F1"), tries=(Try(story=SALE, plan=_LOST),),
        overrides=(instead(_ONCE, _no_key),),
    ),
    Mutant(
        name="a key that a restart forgets", checks=("C1", "V2", "F1"),
        tries=(Try(story=SALE, plan="crash_after@quickbooks.saveInvoice#1"),),
        overrides=(_key_of_the_incarnation(), instead(f"{_SAME}._is_doubtful", _false)),
    ),
    Mutant(
        name="made anew after an uncertain outcome", checks=("C3", "V2", "F1"),
        tries=(Try(story=SALE, plan="reply_lost*5@quickbooks.saveInvoice#1"),),
        overrides=(instead(f"{_SAME}._send", _anew), instead(f"{_SAME}._is_doubtful", _false)),
    ),
    Mutant(
        name="what was under way is forgotten at a restart", checks=("F1", "V5", "R1"),
        tries=(Try(story=SALE, plan="crash_before@quickbooks.saveInvoice#1"),),
        overrides=(instead(f"{_SAME}.__init__", _forgets),),
    ),
    Mutant(
        name="silence is taken for success", checks=("C3", "F1"),
        tries=(Try(story=MONEY, plan="timeout_before_commit@quickbooks.saveTransfer#1"),),
        overrides=(built(connectors.build, FAULT="takes silence for success"),),
    ),
    Mutant(
        name="a server error is taken for a refusal", checks=("F1",),
        tries=(Try(story=SALE, plan="error_503@quickbooks.saveInvoice#1"),), overrides=(_may(503, repeat=False),),
    ),
    Mutant(
        name="too many requests are taken for a refusal", checks=("F1",),
        tries=(Try(story=SALE, plan="throttled@quickbooks.saveInvoice#1"),), overrides=(_may(429, repeat=False),),
    ),
    Mutant(
        name="an expired login is never renewed", checks=("V5", "V20"), tries=(Try(story=SALE),),
        overrides=(instead(f"{_REF}.vendors.tokens:Tokens.refresh", _false),),
    ),
    Mutant(
        name="a renewed login is not kept over a restart", checks=("F1",),
        tries=(
            Try(story=PAYDAY, plan="token_expired@gusto#2 + crash_after@gusto#6"),
        ),
        overrides=(instead(f"{_REF}.memory.store:Store.save_grant", _nothing),),
    ),
    Mutant(
        name="a version that changed is taken for a refusal", checks=("V27",), tries=(Try(story=STORY),),
        overrides=(instead(f"{_REF}.selling.customers:Customers.corrected", _stale_is_final),),
    ),
    Mutant(
        name="a refused part of a batch is taken for written", checks=("F1", "R1"),
        tries=tuple(Try(story=STORY, plan=f"partial_batch@hubspot.batchUpdateObjects#{n}") for n in (2, 3, 1)),
        overrides=(instead(f"{_REF}.vendors.hubspot:HubSpot.update", _nobody_refused),),
    ),
    Mutant(
        name="write-back lost", checks=("R1",), tries=(Try(story=SALE),),
        overrides=(instead(f"{_REF}.vendors.hubspot:HubSpot.update", _unsent),),
    ),
    Mutant(
        name="a search that lags is trusted", checks=("F1", "R1"),
        tries=tuple(Try(story=TWO_WINS, plan=f"stale_read@hubspot.searchObjects#{n}") for n in (6, 7, 8, 9)),
        overrides=(_since_the_last_look(),),
    ),
    Mutant(
        name="page two of the CRM is never read", checks=("V27",), tries=(Try(story=STORY),),
        overrides=(instead(f"{_REF}.vendors.hubspot:HubSpot._post", _first_page),),
        setting=(constant(f"{_REF}.vendors.hubspot:PAGE", 1),),
    ),
    Mutant(
        name="page two of the gateway is never read", checks=("V10", "R3"), tries=(Try(story=MONEY),),
        overrides=(instead(f"{_REF}.vendors.stripe:Stripe._get", _first_page_of_money),),
        setting=(constant(f"{_REF}.vendors.stripe:PAGE", 1),),
    ),
    Mutant(
        name="an alert per attempt", checks=("C4",),
        tries=(Try(story=SALE, plan="error_503*12@quickbooks.saveInvoice#1"),),
        overrides=(instead(f"{_REF}.memory.evidence:Evidence.alert", _alert_again),),
    ),
    Mutant(
        name="an alert that nobody clears", checks=("F1",),
        tries=(Try(story=SALE, plan="error_503*7@quickbooks.saveInvoice#1"),),
        overrides=(instead(f"{_REF}.memory.evidence:Evidence.recovered", _nothing),),
    ),
    Mutant(
        name="a refusal is swallowed", checks=("C4", "F1", "V20"),
        tries=(Try(story=SALE, plan="forbidden@quickbooks.savePayment#1"),),
        overrides=(instead(f"{_SAME}._give_up", _quietly_dead),),
    ),
    Mutant(
        name="nobody is alerted", checks=("C4",),
        tries=(Try(story=SALE, plan="forbidden@quickbooks.savePayment#1"),),
        overrides=(changed(connectors.silent),),
    ),
    Mutant(
        name="an alert without the amount", checks=("C4",),
        tries=(Try(story=SALE, plan="forbidden@quickbooks.savePayment#1"),),
        overrides=(changed(connectors.tells_no_amount),),
    ),
    Mutant(
        name="a row of the log is missing", checks=("C5",), tries=(Try(story=SALE),),
        overrides=(built(connectors.build, FAULT="hides a row of its log"),),
    ),
    Mutant(name="another field of the CRM is written", checks=("C6",), tries=(Try(story=SALE),),
           overrides=(changed(connectors.edits_the_deal),)),
    Mutant(name="a call leaves the world", checks=("C9",), tries=(Try(story=SALE),),
           overrides=(changed(connectors.phones_home),)),
    Mutant(name="a call that no contract knows", checks=("C11",), tries=(Try(story=SALE),),
           overrides=(changed(connectors.explores),)),
)  # fmt: skip
