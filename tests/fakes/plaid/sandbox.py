"""A Plaid client on its own, every answer held against the contract, and a client that follows the sync protocol."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from simharness.core.clock import Clock
from simharness.core.ids import Ids
from simharness.core.money import Money
from simharness.core.rng import Rng
from simharness.domain.acts import Furnish, MoveBankMoney, PostBankLine
from simharness.domain.bank import BankSnapshot
from simharness.domain.dictionary import Dictionary
from simharness.domain.exchange import Request, Response
from simharness.fakekit.bodies import read_json, write_json
from simharness.fakekit.pack import Setup
from simharness_fakes.plaid import PACK
from simharness_fakes.plaid.fake import Plaid
from tests.fakes.driving import misfits

#: A Monday, 17:00 UTC: 9:00 at the bank of the US dictionary.
MONDAY = datetime(2026, 1, 5, 17, 0, tzinfo=UTC)
MUTATION = "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION"


class Refused(Exception):
    """An answer that was not 200."""

    def __init__(self, response: Response) -> None:
        self.status = response.status
        self.json: dict[str, Any] = read_json(response.body)
        self.code: str = self.json["error_code"]
        self.kind: str = self.json["error_type"]
        super().__init__(response.status, self.json)


@dataclass
class Sandbox:
    """A furnished bank; `posted` are the webhooks it sent, answered with `receiver` (None: nobody answers)."""

    dictionary: Dictionary
    options: Mapping[str, str] = field(default_factory=dict)
    rng_seed: int = 11
    posted: list[Request] = field(default_factory=list)
    receiver: int | None = 200

    def __post_init__(self) -> None:
        self.clock = Clock(MONDAY)
        rng = Rng(self.rng_seed)
        self.setup = Setup(clock=self.clock, rng=rng, ids=Ids(rng), post=self._post, options=self.options)
        fake = PACK.build(self.setup)
        assert isinstance(fake, Plaid)
        self.fake = fake
        fake.operate(Furnish(dictionary=self.dictionary), "setup")
        self.token = fake.connection("")["access_token"]

    def ask(self, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None) -> Response:
        """One request; without `headers` with the client's keys."""
        keys = {"plaid-client-id": self.fake.client_id, "plaid-secret": self.fake.secret}
        request = Request(
            method="POST",
            host="sandbox.plaid.com",
            path=path,
            headers={"content-type": "application/json", **(keys if headers is None else headers)},
            body=write_json(body if body is not None else {}),
        )
        response = self.fake.handle(request)
        operation, _ = self.fake.contract.find("POST", path)
        if operation is not None:
            assert misfits(operation, response) == ()
        return response

    def call(self, path: str, /, **body: Any) -> Any:
        """A call about the client's own item unless another access token is given; raises `Refused`."""
        response = self.ask(path, body)
        if response.status != 200:
            raise Refused(response)
        return read_json(response.body)

    def about(self, path: str, /, **body: Any) -> Any:
        """A call about the item that is linked from the start."""
        return self.call(path, **{"access_token": self.token, **body})

    def move(self, amount: str, **more: Any) -> str:
        """Money moves; the id of the line."""
        (event,) = self.fake.operate(MoveBankMoney(amount=Money.parse(amount), **more), "customer")
        return event.line_id  # type: ignore[union-attr, return-value] - the one event of this act

    def post(self, line_id: str, **more: Any) -> str:
        """The bank posts or drops; the id of the line that stands now."""
        (event,) = self.fake.operate(PostBankLine(line_id=line_id, **more), "bank")
        return event.line_id  # type: ignore[union-attr, return-value] - the one event of this act

    @property
    def bank(self) -> BankSnapshot:
        (snapshot,) = self.fake.snapshot()
        assert isinstance(snapshot, BankSnapshot)
        return snapshot

    def _post(self, request: Request) -> Response | None:
        self.posted.append(request)
        return None if self.receiver is None else Response(status=self.receiver)


@dataclass
class Follower:
    """A client that follows the protocol: it applies a loop as a whole and begins it again after a mutation.

    `known` are the transactions it holds, by id.
    """

    sandbox: Sandbox
    access_token: str
    count: int = 100
    cursor: str = ""
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    restarts: int = 0

    def __post_init__(self) -> None:
        self._pages: list[dict[str, Any]] = []
        self._next = self.cursor

    def step(self) -> bool:
        """Ask for one page; whether a loop was finished with it."""
        body = {
            "access_token": self.access_token,
            "count": self.count,
            **({"cursor": self._next} if self._next else {}),
        }
        try:
            page = self.sandbox.call("/transactions/sync", **body)
        except Refused as refused:
            if refused.code != MUTATION:
                raise
            self.restarts += 1
            self._pages, self._next = [], self.cursor
            return False
        assert len(page["added"]) + len(page["modified"]) + len(page["removed"]) <= self.count
        self._pages.append(page)
        self._next = page["next_cursor"]
        if page["has_more"]:
            return False
        self._apply()
        return True

    def finish(self) -> None:
        """Go on until a loop is finished."""
        while not self.step():
            pass

    def _apply(self) -> None:
        for page in self._pages:
            for gone in page["removed"]:
                del self.known[gone["transaction_id"]]
            for new in page["added"]:
                assert new["transaction_id"] not in self.known
                self.known[new["transaction_id"]] = new
            for changed in page["modified"]:
                assert changed["transaction_id"] in self.known
                self.known[changed["transaction_id"]] = changed
        self._pages, self.cursor = [], self._next
