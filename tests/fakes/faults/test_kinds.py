"""Every kind of fault of the wire against every vendor: it acts in the vendor's own form, or the pack says why not."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from simharness.domain.dictionary import Dictionary
from simharness.domain.exchange import DeliveryKind, Request
from simharness.domain.fault_kinds import KINDS, Place
from simharness.fakekit.faults.targets import applies, why_not
from simharness.fakekit.problems import Forbidden, Throttled, Trouble
from simharness.world.plans import read_plan
from tests.fakes.driving import misfits
from tests.fakes.faults.asking import (
    SPECIAL,
    VENDORS,
    WRITES,
    Vendor,
    books_batch,
    books_query,
    books_update,
    gusto_list,
    gusto_update,
    hubspot_batch,
    hubspot_search,
    met_by,
    plaid_sync,
)

WIRE = [kind.name for kind in KINDS.values() if kind.place is Place.WIRE]


@pytest.mark.parametrize("kind", WIRE)
@pytest.mark.parametrize("name", VENDORS)
def test_a_kind_strikes_a_vendor_exactly_where_it_applies(name: str, kind: str, us_saas: Dictionary) -> None:
    vendor = Vendor(name, us_saas)
    request = met_by(kind, vendor)
    told = applies(kind, vendor.fake, request)
    written = len(vendor.fake.writes)
    vendor.plan(kind)
    outcome = vendor.send(request)
    if kind in vendor.fake.immune:
        assert not told
        assert (vendor.struck, outcome.fault) == ((), "")
        assert len(vendor.fake.immune[kind]) > 10
        return
    if KINDS[kind].target.name != "WRITE":  # of an identity provider nothing can be written
        assert told, why_not(kind, vendor.fake, request)
        read_plan(f"{kind}@{name}.{vendor.fake.operation_of(request)}")  # whoever asks for it there is not refused
    (struck,) = vendor.struck
    assert (struck.vendor, struck.operation, struck.sequence) == (
        name,
        vendor.fake.operation_of(request),
        1 + sent(vendor),
    )
    assert outcome.fault == kind == vendor.world.exchange_log[-1].fault
    assert bool(struck.acts) is KINDS[kind].acts
    if KINDS[kind].committed is False and not KINDS[kind].acts:
        assert len(vendor.fake.writes) == written
    # After a leap of weeks a token may be over, and of an identity provider nothing can be written.
    if KINDS[kind].committed and kind != "clock_jump" and name != "signon":
        assert len(vendor.fake.writes) > written


def sent(vendor: Vendor) -> int:
    """How many requests prepared the one that suffered."""
    return len(vendor.world.exchange_log) - 1


@pytest.mark.parametrize("name", VENDORS)
def test_what_a_vendor_answers_under_a_fault_is_what_its_contract_declares(name: str, us_saas: Dictionary) -> None:
    vendor = Vendor(name, us_saas)
    doors = [WRITES[name](vendor)]
    doors += [vendor.request(each.method, each.template) for each in vendor.fake.contract if each.open]
    for request in doors:
        _declared(vendor, request)


def _declared(vendor: Vendor, request: Request) -> None:
    operation = vendor.fake.operation_for(request)
    assert operation is not None
    problems = [Trouble(status=500), Trouble(status=502), Trouble(status=503), Throttled(limit="", retry_after_s=7)]
    if "forbidden" not in vendor.fake.immune and not operation.open:
        problems.append(Forbidden(scope=vendor.fake.scope_of(operation, request)))
    for problem in problems:
        told = vendor.fake.fail(problem, request)
        assert told.notes.operation == operation.id
        if told.headers["content-type"] == "text/html":
            assert b"<h1>50" in told.body
        else:
            assert misfits(operation, told) == ()


@pytest.mark.parametrize("name", VENDORS)
def test_a_throttled_answer_asks_to_wait_only_when_the_kind_says_so(name: str, us_saas: Dictionary) -> None:
    vendor = Vendor(name, us_saas)
    vendor.plan("throttled", amount=11)
    asked = vendor.send(WRITES[name](vendor)).response
    vendor.plan("throttled_silent")
    silent = vendor.send(WRITES[name](vendor)).response
    assert (asked.status, asked.headers["retry-after"]) == (429, "11")
    assert (silent.status, silent.headers.get("retry-after")) == (429, None)


@pytest.mark.parametrize(
    ("name", "words"),
    [("hubspot", "EXPIRED_AUTHENTICATION"), ("quickbooks", "Token expired"), ("gusto", "invalid_token")],
)
def test_an_expired_token_is_refused_until_it_was_refreshed(name: str, words: str, us_saas: Dictionary) -> None:
    vendor = Vendor(name, us_saas)
    vendor.plan("token_expired")
    first, second = (vendor.send(WRITES[name](vendor)).response for _ in range(2))
    assert (first.status, second.status) == (401, 401)
    assert words in first.body.decode()
    fresh = refreshed(vendor)
    again = WRITES[name](vendor)
    assert vendor.send(replace(again, headers={**again.headers, **fresh})).response.status < 300


def test_the_clock_does_not_jump_over_the_life_of_what_access_is_renewed_with(us_saas: Dictionary) -> None:
    """A refresh token of QuickBooks lives 101 days after its last use: then only a person could go on."""
    for days, jumps in ((60, True), (99, False)):
        vendor = Vendor("quickbooks", us_saas)
        vendor.world.advance(timedelta(days=days))
        vendor.plan("clock_jump")
        assert refreshed(vendor)["authorization"]
        assert bool(vendor.struck) is jumps


def refreshed(vendor: Vendor) -> dict[str, str]:
    """The header of the token that the vendor gives for the refresh token."""
    keys, name = vendor.keys, vendor.fake.vendor
    pair = f"{keys['client_id']}:{keys['client_secret']}"
    form = {"content-type": "application/x-www-form-urlencoded"}
    grant = f"grant_type=refresh_token&refresh_token={keys['refresh_token']}"
    own = f"&client_id={keys['client_id']}&client_secret={keys['client_secret']}"
    if name == "quickbooks":
        basic = {"authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
        asked = vendor.request("POST", "/oauth2/v1/tokens/bearer", grant, **form, **basic)
    elif name == "hubspot":
        asked = vendor.request("POST", "/oauth/v1/token", grant + own, **form)
    else:
        body = {"grant_type": "refresh_token", "refresh_token": keys["refresh_token"],
                "client_id": keys["client_id"], "client_secret": keys["client_secret"]}  # fmt: skip
        asked = vendor.request("POST", "/oauth/token", body)
    return {"authorization": f"Bearer {vendor.json(asked)['access_token']}"}


def test_whoever_comes_second_is_refused_where_records_have_versions(us_saas: Dictionary) -> None:
    books, payroll = Vendor("quickbooks", us_saas), Vendor("gusto", us_saas)
    stale, late = books_update(books), gusto_update(payroll)
    books.plan("conflict")
    payroll.plan("conflict")
    first, second = books.send(stale).response, payroll.send(late).response
    assert (first.status, json.loads(first.body)["Fault"]["Error"][0]["code"]) == (400, "5010")
    assert (second.status, json.loads(second.body)["errors"][0]["category"]) == (409, "invalid_resource_version")
    assert "SyncToken went on from 0" in books.struck[0].acts
    # Nothing but the version is another: whoever reads it again may write.
    record = books.json(books.request("GET", f"{books.books}/customer/{json.loads(stale.body)['Id']}"))["Customer"]
    assert (record["SyncToken"], record.get("Notes")) == ("1", None)


def test_a_batch_goes_well_for_every_second_item_alone(us_saas: Dictionary) -> None:
    crm, books = Vendor("hubspot", us_saas), Vendor("quickbooks", us_saas)
    inputs = hubspot_batch(crm)
    crm.plan("partial_batch")
    books.plan("partial_batch")
    told = crm.send(inputs).response
    items = json.loads(books.send(books_batch(books)).response.body)["BatchItemResponse"]
    ids = [each["id"] for each in json.loads(inputs.body)["inputs"]]
    found = json.loads(told.body)
    assert (told.status, found["numErrors"]) == (207, 2)
    assert [each["id"] for each in found["results"]] == [ids[1]]
    assert [each["context"]["ids"] for each in found["errors"]] == [[ids[0]], [ids[2]]]
    assert [(each["bId"], "Fault" in each, "Customer" in each) for each in items] == [
        ("0", True, False), ("1", False, True), ("2", True, False),
    ]  # fmt: skip
    names = [
        each["DisplayName"] for each in books.json(books_query(books, "maxresults 9"))["QueryResponse"]["Customer"]
    ]
    assert "Company 1" in names
    assert "Company 0" not in names


def test_a_read_that_runs_behind_catches_up_when_its_time_is_over(us_saas: Dictionary) -> None:
    for name, ask in SPECIAL["stale_read"].items():
        vendor = Vendor(name, us_saas)
        request = ask(vendor)
        whole = vendor.json(request)
        vendor.plan("stale_read")
        missed, again = vendor.json(request), vendor.json(request)
        assert missed == {**again, **times(missed)} if isinstance(missed, dict) else missed == again, name
        assert size(missed) < size(whole), name
        vendor.world.advance(vendor.fake.stale_for)
        assert size(vendor.json(request)) == size(whole), name


def times(found: Any) -> dict[str, Any]:
    return {name: found[name] for name in ("time", "completedAt") if name in found}


def size(found: Any) -> int:
    """How many records an answer shows."""
    if isinstance(found, list):
        return len(found)
    shown = found.get("results", found.get("data"))
    return len(found["QueryResponse"].get("Customer", []) if shown is None else shown)


def test_what_is_older_than_the_lag_is_never_missed(us_saas: Dictionary) -> None:
    vendor = Vendor("gusto", us_saas)
    request = gusto_list(vendor)
    vendor.world.advance(vendor.fake.stale_for * 2)
    assert why_not("stale_read", vendor.fake, request) == "nothing was written lately that it could miss"
    vendor.plan("stale_read")
    assert len(vendor.json(request)) == 1


def test_whoever_pages_by_offset_passes_over_what_moved_and_whoever_pages_a_feed_is_told_to_begin_again(
    us_saas: Dictionary,
) -> None:
    crm, bank = Vendor("hubspot", us_saas), Vendor("plaid", us_saas)
    second_page = met_by("page_shift", crm)
    plain, first = crm.json(second_page)["results"][0], crm.json(hubspot_search(crm))["results"][0]
    crm.plan("page_shift")
    shifted = crm.json(second_page)["results"][0]
    assert shifted["id"] != plain["id"]
    assert crm.struck[0].acts == f"somebody edited the companies object {first['id']}"
    page = met_by("page_shift", bank)
    bank.plan("page_shift")
    refused = bank.send(page).response
    assert json.loads(refused.body)["error_code"] == "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION"
    assert len(bank.json(plaid_sync(bank))["added"]) == 3


def test_an_outage_is_of_one_vendor_and_over_after_its_time(us_saas: Dictionary) -> None:
    vendor = Vendor("hubspot", us_saas)
    vendor.plan("outage", amount=120)
    write, search = WRITES["hubspot"](vendor), hubspot_search(vendor)
    assert [vendor.send(each).response.status for each in (write, search)] == [503, 503]
    vendor.world.advance(vendor.fake.stale_for * 2)
    assert vendor.send(write).response.status == 201
    assert [each.fault.kind for each in vendor.struck] == ["outage", "outage"]


def test_only_what_a_plan_does_to_the_world_is_left_of_it_in_what_it_is_compared_with(us_saas: Dictionary) -> None:
    vendor = Vendor("quickbooks", us_saas, only_acts=True)
    update = books_update(vendor)
    vendor.plan("conflict")
    saved = vendor.json(update)["Customer"]
    vendor.plan("error_500")
    assert vendor.send(books_query(vendor)).response.status == 200
    assert (saved["SyncToken"], saved["Notes"]) == ("1", "net 30")
    (struck,) = vendor.struck
    assert "SyncToken went on from 1" in struck.acts


def test_a_fault_says_how_its_answer_travels(us_saas: Dictionary) -> None:
    vendor = Vendor("stripe", us_saas)
    kinds = {
        "reply_lost": DeliveryKind.LOST,
        "reply_truncated": DeliveryKind.CUT_AT,
        "timeout_after_commit": DeliveryKind.NO_ANSWER,
        "timeout_before_commit": DeliveryKind.NO_ANSWER,
        "reset_before": DeliveryKind.RESET_BEFORE,
        "slow": DeliveryKind.AFTER,
        "error_500": DeliveryKind.COMPLETE,
    }
    for kind, delivery in kinds.items():
        vendor.plan(kind)
        assert vendor.send(WRITES["stripe"](vendor)).delivery.kind is delivery
