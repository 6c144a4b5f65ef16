"""Test clocks: an advance takes a while, goes forward only, and customers of a clock keep to it."""

from __future__ import annotations

from datetime import timedelta

from tests.fakes.stripe.account import Account
from tests.fakes.stripe.till import events

START = 1_760_000_000


def test_a_clock_is_advancing_and_then_ready() -> None:
    account = Account()
    clock = account.post("test_helpers/test_clocks", frozen_time=START, name="renewal")
    path = f"test_helpers/test_clocks/{clock['id']}"
    assert (clock["status"], clock["frozen_time"], clock["name"]) == ("ready", START, "renewal")
    moving = account.post(f"{path}/advance", frozen_time=START + 86_400)
    assert (moving["status"], moving["frozen_time"]) == ("advancing", START)
    assert moving["status_details"] == {"advancing": {"target_frozen_time": START + 86_400}}
    busy = account.ask("POST", f"{path}/advance", {"frozen_time": START + 90_000})
    assert (busy.status, busy.error["code"]) == (429, "lock_timeout")
    account.clock.advance(timedelta(seconds=2))
    ready = account.get(path)
    assert (ready["status"], ready["frozen_time"]) == ("ready", START + 86_400)
    assert events(account, "test_helpers") == [
        "test_helpers.test_clock.created",
        "test_helpers.test_clock.advancing",
        "test_helpers.test_clock.ready",
    ]


def test_a_clock_goes_forward_only_and_not_too_far() -> None:
    account = Account()
    path = f"test_helpers/test_clocks/{account.post('test_helpers/test_clocks', frozen_time=START)['id']}/advance"
    for target in (START, START - 1, START + 3 * 365 * 86_400):
        answer = account.ask("POST", path, {"frozen_time": target})
        assert (answer.status, answer.error["param"]) == (400, "frozen_time")


def test_customers_of_a_clock_are_listed_by_it_only_and_go_with_it() -> None:
    account = Account()
    free = account.post("customers", name="Initech")["id"]
    clock = account.post("test_helpers/test_clocks", frozen_time=START)["id"]
    bound = account.post("customers", name="Globex", test_clock=clock, expand=["test_clock"])
    assert bound["test_clock"]["id"] == clock
    assert [c["id"] for c in account.get("customers")["data"]] == [free]
    assert [c["id"] for c in account.get("customers", test_clock=clock)["data"]] == [bound["id"]]
    for name in ("two", "three"):
        account.post("customers", name=name, test_clock=clock)
    full = account.ask("POST", "customers", {"name": "four", "test_clock": clock})
    unknown = account.ask("POST", "customers", {"name": "five", "test_clock": "clock_none"})
    assert [(a.status, a.error["param"]) for a in (full, unknown)] == [(400, "test_clock")] * 2
    assert account.ask("DELETE", f"test_helpers/test_clocks/{clock}").json["deleted"] is True
    assert account.get(f"customers/{bound['id']}")["deleted"] is True
    assert account.get("test_helpers/test_clocks")["data"] == []
    assert [c["id"] for c in account.get("customers")["data"]] == [free]


def test_a_deleted_clock_does_not_arrive() -> None:
    account = Account()
    path = f"test_helpers/test_clocks/{account.post('test_helpers/test_clocks', frozen_time=START)['id']}"
    account.post(f"{path}/advance", frozen_time=START + 60)
    account.ask("DELETE", path)
    account.clock.advance(timedelta(minutes=1))
    assert "test_helpers.test_clock.ready" not in events(account)
    assert account.ask("GET", path).status == 404


def test_a_customer_came_about_when_its_clock_says_and_its_payment_when_it_really_did() -> None:
    account = Account()
    now = int(account.clock.now.timestamp())
    clock = account.post("test_helpers/test_clocks", frozen_time=START)["id"]
    first = account.post("customers", name="Globex", test_clock=clock)
    account.post(f"test_helpers/test_clocks/{clock}/advance", frozen_time=START + 86_400)
    account.clock.advance(timedelta(seconds=2))
    second = account.post("customers", name="Initech", test_clock=clock)
    assert (first["created"], second["created"]) == (START, START + 86_400)
    assert account.get(f"customers/{first['id']}")["created"] == START, "it does not grow older by the advance"
    intent = account.post(
        "payment_intents", amount=1_000, currency="usd", customer=first["id"], payment_method="pm_card_visa",
        confirm="true", payment_method_types=["card"],
    )  # fmt: skip
    charge = account.get(f"charges/{intent['latest_charge']}")
    assert now <= intent["created"] <= charge["created"] <= now + 10
    listed = account.get("customers", test_clock=clock, created={"gte": START + 1})["data"]
    assert [c["id"] for c in listed] == [second["id"]]
    listed = account.get("customers", test_clock=clock, created=START)["data"]
    assert [c["id"] for c in listed] == [first["id"]]


def test_a_clock_goes_by_itself_after_thirty_days_of_the_accounts_time() -> None:
    account = Account()
    clock = account.post("test_helpers/test_clocks", frozen_time=START)
    assert clock["deletes_after"] == clock["created"] + 30 * 86_400
    bound = account.post("customers", name="Globex", test_clock=clock["id"])["id"]
    account.clock.advance(timedelta(days=29))
    assert account.get(f"test_helpers/test_clocks/{clock['id']}")["status"] == "ready"
    account.clock.advance(timedelta(days=1))
    assert account.ask("GET", f"test_helpers/test_clocks/{clock['id']}").status == 404
    assert account.get(f"customers/{bound}")["deleted"] is True
    assert events(account, "test_helpers")[-1] == "test_helpers.test_clock.deleted"
