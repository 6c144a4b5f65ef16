"""Operation id → handler: the whole of what this fake of Plaid does."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from simharness.fakekit.fake import Handler
from simharness_fakes.plaid.routes import accounts, items, linking, sandbox, transactions, webhooks

ROUTES: Mapping[str, Handler] = MappingProxyType(
    {
        "LinkTokenCreate": linking.link_token,
        "ItemPublicTokenExchange": linking.exchange,
        "InstitutionsGetById": linking.institution,
        "ItemGet": items.retrieve,
        "ItemRemove": items.remove,
        "AccountsGet": accounts.listed,
        "AccountsBalanceGet": accounts.balances,
        "TransactionsSync": transactions.sync,
        "TransactionsGet": transactions.listed,
        "TransactionsRefresh": transactions.refresh,
        "WebhookVerificationKeyGet": webhooks.verification_key,
        "SandboxPublicTokenCreate": sandbox.public_token,
        "SandboxItemFireWebhook": sandbox.fire_webhook,
        "SandboxItemResetLogin": sandbox.reset_login,
        "SandboxTransactionsCreate": sandbox.create_transactions,
    }
)
