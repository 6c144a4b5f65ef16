"""The vendor's own Python SDK, unmodified, over a socket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta

import plaid
import pytest
from plaid.api.plaid_api import PlaidApi
from plaid.model.accounts_balance_get_request import AccountsBalanceGetRequest
from plaid.model.accounts_get_request import AccountsGetRequest
from plaid.model.country_code import CountryCode
from plaid.model.custom_sandbox_transaction import CustomSandboxTransaction
from plaid.model.institutions_get_by_id_request import InstitutionsGetByIdRequest
from plaid.model.item_get_request import ItemGetRequest
from plaid.model.item_public_token_exchange_request import ItemPublicTokenExchangeRequest
from plaid.model.item_remove_request import ItemRemoveRequest
from plaid.model.link_token_create_request import LinkTokenCreateRequest
from plaid.model.link_token_create_request_user import LinkTokenCreateRequestUser
from plaid.model.products import Products
from plaid.model.sandbox_item_fire_webhook_request import SandboxItemFireWebhookRequest
from plaid.model.sandbox_item_reset_login_request import SandboxItemResetLoginRequest
from plaid.model.sandbox_public_token_create_request import SandboxPublicTokenCreateRequest
from plaid.model.sandbox_public_token_create_request_options import SandboxPublicTokenCreateRequestOptions
from plaid.model.sandbox_transactions_create_request import SandboxTransactionsCreateRequest
from plaid.model.transactions_get_request import TransactionsGetRequest
from plaid.model.transactions_refresh_request import TransactionsRefreshRequest
from plaid.model.transactions_sync_request import TransactionsSyncRequest
from plaid.model.transactions_sync_request_options import TransactionsSyncRequestOptions
from plaid.model.webhook_verification_key_get_request import WebhookVerificationKeyGetRequest

from simharness.core.money import Money
from simharness.domain.acts import MoveBankMoney, PostBankLine
from simharness.domain.dictionary import Dictionary
from simharness.domain.exchange import Request, Response
from simharness.world.doors.host import WorldHost
from simharness.world.doors.server import Served
from simharness.world.world import World
from tests.fakes.conftest import furnished

pytestmark = pytest.mark.socket


@pytest.fixture
def bank(us_saas: Dictionary) -> Iterator[Served]:
    """The default world with a bank, on sockets."""
    with Served(WorldHost(lambda: furnished(us_saas, vendor="plaid"))) as doors:
        yield doors


@pytest.fixture
def world(bank: Served) -> World:
    return bank._host.world


def connect(served: Served, **keys: str) -> PlaidApi:
    values = served._host.world.fake("banking").connection("")
    chosen = {"clientId": values["client_id"], "secret": values["secret"], "plaidVersion": "2020-09-14", **keys}
    return PlaidApi(plaid.ApiClient(plaid.Configuration(host=served.urls["plaid"], api_key=chosen)))


@pytest.fixture
def client(bank: Served) -> PlaidApi:
    return connect(bank)


@pytest.fixture
def token(world: World) -> str:
    return world.fake("banking").connection("")["access_token"]


def refusal(error: pytest.ExceptionInfo[plaid.ApiException]) -> tuple[int, str]:
    return error.value.status, json.loads(error.value.body)["error_code"]


def move(world: World, amount: str, *, pending: bool = False, counterparty: str = "") -> str:
    act = MoveBankMoney(amount=Money.parse(amount), pending=pending, counterparty=counterparty)
    (event,) = world.operate("banking", act, "customer")
    return str(event.line_id)  # type: ignore[union-attr] - the one event of this act


def test_from_link_to_an_item_and_its_end(client: PlaidApi) -> None:
    user = LinkTokenCreateRequestUser(client_user_id="7")
    link = client.link_token_create(
        LinkTokenCreateRequest(
            client_name="Books",
            language="en",
            country_codes=[CountryCode("US")],
            user=user,
            products=[Products("transactions")],
        )
    )
    assert link.link_token.startswith("link-sandbox-")
    made = client.sandbox_public_token_create(
        SandboxPublicTokenCreateRequest(
            institution_id="ins_109508",
            initial_products=[Products("transactions")],
            options=SandboxPublicTokenCreateRequestOptions(webhook="https://receiver.example/plaid"),
        )
    )
    linked = client.item_public_token_exchange(ItemPublicTokenExchangeRequest(public_token=made.public_token))
    found = client.item_get(ItemGetRequest(access_token=linked.access_token))
    assert (found.item.item_id, found.item.webhook) == (linked.item_id, "https://receiver.example/plaid")
    place = client.institutions_get_by_id(
        InstitutionsGetByIdRequest(institution_id=found.item.institution_id, country_codes=[CountryCode("US")])
    )
    assert place.institution.name == "First Platypus Bank"
    client.item_remove(ItemRemoveRequest(access_token=linked.access_token))
    with pytest.raises(plaid.ApiException) as gone:
        client.item_get(ItemGetRequest(access_token=linked.access_token))
    assert refusal(gone) == (400, "ITEM_NOT_FOUND")


def test_sync_page_by_page_through_a_mutation_and_a_posting(client: PlaidApi, world: World, token: str) -> None:
    pending = move(world, "USD -31.50", pending=True, counterparty="Globex")
    for number in range(1, 5):
        move(world, f"USD {number}.10")
    first = client.transactions_sync(TransactionsSyncRequest(access_token=token, count=2))
    assert (len(first.added), first.has_more) == (2, True)
    assert (first.added[0].amount, first.added[0].pending, first.added[0].merchant_name) == (31.5, True, "Globex")
    (event,) = world.operate("banking", PostBankLine(line_id=pending), "bank")
    with pytest.raises(plaid.ApiException) as mutated:
        client.transactions_sync(TransactionsSyncRequest(access_token=token, count=2, cursor=first.next_cursor))
    assert refusal(mutated) == (400, "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION")
    found, cursor, more = [], "", True
    while more:
        page = client.transactions_sync(
            TransactionsSyncRequest(
                access_token=token,
                count=2,
                cursor=cursor,
                options=TransactionsSyncRequestOptions(include_original_description=True),
            )
        )
        found += page.added
        cursor, more = page.next_cursor, page.has_more
    assert sorted(t.amount for t in found) == [-4.1, -3.1, -2.1, -1.1, 31.5]
    posted = next(t for t in found if t.amount > 0)
    assert (posted.transaction_id, posted.pending_transaction_id) == (event.line_id, pending)
    assert posted.date == date(2026, 1, 5)


def test_balances_and_the_list_of_days(client: PlaidApi, world: World, token: str) -> None:
    move(world, "USD 100.00")
    move(world, "USD -30.00", pending=True)
    accounts = client.accounts_get(AccountsGetRequest(access_token=token)).accounts
    balances = client.accounts_balance_get(AccountsBalanceGetRequest(access_token=token)).accounts[0].balances
    assert (balances.current, balances.available, balances.iso_currency_code) == (100, 70, "USD")
    assert str(accounts[0].type) == "depository"
    client.sandbox_transactions_create(
        SandboxTransactionsCreateRequest(
            access_token=token,
            transactions=[
                CustomSandboxTransaction(
                    date_transacted=date(2026, 1, 3), date_posted=date(2026, 1, 4), amount=12.34, description="FEE"
                )
            ],
        )
    )
    client.transactions_refresh(TransactionsRefreshRequest(access_token=token))
    listed = client.transactions_get(
        TransactionsGetRequest(access_token=token, start_date=date(2026, 1, 1), end_date=date(2026, 1, 4))
    )
    assert [(t.name, t.amount, t.authorized_date) for t in listed.transactions] == [("FEE", 12.34, date(2026, 1, 3))]
    assert str(world.snapshot().bank.lines[-1].amount) == "USD -12.34"  # type: ignore[union-attr] - it has a bank


def test_an_item_that_needs_a_login_tells_it(client: PlaidApi, token: str) -> None:
    assert client.sandbox_item_reset_login(SandboxItemResetLoginRequest(access_token=token)).reset_login is True
    with pytest.raises(plaid.ApiException) as lost:
        client.transactions_sync(TransactionsSyncRequest(access_token=token))
    assert refusal(lost) == (400, "ITEM_LOGIN_REQUIRED")
    assert client.item_get(ItemGetRequest(access_token=token)).item.error.error_code == "ITEM_LOGIN_REQUIRED"


def test_a_webhook_and_the_key_that_signed_it(client: PlaidApi, world: World, token: str) -> None:
    received: list[Request] = []

    def receive(request: Request) -> Response:
        received.append(request)
        return Response(status=200)

    world.receiver = receive
    world.fake("banking").register("http://127.0.0.1:1/plaid")  # type: ignore[attr-defined] - Plaid's own method
    fired = SandboxItemFireWebhookRequest(access_token=token, webhook_code="SYNC_UPDATES_AVAILABLE")
    assert client.sandbox_item_fire_webhook(fired).webhook_fired is True
    world.advance(timedelta(seconds=2))
    (request,) = received
    import jwt

    signed = request.headers["plaid-verification"]
    key_id = jwt.get_unverified_header(signed)["kid"]
    key = client.webhook_verification_key_get(WebhookVerificationKeyGetRequest(key_id=key_id)).key.to_dict()
    assert jwt.decode(signed, jwt.PyJWK(key).key, algorithms=["ES256"], options={"verify_iat": False})


def test_a_wrong_secret_is_told(bank: Served, token: str) -> None:
    with pytest.raises(plaid.ApiException) as refused:
        connect(bank, secret="wrong").item_get(ItemGetRequest(access_token=token))
    assert refusal(refused) == (400, "INVALID_API_KEYS")
