"""What people do at the gateway: a customer pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from simharness.domain.acts import ActRefused, TakePayment
from simharness.domain.events import DomainEvent, PaymentTaken
from simharness.fakekit.problems import VendorError
from simharness_fakes.stripe import cards, paying
from simharness_fakes.stripe.events import tell
from simharness_fakes.stripe.state import CRM_REFERENCE, Customer, Intent
from simharness_fakes.stripe.wire.amounts import to_wire

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe


def take_payment(fake: Stripe, act: TakePayment) -> tuple[DomainEvent, ...]:
    """A customer pays by card: an intent, its charge and the movement of the balance."""
    card = cards.by_token("tok_visa")
    if act.method != "card" or card is None:
        raise ActRefused(f"Stripe's fake takes no payment by {act.method}", mend="pay by card")
    try:
        to_wire(act.amount)
        paying.check_amount(fake, act.amount)
    except ValueError as error:
        raise ActRefused(f"Stripe refuses the payment: {error}", mend="give whole minor units") from error
    except VendorError as error:
        message = msgspec.json.decode(error.response.body)["error"]["message"]
        raise ActRefused(f"Stripe refuses the payment: {message}") from error
    customer = _customer(fake, act)
    method = paying.new_method(fake, card)
    wish = Intent(
        id="",
        created_at=fake.setup.clock.now,
        amount=act.amount,
        customer=customer.id,
        description=act.description,
        references=tuple(sorted(act.references)),
    )
    intent = paying.new_intent(fake, wish)
    _, charge = paying.confirm(fake, intent, method)
    movement = fake.till.balance.movements.get(charge.movement)
    if movement is None:
        raise ActRefused(f"Stripe declined the payment: {charge.failure_reason}")
    return (PaymentTaken(charge_id=charge.id, amount=charge.amount, fee=movement.fee),)


def _customer(fake: Stripe, act: TakePayment) -> Customer:
    """The customer with the CRM's id; without an id the first of that name; a new one if there is none."""
    customers = fake.state.customers
    if act.customer_reference:
        found = customers.first("crm", act.customer_reference)
    else:
        found = customers.first("name", act.customer_name)
    if found is not None:
        return found
    references = ((CRM_REFERENCE, act.customer_reference),) if act.customer_reference else ()
    customer = customers.put(
        Customer(
            id=fake.new_id("cus"),
            created_at=fake.setup.clock.now,
            name=act.customer_name,
            references=references,
            invoice_prefix=fake.setup.ids.token("stripe invoice prefix", 8).upper(),
        )
    )
    fake.wrote("customer", customer.id, "create", ("name", "references") if references else ("name",))
    tell(fake, "customer.created", customer)
    return customer
