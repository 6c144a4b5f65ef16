"""Stripe's dialect: keys, pages, expansion, versions, the words of its refusals."""

from __future__ import annotations

from datetime import timedelta

import pytest

from simharness.domain.exchange import UNMODELLED
from simharness.fakekit.idempotency import Key
from tests.fakes.stripe.account import MONDAY, Account

# -- idempotency -------------------------------------------------------------------------------------------------------


def test_the_same_key_gives_the_same_answer_and_no_second_object() -> None:
    account = Account()
    first = account.ask("POST", "customers", {"name": "Globex", "email": "a@b.example"}, idempotency_key="k1")
    again = account.ask("POST", "customers", {"email": "a@b.example", "name": "Globex"}, idempotency_key="k1")
    assert again.json == first.json
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["original-request"] == first.headers["request-id"] != again.headers["request-id"]
    assert len(account.get("customers")["data"]) == 1


def test_the_same_key_with_other_parameters_is_an_idempotency_error() -> None:
    account = Account()
    account.ask("POST", "customers", {"name": "Globex"}, idempotency_key="k1")
    for path, params in (("customers", {"name": "Initech"}), ("payment_intents", {"amount": 500, "currency": "usd"})):
        answer = account.ask("POST", path, params, idempotency_key="k1")
        assert (answer.status, answer.error["type"]) == (400, "idempotency_error")


def test_a_decline_is_remembered_under_its_key() -> None:
    account = Account()
    wish = {"amount": 500, "currency": "usd", "payment_method": "pm_card_chargeDeclined", "confirm": True}
    first = account.ask("POST", "payment_intents", wish, idempotency_key="k1")
    again = account.ask("POST", "payment_intents", wish, idempotency_key="k1")
    assert (first.status, again.status) == (402, 402)
    assert again.json == first.json
    assert len(account.get("charges")["data"]) == 1


def test_parameters_that_did_not_pass_leave_the_key_unused() -> None:
    account = Account()
    for bad in ({"nane": "Globex"}, {"name": "x" * 257}, {"payment_method": "pm_none"}):
        assert account.ask("POST", "customers", bad, idempotency_key="k1").status == 400
    assert account.ask("POST", "customers", {"name": "Globex"}, idempotency_key="k1").status == 200


def test_a_failure_of_the_server_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    from simharness.domain.exchange import Response
    from simharness_fakes.stripe import errors

    account = Account()

    def broken(fake: object, call: object) -> Response:
        return errors.error(account.fake, 500, "An unknown error occurred", kind="api_error")

    with monkeypatch.context() as patch:
        patch.setattr(type(account.fake), "routes", {**account.fake.routes, "CustomerCreate": broken})
        first = account.ask("POST", "customers", {"name": "Globex"}, idempotency_key="k1")
    again = account.ask("POST", "customers", {"name": "Globex"}, idempotency_key="k1")
    assert (first.status, again.status) == (500, 500)
    assert first.headers["stripe-should-retry"] == "true"
    assert account.get("customers")["data"] == []


def test_a_key_in_flight_is_a_conflict() -> None:
    account = Account()
    first = account.ask("POST", "customers", {"name": "Globex"}, idempotency_key="k1")
    assert account.fake.keys is not None
    account.fake.keys.begin(Key(value="k2", scope=account.fake.profile.account, fingerprint="any"), account.clock.now)
    answer = account.ask("POST", "customers", {"name": "Globex"}, idempotency_key="k2")
    assert first.status == 200
    assert (answer.status, answer.error["code"]) == (409, "idempotency_key_in_use")


def test_a_key_is_new_again_after_a_day() -> None:
    account = Account()
    one = account.ask("POST", "customers", {"name": "Globex"}, idempotency_key="k1").json["id"]
    account.clock.advance(timedelta(hours=23, minutes=59))
    assert account.ask("POST", "customers", {"name": "Globex"}, idempotency_key="k1").json["id"] == one
    account.clock.advance(timedelta(minutes=1))
    assert account.ask("POST", "customers", {"name": "Globex"}, idempotency_key="k1").json["id"] != one


def test_a_key_has_at_most_255_characters_and_counts_for_post_only() -> None:
    account = Account()
    assert account.ask("POST", "customers", {}, idempotency_key="k" * 255).status == 200
    answer = account.ask("POST", "customers", {}, idempotency_key="k" * 256)
    assert (answer.status, answer.error["type"]) == (400, "idempotency_error")
    account.ask("GET", "customers", {"limit": 1}, idempotency_key="g")
    assert account.ask("GET", "customers", {"limit": 2}, idempotency_key="g").status == 200


# -- lists -------------------------------------------------------------------------------------------------------------


def hourly(count: int) -> tuple[Account, list[str]]:
    """Customers made an hour apart, oldest first."""
    account, ids = Account(), []
    for number in range(count):
        ids.append(account.post("customers", name=f"C{number}", email=f"{number % 2}@x.example")["id"])
        account.clock.advance(timedelta(hours=1))
    return account, ids


def ids_of(answer: object) -> list[str]:
    return [item["id"] for item in answer["data"]]


def test_pages_forward_and_backward_visit_everything_once_newest_first() -> None:
    account, ids = hourly(25)
    seen: list[str] = []
    more = True
    while more:
        found = account.get("customers", limit=10, **({"starting_after": seen[-1]} if seen else {}))
        seen += ids_of(found)
        more = found["has_more"]
    assert seen == ids[::-1]
    back = account.get("customers", limit=10, ending_before=ids[0])
    assert ids_of(back) == ids[10:0:-1]
    assert back["has_more"] is True
    rest = account.get("customers", limit=20, ending_before=ids[10])
    assert (ids_of(rest), rest["has_more"]) == (ids[24:10:-1], False)


def test_created_picks_by_the_second() -> None:
    account, ids = hourly(6)
    third = int(MONDAY.timestamp()) + 2 * 3600
    for bounds, wanted in (
        ({"gte": third}, ids[5:1:-1]),
        ({"gt": third}, ids[5:2:-1]),
        ({"lt": third}, ids[1::-1]),
        ({"lte": third}, ids[2::-1]),
        ({"gte": third, "lt": third + 3600}, [ids[2]]),
        ({"gt": third, "lt": third}, []),
    ):
        assert ids_of(account.get("customers", created=bounds)) == wanted, bounds
    assert ids_of(account.get("customers", created=third)) == [ids[2]]


def test_filters_and_pages_go_together() -> None:
    account, ids = hourly(8)
    odd = [i for n, i in enumerate(ids) if n % 2][::-1]
    assert ids_of(account.get("customers", email="1@x.example", limit=2)) == odd[:2]
    assert ids_of(account.get("customers", email="1@x.example", limit=9, starting_after=odd[1])) == odd[2:]
    assert ids_of(account.get("customers", email="nobody@x.example")) == []


def test_a_list_forgets_what_was_deleted() -> None:
    account, ids = hourly(4)
    assert account.ask("DELETE", f"customers/{ids[1]}").json == {"id": ids[1], "object": "customer", "deleted": True}
    assert ids_of(account.get("customers", limit=3)) == [ids[3], ids[2], ids[0]]
    assert account.get("customers", limit=3)["has_more"] is False
    assert account.get(f"customers/{ids[1]}")["deleted"] is True
    assert account.ask("POST", f"customers/{ids[1]}", {"name": "back"}).status == 404


@pytest.mark.parametrize(
    "params",
    [
        {"starting_after": "cus_none"},
        {"limit": 0},
        {"limit": 101},
        {"limit": "ten"},
        {"created": {"gte": "yesterday"}},
        {"created": {"since": 1}},
        {"colour": "red"},
    ],
)
def test_a_list_refuses_what_it_cannot_do(params: dict[str, object]) -> None:
    assert Account().ask("GET", "customers", params).status == 400


def test_both_ends_of_a_page_exclude_each_other() -> None:
    account, ids = hourly(2)
    answer = account.ask("GET", "customers", {"starting_after": ids[0], "ending_before": ids[1]})
    assert (answer.status, answer.error["code"]) == (400, "parameters_exclusive")


def test_a_long_history_does_not_slow_a_page() -> None:
    from simharness_fakes.payments.chronicle import Chronicle, Span

    looked: list[int] = []
    rows: Chronicle[int] = Chronicle(
        key=str, created=lambda n: MONDAY + timedelta(minutes=n), kind=lambda n: looked.append(n) or "charge"
    )
    for number in range(50_000):
        rows.put(number)
    looked.clear()
    span = Span(since=MONDAY + timedelta(minutes=20_000))
    assert rows.page(10, where={"kind": "charge"}, span=span, after="30000").items == tuple(range(29_999, 29_989, -1))
    assert len(looked) <= 11


# -- search ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("email:'1@x.example'", [5, 3, 1]),
        ("name:'c4'", [4]),
        ("name:'C1' OR name:\"C2\"", [2, 1]),
        ("email:'0@x.example' AND -name:'C4'", [2, 0]),
        ("metadata['crm_company_id']:'9'", [6]),
        ("-metadata['crm_company_id']:null", [6]),
        (f"created>={int(MONDAY.timestamp()) + 5 * 3600}", [6, 5]),
        ("name~'ger'", [6]),
    ],
)
def test_search_finds_what_it_is_asked_for(query: str, wanted: list[int]) -> None:
    account, ids = hourly(6)
    ids.append(account.post("customers", name="Burger", metadata={"crm_company_id": 9})["id"])
    assert ids_of(account.get("customers/search", query=query)) == [ids[n] for n in wanted]


@pytest.mark.parametrize(
    "query", ["no clause", "name:'a' AND email:'b' OR phone:'c'", "hue:'red'", "name~'ab'", "name>3"]
)
def test_search_refuses_what_it_does_not_understand(query: str) -> None:
    answer = Account().ask("GET", "customers/search", {"query": query})
    assert (answer.status, answer.error["param"]) == (400, "query")


def test_search_pages_by_its_own_cursor() -> None:
    account, ids = hourly(5)
    first = account.get("customers/search", query="created>0", limit=3)
    second = account.get("customers/search", query="created>0", limit=3, page=first["next_page"])
    assert ids_of(first) + ids_of(second) == ids[::-1]
    assert (second["has_more"], second["next_page"]) == (False, None)


# -- expansion ---------------------------------------------------------------------------------------------------------


def test_expansion_reaches_four_levels_and_no_further() -> None:
    account = Account()
    customer = account.post("customers", name="Globex")["id"]
    intent = account.pay(5_000, customer=customer)
    path = f"payment_intents/{intent['id']}"
    deep = account.get(path, expand=["latest_charge.balance_transaction.source.customer"])
    source = deep["latest_charge"]["balance_transaction"]["source"]
    assert (source["id"], source["customer"]["name"]) == (intent["latest_charge"], "Globex")
    listed = account.get("charges", expand=["data.customer", "data.payment_intent.payment_method"])["data"][0]
    assert listed["customer"]["id"] == customer
    assert listed["payment_intent"]["payment_method"]["card"]["last4"] == "4242"
    for impossible in (
        "latest_charge.balance_transaction.source.customer.x",
        "amount",
        "data.customer",
        "customer.name",
    ):
        answer = account.ask("GET", path, {"expand": [impossible]})
        assert (answer.status, answer.error["param"]) == (400, "expand")


def test_an_impossible_expansion_changes_nothing() -> None:
    account = Account()
    assert account.ask("POST", "customers", {"name": "Globex", "expand": ["colour"]}).status == 400
    assert account.get("customers")["data"] == []


def test_a_deleted_customer_expands_to_what_is_left() -> None:
    account = Account()
    customer = account.post("customers", name="Globex")["id"]
    account.pay(5_000, customer=customer)
    account.ask("DELETE", f"customers/{customer}")
    charge = account.get("charges", expand=["data.customer"])["data"][0]
    assert charge["customer"] == {"id": customer, "object": "customer", "deleted": True}


# -- fields ------------------------------------------------------------------------------------------------------------


def test_metadata_merges_key_by_key() -> None:
    account = Account()
    customer = account.post("customers", metadata={"a": 1, "b": 2, "0": "zero"})["id"]
    path = f"customers/{customer}"
    assert account.post(path, metadata={"b": "", "c": 3})["metadata"] == {"0": "zero", "a": "1", "c": "3"}
    assert account.post(path, name="Globex")["metadata"] == {"0": "zero", "a": "1", "c": "3"}
    assert account.post(path, metadata="")["metadata"] == {}


@pytest.mark.parametrize(
    "metadata", [{"k" * 41: "v"}, {"k": "v" * 501}, {str(n): "v" for n in range(51)}, {"a": {"b": "c"}}]
)
def test_metadata_has_its_limits(metadata: dict[str, object]) -> None:
    answer = Account().ask("POST", "customers", {"metadata": metadata})
    assert (answer.status, answer.error["param"].partition("[")[0]) == (400, "metadata")


def test_metadata_cannot_grow_beyond_its_limit_in_steps() -> None:
    account = Account()
    customer = account.post("customers", metadata={f"k{n}": "v" for n in range(50)})["id"]
    assert account.ask("POST", f"customers/{customer}", {"metadata": {"one more": "v"}}).status == 400
    assert account.ask("POST", f"customers/{customer}", {"metadata": {"k0": "", "one more": "v"}}).status == 200


def test_an_empty_text_clears_a_field() -> None:
    account = Account()
    customer = account.post("customers", name="Globex", email="a@b.example", address={"city": "Paris"})["id"]
    cleared = account.post(f"customers/{customer}", email="", address="")
    assert (cleared["name"], cleared["email"], cleared["address"]) == ("Globex", None, None)


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"amount": 500, "currency": "usd", "colour": "red"}, "parameter_unknown", "colour"),
        ({"currency": "usd"}, "parameter_missing", "amount"),
        ({"amount": "5.00", "currency": "usd"}, "parameter_invalid_integer", "amount"),
        ({"amount": 500, "currency": "usd", "customer": "cus_none"}, "resource_missing", "customer"),
        ({"amount": 500, "currency": "usd", "payment_method": "pm_none"}, "resource_missing", "payment_method"),
        ({"amount": 500, "currency": "usd", "receipt_email": "nobody"}, None, "receipt_email"),
        ({"amount": 500, "currency": "xxx"}, None, "currency"),
    ],
)
def test_a_refusal_names_code_and_parameter(params: dict[str, object], code: str | None, param: str) -> None:
    answer = Account().ask("POST", "payment_intents", params)
    assert (answer.status, answer.error["type"]) == (400, "invalid_request_error")
    assert (answer.error.get("code"), answer.error["param"]) == (code, param)
    assert answer.headers["request-id"] in answer.error["request_log_url"]
    assert answer.headers["stripe-should-retry"] == "false"


def test_what_stripe_knows_and_the_fake_does_not_is_loud() -> None:
    account = Account()
    for params in (
        {"transfer_group": "x"},
        {"shipping": {"name": "x"}},
        {"payment_method": "pm_card_authenticationRequired"},
    ):
        answer = account.ask("POST", "payment_intents", {"amount": 500, "currency": "usd", **params})
        assert answer.status == 501
        assert UNMODELLED in answer.headers
        assert answer.raw.notes.unmodelled != ()
    assert account.ask("GET", "charges", {}, stripe_account="acct_other").status == 501
    assert account.get("payment_intents")["data"] == []


def test_noise_is_accepted_and_counted() -> None:
    answer = Account().ask(
        "POST", "payment_intents", {"amount": 500, "currency": "usd", "return_url": "https://x.example"}
    )
    assert answer.status == 200
    assert answer.raw.notes.inert == ("body.return_url",)


def test_an_older_version_has_the_older_shape() -> None:
    account = Account()
    intent = account.pay(500)["id"]
    new, old = (
        account.ask("GET", f"payment_intents/{intent}", {"expand": ["latest_charge"]}, stripe_version=version)
        for version in ("2025-03-31.basil", "2024-06-20")
    )
    assert "invoice" not in new.json
    assert "invoice" not in new.json["latest_charge"]
    assert old.json["invoice"] is old.json["latest_charge"]["invoice"] is None
    assert old.headers["stripe-version"] == "2024-06-20"
    assert account.ask("GET", "charges", {}, stripe_version="2011-01-01").status == 400


@pytest.mark.parametrize("header", ["", "Bearer sk_test_wrong", "Basic bm9uc2Vuc2U6", "Basic ???"])
def test_a_wrong_key_is_a_401_that_does_not_repeat_the_key(header: str) -> None:
    answer = Account().ask("GET", "charges", {}, authorization=header)
    assert (answer.status, answer.error["type"]) == (401, "invalid_request_error")
    assert "sk_test_wrong" not in answer.error["message"]


def test_a_key_may_come_as_the_user_of_basic_auth() -> None:
    from base64 import b64encode

    account = Account()
    basic = b64encode(f"{account.fake.api_key}:".encode()).decode()
    assert account.ask("GET", "charges", {}, authorization=f"Basic {basic}").status == 200


def test_json_is_not_a_form() -> None:
    assert Account().ask("POST", "customers", {"name": "x"}, content_type="application/json").status == 400


def test_a_limit_counts_within_a_second_of_virtual_time() -> None:
    account = Account(options={"requests_per_second": "2"})
    assert [account.ask("GET", "balance").status for _ in range(3)] == [200, 200, 429]
    assert account.ask("GET", "balance").headers["stripe-should-retry"] == "true"
    account.clock.advance(timedelta(seconds=1))
    assert account.ask("GET", "balance").status == 200
