"""A vendor in trouble says so in its own form: no pack answers a failure as if the request had been wrong."""

from __future__ import annotations

import json

import pytest

from simharness.domain.dictionary import Dictionary
from simharness.domain.exchange import UNMODELLED, Request
from simharness.fakekit.fake import Fake
from simharness.fakekit.problems import Trouble
from simharness.world.registry import installed_packs
from tests.fakes.conftest import furnished

VENDORS = sorted(installed_packs())
_GATED = "message=InternalServerError; errorCode=003100; statusCode=500"
_PATHS = {"quickbooks": "/v3/company/1/invoice", "alerts": "/v2/enqueue", "signon": "/oauth/token"}
#: Which 5xx come from what stands before the API, as a page.
_PAGES = {(vendor, 502) for vendor in VENDORS} | {("quickbooks", 503)}


def fake_of(vendor: str, dictionary: Dictionary) -> Fake:
    return furnished(dictionary, vendor=vendor).fake(installed_packs()[vendor].family)


def asked(vendor: str, fake: Fake) -> Request:
    return Request(method="POST", host=fake.pack.hosts[0], path=_PATHS.get(vendor, "/v1/anything"))


@pytest.mark.parametrize("status", [500, 502, 503])
@pytest.mark.parametrize("vendor", VENDORS)
def test_trouble_keeps_its_status_and_is_never_taken_for_something_unmodelled(
    vendor: str, status: int, us_saas: Dictionary
) -> None:
    fake = fake_of(vendor, us_saas)
    told = fake.fail(Trouble(status=status), asked(vendor, fake))
    assert told.status == status
    assert UNMODELLED not in told.headers
    if (vendor, status) in _PAGES:
        assert told.headers["content-type"] == "text/html"
        assert b"Bad Gateway" in told.body or b"Temporarily Unavailable" in told.body
    else:
        assert "json" in told.headers["content-type"]
        assert json.loads(told.body)


@pytest.mark.parametrize(
    ("vendor", "place", "word"),
    [
        ("hubspot", ("message",), "internal error"),
        (
            "quickbooks",
            ("fault", "error", 0, "message"),
            "message=InternalServerError; errorCode=003100; statusCode=500",
        ),
        ("stripe", ("error", "type"), "api_error"),
        ("plaid", ("error_code",), "INTERNAL_SERVER_ERROR"),
        ("gusto", ("errors", 0, "category"), "internal_server_error"),
        ("alerts", ("message",), "Internal Server Error"),
        ("signon", ("error",), "server_error"),
    ],
)
def test_an_error_of_the_vendor_is_worded_by_the_vendor(
    vendor: str, place: tuple[str | int, ...], word: str, us_saas: Dictionary
) -> None:
    fake = fake_of(vendor, us_saas)
    found = json.loads(fake.fail(Trouble(status=500), asked(vendor, fake)).body)
    for step in place:
        found = found[step]
    assert found == word
