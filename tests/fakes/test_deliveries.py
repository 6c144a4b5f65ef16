"""Each vendor tries again on its own schedule, and what a fault does to a delivery is what that vendor would do."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from simharness.core.content import content_folder
from simharness.core.money import Money
from simharness.domain import acts, people
from simharness.domain.dictionary import Dictionary
from simharness.domain.exchange import DeliveryKind, Request, Response
from simharness.domain.fault import parse_plan
from simharness.fakekit.faults import Injector
from simharness.stories.dictionaries import load_dictionary
from simharness.world.registry import DEFAULT_STACK
from simharness.world.world import World
from tests.fakes.conftest import TODAY

URL = "https://connector.test/hook"
DAY_S = 24 * 3600
FAMILIES = {"hubspot": "crm", "quickbooks": "accounting", "stripe": "payments", "plaid": "banking", "gusto": "payroll"}

#: Seconds between one attempt and the next, as each vendor's documentation or the option's declared default has them.
SCHEDULES = {
    "hubspot": [60, 300, 900, 1800, 3600, 7200, 14400, 18000, 18000, 21600],
    "quickbooks": [1200, 1800, 3000],
    "stripe": [300, 1800, 7200, 18000, 36000, 43200, 43200, 43200, 43200],
    "plaid": [30, 120, 480, 1920, 7680, 30720],
    "gusto": [15, 30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 15360, 30720, 61440, 122880, 172800, 172800],
}
#: What the vendor promises: at most so long after the first attempt; None where it promises no such thing.
WITHIN_S = {"hubspot": DAY_S, "stripe": 3 * DAY_S, "plaid": DAY_S, "quickbooks": None, "gusto": None}

VENDORS = pytest.mark.parametrize("vendor", list(FAMILIES))


@pytest.fixture(scope="session")
def books() -> Dictionary:
    return load_dictionary(content_folder("scenarios") / "dictionaries" / "us-people.yaml")


class Office:
    """A furnished world in which one vendor tells somebody who answers with `status`; a plan strikes deliveries."""

    def __init__(self, dictionary: Dictionary, vendor: str, plan: str = "", **options: str) -> None:
        self.vendor, self.status = vendor, 200
        stack = {**DEFAULT_STACK, FAMILIES[vendor]: vendor}
        self.port = Injector(parse_plan(plan))
        self.world = World(now=TODAY, stack=stack, options={vendor: options}, port=self.port)
        self.world.furnish(dictionary)
        self.heard: list[tuple[int, Request]] = []
        self.world.receiver = self._hear
        self.world.operate(FAMILIES[vendor], acts.Subscribe(url=URL, events=EVENTS[vendor]), "administrator")

    def happen(self) -> None:
        self.world.operate(FAMILIES[self.vendor], HAPPENINGS[self.vendor](self.world), "somebody")

    @property
    def instants(self) -> list[int]:
        return [at for at, _ in self.heard]

    @property
    def stamps(self) -> list[int]:
        """When each was signed, in seconds since the beginning, as far as the vendor says it."""
        start = int(TODAY.timestamp())
        return [signed_at(self.vendor, request) - start for _, request in self.heard]

    def _hear(self, request: Request) -> Response:
        self.heard.append((int((self.world.clock.now - TODAY).total_seconds()), request))
        return Response(status=self.status)


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


HAPPENINGS: dict[str, Callable[[World], acts.Act]] = {
    "hubspot": lambda world: acts.CreateCompany(name=f"G {world.clock.now:%H:%M:%S}", region="US-OR", terms="Net 30"),
    "quickbooks": lambda world: acts.EnterParty(name=f"Globex {world.clock.now:%H:%M:%S}"),
    "stripe": lambda _: acts.TakePayment(amount=usd("10.00"), customer_name="Globex"),
    "plaid": lambda _: acts.MoveBankMoney(amount=usd("10.00"), reference="r"),
    "gusto": lambda world: people.HireEmployee(
        name=f"E {world.clock.now:%H:%M:%S}", department="Sales", state="CA", hired=date(2026, 1, 5),
        salary=usd("90000.00"), schedule="Monthly",
    ),
}  # fmt: skip
EVENTS: dict[str, tuple[str, ...]] = {
    "hubspot": ("company.creation",),
    "quickbooks": ("Customer",),
    "stripe": ("charge.succeeded",),
    "plaid": (),
    "gusto": ("Employee",),
}


def signed_at(vendor: str, request: Request) -> int:
    """The instant in a signature, in unix seconds; QuickBooks and Gusto sign no instant."""
    match vendor:
        case "hubspot":
            return int(request.headers["x-hubspot-request-timestamp"]) // 1000
        case "stripe":
            return int(request.headers["stripe-signature"].partition(",")[0].removeprefix("t="))
        case "plaid":
            claims = request.headers["plaid-verification"].split(".")[1]
            return int(json.loads(base64.urlsafe_b64decode(claims + "=="))["iat"])
    raise AssertionError(vendor)


def is_genuine(office: Office, request: Request) -> bool:
    """Whether a receiver that knows the secret takes a webhook for the vendor's own, whatever its age."""
    secrets = office.world.fake(FAMILIES[office.vendor]).connection("")
    body, headers = request.body, request.headers
    match office.vendor:
        case "hubspot":
            text = f"POST{URL}".encode() + body + headers["x-hubspot-request-timestamp"].encode()
            wanted = base64.b64encode(hmac.digest(secrets["client_secret"].encode(), text, hashlib.sha256)).decode()
            return headers["x-hubspot-signature-v3"] == wanted
        case "stripe":
            sent, _, given = headers["stripe-signature"].removeprefix("t=").partition(",v1=")
            key = secrets["webhook_secret"].encode()
            return given == hmac.new(key, f"{sent}.".encode() + body, hashlib.sha256).hexdigest()
        case "quickbooks":
            key = secrets["verifier_token"].encode()
            return headers["intuit-signature"] == base64.b64encode(hmac.digest(key, body, hashlib.sha256)).decode()
        case "gusto":
            key = secrets["verification_token"].encode()
            return headers["x-gusto-signature"] == hmac.new(key, body, hashlib.sha256).hexdigest()
    claims = headers["plaid-verification"].split(".")[1]
    told = json.loads(base64.urlsafe_b64decode(claims + "=="))
    return bool(told["request_body_sha256"] == hashlib.sha256(body).hexdigest())


@VENDORS
def test_what_nobody_takes_is_tried_again_on_the_vendors_schedule_and_then_no_more(
    books: Dictionary, vendor: str
) -> None:
    office = Office(books, vendor)
    office.status = 500
    office.happen()
    office.world.advance(timedelta(days=30))
    first = office.heard[0][1].body
    mine = [at for at, request in office.heard if _same_news(vendor, request, first)]
    assert [after - before for before, after in pairwise(mine)] == SCHEDULES[vendor]
    within = WITHIN_S[vendor]
    assert within is None or mine[-1] - mine[0] <= within
    assert all(is_genuine(office, request) for _, request in office.heard)


def _same_news(vendor: str, request: Request, body: bytes) -> bool:
    if vendor != "hubspot":
        return request.body == body
    return bool([{**each, "attemptNumber": 0} for each in json.loads(request.body)] == json.loads(body))


@pytest.mark.parametrize(("vendor", "within_s"), [("hubspot", 1), ("quickbooks", 3)])
@pytest.mark.parametrize("too_long", [False, True])
def test_an_answer_that_takes_longer_than_the_vendor_waits_is_none(
    books: Dictionary, vendor: str, within_s: int, too_long: bool
) -> None:
    office = Office(books, vendor)
    answer = office._hear

    def think(request: Request) -> Response:
        office.world.advance(timedelta(seconds=within_s + too_long))
        return answer(request)

    office.world.receiver = think
    office.happen()
    office.world.advance(timedelta(hours=1))
    assert (len(office.heard) > 1) == too_long


@VENDORS
def test_a_lost_delivery_is_in_the_record_only_and_never_tried_again(books: Dictionary, vendor: str) -> None:
    office = Office(books, vendor, f"webhook_lost@{vendor}#1")
    office.happen()
    office.world.advance(timedelta(minutes=5))
    lost, *further = office.world.deliveries
    assert (lost.fault, lost.response, lost.delivery.kind) == ("webhook_lost", None, DeliveryKind.RESET_BEFORE)
    assert [each.fault for each in further] == [""] * len(office.heard)
    office.world.advance(timedelta(days=4))
    assert not any(_same_news(vendor, request, lost.request.body) for _, request in office.heard)
    assert [struck.told for struck in office.port.struck] == ["it never arrived, and the vendor believes that it did"]
    assert office.world.news_withheld


@VENDORS
def test_a_late_delivery_is_signed_when_it_leaves(books: Dictionary, vendor: str) -> None:
    on_time, late = Office(books, vendor), Office(books, vendor, f"webhook_delay:7200@{vendor}#1")
    for office in (on_time, late):
        office.happen()
        office.world.advance(timedelta(hours=3))
    assert max(late.instants) == on_time.instants[0] + 7200
    assert all(is_genuine(late, request) for _, request in late.heard)
    if vendor in ("hubspot", "stripe", "plaid"):
        assert late.stamps == late.instants
    assert len(late.heard) == len(on_time.heard)


@VENDORS
def test_a_forged_delivery_is_refused_by_whoever_looks_and_then_comes_as_it_was_signed(
    books: Dictionary, vendor: str
) -> None:
    office = Office(books, vendor, f"webhook_tampered@{vendor}#1")
    answer = office._hear

    def look(request: Request) -> Response:
        office.status = 200 if is_genuine(office, request) else 401
        return answer(request)

    office.world.receiver = look
    office.happen()
    office.world.advance(timedelta(hours=1))
    answers = [each.response.status for each in office.world.deliveries if each.response is not None]
    assert answers[0] == 401
    assert set(answers[1:]) == {200}
    first = office.instants[0]
    assert first + SCHEDULES[vendor][0] in office.instants


def test_a_vendor_that_takes_a_refusal_for_final_does_not_try_again(books: Dictionary) -> None:
    office = Office(books, "hubspot", "webhook_tampered@hubspot#1", webhook_final_statuses="401")
    office.status = 401
    office.happen()
    office.world.advance(timedelta(days=2))
    assert len(office.heard) == 1
    assert office.world.news_refused


@VENDORS
def test_copies_are_the_same_to_the_byte_and_come_while_their_signature_is_good(books: Dictionary, vendor: str) -> None:
    office = Office(books, vendor, f"webhook_duplicate:7@{vendor}#1")
    office.happen()
    office.world.advance(timedelta(hours=1))
    first = office.heard[0][1]
    copies = [at for at, request in office.heard if request == first]
    assert [at - copies[0] for at in copies] == [0, 0, 60, 120, 180, 240, 240, 240]


@VENDORS
def test_a_delivery_comes_after_the_one_that_follows_it(books: Dictionary, vendor: str) -> None:
    straight, office = Office(books, vendor), Office(books, vendor, f"webhook_reorder@{vendor}#1")
    for each in (straight, office):
        each.happen()
        each.world.advance(timedelta(seconds=90))
        each.happen()
        each.world.advance(timedelta(minutes=30))
    assert len(straight.heard) == len(office.heard)
    assert office.instants[:2] == [straight.instants[1], straight.instants[1] + 1]
    if vendor != "plaid":  # whose two say the same
        first, second = (request.body for _, request in straight.heard[:2])
        assert [request.body for _, request in office.heard[:2]] == [second, first]
    assert all(is_genuine(office, request) for _, request in office.heard)
    assert [struck.fault.kind for struck in office.port.struck] == ["webhook_reorder"]


def test_what_nothing_follows_keeps_its_place_and_did_not_suffer(books: Dictionary) -> None:
    office = Office(books, "hubspot", "webhook_reorder@hubspot#1")
    office.happen()
    office.world.advance(timedelta(minutes=10))
    assert office.instants == [301]  # a second on its way, five minutes in vain
    assert office.port.struck == ()


@pytest.mark.parametrize("vendor", ["hubspot", "stripe"])
def test_older_news_is_the_vendors_own_and_tells_the_state_before(books: Dictionary, vendor: str) -> None:
    office = Office(books, vendor, f"webhook_stale@{vendor}#2")
    world = office.world
    if vendor == "hubspot":
        world.operate("crm", acts.Subscribe(url=URL, events=("company.propertyChange name",)), "administrator")
        (made,) = world.operate("crm", acts.CreateCompany(name="Globex", region="US-OR", terms="Net 30"), "sales")
        world.advance(timedelta(minutes=1))
        world.operate("crm", acts.ChangeCompany(company_id=made.company_id, name="Globex Inc"), "sales")  # type: ignore[union-attr]  # what this act answers with
    else:
        world.operate(
            "payments", acts.Subscribe(url=URL, events=("charge.succeeded", "charge.refunded")), "administrator"
        )
        office.happen()
        world.advance(timedelta(minutes=1))
        gateway = world.snapshot().gateway
        assert gateway is not None
        world.operate("payments", acts.RefundPayment(charge_id=gateway.charges[0].id, amount=usd("4.00")), "support")
    world.advance(timedelta(minutes=1))
    request = office.heard[1][1]
    assert is_genuine(office, request)
    told = json.loads(request.body)
    if vendor == "hubspot":
        assert [each["propertyValue"] for each in told if "propertyName" in each] == ["Globex"]
    else:
        assert (told["type"], told["data"]["object"]["amount_refunded"]) == ("charge.refunded", 0)
    (struck,) = office.port.struck
    assert struck.fault.kind == "webhook_stale"
    assert struck.acts.startswith("somebody edited")
    # Whoever asks sees a later state than the news tell, and a later one than before the fault.
    by = {write.actor for write in world.writes if write.actor == "somebody else"}
    assert by == {"somebody else"}


@pytest.mark.parametrize("vendor", ["quickbooks", "plaid", "gusto"])
def test_news_that_tells_no_state_cannot_be_older(books: Dictionary, vendor: str) -> None:
    office = Office(books, vendor, f"webhook_stale*9@{vendor}")
    office.happen()
    office.world.advance(timedelta(minutes=5))
    assert office.heard
    assert office.port.struck == ()
