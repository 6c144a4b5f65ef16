"""Operation id → handler: the whole of what this fake of Stripe does."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from simharness.fakekit.fake import Handler
from simharness_fakes.stripe.routes import (
    balance,
    charges,
    customers,
    disputes,
    endpoints,
    events,
    intents,
    methods,
    payouts,
    refunds,
)

ROUTES: Mapping[str, Handler] = MappingProxyType(
    {
        "CustomerCreate": customers.create,
        "CustomerRetrieve": customers.retrieve,
        "CustomerUpdate": customers.update,
        "CustomerDelete": customers.delete,
        "CustomerList": customers.listed,
        "CustomerSearch": customers.search,
        "CustomerPaymentMethodList": methods.listed_of_customer,
        "PaymentMethodCreate": methods.create,
        "PaymentMethodRetrieve": methods.retrieve,
        "PaymentMethodUpdate": methods.update,
        "PaymentMethodList": methods.listed,
        "PaymentMethodAttach": methods.attach,
        "PaymentMethodDetach": methods.detach,
        "PaymentIntentCreate": intents.create,
        "PaymentIntentRetrieve": intents.retrieve,
        "PaymentIntentUpdate": intents.update,
        "PaymentIntentList": intents.listed,
        "PaymentIntentConfirm": intents.confirm,
        "PaymentIntentCancel": intents.cancel,
        "ChargeRetrieve": charges.retrieve,
        "ChargeUpdate": charges.update,
        "ChargeList": charges.listed,
        "RefundCreate": refunds.create,
        "RefundRetrieve": refunds.retrieve,
        "RefundUpdate": refunds.update,
        "RefundCancel": refunds.cancel,
        "RefundList": refunds.listed,
        "DisputeRetrieve": disputes.retrieve,
        "DisputeUpdate": disputes.update,
        "DisputeClose": disputes.close,
        "DisputeList": disputes.listed,
        "PayoutCreate": payouts.create,
        "PayoutRetrieve": payouts.retrieve,
        "PayoutUpdate": payouts.update,
        "PayoutCancel": payouts.cancel,
        "PayoutList": payouts.listed,
        "BalanceRetrieve": balance.retrieve,
        "BalanceTransactionRetrieve": balance.transaction,
        "BalanceTransactionList": balance.transactions,
        "EventRetrieve": events.retrieve,
        "EventList": events.listed,
        "WebhookEndpointCreate": endpoints.create,
        "WebhookEndpointRetrieve": endpoints.retrieve,
        "WebhookEndpointUpdate": endpoints.update,
        "WebhookEndpointDelete": endpoints.delete,
        "WebhookEndpointList": endpoints.listed,
    }
)
