"""Short words of sales do what the long ones do, with what the dictionary says where they say nothing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from simharness.core.errors import HarnessFault
from simharness.core.money import Money
from simharness.domain import acts, fact
from simharness.domain.record import RunRecord
from tests.unit.stories.company import STORY, one, problems
from tests.unit.stories.offices import Clerk, Office, new_world, play
from tests.unit.stories.test_moving_money import PAID, last_act, told
from tests.unit.stories.test_session import with_acts

GIVEN = STORY[STORY.index("given:") : STORY.index("when:")]


def given(*steps: str) -> str:
    """The story with other things given."""
    return STORY.replace(GIVEN, "given:\n" + "".join(f"  - {step}\n" for step in steps))


def played(root: Path, *steps: str) -> tuple[RunRecord, Clerk]:
    clerk = Clerk(new_world())
    return play(one(root, given(*steps)), clerk), clerk


def only(record: RunRecord, kind: type) -> Any:
    (found,) = [each for each in record.facts if isinstance(each, kind)]
    return found


def changed(record: RunRecord) -> fact.DealChanged:
    return next(each for each in record.facts if isinstance(each, fact.DealChanged))


ROLLOUT = "{worth: USD 4000.00, deal: Rollout, customer: Globex}"


def test_a_deal_of_one_line_takes_product_and_cost_centre_and_customer_from_the_dictionary(tmp_path: Path) -> None:
    record, _ = played(tmp_path, ROLLOUT)
    customer, deal = only(record, fact.CustomerEntered), only(record, fact.DealEntered)
    assert (customer.customer, customer.region, customer.terms) == ("Globex", "US-CA-SF", "Net 30")
    (line,) = deal.lines
    assert (line.product, line.quantity, line.unit_price) == ("Badge printer", Decimal(1), Money("4000.00", "USD"))
    assert deal.cost_centre == "CC-10"


def test_a_customer_that_exists_is_not_entered_twice(tmp_path: Path) -> None:
    record, _ = played(
        tmp_path, "{customer: Globex, region: US-OR}", "{customer_exists: Globex, in: CRM}", ROLLOUT
    )  # fmt: skip
    assert only(record, fact.CustomerEntered).region == "US-OR"


def test_a_customer_can_stand_in_the_ledger_before_the_connector_comes(tmp_path: Path) -> None:
    _, clerk = played(tmp_path, "{customer_exists: Globex, in: ledger}", ROLLOUT)
    office = clerk.world.fake("accounting")
    assert isinstance(office, Office)
    entered = [act for _, _, act in office.done if isinstance(act, acts.EnterParty)]
    assert entered == [acts.EnterParty(name="Globex", terms="Net 30")]


@pytest.mark.parametrize("lacks", ["region", "terms"])
def test_what_a_customer_lacks_is_empty_and_the_rest_stays(tmp_path: Path, lacks: str) -> None:
    record, _ = played(tmp_path, "{customer_exists: Globex}", f"{{customer_without: Globex, lacks: {lacks}}}", ROLLOUT)
    now = only(record, fact.CustomerChanged)
    assert {"region": now.region, "terms": now.terms} == {"region": "US-CA-SF", "terms": "Net 30"} | {lacks: ""}


def test_single_fields_of_a_deal_change_and_the_rest_stays(tmp_path: Path) -> None:
    record, _ = played(
        tmp_path,
        ROLLOUT,
        "{deal_changed: Rollout, changes: [{field: quantity, old: 1, new: 3}, {field: discount, new: 10%}]}",
    )
    now = changed(record)
    assert [(line.product, line.quantity, line.unit_price.amount) for line in now.lines] == [
        ("Badge printer", Decimal(3), Decimal("4000.00"))
    ]
    assert now.discount_percent == Decimal(10)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("{field: quantity, old: 2, new: 3}", "the quantity is 1, and the table says 2 under old"),
        ("{field: discount, old: 5%, new: 3%}", "the discount is empty, and the table says 5% under old"),
        ("{field: quantity of Badge roll, new: 3}", "has no line of 'Badge roll'"),
        ("{field: product, new: Badge drinker}", "the dictionary has no product 'Badge drinker'"),
        ("{field: cost centre, new: CC-99}", "the dictionary has no cost centre 'CC-99'"),
    ],
)
def test_a_change_that_does_not_fit_the_deal_is_told(tmp_path: Path, change: str, what: str) -> None:
    with pytest.raises(HarnessFault, match=what):
        played(tmp_path, ROLLOUT, f"{{deal_changed: Rollout, changes: [{change}]}}")


@pytest.mark.parametrize(
    ("step", "what"),
    [
        ("{worth: USD 0.00, deal: X, customer: Globex}", "is no worth of a deal"),
        ("{customer_exists: Globex, in: gateway}", "is no system that customers exist in"),
        ("{customer_without: Globex, lacks: shoes}", "is no thing that a customer can lack"),
        ("{deal_changed: Rollout, changes: [{field: colour, new: red}]}", "is no field of a deal that can change"),
        ("{deal_changed: Rollout, changes: [{field: unit price, new: 12}]}", "has no currency"),
        ("{deal_changed: Rollout, changes: [{field: entity, new: x}], discount: 5%}", "says single changes"),
    ],
)
def test_a_wrong_parameter_is_told(tmp_path: Path, step: str, what: str) -> None:
    steps = ("{customer_exists: Globex}", ROLLOUT, step)
    assert what in str(problems(tmp_path, given(*steps))[0])


def lines(code: str) -> str:
    line = f"{{product: Badge printer, unit_price: USD 10.00, tax_code: {code}}}"
    return f"{{deal_changed: Rollout, lines: [{line}]}}"


def test_a_tax_code_of_a_line_has_to_be_that_of_the_dictionary(tmp_path: Path) -> None:
    played(tmp_path, ROLLOUT, lines("CA San Francisco"))
    elsewhere = ("{customer: Globex, region: US-OR}", ROLLOUT, lines("CA San Francisco"))
    with pytest.raises(HarnessFault, match="in US-OR Badge printer is not taxed, and the line says 'CA San Francisco'"):
        played(tmp_path, *elsewhere)


SECOND = "{customer_pays: USD 50.00, invoice_of: Rollout, on: 2026-01-21}"


def test_payments_of_a_deal_are_counted_whatever_they_are_called(tmp_path: Path) -> None:
    claim = "  - {payment: 'the second payment of \"Rollout\"', settles: Rollout}\n"
    record, _ = told(tmp_path, PAID, SECOND)
    assert [each.payment for each in record.facts if isinstance(each, fact.CustomerPaid)] == ["P-1", "payment 2"]
    text = with_acts(PAID, SECOND, "{payment_disputed: 'the second payment of \"Rollout\"'}") + claim
    clerk = Clerk(new_world())
    record = play(one(tmp_path, text), clerk)
    assert only(record, fact.PaymentDisputed).payment == "payment 2"
    assert [getattr(each, "payment", "") for each in record.expectations][-1] == "payment 2"
    assert last_act(clerk, "payments")[0] == "customer"


def test_a_payment_that_was_never_made_has_no_name(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, with_acts(PAID, "{payment_disputed: 'the second payment of \"Rollout\"'}"))
    assert "no payment 'the second payment of \"Rollout\"' exists at this point" in problem.what
