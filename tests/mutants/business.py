"""Mutants that get the business wrong: what is billed, taken, given back, paid out and dated."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, date, datetime
from typing import Any

import httpx
import msgspec
import sqlalchemy as sa

from simharness.reference.bank.lines import Memo
from simharness.reference.gateway.movements import Movement
from simharness.reference.memory import store as tables
from tests.functional.broken import connectors, credulous
from tests.functional.broken.connectors import Wire, in_body, posts, rewritten
from tests.mutants.conduct import MONEY, SALE, STORY
from tests.mutants.mutant import Mutant, Override, Reach, Try, instead
from tests.mutants.wired import built, changed

ROUNDING = "tests/mutants/stories/rounding.yaml"
EVENING = "tests/mutants/stories/late_evening.yaml"
REFUSED = "tests/mutants/stories/refused.yaml"
NEIGHBOURS = "tests/functional/broken/neighbours.yaml"
PLACES = "tests/functional/broken/places.yaml"
EXCHANGE = "tests/functional/broken/exchange.yaml"
TOLD = "tests/functional/broken/told.yaml"
AT_ONCE = "tests/functional/broken/at_once.yaml"
_REF = "simharness.reference"
#: It never renews its login, which is no fault that matters there.
_LASTING = {"quickbooks": {"access_token_s": "8000000"}}


def _per_document(reach: Reach, original: Any, policy: Any, lines: Any) -> Any:
    reach()
    return original(dataclasses.replace(policy, tax="per_group"), lines)


def _surcharge(reach: Reach, original: Any, discount: Any, *args: Any) -> Any:
    found = original(discount, *args)
    if found:
        reach()
    return -found


def _no_fees(reach: Reach, original: Any, *args: Any, **named: Any) -> Any:
    for task in original(*args, **named):
        if task.kind == "fee":
            reach()
        else:
            yield task


def _as_sales(reach: Reach, original: Any, lines: Any, line: Any) -> Any:
    if original(lines, line) is None:
        return None
    reach()
    return lines._journal(line, "service_revenue", words=line.name)


def _by_amount(reach: Reach, original: Any, lines: Any, line: Any) -> Any:
    found = original(lines, line)
    if found is not None:
        return found
    table = tables.task
    for row in lines._tasks._store.rows(sa.select(table).where(table.c.kind == "payout")):
        if -msgspec.json.decode(row["facts"], type=Movement).amount == line.amount:
            reach()
            body = lines._entries.transfer("payouts_in_transit", "bank", line.amount)
            return lines._plan("Transfer", body, line, Memo())
    return None


def _in_greenwich(reach: Reach, original: Any, receipts: Any, facts: Any) -> date:
    there = datetime.fromtimestamp(facts.moved_s or facts.created_s, UTC).date()
    if there != original(receipts, facts):
        reach()
    return there


def _whatever_is_closed(reach: Reach, original: Any, periods: Any, day: date) -> date:
    if original(periods, day) != day:
        reach()
    return day


def _lock_is_success(
    reach: Reach, original: Any, outbox: Any, sequence: int, intent: Any, refusal: Any, n: int
) -> None:
    if refusal.code != "6210":
        original(outbox, sequence, intent, refusal, n)
        return
    reach()
    with outbox._store.transaction():
        outbox._finish(sequence, state="done", attempts=n, ledger_id="0")
        outbox.handlers[intent.kind].posted(intent, {"Id": "0", "SyncToken": "0", "TotalAmt": str(intent.amount)})


def _not_corrected(reach: Reach, original: Any, *args: Any) -> None:
    del original, args
    reach()


def _no_tax(body: Any) -> None:
    body.pop("TxnTaxDetail", None)


def _never_renamed(reach: Reach, original: Any, *args: Any, **named: Any) -> None:
    if original(*args, **named) is not None:
        reach()


def _customer_twice(wire: Wire, request: httpx.Request) -> httpx.Request | None:
    if posts(request, "customer"):
        body = json.loads(request.content)
        if "Id" not in body and wire.first("again"):
            again = {**body, "DisplayName": f"{body['DisplayName']} (2)"}
            wire.inner.handle_request(rewritten(request, again, requestid="another-key"))
    return None


def _wire(name: str, *checks: str, story: str = SALE, called: str = "") -> Mutant:
    """One of the faults on the wire that functional tests know by name."""
    return Mutant(
        name=called or name, checks=checks, tries=(Try(story=story),), overrides=(changed(connectors.WIRES[name]),)
    )


def _patched(name: str, checks: tuple[str, ...], story: str, *overrides: Override, **more: Any) -> Mutant:
    return Mutant(name=name, checks=checks, tries=(Try(story=story),), overrides=overrides, **more)


MUTANTS = (
    _patched("rounding once a document", ("V6",), ROUNDING,
             instead(f"{_REF}.arithmetic.tax:TaxPolicy.calculate", _per_document)),
    _patched("a discount sent as a surcharge", ("V5", "R1"), SALE,
             instead(f"{_REF}.arithmetic.pricing:Discount.of", _surcharge)),
    _wire("leaves no reason for an exemption", "V7", story=STORY, called="the reason for an exemption lost"),
    _patched("a fee not posted", ("V10", "V20", "R3"), SALE,
             instead(f"{_REF}.gateway.movements:Movements._tasks_of", _no_fees)),
    _patched("a payout booked as sales", ("V11", "R4"), MONEY,
             instead(f"{_REF}.bank.lines:BankLines._payout", _as_sales)),
    _patched("a refund without tax", ("V16",), NEIGHBOURS, changed(in_body("refundreceipt", _no_tax))),
    _patched("a payout told by its amount", ("R4",), MONEY,
             instead(f"{_REF}.bank.lines:BankLines._payout", _by_amount)),
    _patched("days of Greenwich", ("V13", "R3"), EVENING,
             instead(f"{_REF}.gateway.receipts:Receipts._day", _in_greenwich)),
    _patched("the refusal of a locked period swallowed", ("V20", "C4"), REFUSED,
             instead(f"{_REF}.ledger.periods:Periods.open_day", _whatever_is_closed),
             instead(f"{_REF}.gateway.receipts:Receipts.corrected", _not_corrected),
             instead(f"{_REF}.posting.outbox:Outbox._give_up", _lock_is_success)),
    _patched("a rename that the ledger never sees", ("V27",), STORY,
             instead(f"{_REF}.selling.customers:Customers._update", _never_renamed)),
    _patched("a customer made twice", ("V27",), SALE, changed(_customer_twice)),
    Mutant(name="a webhook believed, and as often as it comes", checks=("V2",), tries=(Try(story=TOLD),),
           overrides=(built(credulous.build),), options=_LASTING),
    Mutant(name="a payload trusted when it is stale", checks=("V4",), tries=(Try(story=AT_ONCE),),
           overrides=(built(credulous.forgetful),), options=_LASTING, compared=True),
    _wire("posts an invoice twice", "V2"),
    _wire("posts a payment twice", "V2", "V8"),
    _wire("bills a cent more", "V6"),
    _wire("dates an invoice a day late", "V13"),
    _wire("bills another product", "V27", story=STORY),
    _wire("drops the cost centre", "V21"),
    _wire("leaves no reference", "V20"),
    _wire("numbers invoices itself", "V25", story=STORY),
    _wire("names another deal", "R1"),
    _wire("books a cent less than was paid", "V20"),
    _wire("applies no payment", "V8"),
    _wire("empties a field of the ledger", "V26", story=STORY, called="a version ignored, the whole overwritten"),
    _wire("books a fee a cent too high", "V10", "V20", "R3"),
    _wire("books a fee twice", "V2", "V10"),
    _wire("books a dispute the wrong way round", "V10", "R3", story=MONEY),
    _wire("books a refund twice", "V2", "V10", "V20", "R3", story=MONEY),
    _wire("refunds at a blended rate", "V6", "V16", story=MONEY),
    _wire("credits another product", "V16", story=MONEY),
    _wire("books a payout twice", "V2", "V10", "V11", story=MONEY),
    _wire("books a stranger's money twice", "V2", "V20", "R4", story=MONEY),
    _wire("gives a sale back to another customer", "V27", story=NEIGHBOURS),
    _wire("grants a cent more", "V6", story=PLACES),
    _wire("takes wires at the ledger's rate of the day", "V17", story=EXCHANGE),
    _wire("makes the record in euro twice", "V27", story=EXCHANGE),
    Mutant(name="an invoice a cent short in BI", checks=("R8",), tries=(Try(story=STORY),), shows_bi=True,
           overrides=(built(connectors.build, FAULT="publishes an invoice a cent short"),)),
)  # fmt: skip
