"""C2 turns red for what is repeated although it was refused, at once, without end, or before the vendor wanted it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from simharness.checks.conduct.retries import MOST_ATTEMPTS
from simharness.domain.exchange import LATER, STALE, Delivery, DeliveryKind, Exchange, Notes, Request, Response
from simharness.domain.finding import Judgement
from tests.unit.checks import builders as b

NOON = datetime(2026, 1, 12, 12, tzinfo=UTC)
HOST = "quickbooks.api.intuit.com"
BODY = b'{"PrivateNote":"pay:charge:ch1"}'
LOST = Delivery(kind=DeliveryKind.LOST)


def sent(sequence: int, after_s: float, status: int = 200, **changes: Any) -> Exchange:
    """One attempt at one posting, so many seconds after noon."""
    again, headers = changes.pop("again", ""), changes.pop("headers", {})
    notes = Notes(operation="savePayment", actor="connector", again=again)
    request = {
        "method": "POST", "host": HOST, "path": "/v3/company/1/payment", "body": BODY, "query": "requestid=k",
        "headers": {"authorization": "Bearer one"},
    } | changes.pop("request", {})  # fmt: skip
    return Exchange(
        **{
            "sequence": sequence,
            "at": NOON + timedelta(seconds=after_s),
            "vendor": "quickbooks",
            "request": Request(**request),
            "response": Response(status=status, headers=headers, notes=notes),
        }
        | changes
    )


def got(sequence: int, after_s: float, status: int = 200, **changes: Any) -> Exchange:
    """One look at the same company."""
    return sent(sequence, after_s, status, request={"method": "GET", "body": b"", "query": ""}, **changes)


def login(sequence: int, after_s: float, status: int = 200) -> Exchange:
    notes = Notes(operation="tokens")
    request = {"host": "oauth.platform.intuit.com", "path": "/oauth2/v1/tokens/bearer", "query": "", "body": b"x"}
    return sent(sequence, after_s, request=request, response=Response(status=status, notes=notes))


def a_pass(step: int, *began: int, until: int = 99) -> Any:
    return b.rest(step, "2026-01-12", began=began, exchanges=until, passes=len(began))


def judged(*exchanges: Exchange, facts: tuple[Any, ...] = ()) -> Any:
    return b.result("C2", b.record(exchanges=exchanges, facts=facts or (a_pass(1, 0),)))


def shapes(*exchanges: Exchange, facts: tuple[Any, ...] = ()) -> list[str]:
    return [found.key.removeprefix("C2:quickbooks:") for found in judged(*exchanges, facts=facts).findings]


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503])
def test_what_may_pass_is_repeated_after_waits_that_grow(status: int) -> None:
    fine = judged(sent(1, 0, status), sent(2, 0.5, status), sent(3, 1.5, status), sent(4, 3.5))
    assert fine.judgement is Judgement.PASSED
    assert fine.examined == 3


@pytest.mark.parametrize("status", [400, 402, 403, 404, 412, 422])
def test_what_was_refused_is_not_sent_again(status: int) -> None:
    assert shapes(sent(1, 0, status), sent(2, 1)) == [f"refused:{status}:2"]
    # Another part of the program may ask for the same, but not again and again.
    assert not shapes(got(1, 0, status), got(2, 0, status))
    assert shapes(got(1, 0, status), got(2, 1, status), got(3, 3)) == [f"refused:{status}:3"]


def test_another_body_is_another_request_and_another_key_is_not() -> None:
    assert not shapes(sent(1, 0, 400), sent(2, 1, request={"body": b"{}"}))
    assert shapes(sent(1, 0, 400), sent(2, 1, request={"query": "requestid=other"})) == ["refused:400:2"]


def test_a_lock_that_the_pack_marks_may_be_tried_again_after_a_wait() -> None:
    assert not shapes(sent(1, 0, 400, again=LATER), sent(2, 1))
    assert shapes(sent(1, 0, 400, again=LATER), sent(2, 0)) == ["at_once:2"]


def test_a_later_pass_reads_anew_but_does_not_send_what_was_refused() -> None:
    two = (a_pass(1, 0, 1),)
    assert not shapes(got(1, 0, 403), got(2, 60), facts=two)
    assert shapes(sent(1, 0, 403), sent(2, 60), facts=two) == ["refused:403:2"]
    # Somebody replayed the dead letter, or opened the period, in between.
    told = (a_pass(1, 0, until=1), b.won(2, exchanges=1), a_pass(3, 1))
    assert not shapes(sent(1, 0, 403), sent(2, 60), facts=told)


@pytest.mark.parametrize("waits", [(0,), (1, 0), (1, 1, 1), (2, 1, 1)])
def test_a_storm_is_no_patience(waits: tuple[float, ...]) -> None:
    instants = [sum(waits[:n]) for n in range(len(waits) + 1)]
    tries = [sent(n, at, delivery=LOST) for n, at in enumerate(instants, start=1)]
    assert len(shapes(*tries)) == 1


def test_jitter_is_not_taken_for_a_storm() -> None:
    assert not shapes(*(sent(n, at, 500) for n, at in enumerate((0, 0.4, 1.1, 1.7, 4.0), start=1)))


def test_a_wait_for_an_answer_that_never_came_is_compared_with_its_like_only() -> None:
    silent = {"delivery": Delivery(kind=DeliveryKind.NO_ANSWER)}
    # Its timeout of 30 seconds was none of the waits that grow after it.
    assert not shapes(
        sent(1, 0, 503, **silent), sent(2, 30.5, 503), sent(3, 31, 503), sent(4, 32, 503), sent(5, 34, 503)
    )
    steady = [sent(number, 31.0 * number, 503, **silent) for number in range(1, 5)]
    assert shapes(*steady) == ["steady:4"]


def test_attempts_are_bounded() -> None:
    tries = [sent(n + 1, 2.0**n, 503) for n in range(MOST_ATTEMPTS)]
    assert not shapes(*tries)
    assert shapes(*tries, sent(MOST_ATTEMPTS + 1, 5000)) == [f"unbounded:{MOST_ATTEMPTS + 1}"]


def test_each_entity_of_a_group_has_a_patience_of_its_own() -> None:
    tries = [got(n + 1, 2.0**n, 503) for n in range(2 * MOST_ATTEMPTS)]
    alone = b.record(exchanges=tuple(tries), facts=(a_pass(1, 0),))
    group = structs.replace(alone, further=(alone.header.dictionary,))
    assert len(b.result("C2", alone).findings) == 1
    assert not b.result("C2", group).findings
    endless = structs.replace(group, exchanges=(*tries, got(2 * MOST_ATTEMPTS + 1, 2.0**20)))
    assert len(b.result("C2", endless).findings) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured_in_seconds_and_as_a_date(status: int) -> None:
    for told in ("7", "Mon, 12 Jan 2026 12:00:07 GMT"):
        headers = {"retry-after": told}
        assert shapes(sent(1, 0, status, headers=headers), sent(2, 6.9)) == ["too_early:2"]
        assert not shapes(sent(1, 0, status, headers=headers), sent(2, 7))
        # Equal waits are the vendor's then, and no missing back-off.
        assert not shapes(*(sent(n, 7 * n, status, headers=headers) for n in range(1, 6)))


def test_retry_after_reaches_into_the_next_pass() -> None:
    asked = sent(1, 0, 429, headers={"retry-after": "90"})
    assert shapes(asked, sent(2, 60), facts=(a_pass(1, 0, 1),)) == ["too_early:2"]


def test_a_request_is_repeated_once_after_a_token_refresh() -> None:
    renewed = {"headers": {"authorization": "Bearer two"}}
    assert not shapes(sent(1, 0, 401), login(2, 0), sent(3, 0, request=renewed))
    assert not shapes(sent(1, 0, 401), sent(2, 0, request=renewed))
    assert shapes(sent(1, 0, 401), sent(2, 1)) == ["unrefreshed:2"]
    assert shapes(sent(1, 0, 401), login(2, 0, 400), sent(3, 1)) == ["unrefreshed:3"]
    again = {"headers": {"authorization": "Bearer three"}}
    assert shapes(sent(1, 0, 401), login(2, 0), sent(3, 0, 401, request=renewed), sent(4, 0, request=again)) == [
        "refreshed:4"
    ]


def test_each_entity_of_a_group_may_begin_to_read_the_same() -> None:
    alone = b.record(exchanges=(got(1, 0, 503), got(2, 1, 503), got(3, 1)), facts=(a_pass(1, 0),))
    group = structs.replace(alone, further=(alone.header.dictionary,))
    assert len(b.result("C2", alone).findings) == 1
    assert not b.result("C2", group).findings
    again = structs.replace(group, exchanges=(got(1, 0, 503), got(2, 0, 503), got(3, 0)))
    assert len(b.result("C2", again).findings) == 1, "one entity more begins once"


def test_each_entity_of_a_group_is_refused_by_itself() -> None:
    renewed = {"headers": {"authorization": "Bearer two"}, "method": "GET", "body": b"", "query": ""}
    died = (got(1, 0, 401), login(2, 0), sent(3, 0, 401, request=renewed))
    for refused in (died, (got(1, 0, 403), got(2, 0, 403))):
        alone = b.record(exchanges=(*refused, got(4, 0)), facts=(a_pass(1, 0),))
        group = structs.replace(alone, further=(alone.header.dictionary,))
        assert len(b.result("C2", alone).findings) == 1
        assert not b.result("C2", group).findings
    writes = b.record(exchanges=(sent(1, 0, 403), sent(2, 0)), facts=(a_pass(1, 0),))
    assert len(b.result("C2", structs.replace(writes, further=(writes.header.dictionary,))).findings) == 1


def test_a_refusal_that_never_arrived_and_a_refresh_without_an_answer_count_for_nothing() -> None:
    renewed, lost = {"headers": {"authorization": "Bearer two"}}, Delivery(kind=DeliveryKind.LOST)
    unheard = sent(1, 0, 401, delivery=lost)
    assert not shapes(unheard, sent(2, 1, 401), login(3, 1), sent(4, 1, request=renewed))
    assert not shapes(sent(1, 0, 401), login(2, 0), sent(3, 1, 401), login(4, 1), sent(5, 1, request=renewed))


def test_a_stale_object_is_looked_at_before_it_is_written_again() -> None:
    def update(sequence: int, token: int, status: int = 200, again: str = "") -> Exchange:
        body = b'{"Id":"7","SyncToken":"%d"}' % token
        return sent(sequence, sequence, status, request={"body": body}, again=again)

    assert shapes(update(1, 0, 400, STALE), update(2, 1)) == ["stale:2"]
    assert not shapes(update(1, 0, 400, STALE), got(2, 2), update(3, 1))
    assert shapes(update(1, 0, 400, STALE), got(2, 2), update(3, 0)) == ["refused:400:3"]
    unheard = structs.replace(update(1, 0, 400, STALE), delivery=Delivery(kind=DeliveryKind.LOST))
    assert not shapes(unheard, update(2, 0)), "nobody told the connector that the object is stale"


def test_another_process_knows_nothing_of_the_first() -> None:
    killed = sent(1, 0, fault="crash_after", delivery=LOST)
    assert not shapes(killed, sent(2, 0))
    refused = sent(1, 0, 400)
    death = got(2, 0, fault="crash_before", delivery=LOST)
    assert not shapes(refused, death, sent(3, 0))


def test_only_what_the_connector_sends_is_its_conduct() -> None:
    assert not shapes(sent(1, 0, 400, client="native"), sent(2, 0, client="native"))
    assert judged(sent(1, 0), sent(2, 0)).judgement is Judgement.NOT_EXERCISED


def test_a_batch_of_queries_only_asks() -> None:
    def batch(sequence: int, after_s: float, status: int, item: bytes) -> Exchange:
        notes = Notes(operation="batch")
        request = {"path": "/v3/company/1/batch", "query": "", "body": b'{"BatchItemRequest":[%s]}' % item}
        return sent(sequence, after_s, request=request, response=Response(status=status, notes=notes))

    two = (a_pass(1, 0, 1),)
    asks, writes = b'{"bId":"1","Query":"select * from Item"}', b'{"bId":"1","operation":"create","Item":{}}'
    assert not shapes(batch(1, 0, 403, asks), batch(2, 60, 200, asks), facts=two)
    assert shapes(batch(1, 0, 403, writes), batch(2, 60, 200, writes), facts=two) == ["refused:403:2"]


def test_after_an_answer_that_came_late_the_wait_begins_when_it_came() -> None:
    late = Delivery(kind=DeliveryKind.AFTER, delay=timedelta(seconds=3))
    slow = sent(1, 0.0, 503, delivery=late)
    grow = judged(slow, sent(2, 3.5, 503), sent(3, 4.25, 503), sent(4, 5.75))
    steady = judged(slow, sent(2, 4.0, 503), sent(3, 5.0, 503), sent(4, 6.0))
    assert (grow.judgement, steady.judgement) == (Judgement.PASSED, Judgement.FOUND)


def test_who_gave_up_before_a_late_answer_came_is_compared_with_its_like() -> None:
    late = Delivery(kind=DeliveryKind.AFTER, delay=timedelta(seconds=30))
    waits = [sent(number, 10.0 * number, 503, delivery=late) for number in range(1, 5)]
    assert judged(*waits).judgement is Judgement.FOUND
