"""How Plaid refuses: keys, fields, versions, limits; and that the README names every operation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import simharness_fakes.plaid
from simharness.core.errors import UsageError
from simharness.domain.exchange import UNMODELLED
from simharness.fakekit.bodies import read_json
from tests.fakes.plaid.sandbox import Refused, Sandbox


def test_keys_are_taken_from_the_headers_or_from_the_body(sandbox: Sandbox) -> None:
    keys = {"client_id": sandbox.fake.client_id, "secret": sandbox.fake.secret}
    assert sandbox.ask("/item/get", {"access_token": sandbox.token, **keys}, headers={}).status == 200
    mixed = {"plaid-client-id": keys["client_id"]}
    assert (
        sandbox.ask("/item/get", {"access_token": sandbox.token, "secret": keys["secret"]}, headers=mixed).status == 200
    )


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "MISSING_FIELDS"),
        ({"plaid-client-id": "someone"}, "MISSING_FIELDS"),
        ({"plaid-client-id": "someone", "plaid-secret": "guess"}, "INVALID_API_KEYS"),
    ],
)
def test_a_missing_or_wrong_key_is_a_400(sandbox: Sandbox, headers: dict[str, str], code: str) -> None:
    refused = sandbox.ask("/item/get", {"access_token": sandbox.token}, headers=headers)
    assert (refused.status, read_json(refused.body)["error_code"]) == (400, code)


@pytest.mark.parametrize("wrong", ["plaid-client-id", "plaid-secret"])
def test_half_of_a_key_is_none(sandbox: Sandbox, wrong: str) -> None:
    keys = {"plaid-client-id": sandbox.fake.client_id, "plaid-secret": sandbox.fake.secret}
    refused = sandbox.ask("/item/get", {"access_token": sandbox.token}, headers={**keys, wrong: "guess"})
    assert (refused.status, read_json(refused.body)["error_code"]) == (400, "INVALID_API_KEYS")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "MISSING_FIELDS"),
        ({"access_token": "access-sandbox-1", "colour": "red"}, "UNKNOWN_FIELDS"),
        ({"access_token": 7}, "INVALID_FIELD"),
        ({"access_token": "access-sandbox-1", "count": 501}, "INVALID_FIELD"),
    ],
)
def test_a_body_that_does_not_fit_is_refused_by_code(sandbox: Sandbox, body: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        sandbox.call("/transactions/sync", **body)
    assert (refused.value.status, refused.value.kind, refused.value.code) == (400, "INVALID_REQUEST", code)
    assert refused.value.json["request_id"]


def test_what_plaid_knows_and_the_fake_does_not_is_loud(sandbox: Sandbox) -> None:
    body = {"institution_id": "ins_109508", "initial_products": ["transactions"]}
    for path, more in (
        ("/sandbox/public_token/create", {**body, "user_token": "u"}),
        ("/sandbox/public_token/create", {**body, "initial_products": ["auth"]}),
        ("/sandbox/item/fire_webhook", {"access_token": sandbox.token, "webhook_code": "PRODUCT_READY"}),
        ("/transactions/recurring/get", {}),
    ):
        answer = sandbox.ask(path, more)
        assert (answer.status, UNMODELLED in answer.headers) == (501, True)


def test_an_older_api_version_is_loud_and_one_that_never_was_is_refused(sandbox: Sandbox) -> None:
    keys = {"plaid-client-id": sandbox.fake.client_id, "plaid-secret": sandbox.fake.secret}
    body = {"access_token": sandbox.token}
    versions = {v: sandbox.ask("/item/get", body, headers={**keys, "plaid-version": v}).status for v in
                ("2020-09-14", "2019-05-29", "2021-01-01")}  # fmt: skip
    assert versions == {"2020-09-14": 200, "2019-05-29": 501, "2021-01-01": 400}


def test_noise_is_accepted_and_counted_in_the_order_it_came(sandbox: Sandbox) -> None:
    body = {"access_token": sandbox.token, "options": {"include_personal_finance_category": True, "days_requested": 90}}
    assert sandbox.ask("/transactions/sync", body).notes.inert == (
        "body.options.include_personal_finance_category",
        "body.options.days_requested",
    )


def test_a_limit_is_a_429_until_the_minute_is_over(make: Callable[..., Sandbox]) -> None:
    sandbox = make(requests_per_minute="2")
    for _ in range(2):
        sandbox.about("/item/get")
    with pytest.raises(Refused) as refused:
        sandbox.about("/item/get")
    assert (refused.value.status, refused.value.kind) == (429, "RATE_LIMIT_EXCEEDED")
    sandbox.clock.advance(timedelta(minutes=1))
    sandbox.about("/item/get")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ready_after_s", "soon"),
        ("second_currency", "EURO"),
        ("time_zone", "Nowhere/Land"),
        ("public_token_again", "maybe"),
        ("webhook_retries_s", "30, x"),
    ],
)
def test_an_option_that_cannot_be_read_is_named(make: Callable[..., Sandbox], name: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"option plaid.{name} is '{value}'"):
        make(**{name: value})


def test_the_readme_names_every_operation(sandbox: Sandbox) -> None:
    text = (Path(simharness_fakes.plaid.__path__[0]) / "README.md").read_text(encoding="utf-8")
    for operation in sandbox.fake.contract:
        assert f"`{operation.template}`" in text
    for option in sandbox.fake.pack.options:
        if "background knowledge" in option.source or "secondary" in option.source:
            assert f"`{option.name}`" in text
