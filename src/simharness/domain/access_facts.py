"""Facts of access: who signed in how, and who tried to post with a key of another program."""

from __future__ import annotations

from simharness.domain.fact_base import FactBase


class PersonSignedIn(FactBase, frozen=True, kw_only=True):
    """Somebody proved who they are at the identity provider; what it signed is in no record."""

    person: str
    roles: tuple[str, ...] = ()
    second_factor: bool = False


class PostingTried(FactBase, frozen=True, kw_only=True):
    """A program sent a posting to the ledger with a key that is not the connector's. `refusal` is how the ledger
    refused it, in its own words; "" if it did not.
    """

    who: str
    refusal: str = ""


class CredentialsRotated(FactBase, frozen=True, kw_only=True):
    """A system issued the connector's keys anew.

    `what`: keys, webhook_secret. `handed_over`: the connector has them.
    """

    system: str
    what: str
    handed_over: bool = True


class CredentialsHandedOver(FactBase, frozen=True, kw_only=True):
    """The connector was given the keys that are valid now, and started again on its state."""


AccessFact = PersonSignedIn | PostingTried | CredentialsRotated | CredentialsHandedOver
