"""Laws of keys, for every pack: each operation says which scope it asks for, and a key without it is refused there in
the vendor's own words, whatever else it may do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

import pytest

from simharness.domain.exchange import Request, Response
from simharness.fakekit.contract import Operation
from simharness.fakekit.fake import Fake
from simharness.world.registry import installed_packs
from tests.fakes.test_every_pack import fresh

#: How a vendor words a key that may not do this, and with which status. Plaid refuses with 400 whatever is wrong.
WORDS: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "gusto": (403, "missing_oauth_scopes"),
        "hubspot": (403, "MISSING_SCOPES"),
        "plaid": (400, "UNAUTHORIZED_ROUTE_ACCESS"),
        "quickbooks": (403, "ApplicationAuthorizationFailed"),
        "stripe": (403, "does not have the required permissions"),
    }
)
#: A routing key can do the one thing that there is to do, and an identity provider has nothing behind a key at all.
ONE_THING = frozenset({"alerts", "signon"})
#: Asked for by another kind of credential than keys: HubSpot's developer key, in the address.
ELSEWHERE = frozenset({"developer"})
#: Which says of a key what it is good for: whoever holds one may ask.
ABOUT_ITSELF = frozenset({"GetTokenInfo"})
_VALUES = MappingProxyType({"objectType": "companies", "fromObjectType": "companies", "toObjectType": "deals"})


def request_to(fake: Fake, operation: Operation, headers: Mapping[str, str]) -> Request:
    known = {**fake.connection(""), **_VALUES}
    known["realmId"] = known.get("realm_id", "")
    path = re.sub(r"\{(\w+)\}", lambda found: known.get(found[1]) or "1", operation.template)
    return Request(method=operation.method, host=fake.pack.hosts[0], path=path, headers=dict(headers))


def asked(fake: Fake) -> list[tuple[Operation, str]]:
    closed = [operation for operation in fake.contract if not operation.open]
    return [(operation, fake.scope_of(operation, request_to(fake, operation, {}))) for operation in closed]


def refused(vendor: str, response: Response) -> bool:
    status, words = WORDS[vendor]
    return response.status == status and words in json.dumps(json.loads(response.body))


@pytest.mark.parametrize("vendor", installed_packs())
def test_every_operation_says_which_scope_it_asks_for(vendor: str) -> None:
    silent = {operation.id for operation, scope in asked(fresh(vendor)) if not scope}
    assert silent <= ABOUT_ITSELF


@pytest.mark.parametrize("vendor", [each for each in installed_packs() if each not in ONE_THING])
def test_a_key_is_refused_wherever_it_lacks_the_scope_and_nowhere_else(vendor: str) -> None:
    fake = fresh(vendor)
    tried = asked(fake)
    scopes = {scope for _, scope in tried if scope} - ELSEWHERE
    for held in sorted(scopes):
        for scopes_of_key in ({held}, scopes - {held}):
            headers = fake.issue("somebody", tuple(sorted(scopes_of_key)))
            credential = fake.authenticate(request_to(fake, tried[0][0], headers), tried[0][0])
            carried = {"", *getattr(credential, "scopes", scopes_of_key)}  # writing may include reading
            for operation, scope in tried:
                if scope in ELSEWHERE:
                    continue
                before = len(fake.writes)
                fake.setup.clock.advance(timedelta(seconds=1))  # not so fast that a limit answers first
                response = fake.handle(request_to(fake, operation, headers))
                where = f"{operation.id} with {sorted(scopes_of_key)}"
                assert refused(vendor, response) == (scope not in carried), where
                assert response.notes.lacks == ("" if scope in carried else scope), where
                assert (response.notes.scope, response.notes.actor) == (scope, "somebody"), where
                assert scope in carried or len(fake.writes) == before, where


@pytest.mark.parametrize("vendor", [each for each in installed_packs() if each not in ONE_THING])
def test_a_key_of_another_vendor_opens_nothing(vendor: str) -> None:
    fake = fresh(vendor)
    for other in installed_packs():
        if other == vendor or other in ONE_THING:
            continue
        headers = fresh(other).issue("another system", ("everything",))
        for operation, _ in asked(fake):
            response = fake.handle(request_to(fake, operation, headers))
            assert response.status in (400, 401), f"{operation.id} with a key of {other}"
            assert response.notes.actor == ""
    assert all(each.actor != "another system" for each in fake.writes)


def test_a_bi_key_reads_the_ledger_and_cannot_post_into_it() -> None:
    fake = fresh("quickbooks")
    headers = fake.issue("bi", ("com.intuit.quickbooks.accounting.read",))
    realm = fake.connection("")["realm_id"]
    report = Request(method="GET", host="", path=f"/v3/company/{realm}/reports/TrialBalance", headers=headers)
    assert fake.handle(report).status == 200
    before = len(fake.writes)
    posting = fake.posting(headers)
    assert posting is not None
    assert refused("quickbooks", fake.handle(posting))
    assert fake.writes[before:] == []
    allowed = fake.posting(fake.issue("someone else", ("com.intuit.quickbooks.accounting",)))
    assert allowed is not None
    assert fake.handle(allowed).status == 200
    assert [each.actor for each in fake.writes[before:]] == ["someone else"]
