"""The bank feed: every page in order, begun again when it changes on the way, amounts exact."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import httpx
import msgspec
import pytest

from simharness.reference.errors import Refused, Unavailable
from simharness.reference.vendors.plaid import LOGIN_REQUIRED, MUTATED, Plaid


def page(cursor: str, *amounts: str, more: bool = False, removed: tuple[str, ...] = ()) -> httpx.Response:
    added = ",".join(f'{{"transaction_id":"t{amount}","amount":{amount}}}' for amount in amounts)
    gone = msgspec.json.encode([{"transaction_id": each} for each in removed]).decode()
    text = (
        f'{{"added":[{added}],"modified":[],"removed":{gone},"next_cursor":"{cursor}","has_more":{str(more).lower()}}}'
    )
    return httpx.Response(200, text=text)


def refusal(code: str) -> httpx.Response:
    return httpx.Response(400, json={"error_code": code, "error_message": "no", "error_type": "X"})


class Script(httpx.BaseTransport):
    """Answers in order, the last one for ever; keeps what was asked."""

    def __init__(self, *answers: httpx.Response) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []
        self.headers: list[httpx.Headers] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(msgspec.json.decode(request.read()))
        self.headers.append(request.headers)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def plaid(script: Script) -> Plaid:
    return Plaid(httpx.Client(transport=script), "https://bank.test", "client", "secret", "access")


def test_pages_follow_the_cursor_and_amounts_are_exact() -> None:
    script = Script(page("c1", "0.10", "-12.30", more=True), page("c2", "5", removed=("old",)))
    found = plaid(script).changes("")
    assert [each["amount"] for each in found.added] == [Decimal("0.10"), Decimal("-12.30"), 5]
    assert (found.removed, found.cursor) == (["old"], "c2")
    assert [each.get("cursor") for each in script.asked] == [None, "c1"]
    assert script.headers[0]["plaid-client-id"] == "client"
    assert script.headers[0]["plaid-secret"] == "secret"


def test_pages_that_change_on_the_way_are_begun_again_with_the_first_cursor() -> None:
    script = Script(page("c1", "1", more=True), refusal(MUTATED), page("c3", "1", "2", more=True), page("c4", "3"))
    found = plaid(script).changes("c0")
    assert [each["amount"] for each in found.added] == [1, 2, 3]
    assert [each["cursor"] for each in script.asked] == ["c0", "c1", "c0", "c3"]


def test_pages_that_never_hold_still_are_left_to_a_later_pass() -> None:
    with pytest.raises(Unavailable):
        plaid(Script(refusal(MUTATED))).changes("c0")


def test_a_login_that_is_needed_is_a_definite_answer() -> None:
    script = Script(refusal(LOGIN_REQUIRED))
    with pytest.raises(Refused) as caught:
        plaid(script).changes("")
    assert (caught.value.code, len(script.asked)) == (LOGIN_REQUIRED, 1)
