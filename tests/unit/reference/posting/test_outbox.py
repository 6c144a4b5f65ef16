"""Workers without any turns between them: what one has claimed the other leaves alone, on both databases."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import msgspec
import pytest
import time_machine

from simharness.reference.errors import Refused, Unavailable
from simharness.reference.memory.chain import Chain
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.store import Store
from simharness.reference.posting.intent import Intent
from simharness.reference.posting.outbox import Outbox
from simharness.reference.vendors.http import Json
from tests.postgres import Server

if TYPE_CHECKING:
    from simharness.reference.vendors.quickbooks import QuickBooks

MONDAY = datetime(2026, 1, 5, 17, 0, tzinfo=UTC)


class Ledger:
    """Counts what is written under which key, and keeps it; `fail` is raised by the next write instead."""

    last_attempts = 1

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.written: Counter[str] = Counter()
        self.records: list[Json] = []
        self.looked_up = 0
        self.silent = False
        self.fail: Exception | None = None
        self.meanwhile: Any = None

    def write(self, entity: str, body: bytes, key: str) -> Json:
        del entity
        if self.fail is not None:
            failure, self.fail = self.fail, None
            raise failure
        with self.lock:
            self.written[key] += 1
            record = {**msgspec.json.decode(body), "Id": str(len(self.records) + 1), "TotalAmt": "10.00"}
            self.records.append(record)
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        return record

    def query(self, entity: str, where: str = "") -> list[Json]:
        del entity, where
        self.looked_up += 1
        if self.silent:
            raise Unavailable("quickbooks", "503", attempts=5)
        return self.records


class Handler:
    """Counts what was posted."""

    def __init__(self) -> None:
        self.posts: list[str] = []

    def posted(self, intent: Intent, record: Json) -> None:
        del record
        self.posts.append(intent.source)

    def corrected(self, intent: Intent, refusal: Refused) -> None:
        del intent, refusal

    def failed(self, intent: Intent, reason: str) -> None:
        del intent, reason


class Worker:
    """A store, its evidence and its outbox; had one turn, so it has a name of its own."""

    def __init__(self, url: str, folder: Path, ledger: Ledger, number: int) -> None:
        self.store = Store(url)
        with self.store.turn():
            pass
        self.evidence = Evidence(self.store, folder / f"evidence-{number}.ndjson", currency="USD", owner="finance")
        told = cast("QuickBooks", ledger)
        self.outbox = Outbox(self.store, told, self.evidence, key_lifetime_s=86_400)
        self.handler = Handler()
        self.outbox.handlers["payment"] = self.handler

    def put(self, number: int) -> None:
        reference = f"stripe:charge:ch_{number}"
        body = msgspec.json.encode({"PrivateNote": reference})
        self.outbox.put(Intent(kind="payment", source=reference, entity="Payment", reference=reference, body=body))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state.db'}"
    server: Server = request.getfixturevalue("postgres")
    return server.database()


def pair(url: str, folder: Path, ledger: Ledger) -> tuple[Worker, Worker]:
    return Worker(url, folder, ledger, 1), Worker(url, folder, ledger, 2)


def close(*workers: Worker) -> None:
    for worker in workers:
        worker.store.close()


def test_two_workers_at_once_send_every_posting_once(url: str, tmp_path: Path) -> None:
    ledger, count = Ledger(), 30
    workers = pair(url, tmp_path, ledger)
    for number in range(count):
        workers[0].put(number)
    workers[1].outbox.put(
        Intent(kind="payment", source="stripe:charge:x", entity="Payment", reference="stripe:charge:x", body=b"{}")
    )
    start, failures = threading.Barrier(2), []

    def work(worker: Worker) -> None:
        try:
            start.wait()
            while worker.outbox.busy():
                worker.outbox.deliver()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test has to see it
            failures.append(error)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(ledger.written) == count + 1
    assert set(ledger.written.values()) == {1}
    assert Counter(workers[0].handler.posts + workers[1].handler.posts).most_common(1)[0][1] == 1
    assert ledger.looked_up == 0
    verdict = Chain(workers[0].store).verify()
    assert (verdict.rows, verdict.broken) == (count + 1, None), "the log of both is one chain"
    close(*workers)


def test_what_a_worker_is_sending_the_other_leaves_alone(url: str, tmp_path: Path) -> None:
    ledger = Ledger()
    one, two = pair(url, tmp_path, ledger)
    one.put(1)
    one.put(2)
    settled: list[int] = []
    ledger.meanwhile = lambda: settled.append(two.outbox.deliver())
    assert one.outbox.deliver() == 2
    assert settled == [0]
    assert list(ledger.written.values()) == [1, 1]
    close(one, two)


def test_a_claim_of_a_worker_that_died_is_over_after_its_lease_and_is_looked_up_first(url: str, tmp_path: Path) -> None:
    ledger = Ledger()
    one, two = pair(url, tmp_path, ledger)
    with time_machine.travel(MONDAY, tick=False):
        one.put(1)

        def dies() -> None:
            raise KeyboardInterrupt

        ledger.meanwhile = dies
        with pytest.raises(KeyboardInterrupt):
            one.outbox.deliver()
    with time_machine.travel(MONDAY + timedelta(seconds=59), tick=False):
        assert two.outbox.deliver() == 0
        assert two.outbox.busy()
    with time_machine.travel(MONDAY + timedelta(seconds=60), tick=False):
        assert two.outbox.deliver() == 1
    assert (ledger.looked_up, list(ledger.written.values())) == (1, [1])
    assert two.handler.posts == ["stripe:charge:ch_1"]
    close(one, two)


def test_a_worker_that_lost_its_claim_settles_nothing(url: str, tmp_path: Path) -> None:
    ledger = Ledger()
    one, two = pair(url, tmp_path, ledger)
    with time_machine.travel(MONDAY, tick=False):
        one.put(1)

        def overtaken() -> None:
            with time_machine.travel(MONDAY + timedelta(minutes=5), tick=False):
                assert two.outbox.deliver() == 1

        ledger.meanwhile = overtaken
        assert one.outbox.deliver() == 0
    assert one.handler.posts == []
    assert two.handler.posts == ["stripe:charge:ch_1"]
    assert list(ledger.written.values()) == [1], "the second found it by its reference"
    close(one, two)


def test_what_stayed_without_an_answer_is_free_at_once(url: str, tmp_path: Path) -> None:
    ledger = Ledger()
    one, two = pair(url, tmp_path, ledger)
    one.put(1)
    ledger.fail = Unavailable("quickbooks", "no answer", attempts=5)
    with pytest.raises(Unavailable):
        one.outbox.deliver()
    assert two.outbox.deliver() == 1
    assert ledger.looked_up == 1, "the first may have reached the ledger"
    close(one, two)


def test_what_was_refused_after_an_attempt_without_an_answer_is_looked_up_before_it_is_given_up(
    url: str, tmp_path: Path
) -> None:
    ledger = Ledger()
    one, two = pair(url, tmp_path, ledger)
    one.put(1)
    ledger.records.append({"PrivateNote": "stripe:charge:ch_1", "Id": "7", "TotalAmt": "10.00"})
    ledger.fail = Refused("quickbooks", 403, "", "not permitted", attempts=2)
    assert one.outbox.deliver() == 1
    assert one.outbox.dead() == []
    assert one.handler.posts == ["stripe:charge:ch_1"]
    ledger.fail = Refused("quickbooks", 403, "", "not permitted", attempts=2)
    one.put(2)
    assert one.outbox.deliver() == 1
    assert [letter.source for letter in one.outbox.dead()] == ["stripe:charge:ch_2"], "nothing of it is in the ledger"
    close(one, two)


def test_what_was_refused_is_not_sent_again_because_the_ledger_could_not_be_looked_up_then(
    url: str, tmp_path: Path
) -> None:
    ledger = Ledger()
    one, two = pair(url, tmp_path, ledger)
    with time_machine.travel(MONDAY, tick=False):
        one.put(1)
        ledger.fail = Unavailable("quickbooks", "503", attempts=3)
        with pytest.raises(Unavailable):
            one.outbox.deliver()
    with time_machine.travel(MONDAY + timedelta(minutes=5), tick=False):
        ledger.fail, ledger.silent = Refused("quickbooks", 403, "", "scope missing"), True
        with pytest.raises(Unavailable):
            one.outbox.deliver()
        assert one.outbox.dead() == []
    with time_machine.travel(MONDAY + timedelta(minutes=10), tick=False):
        ledger.silent = False
        one.outbox.deliver()
    (letter,) = one.outbox.dead()
    assert "403" in letter.reason
    assert ledger.written == {}
    one.outbox.replay(letter.kind, letter.source)
    with time_machine.travel(MONDAY + timedelta(minutes=15), tick=False):
        one.outbox.deliver()
    assert sum(ledger.written.values()) == 1, "an operator's act sends it"
    close(one, two)


def test_a_dead_letter_is_listed_and_its_replay_keeps_the_key(url: str, tmp_path: Path) -> None:
    ledger = Ledger()
    one, two = pair(url, tmp_path, ledger)
    one.put(1)
    one.put(2)
    ledger.fail = Refused("quickbooks", 400, "6210", "Account Period Closed")
    assert one.outbox.deliver() == 2
    (letter,) = two.outbox.dead()
    assert (letter.source, letter.attempts, "6210" in letter.reason) == ("stripe:charge:ch_1", 1, True)
    two.outbox.replay("payment", "stripe:charge:ch_2")
    assert len(one.outbox.dead()) == 1
    two.outbox.replay("payment", "stripe:charge:ch_1")
    assert one.outbox.dead() == []
    assert two.outbox.deliver() == 1
    assert ledger.written[letter.key] == 1
    close(one, two)


def test_the_same_posting_wanted_again_is_sent_although_another_stood_for_it(url: str, tmp_path: Path) -> None:
    ledger = Ledger()
    worker = Worker(url, tmp_path, ledger, 1)
    first = Intent(kind="payment", source="s", entity="Payment", reference="s", body=b'{"PrivateNote":"s"}')
    ledger.fail = Refused("quickbooks", 403, "3100", "no")
    worker.outbox.put(first)
    worker.outbox.deliver()
    worker.outbox.supersede("s", "Payment")
    assert (worker.outbox.dead(), worker.outbox.deliver()) == ([], 0)
    worker.outbox.put(first)
    assert worker.outbox.deliver() == 1
    assert (sum(ledger.written.values()), worker.handler.posts) == (1, ["s"])
    close(worker)


def test_only_the_kind_that_another_posting_stands_for_is_superseded(url: str, tmp_path: Path) -> None:
    ledger = Ledger()
    worker = Worker(url, tmp_path, ledger, 1)
    ledger.fail = Refused("quickbooks", 403, "3100", "no")
    worker.outbox.put(Intent(kind="payment", source="s", entity="Payment", reference="s", body=b"{}"))
    worker.outbox.deliver()
    assert not worker.outbox.supersede("s", "Payment", "document")
    assert [each.source for each in worker.outbox.dead()] == ["s"]
    assert worker.outbox.supersede("s", "Payment", "payment")
    assert worker.outbox.dead() == []
    close(worker)


def change(entity: str, total: str) -> Intent:
    """One document of a change of a deal; the invoice bears what it is in its source."""
    source = "hubspot:deal:7:v2" + (":invoice" if entity == "Invoice" else "")
    body = msgspec.json.encode({"PrivateNote": "hubspot:deal:7:v2", "Entity": entity, "CurrencyRef": {"value": "EUR"}})
    return Intent(
        kind="payment",
        source=source,
        entity=entity,
        reference="hubspot:deal:7:v2",
        body=body,
        amount=Decimal(total),
    )


def test_what_is_billed_anew_is_not_sent_where_its_credit_was_given_up_and_goes_out_whole_on_replay(
    url: str, tmp_path: Path
) -> None:
    ledger = Ledger()
    worker = Worker(url, tmp_path, ledger, 1)
    worker.outbox.put(change("CreditMemo", "1000.00"))
    worker.outbox.put(change("Invoice", "1600.00"))
    worker.put(1)
    ledger.fail = Refused("quickbooks", 403, "3100", "no")
    worker.outbox.deliver()
    assert worker.handler.posts == ["stripe:charge:ch_1"], "what is of another source goes out"
    dead = worker.outbox.dead()
    assert [(each.entity, each.attempts, each.amount) for each in dead] == [
        ("CreditMemo", 1, "1000.00"),
        ("Invoice", 0, "1600.00"),
    ]
    assert dead[1].reason.startswith("not sent without the credit_memo before it: ")
    assert told(tmp_path, worker) == {
        "hubspot:deal:7:v2": "EUR 1000.00",
        "hubspot:deal:7:v2:invoice": "EUR 1600.00",
    }
    worker.outbox.put(change("CreditMemo", "1000.00"))
    worker.outbox.put(change("Invoice", "1600.00"))
    worker.outbox.deliver()
    assert worker.outbox.dead() == []
    assert [each.get("Entity") for each in ledger.records] == [None, "CreditMemo", "Invoice"]
    close(worker)


def told(folder: Path, worker: Worker) -> dict[str, str]:
    """What people were alerted of, each by its source with its amount."""
    worker.evidence.flush()
    rows = [msgspec.json.decode(line) for line in (folder / "evidence-1.ndjson").read_bytes().splitlines()]
    return {row["source"]: row["amount"] for row in rows if row["type"] == "alert"}


def test_what_is_billed_anew_is_refused_by_itself_and_its_credit_stays(url: str, tmp_path: Path) -> None:
    ledger = Ledger()
    worker = Worker(url, tmp_path, ledger, 1)
    worker.outbox.put(change("CreditMemo", "1000.00"))
    assert worker.outbox.deliver() == 1
    worker.outbox.put(change("Invoice", "1600.00"))
    ledger.fail = Refused("quickbooks", 403, "3100", "no")
    worker.outbox.deliver()
    assert [each.source for each in worker.outbox.dead()] == ["hubspot:deal:7:v2:invoice"]
    assert told(tmp_path, worker) == {"hubspot:deal:7:v2:invoice": "EUR 1600.00"}
    close(worker)


def test_what_is_billed_anew_waits_until_its_credit_is_in_the_ledger(url: str, tmp_path: Path) -> None:
    ledger = Ledger()
    worker = Worker(url, tmp_path, ledger, 1)
    worker.outbox.put(change("Invoice", "1600.00"))
    worker.outbox.put(change("CreditMemo", "1000.00"))
    ledger.fail = Unavailable("quickbooks", "429", retry_after_s=600)
    with time_machine.travel(MONDAY, tick=False), pytest.raises(Unavailable):
        worker.outbox.deliver()
    with time_machine.travel(MONDAY + timedelta(minutes=5), tick=False):
        assert worker.outbox.deliver() == 0
        assert ledger.records == []
    with time_machine.travel(MONDAY + timedelta(minutes=15), tick=False):
        worker.outbox.deliver()
        worker.outbox.deliver()
    assert [each["Entity"] for each in ledger.records] == ["CreditMemo", "Invoice"]
    close(worker)
